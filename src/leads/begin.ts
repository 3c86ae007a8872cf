import type { Cause } from '../events/record.ts'
import { event } from '../events/record.ts'
import type { Definitions } from '../storage/definitions.ts'
import type { Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { leadState } from './state.ts'

/**
 * A lead that begins, and the event that says so: version 1 of the lead.
 *
 * @param sequence the number of the event in its company's log
 */
export function beginLead(
  lead: Omit<Row<'leads'>, 'version' | 'last_sequence' | 'updated_at' | 'archived_at'>,
  sequence: number,
  definitions: Definitions,
  cause: Cause,
): Write[] {
  const saved = { ...lead, updated_at: lead.created_at, version: 1, last_sequence: sequence, archived_at: null }
  return [
    { kind: 'insert', table: 'leads', row: saved },
    event('lead_created', saved, 0, { changes: {}, state: leadState(saved, definitions) }, cause),
  ]
}
