import type { EventName } from '../contract/events.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Write } from '../storage/port.ts'
import type { EventPayload, Row } from '../storage/tables.ts'

/** Who causes an event, and by which request. */
export interface Cause {
  readonly actor: Pick<Actor, 'userUuid' | 'keyId'> | undefined
  readonly requestId: string | undefined
}

/**
 * The event of a change, as a write of the same transaction.
 *
 * @param lead the row as it is saved by this change: its `last_sequence` is the event's number
 * @param previousSequence the number of the lead's event before, 0 for its first
 */
export function event(
  name: EventName,
  lead: Row<'leads'>,
  previousSequence: number,
  payload: EventPayload,
  { actor, requestId }: Cause,
): Write {
  return {
    kind: 'insert',
    table: 'events',
    row: {
      company_id: lead.company_id,
      sequence: lead.last_sequence,
      lead_id: lead.id,
      version: lead.version,
      previous_sequence: previousSequence,
      name,
      at: lead.updated_at,
      user_uuid: actor?.userUuid ?? null,
      key_id: actor?.keyId ?? null,
      request_id: requestId ?? null,
      members: Object.keys(payload.changes),
      payload,
    },
  }
}
