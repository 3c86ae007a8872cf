import type { EventName } from '../contract/events.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { type Changes, changesOf, type DefinedEvent, stateOf, withDefinitions } from './payload.ts'

/** Who acted when it was no user: the nil uuid (RFC 9562 §5.9). */
const nobody = '00000000-0000-0000-0000-000000000000'

/** An event of the log as followers are told of it. */
export interface ToldEvent {
  readonly sequence: number
  readonly leadId: number
  readonly name: EventName
  /** Unix ms. */
  readonly at: number
  /** Names of the members that changed. */
  readonly members: readonly string[]
  readonly userUuid: string
  /** The members of a webhook's body, those of the integration apart; undefined once retention has emptied it. */
  readonly body: ToldBody | undefined
}

/**
 * The lead is told under the name `lead`, as all events of this version are of leads.
 *
 * @see docs/behaviour.md §13 Webhooks
 */
export interface ToldBody {
  readonly company_uuid: string
  readonly user_uuid: string
  readonly event_id: EventName
  readonly lead: ReturnType<typeof stateOf>
  readonly changed_fields: readonly string[]
  readonly changes: Changes
}

function tell({ row, definitions }: DefinedEvent, companyUuid: string): ToldEvent {
  const { sequence, name, at, members, payload } = row
  const userUuid = row.user_uuid ?? nobody
  const body = payload && {
    company_uuid: companyUuid,
    user_uuid: userUuid,
    event_id: name,
    lead: stateOf(row, payload, definitions),
    changed_fields: members,
    changes: changesOf(payload, definitions),
  }
  return { sequence, leadId: row.lead_id, name, at, members, userUuid, body: body ?? undefined }
}

/**
 * The events of a company behind a number, in order: no number is left out, as the log is dense.
 *
 * @param limit rows at the most
 */
export async function readLog(
  database: Database,
  company: Pick<Row<'companies'>, 'id' | 'uuid'>,
  { after, limit }: { after: number; limit: number },
): Promise<ToldEvent[]> {
  const rows = await database.find<Row<'events'>>((db) =>
    db
      .selectFrom('events')
      .selectAll()
      .where('company_id', '=', company.id)
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(limit),
  )
  return (await withDefinitions(database, rows)).map((one) => tell(one, company.uuid))
}

/** The number of a company's newest event; 0 when there is none. */
export const lastSequenceOf = async (database: Pick<Database, 'read'>, companyId: number): Promise<number> =>
  (await database.read('company_log', { company_id: companyId }))?.last_sequence ?? 0

/**
 * The number of the first event of a time or later: one more than the last event's when all are older.
 *
 * A company's times never go back, so halving finds it.
 *
 * @param at Unix ms
 */
export async function sequenceAt(
  database: Pick<Database, 'find' | 'read'>,
  companyId: number,
  at: number,
): Promise<number> {
  let low = 1
  let high = (await lastSequenceOf(database, companyId)) + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [row] = await database.find((db) =>
      db.selectFrom('events').select('at').where('company_id', '=', companyId).where('sequence', '=', middle),
    )
    if (row === undefined || row.at >= at) high = middle
    else low = middle + 1
  }
  return low
}
