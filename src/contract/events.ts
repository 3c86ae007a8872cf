/** The events of the log that integrations hear of. */
export type EventName = 'lead_created' | 'lead_updated' | 'lead_deleted'
