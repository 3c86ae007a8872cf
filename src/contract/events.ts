/** Every event that an integration may hear of, as the documented API names them. */
export const eventNames = [
  'lead_created',
  'lead_updated',
  'lead_deleted',
  'lead_note_created',
  'lead_note_updated',
  'lead_note_deleted',
  'deal_created',
  'deal_updated',
  'deal_deleted',
  'deal_note_created',
  'deal_note_updated',
  'deal_note_deleted',
  'partner_created',
  'partner_updated',
  'partner_contact_created',
  'partner_contact_updated',
  'message_created',
  'message_updated',
  'message_deleted',
] as const

/** The events of the log that integrations hear of. */
export type EventName = (typeof eventNames)[number]
