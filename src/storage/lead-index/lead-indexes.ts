import { setImmediate as pause } from 'node:timers/promises'
import { contactMembers } from '../../contract/lead-members.ts'
import { type Clock, systemClock } from '../../kernel/clock.ts'
import { inSteps } from '../in-steps.ts'
import type { AskedPage, Condition, IdPage, LeadCounts } from '../lead-list.ts'
import { leadsByIds } from '../leads-by-ids.ts'
import type { Listing } from '../port.ts'
import type { Row } from '../tables.ts'
import type { IndexedLead } from './column.ts'
import { type Needed, neededBy, neededToSort } from './columns.ts'
import { LeadIndex } from './lead-index.ts'

/** Reads a database; each read sees what was committed before it was asked. */
export interface Source {
  find<R>(build: Listing<R>): Promise<R[]>
}

/** Leads that are read at once: a lead may hold long texts, and the heap of the thread has a bound. */
const rowsATurn = 250
/** The same by their ids. */
const idsATurn = 128
/** Changes that are caught up with at once. */
const changesATurn = 1_000
/** So many changes behind, and more than there are leads, an index is made anew. */
const behindMax = 50_000
/** How long an index is kept that nobody asks for, in ms. */
const idleMsMax = 15 * 60_000
/** What all indexes may take, in bytes; the one in use may be larger. */
const bytesMax = 512 * 1024 * 1024

const listed = [
  'id',
  'created_at',
  'updated_at',
  'status',
  'partner_type',
  'campaign_id',
  'archived_at',
  'tags',
  'assigned_users',
] as const

const columns = [...listed, ...contactMembers, 'source', 'created_by_user_id', 'external_id', 'custom_fields'] as const

/** One company's index: made when a list is first asked for, and brought up to date before each. */
class Kept {
  readonly #companyId: number
  readonly #source: Source
  #index: LeadIndex | undefined
  #last: Promise<unknown> = Promise.resolve()
  /** How many wait for it, or use it. */
  users = 0
  /** When a list was asked for last, on the clock that only grows. */
  askedAt = 0

  constructor(companyId: number, source: Source) {
    this.#companyId = companyId
    this.#source = source
  }

  get bytes(): number {
    return this.#index?.bytes ?? 0
  }

  /** The last change that it holds; none is behind that of an index that is not made. */
  get sequence(): number {
    return this.#index?.sequence ?? Number.POSITIVE_INFINITY
  }

  /** Asks the index once it is up to date and has the columns that are needed. */
  ask<T>(needed: readonly Needed[], question: (index: LeadIndex) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#alone(async () => {
      signal?.throwIfAborted()
      const index = await this.#upToDate(needed)
      for (const one of needed) if (!index.has(one.name)) await this.#make(index, one)
      signal?.throwIfAborted()
      return question(index)
    })
  }

  shrink(bytesMax: number): void {
    this.#index?.shrink(bytesMax)
  }

  /** Catches up while nobody asks, so that who asks next waits less. */
  drain(): Promise<unknown> {
    return this.#alone(async () => this.#index && this.#upToDate([]))
  }

  /** One after the other. */
  async #alone<T>(run: () => Promise<T>): Promise<T> {
    this.users += 1
    const mine = this.#last.then(run)
    this.#last = mine.catch(() => {})
    try {
      return await mine
    } finally {
      this.users -= 1
    }
  }

  async #upToDate(needed: readonly Needed[]): Promise<LeadIndex> {
    const [log] = await this.#source.find<Row<'company_log'>>((db) =>
      db.selectFrom('company_log').selectAll().where('company_id', '=', this.#companyId),
    )
    const last = log?.last_sequence ?? 0
    const index = this.#index
    const behind = last - (index?.sequence ?? 0)
    // A log that is shorter than it was is another: the database was put back to an earlier state.
    if (index === undefined || behind < 0 || behind > Math.max(behindMax, index.leads))
      return this.#makeAnew(last, needed)
    while (index.sequence < last) await this.#catchUp(index, Math.min(last, index.sequence + changesATurn))
    return index
  }

  async #makeAnew(sequence: number, needed: readonly Needed[]): Promise<LeadIndex> {
    const made = new LeadIndex()
    for (const { name, make } of needed) made.adopt(name, make())
    await this.#readAll(needed, (lead) => made.put(lead))
    made.sequence = sequence // what was changed since is read once more
    this.#index = made
    return made
  }

  async #make(index: LeadIndex, needed: Needed): Promise<void> {
    const column = needed.make()
    await this.#readAll([needed], (lead) => {
      const slot = index.slotOf(lead.id)
      if (slot !== undefined) column.put(slot, lead)
    })
    index.adopt(needed.name, column)
  }

  /** All leads that are not archived, the oldest first, with what is needed beside what every list goes by. */
  async #readAll(needed: readonly Needed[], take: (lead: IndexedLead) => void): Promise<void> {
    const more = [...new Set(needed.flatMap((one) => one.columns))]
    let behind: IndexedLead | undefined
    for (;;) {
      const from = behind
      const rows: IndexedLead[] = await this.#source.find<IndexedLead>((db) => {
        let leads = db
          .selectFrom('leads')
          .select([...listed, ...more])
          .where('company_id', '=', this.#companyId)
          .where('archived_at', 'is', null)
        if (from !== undefined) {
          leads = leads.where(({ eb, refTuple, tuple }) =>
            eb(refTuple('created_at', 'id'), '>', tuple(from.created_at, from.id)),
          )
        }
        return leads.orderBy('created_at').orderBy('id').limit(rowsATurn)
      })
      for (const lead of rows) take(lead)
      behind = rows.at(-1)
      if (rows.length < rowsATurn) return
      await pause()
    }
  }

  /** Reads the leads that were changed up to a sequence, as they are now. */
  async #catchUp(index: LeadIndex, to: number): Promise<void> {
    const changed = await this.#source.find<{ lead_id: number }>((db) =>
      db
        .selectFrom('events')
        .select('lead_id')
        .distinct()
        .where('company_id', '=', this.#companyId)
        .where('sequence', '>', index.sequence)
        .where('sequence', '<=', to),
    )
    for (const ids of inSteps(
      changed.map(({ lead_id }) => lead_id),
      idsATurn,
    )) {
      const leads = await this.#source.find<IndexedLead>((db) => leadsByIds(db, this.#companyId, ids).select(columns))
      for (const lead of leads) index.put(lead)
    }
    index.sequence = to
    if (changed.length > idsATurn) await pause()
  }
}

const columnsFor = (conditions: readonly Condition[]): Needed[] =>
  conditions.flatMap((condition) => neededBy(condition) ?? [])

/**
 * The indexes that lists of leads go by, derived from the log: nothing of them is written when a lead is changed, and what
 * they lack is caught up with before a list is answered. Those of companies that were asked for longest ago are given up
 * when there are too many.
 */
export class LeadIndexes {
  readonly #source: Source
  readonly #bytesMax: number
  readonly #clock: Pick<Clock, 'elapsed'>
  /** The one that was asked for last stands last. */
  readonly #kept = new Map<number, Kept>()

  constructor(source: Source, options: { readonly bytesMax?: number; readonly clock?: Pick<Clock, 'elapsed'> } = {}) {
    this.#source = source
    this.#clock = options.clock ?? systemClock
    this.#bytesMax = options.bytesMax ?? bytesMax
  }

  /**
   * A page of a company's leads, by all that was committed before.
   *
   * @throws the signal's reason
   */
  page(companyId: number, asked: AskedPage, signal?: AbortSignal): Promise<IdPage> {
    const needed = [...columnsFor(asked.conditions), ...asked.order.map(neededToSort)]
    return this.#ask(companyId, needed, (index) => index.page(asked, signal), signal)
  }

  /**
   * How many of a company's leads there are of each kind, by all that was committed before.
   *
   * @throws the signal's reason
   */
  counts(companyId: number, conditions: readonly Condition[], signal?: AbortSignal): Promise<LeadCounts> {
    return this.#ask(companyId, columnsFor(conditions), (index) => index.counts(conditions, signal), signal)
  }

  async #ask<T>(
    companyId: number,
    needed: readonly Needed[],
    question: (index: LeadIndex) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const kept = this.#kept.get(companyId) ?? new Kept(companyId, this.#source)
    this.#kept.delete(companyId)
    this.#kept.set(companyId, kept)
    kept.askedAt = this.#clock.elapsed()
    try {
      return await kept.ask(needed, question, signal)
    } finally {
      this.#giveUp()
    }
  }

  /** Catches up with the logs that have grown, and gives up what nobody has asked for in a while. */
  async drain(): Promise<void> {
    const now = this.#clock.elapsed()
    for (const [companyId, { users, askedAt }] of this.#kept) {
      if (users === 0 && now - askedAt > idleMsMax) this.#kept.delete(companyId)
    }
    const companyIds = [...this.#kept.keys()]
    if (companyIds.length === 0) return
    const logs = await this.#source.find<Row<'company_log'>>((db) =>
      db.selectFrom('company_log').selectAll().where('company_id', 'in', companyIds),
    )
    for (const { company_id: companyId, last_sequence: last } of logs) {
      const kept = this.#kept.get(companyId)
      if (kept !== undefined && kept.sequence < last) await kept.drain()
    }
  }

  /** The source is closed by who made it. */
  async close(): Promise<void> {
    this.#kept.clear()
  }

  #giveUp(): void {
    let bytes = 0
    for (const [companyId, kept] of [...this.#kept].toReversed()) {
      bytes += kept.bytes
      if (bytes <= this.#bytesMax || kept.users > 0) continue
      if (bytes > kept.bytes) this.#kept.delete(companyId)
      else kept.shrink(this.#bytesMax)
    }
  }
}
