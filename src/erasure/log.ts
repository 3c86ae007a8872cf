import { eventsOfLead } from '../events/read.ts'
import type { Database, Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { write } from './elsewhere.ts'

/** Events that are read, and emptied, at once: no request waits long behind them. */
const eventsAtOnce = 200

export type Chained = Pick<Row<'events'>, 'sequence' | 'previous_sequence' | 'name' | 'members' | 'payload'>

/** A lead's events, newest first, some at a time: a history may be long. */
export async function* chainOf(
  database: Database,
  { company_id, last_sequence }: Pick<Row<'leads'>, 'company_id' | 'last_sequence'>,
): AsyncGenerator<Chained[]> {
  for (let from = last_sequence; from > 0; ) {
    const place = { companyId: company_id, from, before: from + 1, limit: eventsAtOnce }
    const events = await eventsOfLead(database, place)
    if (events.length > 0) yield events
    from = events.length < eventsAtOnce ? 0 : (events.at(-1)?.previous_sequence ?? 0)
  }
}

/** Whether it is the event of an erasure, which holds nothing of the person. */
const isErasure = ({ name, members }: Chained): boolean => name === 'lead_deleted' && members.includes('erased')

/**
 * Empties the log of a lead, but for the event that tells of its erasure, and what receivers have answered to its events. It
 * may be repeated.
 */
export async function emptyLog(database: Database, lead: Row<'leads'>): Promise<void> {
  const { company_id: companyId } = lead
  const webhooks = await database.find((db) =>
    db.selectFrom('webhooks').select('id').where('company_id', '=', companyId).orderBy('id'),
  )
  const webhookIds = webhooks.map(({ id }) => id)
  for await (const events of chainOf(database, lead)) {
    const full = events.filter((event) => event.payload !== null && !isErasure(event))
    await write(database, companyId, full.map(emptied(companyId)))
    if (webhookIds.length === 0) continue
    const deliveries = await database.find((db) =>
      db
        .selectFrom('deliveries')
        .select('id')
        .where('company_id', '=', companyId)
        .where('webhook_id', 'in', webhookIds)
        .where(
          'sequence',
          'in',
          events.map(({ sequence }) => sequence),
        )
        .where('answer', 'is not', null),
    )
    if (deliveries.length > 0)
      await database.transact(
        forgetAnswers(
          companyId,
          deliveries.map(({ id }) => id),
        ),
      )
  }
}

const emptied =
  (company_id: number) =>
  ({ sequence }: Chained): Write => ({
    kind: 'update',
    table: 'events',
    key: { company_id, sequence },
    set: { payload: null },
  })

/** What receivers answered may repeat what they were sent. */
const forgetAnswers = (companyId: number, ids: readonly number[]): Work<null> => ({
  companyId,
  keys: { deliveries: ids },
  decide: ({ deliveries = [] }) => ({
    reply: null,
    writes: deliveries.map(({ company_id, id }): Write => {
      return { kind: 'update', table: 'deliveries', key: { company_id, id }, set: { answer: null } }
    }),
  }),
})

/** Lets every endpoint of a company begin anew from the database: what is in memory of the log is forgotten. */
export async function renewEndpoints(database: Database, companyId: number): Promise<void> {
  const webhooks = await database.find((db) =>
    db
      .selectFrom('webhooks')
      .select('id')
      .where('company_id', '=', companyId)
      .where('deleted_at', 'is', null)
      .orderBy('id'),
  )
  await Promise.all(webhooks.map(({ id }) => database.transact(renewed(companyId, id))))
}

const renewed = (company_id: number, id: number): Work<null> => ({
  companyId: company_id,
  keys: { webhook: id },
  changesFollowers: true,
  decide: ({ webhook }) => {
    if (webhook === undefined || webhook.deleted_at !== null) return { reply: null, writes: [] }
    const set = { revision: webhook.revision + 1 }
    return { reply: null, writes: [{ kind: 'update', table: 'webhooks', key: { company_id, id }, set }] }
  },
})
