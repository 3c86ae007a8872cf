import type { Timers } from '../kernel/clock.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { Item, Lane } from './lane.ts'
import type { Observer } from './observe.ts'
import type { Pace } from './pace.ts'
import { type Progress, recordProgress } from './record.ts'

/** Deliveries that are written down at once. */
const savedMax = 256
/** So far the cursor may lie behind while nothing else is to be written. */
const cursorLagMax = 512
const cursorLagMs = 1_000
/** After a fault of the storage, in ms. */
const againMs = 1_000

interface JournalParts {
  readonly database: Database
  readonly timers: Timers
  readonly observer: Observer
  readonly pace: Pace
  readonly webhook: Row<'webhooks'>
  readonly lane: Lane
  /** Called behind every save. */
  readonly onSaved: (items: readonly Item[]) => void
  /** Called when the endpoint is there no more, or is another process's: nothing is written any more. */
  readonly onGone: () => void
  /** Called when nothing is being saved any more. */
  readonly onIdle: () => void
}

/** Of the attempts that are not written down yet. */
interface Health {
  readonly at: number | null
  readonly status: number | null
  readonly deliveredAt: number | null
}
const noHealth: Health = { at: null, status: null, deliveredAt: null }

const newer = (older: Health, { at, status, deliveredAt }: Health): Health =>
  at === null ? older : { at, status, deliveredAt: deliveredAt ?? older.deliveredAt }

interface Saving {
  readonly items: readonly Item[]
  readonly cursor: number
  readonly disable: string | undefined
  readonly health: Health
}

/** Writes down what became of an endpoint's deliveries: while one transaction runs, the next collects itself. */
export class Journal {
  readonly #parts: JournalParts
  /** The cursor as it was last written. */
  #cursor: number
  #saving = false
  #ending = false
  #gone = false
  /** After a fault: nothing is tried before its time. */
  #resting = false
  #health: Health = noHealth
  #disable: string | undefined
  #cancelCursor: (() => void) | undefined

  constructor(parts: JournalParts) {
    this.#parts = parts
    this.#cursor = parts.webhook.cursor
  }

  get cursor(): number {
    return this.#cursor
  }

  get isSaving(): boolean {
    return this.#saving
  }

  /** @param at when the attempt began; `deliveredAt` when it arrived, null when it did not; Unix ms */
  attempted(at: number, status: number | undefined, deliveredAt: number | null): void {
    this.#health = newer(this.#health, { at, status: status ?? null, deliveredAt })
  }

  /** The endpoint is disabled with the next save. */
  disable(reason: string): void {
    this.#disable = reason
  }

  /** Writes down whatever there is, soon. */
  write(): void {
    if (this.#saving) return
    if (!this.#hasMore) this.#parts.onIdle()
    else if (this.#ending) void this.#saveAll()
    else this.#parts.pace.soon(this.#onPace)
  }

  readonly #onPace = (): void => {
    if (this.#hasMore) this.#trySave()
  }

  /** Writes down the rest, the cursor too; no fault is tried again. */
  end(): void {
    this.#ending = true
    this.#cancelCursor?.()
    this.write()
  }

  /** The log has been read: a cursor that moved over events of no concern is written a little later. */
  moved(): void {
    if (this.#lag >= cursorLagMax) this.write()
    if (this.#cancelCursor !== undefined || this.#lag === 0) return
    this.#cancelCursor = this.#parts.timers.after(cursorLagMs, () => {
      this.#cancelCursor = undefined
      if (this.#lag > 0) this.#trySave()
    })
  }

  /** Writes down nothing more: the endpoint is another's. */
  stop(): void {
    this.#gone = true
    this.#cancelCursor?.()
  }

  #trySave(): void {
    if (!this.#saving && !this.#resting && !this.#gone) void this.#saveAll()
  }

  get #lag(): number {
    return this.#parts.lane.cursorWith([]) - this.#cursor
  }

  get #hasMore(): boolean {
    if (this.#gone) return false
    if (this.#parts.lane.hasDirty || this.#disable !== undefined) return true
    return this.#lag >= cursorLagMax || (this.#ending && this.#lag > 0)
  }

  async #saveAll(): Promise<void> {
    this.#saving = true
    let failed = false
    try {
      do await this.#save()
      while (this.#ending ? this.#hasMore : this.#parts.lane.dirtyCount >= savedMax)
    } catch (error) {
      failed = true
      this.#parts.observer.fault(error)
      this.#rest()
    } finally {
      this.#saving = false
    }
    if (!failed) this.write()
    else this.#parts.onIdle()
  }

  /** Until the next try, however much there is to write. */
  #rest(): void {
    if (this.#ending || !this.#parts.database.isOpen) return
    this.#resting = true
    this.#parts.timers.after(againMs, () => {
      this.#resting = false
      if (!this.#ending && (this.#hasMore || this.#lag > 0)) this.#trySave()
    })
  }

  async #save(): Promise<void> {
    const { lane, database } = this.#parts
    const items = lane.takeDirty(savedMax)
    const cursor = lane.cursorWith(items)
    const disable = this.#disable
    const health = this.#health
    this.#health = noHealth
    try {
      const { reply } = await database.transact(recordProgress(this.#progress({ items, cursor, disable, health })))
      if (!reply.held) {
        this.stop()
        this.#parts.onGone()
        return
      }
      const fresh = items.filter(({ row }) => row.id === 0)
      for (const [index, { row }] of fresh.entries()) row.id = reply.ids[index] ?? 0
    } catch (error) {
      lane.notSaved(items)
      this.#health = newer(health, this.#health)
      throw error
    }
    if (disable !== undefined) this.#disable = undefined
    this.#cursor = cursor
    lane.wasSaved(items)
    this.#parts.onSaved(items)
  }

  #progress({ items, cursor, disable, health: { at, status, deliveredAt } }: Saving): Progress {
    const { company_id, id, revision, round, holder } = this.#parts.webhook
    return {
      companyId: company_id,
      webhookId: id,
      revision,
      round,
      holder,
      cursor,
      deliveries: items.map(({ row }) => row),
      health: {
        failing_since: this.#parts.lane.failingSince,
        last_attempt_at: at,
        last_status: status,
        last_delivered_at: deliveredAt,
      },
      disable,
    }
  }
}
