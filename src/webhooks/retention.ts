import { lastSequenceOf, sequenceAt } from '../events/tell.ts'
import type { Database, Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

const dayMs = 86_400_000
/** Rows that are removed or emptied in one transaction: no request waits long behind one. */
const rowsAtOnce = 200
/** Transactions of one sweep; the next goes on where it stopped. */
const stepsMax = 50

interface Place {
  readonly companyId: number
}

type Removed = Pick<Row<'deliveries'>, 'company_id' | 'id'>

/** Removes rows that nothing needs any more. */
const remove = (companyId: number, table: 'deliveries' | 'webhooks', ids: readonly number[]): Work<null> => ({
  companyId,
  keys: {},
  decide: () => ({
    reply: null,
    writes: ids.map((id): Write => ({ kind: 'delete', table, key: { company_id: companyId, id } })),
  }),
})

/** Empties events of a stretch of the log; the fact of the change stays. */
const emptyEvents = ({ companyId }: Place, { from, until, begun }: Stretch): Work<null> => ({
  companyId,
  keys: {},
  decide: () => {
    const writes: Write[] = []
    for (let sequence = from; sequence <= until; sequence += 1) {
      writes.push({ kind: 'update', table: 'events', key: { company_id: companyId, sequence }, set: { payload: null } })
    }
    const row = { company_id: companyId, name: cursorName, sequence: until }
    const { sequence } = row
    const key = { company_id: companyId, name: cursorName }
    writes.push(
      begun
        ? { kind: 'update', table: 'log_cursors', key, set: { sequence } }
        : { kind: 'insert', table: 'log_cursors', row },
    )
    return { reply: null, writes }
  },
})

interface Stretch {
  readonly from: number
  /** Included. */
  readonly until: number
  /** True when the cursor has a row already. */
  readonly begun: boolean
}
const cursorName = 'retention'

/**
 * Empties events that are older than so many days, oldest first. An endpoint that still waits for one is told: its
 * delivery expires.
 *
 * @param now Unix ms
 */
export async function sweepEvents(database: Database, days: number, now: number): Promise<void> {
  const companies = await database.find((db) => db.selectFrom('companies').select('id').orderBy('id'))
  for (const { id } of companies) {
    const cursor = await database.read('log_cursors', { company_id: id, name: cursorName })
    const last = await lastSequenceOf(database, id)
    const end = Math.min(last, (await sequenceAt(database, id, now - days * dayMs)) - 1)
    let from = (cursor?.sequence ?? 0) + 1
    for (let steps = 0; steps < stepsMax && from <= end; steps += 1) {
      const until = Math.min(end, from + rowsAtOnce - 1)
      await database.transact(emptyEvents({ companyId: id }, { from, until, begun: cursor !== undefined || steps > 0 }))
      from = until + 1
    }
  }
}

/** Removes deliveries that are older than so many days and need nothing more. */
export async function sweepDeliveries(database: Database, days: number, now: number): Promise<void> {
  let after = 0
  for (let steps = 0; steps < stepsMax; steps += 1) {
    // Ids grow with time: behind the first young row all are young. Those that wait, however many, are passed over.
    const rows = await database.find((db) =>
      db
        .selectFrom('deliveries')
        .select(['company_id', 'id', 'created_at'])
        .where('id', '>', after)
        .where('state', 'in', ['delivered', 'parked', 'expired', 'skipped'])
        .orderBy('id')
        .limit(rowsAtOnce),
    )
    const old = rows.filter(({ created_at }) => created_at < now - days * dayMs)
    await removeDeliveries(database, old)
    if (old.length < rowsAtOnce) return
    after = old.at(-1)?.id ?? after
  }
}

/** Removes deleted endpoints with their deliveries. */
export async function sweepDeleted(database: Database): Promise<void> {
  const deleted = await database.find((db) =>
    db.selectFrom('webhooks').select(['company_id', 'id']).where('deleted_at', 'is not', null),
  )
  for (const { company_id, id } of deleted) {
    for (let steps = 0; steps < stepsMax; steps += 1) {
      const rows = await database.find<Removed>((db) =>
        db
          .selectFrom('deliveries')
          .select(['company_id', 'id'])
          .where('company_id', '=', company_id)
          .where('webhook_id', '=', id)
          .limit(rowsAtOnce),
      )
      if (rows.length > 0) await removeDeliveries(database, rows)
      if (rows.length === rowsAtOnce) continue
      await database.transact(remove(company_id, 'webhooks', [id]))
      break
    }
  }
}

async function removeDeliveries(database: Database, rows: readonly Removed[]): Promise<void> {
  for (const companyId of new Set(rows.map(({ company_id }) => company_id))) {
    const ids = rows.filter(({ company_id }) => company_id === companyId).map(({ id }) => id)
    await database.transact(remove(companyId, 'deliveries', ids))
  }
}
