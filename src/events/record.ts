import type { EventName } from '../contract/events.ts'
import type { Actor } from '../kernel/actor.ts'
import type { KeptLead, LeadBefore } from '../storage/payload.ts'
import type { Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

/** Who causes an event, and by which request. */
export interface Cause {
  readonly actor: Pick<Actor, 'userUuid' | 'keyId'> | undefined
  readonly requestId: string | undefined
}

/** What is said of a change beside the lead it left. */
export interface Change {
  readonly name: EventName
  readonly was: LeadBefore
  /** The number of the lead's event before, 0 for its first. */
  readonly previousSequence: number
  /** Of the definitions that it was decided with. */
  readonly definitionsVersion: number
}

/**
 * The event of a change, as a write of the same transaction.
 *
 * @param lead the row as it is saved by this change: its `last_sequence` is the event's number
 */
export function event(lead: Row<'leads'>, change: Change, { actor, requestId }: Cause): Write {
  return {
    kind: 'insert',
    table: 'events',
    row: {
      company_id: lead.company_id,
      sequence: lead.last_sequence,
      lead_id: lead.id,
      version: lead.version,
      previous_sequence: change.previousSequence,
      name: change.name,
      at: lead.updated_at,
      user_uuid: actor?.userUuid ?? null,
      key_id: actor?.keyId ?? null,
      request_id: requestId ?? null,
      definitions_version: change.definitionsVersion,
      members: Object.keys(change.was).map(memberOf),
      payload: { was: change.was, is: keptLead(lead) },
    },
  }
}

/** The name of a column in the API. */
export const memberOf = (column: string): string =>
  column === 'assigned_users' ? 'assignedUsers' : column === 'custom_fields' ? 'customFields' : column

/** What the event of a change keeps of the lead. */
export const keptLead = (lead: Row<'leads'>): KeptLead => [
  lead.uuid,
  lead.created_at,
  lead.source,
  lead.company_name,
  lead.email,
  lead.phone_number,
  lead.first_name,
  lead.last_name,
  lead.status,
  lead.partner_type,
  lead.created_by_user_id,
  lead.tags,
  lead.assigned_users,
  lead.custom_fields,
  ...(lead.external_id === null ? ([] as const) : ([lead.external_id] as const)),
]
