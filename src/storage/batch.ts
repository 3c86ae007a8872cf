import assert from 'node:assert/strict'
import type { Clock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import { Refusal, unavailable } from '../kernel/refusal.ts'
import { claimsOf } from './claims.ts'
import { type Definitions, keepOlder } from './definitions.ts'
import { type Batch, BatchUndone, type Engine, type LockedFacts, StorageFault, type Written } from './engine.ts'
import { isKept, keptReply, replayOf } from './idempotency.ts'
import { counterOf, type Ledger, ledgerOf } from './ledger.ts'
import type { Committed, Idempotency, Moment, Outcome, Wake, Work, Write } from './port.ts'
import type { IdSource } from './tables.ts'

/** How many works share one commit at the most, unless told otherwise. */
const batchWorksMaxDefault = 256
/**
 * From so many on a batch does not wait for more: its share of a commit is small by then. While the disk has nothing to
 * do it does not take more either: the others are decided while these are synced.
 */
const batchWorksEnough = 32
/** How far a batch looks for works whose keys are free. */
const batchLooksMax = 1024
/** How often a work is tried that met definitions which changed under it, or whose batch came to nothing. */
const triesMax = 3
/** Ids that requests draw are reserved so many at a time; the rest of a block is lost at a restart. */
const idBlocks: Readonly<Partial<Record<IdSource, number>>> = { leads: 64, custom_values: 100, deliveries: 4096 }

type Settled =
  | { readonly outcome: Outcome<unknown> }
  | { readonly error: unknown }
  | { readonly stale: true }
  | { readonly undone: BatchUndone }

interface Pending {
  readonly work: Work<unknown>
  readonly once: Idempotency | undefined
  readonly claims: readonly string[]
  readonly resolve: (outcome: Outcome<never>) => void
  readonly reject: (error: unknown) => void
  tries: number
  /** Set when it must have a batch to itself. */
  alone: boolean
  /** What its change adds to the log: how many events, and the latest time of one. */
  events: number
  lastTime: number
  settled: Settled | undefined
}

/** A batch that is written. */
interface Committing extends Written {
  readonly ledgers: ReadonlyMap<number, Ledger>
  /** Ms of the clock when it was begun. */
  readonly begun: number
}

export interface QueueOptions {
  readonly clock: Clock
  readonly random: Random
  /** Which of the engine's lanes is this queue's; the only one when absent. */
  readonly lane?: number
  /** Works that may wait; one more is refused with `unavailable`. */
  readonly queueMax: number
  /** Works that share one commit at the most; 256 when absent. */
  readonly batchWorksMax?: number
  /** The company's definitions as last read, whatever their version. */
  readonly definitions: {
    known(companyId: number): Definitions | undefined
    reload(companyIds: readonly number[]): Promise<void>
  }
  /** Called when a commit's fate is unknown: the process must stop. */
  readonly onFateUnknown: (error: StorageFault) => void
  /** Called after each commit that added to a log or changed what follows one. */
  readonly onWake: (wake: Wake) => void
  readonly onCommit: (commit: Committed) => void
  /** Called when the storage refused a batch: nothing of it stands, and the next may succeed. */
  readonly onRefusedBatch: (error: StorageFault) => void
}

/**
 * The queue in front of the disk: works that wait together share one transaction. While one batch is synced to the disk,
 * the next is decided and written; there are no timers.
 *
 * @see ARCHITECTURE.md, The batch core
 */
export class WorkQueue {
  readonly #engine: Engine
  readonly #options: QueueOptions
  #waiting: Pending[] = []
  /** Set while batches are made and written. */
  #writing: Promise<void> | undefined
  /** Resolves when the batch that was written last is on the disk and settled. */
  #settled: Promise<void> = Promise.resolve()
  /** Batches that are written and not settled. */
  #unsettled = 0
  #open = true
  /** Idempotency keys that wait or run, with the fingerprint of their request. */
  readonly #onceInFlight = new Map<string, string>()
  /** Companies whose definitions must be read anew before the next batch. */
  readonly #stale = new Set<number>()
  readonly #ids = new Map<IdSource, { next: number; end: number }>()

  constructor(engine: Engine, options: QueueOptions) {
    this.#engine = engine
    this.#options = options
  }

  get waiting(): number {
    return this.#waiting.length
  }

  get isOpen(): boolean {
    return this.#open
  }

  add<T>(work: Work<T>, once?: Idempotency): Promise<Outcome<T>> {
    if (!this.#open || this.#waiting.length >= this.#options.queueMax) return Promise.reject(unavailable())
    if (once !== undefined) {
      const claim = onceClaimOf(work.companyId, once)
      const running = this.#onceInFlight.get(claim)
      if (running !== undefined) {
        const same = running === once.fingerprint
        return Promise.reject(new Refusal(same ? 'idempotency_running' : 'idempotency_mismatch'))
      }
      this.#onceInFlight.set(claim, once.fingerprint)
    }
    return new Promise<Outcome<T>>((resolve, reject) => {
      const claims = claimsOf(work)
      const alone = work.changesDefinitions === true || work.alone === true
      const fresh = { tries: 0, alone, events: 0, lastTime: 0, settled: undefined }
      this.#waiting.push({ work, once, claims, resolve, reject, ...fresh })
      this.#writing ??= this.#write()
    })
  }

  /** Watches a write that is made beside the queue: a sync that fails under it stops the process as well. */
  async watch<T>(write: Promise<T>): Promise<T> {
    try {
      return await write
    } catch (error) {
      this.report(error)
      throw error instanceof StorageFault ? unavailable(error) : error
    }
  }

  /** Takes no more works; resolves when those that wait are settled. */
  async close(): Promise<void> {
    this.#open = false
    while (this.#writing !== undefined) {
      await this.#writing
      await this.#settled
    }
    await this.#settled
  }

  /** Of what was written, two batches at the most are not on the disk: the one that is synced, and the one behind it. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather()
      const batch = this.#collect()
      const before = this.#settled
      const committing = await this.#commit(batch)
      this.#unsettled += 1
      this.#settled = this.#settle(batch, committing)
      await before
      if (committing === undefined) await this.#settled // what is tried once more stands first
    }
    this.#writing = undefined
  }

  /**
   * Lets the event loop turn until a turn brings nothing new, or enough is there: what arrives meanwhile joins the batch.
   * A work that is alone waits for one turn.
   */
  async #gather(): Promise<void> {
    for (let before = 0; before < this.#waiting.length && this.#waiting.length < batchWorksEnough; ) {
      before = this.#waiting.length
      await new Promise(setImmediate)
    }
  }

  /** The next works whose claims are disjoint, in order; what is passed over keeps its place. */
  #collect(): Pending[] {
    const { batchWorksMax: most = batchWorksMaxDefault } = this.#options
    const worksMax = this.#engine.overlaps && this.#unsettled === 0 ? Math.min(most, batchWorksEnough) : most
    const taken: Pending[] = []
    const passed: Pending[] = []
    const claimed = new Set<string>()
    let looked = 0
    for (const pending of this.#waiting) {
      if (taken.length >= worksMax || looked >= batchLooksMax) break
      if (pending.alone && looked > 0) break
      looked += 1
      const near = !this.#engine.byCompany || taken.every(({ work }) => work.companyId === pending.work.companyId)
      const free = near && pending.claims.every((claim) => !claimed.has(claim))
      for (const claim of pending.claims) claimed.add(claim)
      ;(free ? taken : passed).push(pending)
      if (pending.alone) break
    }
    this.#waiting = passed.length === 0 ? this.#waiting.slice(looked) : [...passed, ...this.#waiting.slice(looked)]
    return taken
  }

  /** Decides and writes a batch; when it has failed, that is what becomes of its works. */
  async #commit(taken: readonly Pending[]): Promise<Committing | undefined> {
    const begun = this.#options.clock.elapsed()
    try {
      await this.#prepare(taken)
      const ledgers = new Map<number, Ledger>()
      const { onDisk } = await this.#engine.run(this.#batch(taken, ledgers), this.#options.lane ?? 0)
      return { begun, ledgers, onDisk }
    } catch (error) {
      this.#fail(taken, error)
      return undefined
    }
  }

  #batch(taken: readonly Pending[], ledgers: Map<number, Ledger>): Batch {
    return {
      reads: taken.map(({ work, once }) => ({ companyId: work.companyId, keys: work.keys, onceKey: once?.key })),
      decide: (index, lock, facts) => {
        const pending = taken[index]
        assert(pending !== undefined)
        const { companyId } = pending.work
        let ledger = ledgers.get(companyId)
        if (ledger === undefined) {
          assert(lock !== undefined, `company ${companyId} has no log`)
          ledger = ledgerOf(lock, this.#options.clock.now())
          ledgers.set(companyId, ledger)
        }
        return this.#decide(pending, ledger, facts)
      },
      stood: (index) => {
        const pending = taken[index]
        const ledger = pending && ledgers.get(pending.work.companyId)
        assert(pending !== undefined && ledger !== undefined)
        ledger.sequence += pending.events
        ledger.now = Math.max(ledger.now, pending.lastTime)
        if (pending.events > 0) ledger.changed = true
        if (pending.work.changesDefinitions === true) {
          ledger.definitionsVersion += 1
          ledger.changed = true
        }
      },
      failed: (index, error) => {
        const pending = taken[index]
        if (pending !== undefined) pending.settled = { error }
      },
      counters: () => [...ledgers.values()].filter(({ changed }) => changed).map(counterOf),
    }
  }

  #fail(taken: readonly Pending[], error: unknown): void {
    this.report(error)
    // Of one work nobody needs to ask which is to blame.
    const isOver = !(error instanceof BatchUndone) || (error.next === 'alone' && taken.length === 1)
    const reason = error instanceof BatchUndone ? error.cause : error
    for (const pending of taken) pending.settled = isOver ? { error: reason } : { undone: error }
  }

  #wake(taken: readonly Pending[], ledgers: ReadonlyMap<number, Ledger>): void {
    const companies = new Set<number>()
    for (const { companyId, changed } of ledgers.values()) if (changed) companies.add(companyId)
    const followers = taken.some(
      ({ work, settled }) => work.changesFollowers === true && settled !== undefined && 'outcome' in settled,
    )
    if (companies.size > 0 || followers) this.#options.onWake({ companies, followers })
  }

  /** Ids enough for the whole batch, and some definitions of each company: decisions cannot wait for either. */
  async #prepare(taken: readonly Pending[]): Promise<void> {
    const { definitions } = this.#options
    const wanted = new Map<IdSource, number>()
    const unknown = new Set<number>()
    for (const { work } of taken) {
      if (this.#stale.delete(work.companyId) || definitions.known(work.companyId) === undefined) {
        unknown.add(work.companyId)
      }
      if (work.ids === undefined) continue
      for (const [source, count] of idsWanted(work.ids)) wanted.set(source, (wanted.get(source) ?? 0) + count)
    }
    if (unknown.size > 0) await definitions.reload([...unknown])
    for (const [source, count] of wanted) {
      const held = this.#ids.get(source)
      if (held !== undefined && held.end - held.next >= count) continue
      const size = Math.max(count, idBlocks[source] ?? 1)
      const next = await this.#engine.reserve(source, size)
      this.#ids.set(source, { next, end: next + size })
    }
  }

  #decide(pending: Pending, ledger: Ledger, facts: LockedFacts): readonly Write[] {
    const { work, once } = pending
    pending.events = 0
    const definitions = this.#options.definitions.known(work.companyId)
    if (definitions === undefined || definitions.version !== ledger.definitionsVersion) {
      pending.settled = { stale: true }
      return []
    }
    try {
      if (once !== undefined && facts.once !== undefined && isKept(facts.once, ledger.now)) {
        pending.settled = { outcome: replayOf(facts.once, once) }
        return []
      }
      const change = work.decide(facts, this.#moment(ledger, definitions))
      for (const write of change.writes) {
        if (write.table !== 'events' || write.kind !== 'insert') continue
        pending.events += 1
        pending.lastTime = Math.max(pending.lastTime, write.row.at)
      }
      const sequence = pending.events > 0 ? ledger.sequence + 1 : undefined
      pending.settled = { outcome: { reply: change.reply, sequence, replayed: false } }
      const writes =
        work.changesDefinitions === true ? [...change.writes, ...keepOlder(change.writes, definitions)] : change.writes
      if (once === undefined) return writes
      return [...writes, keptReply(work.companyId, once, { ...change, sequence }, ledger.now, facts.once)]
    } catch (error) {
      pending.settled = { error }
      return []
    }
  }

  #moment(ledger: Ledger, definitions: Definitions): Moment {
    return {
      now: ledger.now,
      sequence: ledger.sequence + 1,
      definitions,
      nextId: (source) => {
        const held = this.#ids.get(source)
        assert(held !== undefined && held.next < held.end, `the work drew more ${source} ids than it named`)
        held.next += 1
        return held.next - 1
      },
      uuid: () => this.#options.random.uuid(ledger.now),
    }
  }

  /** Tells what became of the works of a batch, once that is on the disk. */
  async #settle(batch: readonly Pending[], committing: Committing | undefined): Promise<void> {
    try {
      await committing?.onDisk
    } catch (error) {
      this.#fail(batch, error)
      committing = undefined
    }
    if (committing !== undefined) {
      this.#options.onCommit({ works: batch.length, ms: this.#options.clock.elapsed() - committing.begun })
      this.#wake(batch, committing.ledgers)
    }
    this.#unsettled -= 1
    const again: Pending[] = []
    for (const pending of batch) {
      const { settled } = pending
      if (settled !== undefined && this.#isAgain(pending, settled)) {
        again.push(pending)
        continue
      }
      if (pending.once !== undefined) this.#onceInFlight.delete(onceClaimOf(pending.work.companyId, pending.once))
      if (settled !== undefined && 'outcome' in settled) pending.resolve(settled.outcome as Outcome<never>)
      else pending.reject(reasonOf(settled))
    }
    if (again.length === 0) return
    this.#waiting = [...again, ...this.#waiting]
    this.#writing ??= this.#write()
  }

  /** Whether the work is tried once more; then it is made ready for that. */
  #isAgain(pending: Pending, settled: Settled): boolean {
    const isUndone = 'undone' in settled
    if ((!isUndone && !('stale' in settled)) || pending.tries + 1 >= triesMax || !this.#open) return false
    pending.tries += 1
    pending.settled = undefined
    if (!isUndone) this.#stale.add(pending.work.companyId)
    else if (settled.undone.next === 'alone') pending.alone = true
    return true
  }

  /** Tells of a fault of the storage, wherever it happened; when a commit's fate is unknown, nothing more is taken. */
  report(error: unknown): void {
    if (!(error instanceof StorageFault)) return
    if (!error.fateUnknown) {
      this.#options.onRefusedBatch(error)
      return
    }
    this.#open = false
    for (const pending of this.#waiting.splice(0)) pending.reject(unavailable(error))
    this.#options.onFateUnknown(error)
  }
}

const reasonOf = (settled: Settled | undefined): unknown => {
  if (settled !== undefined && 'undone' in settled) return unavailable(settled.undone.cause)
  if (settled === undefined || !('error' in settled)) return unavailable()
  return settled.error instanceof StorageFault ? unavailable(settled.error) : settled.error
}

const onceClaimOf = (companyId: number, once: Idempotency): string => `once:${companyId}:${once.key}`

const idsWanted = (ids: NonNullable<Work<unknown>['ids']>): [IdSource, number][] =>
  Object.entries(ids) as [IdSource, number][]
