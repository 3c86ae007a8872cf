import { lastSequenceOf, sequenceAt } from '../events/tell.ts'
import { forgetOldKeys } from '../storage/idempotency.ts'
import { firstOpenDelivery } from '../storage/open-deliveries.ts'
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

/** How many deliveries a sweep removed. */
interface Removals {
  readonly removed: number
  /** True when a sweep that follows finds more to do. */
  readonly more: boolean
}

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

/** An endpoint that still waits for events which are old enough to be emptied. */
export interface Holder {
  readonly companyId: number
  readonly webhookId: number
  /** The first event that it waits for. */
  readonly sequence: number
  /** Events that would be emptied but for it. */
  readonly events: number
}

/** What a sweep of the events did. */
export interface SweptEvents {
  readonly emptied: number
  /** Those that keep events from being emptied. */
  readonly heldBy: readonly Holder[]
  /** True when a sweep that follows finds more to do. */
  readonly more: boolean
}

/**
 * Empties events that are older than so many days, oldest first, up to the first that an endpoint still waits for: as long
 * as it is not deleted, whatever its state.
 *
 * @param now Unix ms
 */
export async function sweepEvents(
  database: Database,
  days: number,
  now: number,
  signal?: AbortSignal,
): Promise<SweptEvents> {
  const companies = await database.find((db) => db.selectFrom('companies').select('id').orderBy('id'))
  const heldBy: Holder[] = []
  let emptied = 0
  let more = false
  for (const { id } of companies) {
    if (signal?.aborted) break
    const due = await dueEvents(database, id, days, now)
    heldBy.push(...due.heldBy)
    let from = due.from
    for (let steps = 0; steps < stepsMax && from <= due.end && !signal?.aborted; steps += 1) {
      const until = Math.min(due.end, from + rowsAtOnce - 1)
      await database.transact(emptyEvents({ companyId: id }, { from, until, begun: due.from > 1 || steps > 0 }))
      emptied += until - from + 1
      from = until + 1
    }
    if (from <= due.end) more = true
  }
  return { emptied, heldBy, more }
}

/** What reads alone need of a database. */
type Readable = Pick<Database, 'find' | 'read'>

/**
 * Which events of a company have had their time: from one to another, both included; none when the end is before the
 * beginning. And which endpoints hold others back.
 *
 * @param now Unix ms
 */
export async function dueEvents(
  database: Readable,
  companyId: number,
  days: number,
  now: number,
): Promise<{ readonly from: number; readonly end: number; readonly heldBy: readonly Holder[] }> {
  const last = await lastSequenceOf(database, companyId)
  const old = Math.min(last, (await sequenceAt(database, companyId, now - days * dayMs)) - 1)
  const cursor = await database.read('log_cursors', { company_id: companyId, name: cursorName })
  const from = (cursor?.sequence ?? 0) + 1
  if (from > old) return { from, end: old, heldBy: [] }
  const waiting = (await waitedFor(database, companyId)).filter(({ sequence }) => sequence <= old)
  return {
    from,
    end: Math.min(old, ...waiting.map(({ sequence }) => sequence - 1)),
    heldBy: waiting.map((one) => ({ companyId, ...one, events: old - Math.max(one.sequence, from) + 1 })),
  }
}

/** The first event that each endpoint of a company waits for: one that has not arrived, else the next of the log. */
async function waitedFor(
  database: Readable,
  companyId: number,
): Promise<{ readonly webhookId: number; readonly sequence: number }[]> {
  const rows = await database.find((db) =>
    db
      .selectFrom('webhooks')
      .select(['webhooks.id', 'webhooks.cursor', firstOpenDelivery().as('open')])
      .where('webhooks.company_id', '=', companyId)
      .where('webhooks.deleted_at', 'is', null)
      .orderBy('webhooks.id'),
  )
  return rows.map(({ id, cursor, open }) => ({ webhookId: id, sequence: Math.min(cursor + 1, open ?? cursor + 1) }))
}

/**
 * When the oldest event happened that still says what changed, Unix ms; undefined when there is none. Of those that
 * retention empties: what was erased by itself does not count.
 */
export async function oldestKeptAt(database: Readable): Promise<number | undefined> {
  const rows = await database.find((db) =>
    db
      .selectFrom('company_log')
      .leftJoin('log_cursors', (join) =>
        join.onRef('log_cursors.company_id', '=', 'company_log.company_id').on('log_cursors.name', '=', cursorName),
      )
      // Joined, the log would be gone through from one end to the other.
      .select((eb) =>
        eb
          .selectFrom('events')
          .select('events.at')
          .whereRef('events.company_id', '=', 'company_log.company_id')
          .where((of) =>
            of('events.sequence', '=', of(of.fn.coalesce('log_cursors.sequence', of.lit(0)), '+', of.lit(1))),
          )
          .as('at'),
      ),
  )
  return rows.reduce<number | undefined>(
    (oldest, { at }) => (at === null ? oldest : Math.min(oldest ?? at, at)),
    undefined,
  )
}

/**
 * Removes deliveries that are older than so many days and need nothing more.
 *
 * @param now Unix ms
 */
export async function sweepDeliveries(
  database: Database,
  days: number,
  now: number,
  signal?: AbortSignal,
): Promise<Removals> {
  let after = 0
  let removed = 0
  for (let steps = 0; steps < stepsMax && !signal?.aborted; steps += 1) {
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
    removed += old.length
    if (old.length < rowsAtOnce) return { removed, more: false }
    after = old.at(-1)?.id ?? after
  }
  return { removed, more: true }
}

/** Removes deleted endpoints with their deliveries. */
export async function sweepDeleted(database: Database, signal?: AbortSignal): Promise<Removals> {
  let removed = 0
  let more = false
  const deleted = await database.find((db) =>
    db.selectFrom('webhooks').select(['company_id', 'id']).where('deleted_at', 'is not', null),
  )
  for (const { company_id, id } of deleted) {
    for (let steps = 0; steps < stepsMax && !signal?.aborted; steps += 1) {
      const rows = await database.find<Removed>((db) =>
        db
          .selectFrom('deliveries')
          .select(['company_id', 'id'])
          .where('company_id', '=', company_id)
          .where('webhook_id', '=', id)
          .limit(rowsAtOnce),
      )
      if (rows.length > 0) await removeDeliveries(database, rows)
      removed += rows.length
      more = rows.length === rowsAtOnce
      if (more) continue
      await database.transact(remove(company_id, 'webhooks', [id]))
      break
    }
    if (more) break
  }
  return { removed, more }
}

async function removeDeliveries(database: Database, rows: readonly Removed[]): Promise<void> {
  for (const companyId of new Set(rows.map(({ company_id }) => company_id))) {
    const ids = rows.filter(({ company_id }) => company_id === companyId).map(({ id }) => id)
    await database.transact(remove(companyId, 'deliveries', ids))
  }
}

/** For how many days what is kept; 0 is for ever. */
export interface Kept {
  readonly deliveryRetentionDays: number
  readonly eventRetentionDays: number
}

/** What one sweep removed and emptied. */
export interface Swept extends SweptEvents {
  /** Deliveries that needed nothing more, or whose endpoint was deleted. */
  readonly deliveries: number
  /** Answers that were kept for idempotency keys. */
  readonly keys: number
}

/**
 * Removes and empties what has had its time, in small transactions, so that no request waits long behind one.
 *
 * @param now Unix ms
 * @param signal ends it behind the transaction in hand
 */
export async function sweep(database: Database, kept: Kept, now: number, signal?: AbortSignal): Promise<Swept> {
  const keys = await forgetOldKeys(database, now)
  const deleted = await sweepDeleted(database, signal)
  const { deliveryRetentionDays, eventRetentionDays } = kept
  const old = deliveryRetentionDays > 0 ? await sweepDeliveries(database, deliveryRetentionDays, now, signal) : nothing
  const events =
    eventRetentionDays > 0
      ? await sweepEvents(database, eventRetentionDays, now, signal)
      : { emptied: 0, heldBy: [], more: false }
  return {
    ...events,
    keys,
    deliveries: deleted.removed + old.removed,
    more: events.more || deleted.more || old.more,
  }
}

const nothing: Removals = { removed: 0, more: false }
