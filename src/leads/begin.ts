import type { Cause } from '../events/record.ts'
import { event } from '../events/record.ts'
import type { Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

/**
 * A lead that begins, and the event that says so: version 1 of the lead.
 *
 * @param sequence the number of the event in its company's log
 * @param definitionsVersion of the definitions that the lead refers to
 */
export function beginLead(
  lead: Omit<Row<'leads'>, 'version' | 'last_sequence' | 'updated_at' | 'archived_at' | 'external_id' | 'erasure'> & {
    readonly external_id?: string | null
  },
  sequence: number,
  definitionsVersion: number,
  cause: Cause,
): Write[] {
  const { external_id = null } = lead
  const saved = {
    ...lead,
    external_id,
    updated_at: lead.created_at,
    version: 1,
    last_sequence: sequence,
    archived_at: null,
    erasure: null,
  }
  return [
    { kind: 'insert', table: 'leads', row: saved, ...(external_id !== null && { names: [external_id] }) },
    event(saved, { name: 'lead_created', was: {}, previousSequence: 0, definitionsVersion }, cause),
  ]
}
