import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

const columns = [
  'company_id',
  'sequence',
  'lead_id',
  'version',
  'previous_sequence',
  'name',
  'at',
  'user_uuid',
  'key_id',
  'request_id',
  'definitions_version',
  'members',
  'payload',
] as const

/**
 * A lead's events, newest first: walked from event to event, as each names the one before.
 *
 * @param from the number of the lead's newest event
 * @param before only events with a smaller number are answered
 * @param limit rows at the most
 */
export function eventsOfLead(
  database: Database,
  { companyId, from, before, limit }: { companyId: number; from: number; before: number; limit: number },
): Promise<Row<'events'>[]> {
  return database.find<Row<'events'>>((db) =>
    db
      .withRecursive('chain', (chain) =>
        chain
          .selectFrom('events')
          .select(columns)
          .where('company_id', '=', companyId)
          .where('sequence', '=', from)
          .unionAll(
            chain
              .selectFrom('events')
              .innerJoin('chain', 'chain.previous_sequence', 'events.sequence')
              .select(columns.map((name) => `events.${name}` as const))
              .where('events.company_id', '=', companyId),
          ),
      )
      .selectFrom('chain')
      .select(columns)
      .where('sequence', '<', before)
      .limit(limit),
  )
}
