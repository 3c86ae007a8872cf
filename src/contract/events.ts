/** The events of the log that integrations hear of. */
export const eventNames = ['lead_created', 'lead_updated', 'lead_deleted'] as const
export type EventName = (typeof eventNames)[number]
