import type { Row } from '../storage/tables.ts'
import type { LoggedEvent } from './log-window.ts'
import { retryAfterMs, retryDelayMs } from './schedule.ts'
import type { Returned } from './sending.ts'

export type DeliveryRow = Row<'deliveries'>

/** A delivery while it is in memory. */
export interface Item {
  /** As it will be saved; its id is 0 until it has been. */
  readonly row: DeliveryRow
  /** What is sent; left out while the delivery waits, and read again. */
  event: LoggedEvent | undefined
  /** True once a row of this round says what became of it, or that it waits. */
  saved: boolean
}

export interface LaneRules {
  /** Delay before each attempt, in ms. */
  readonly scheduleMs: readonly number[]
  /** For how long a failing delivery holds back later ones of its lead, in ms. */
  readonly holdMs: number
  /** Attempts under way at the same time. */
  readonly concurrency: number
  /** An endpoint that has failed so long is disabled, in ms. */
  readonly disableAfterMs: number
}

/** What became of an attempt, beside the delivery's state. */
export type Verdict = 'delivered' | 'retrying' | 'parked' | 'gone' | 'failing too long'

/** Deliveries that are in memory at the most; further events wait in the log. */
const itemsMax = 5_000
/** Events that may stand behind the cursor. */
const unsavedMax = 2_048
/** Events that are ready to be sent, with their bodies. */
const readyMax = 256
/** So far the log may be read ahead of the cursor, events of no concern included. */
export const spanMax = 8_192

/**
 * The order of deliveries to one endpoint. It knows no clock, no disk and no net: it is told, and asked.
 *
 * Deliveries of a lead go one after the other, in the order of the log. One that fails holds back the later ones of
 * its lead for a while; then it is late: it is left to the database, and the others pass.
 *
 * @see docs/behaviour.md §13 Webhooks
 */
export class Lane {
  readonly #rules: LaneRules
  /** By lead, in order: the first is ready, under way or failing, the others wait for it. */
  readonly #leads = new Map<number, Item[]>()
  #ready: Item[] = []
  #readyFrom = 0
  /** Failing ones by the time at which something is to be done, the soonest last. */
  readonly #waiting: { readonly at: number; readonly item: Item }[] = []
  /** Late and replayed ones that are due: no order applies to them. */
  readonly #free: Item[] = []
  /** Sequences that the database would show as due although they are here, or are to be given up. */
  readonly #freeHeld = new Set<number>()
  /** From the log, in order, until the cursor has passed them. */
  readonly #unsaved: Item[] = []
  #dirty = new Set<Item>()
  #items = 0
  #underWay = 0
  #turn = 0
  /** The newest event that was taken from the log. */
  taken: number
  /** Since when every attempt has failed; Unix ms. */
  failingSince: number | null

  constructor(rules: LaneRules, { taken, failingSince }: { taken: number; failingSince: number | null }) {
    this.#rules = rules
    this.taken = taken
    this.failingSince = failingSince
  }

  get underWay(): number {
    return this.#underWay
  }

  /** True while there is room for more of the log. */
  get wantsEvents(): boolean {
    const [oldest] = this.#unsaved
    const span = oldest === undefined ? 0 : this.taken - oldest.row.sequence
    return (
      this.#items < itemsMax &&
      this.#unsaved.length < unsavedMax &&
      this.#ready.length - this.#readyFrom < readyMax &&
      span < spanMax / 2
    )
  }

  /** Takes the next event of the log that the endpoint hears of, or a delivery that waited when the server stopped. */
  take(item: Item): void {
    const { row } = item
    if (!item.saved) this.#unsaved.push(item)
    this.#items += 1
    const ahead = this.#leads.get(row.lead_id)
    if (ahead === undefined) {
      this.#leads.set(row.lead_id, [item])
      this.#begin(item)
      return
    }
    ahead.push(item)
    const [first] = ahead
    if (first !== undefined && first.row.tries > 0) this.#wait(item)
  }

  /** Takes one to which no order applies. */
  takeFree(item: Item): void {
    this.#freeHeld.add(item.row.sequence)
    this.#free.push(item)
  }

  get freeCount(): number {
    return this.#freeHeld.size
  }

  /** Notes what is to be saved without being sent. */
  note(item: Item): void {
    if (item.saved) this.#freeHeld.add(item.row.sequence)
    else this.#unsaved.push(item)
    this.#dirty.add(item)
  }

  #begin(item: Item): void {
    if (item.row.state === 'retrying') this.#until(item)
    else this.#ready.push(item)
  }

  /** A later one of a failing lead has a row, so that the cursor can pass it. */
  #wait(item: Item): void {
    item.event = undefined
    if (!item.saved) this.#dirty.add(item)
  }

  #until(item: Item): void {
    const { next_attempt_at, first_attempt_at } = item.row
    const at = Math.min(next_attempt_at ?? 0, (first_attempt_at ?? 0) + this.#rules.holdMs)
    let low = 0
    let high = this.#waiting.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#waiting[middle]?.at ?? 0) > at) low = middle + 1
      else high = middle
    }
    this.#waiting.splice(low, 0, { at, item })
  }

  /** When {@link next} may have more to give although nothing happened; Unix ms. */
  get wakeAt(): number | undefined {
    return this.#waiting.at(-1)?.at
  }

  /** The next delivery to send now; it is under way until it is settled. */
  next(now: number): Item | undefined {
    this.#passLate(now)
    if (this.#underWay >= this.#rules.concurrency) return undefined
    // In turns, so that neither retries nor new ones starve.
    for (let tried = 0; tried < 3; tried += 1) {
      this.#turn = (this.#turn + 1) % 3
      const item = this.#turn === 0 ? this.#nextRetry(now) : this.#turn === 1 ? this.#free.shift() : this.#nextReady()
      if (item === undefined) continue
      this.#underWay += 1
      return item
    }
    return undefined
  }

  #nextReady(): Item | undefined {
    const item = this.#ready[this.#readyFrom]
    if (item === undefined) return undefined
    this.#readyFrom += 1
    if (this.#readyFrom > 256) {
      this.#ready = this.#ready.slice(this.#readyFrom)
      this.#readyFrom = 0
    }
    return item
  }

  #nextRetry(now: number): Item | undefined {
    const soonest = this.#waiting.at(-1)
    if (soonest === undefined || soonest.at > now) return undefined
    this.#waiting.pop()
    return soonest.item
  }

  /** Failing ones whose time to hold others back is over, and whose next attempt is still ahead. */
  #passLate(now: number): void {
    for (;;) {
      const soonest = this.#waiting.at(-1)
      if (soonest === undefined || soonest.at > now || (soonest.item.row.next_attempt_at ?? 0) <= now) return
      this.#waiting.pop()
      soonest.item.row.late = true
      this.#dirty.add(soonest.item)
      this.#release(soonest.item)
    }
  }

  /** The delivery was not sent: its event is empty. */
  expire(item: Item): void {
    this.#underWay -= 1
    expired(item.row)
    this.#settled(item)
  }

  /**
   * An attempt has ended.
   *
   * @param startedAt Unix ms; `now` likewise
   * @param random uniform in [0, 1)
   */
  settle(
    item: Item,
    returned: Returned,
    { startedAt, now, random }: { startedAt: number; now: number; random: number },
  ): Verdict {
    this.#underWay -= 1
    const { row } = item
    row.attempts += 1
    row.tries += 1
    row.first_attempt_at ??= startedAt
    row.last_attempt_at = startedAt
    row.status = returned.status ?? null
    row.ms = returned.ms
    row.answer = returned.answer === '' ? null : returned.answer
    row.error = returned.error ?? null
    const verdict = this.#judge(row, returned, now, random)
    this.#settled(item)
    return verdict
  }

  #judge(row: DeliveryRow, { status, retryAfter }: Returned, now: number, random: number): Verdict {
    row.next_attempt_at = null
    if (status !== undefined && status >= 200 && status < 300) {
      this.failingSince = null
      row.state = 'delivered'
      row.delivered_at = now
      return 'delivered'
    }
    this.failingSince ??= now
    row.error ??= `the receiver answered ${status}`
    const gone = status === 410
    const delay = gone ? 0 : retryDelayMs(this.#rules.scheduleMs, row.tries, random)
    if (delay === undefined) {
      row.state = 'parked'
    } else {
      const asked = status === 429 || status === 503 ? retryAfterMs(retryAfter, now) : 0
      row.state = 'retrying'
      row.next_attempt_at = now + Math.max(delay, asked)
      if (now - (row.first_attempt_at ?? now) >= this.#rules.holdMs) row.late = true
    }
    if (gone) return 'gone'
    return now - this.failingSince >= this.#rules.disableAfterMs ? 'failing too long' : row.state
  }

  /** Its state was changed: save it, and see to the others of its lead. */
  #settled(item: Item): void {
    this.#dirty.add(item)
    item.event = undefined
    if (this.#freeHeld.has(item.row.sequence)) return
    if (item.row.state === 'retrying' && !item.row.late) {
      this.#until(item)
      for (const other of this.#leads.get(item.row.lead_id)?.slice(1) ?? []) this.#wait(other)
    } else this.#release(item)
  }

  /** The next one of the lead may go. */
  #release(item: Item): void {
    this.#items -= 1
    const items = this.#leads.get(item.row.lead_id)
    if (items === undefined) return
    items.shift()
    const [first] = items
    if (first === undefined) this.#leads.delete(item.row.lead_id)
    else this.#begin(first)
  }

  get hasDirty(): boolean {
    return this.#dirty.size > 0
  }

  get dirtyCount(): number {
    return this.#dirty.size
  }

  /** Takes what is to be saved; {@link wasSaved} or {@link notSaved} must follow. */
  takeDirty(limit: number): Item[] {
    const taken: Item[] = []
    for (const item of this.#dirty) {
      if (taken.length >= limit) break
      taken.push(item)
    }
    for (const item of taken) this.#dirty.delete(item)
    return taken
  }

  /** How far the endpoint has come in the log once these are saved. */
  cursorWith(items: readonly Item[]): number {
    const saving = new Set(items)
    for (const item of this.#unsaved) {
      if (!item.saved && !saving.has(item)) return item.row.sequence - 1
    }
    return this.taken
  }

  wasSaved(items: readonly Item[]): void {
    for (const item of items) {
      item.saved = true
      this.#freeHeld.delete(item.row.sequence) // a free one that failed is the database's again
    }
    let passed = 0
    while (this.#unsaved[passed]?.saved === true) passed += 1
    if (passed > 0) this.#unsaved.splice(0, passed)
  }

  notSaved(items: readonly Item[]): void {
    this.#dirty = new Set([...items, ...this.#dirty])
  }
}

/** The event was emptied, by retention or erasure, before the delivery arrived. */
export function expired(row: DeliveryRow): void {
  row.state = 'expired'
  row.next_attempt_at = null
  row.error = 'the event was emptied by retention or erasure before it could be delivered'
}

/** The delivery of an event that has none yet. */
export const newDelivery = (webhook: Row<'webhooks'>, event: LoggedEvent, replay: boolean): DeliveryRow => ({
  company_id: webhook.company_id,
  id: 0,
  webhook_id: webhook.id,
  sequence: event.sequence,
  round: webhook.round,
  lead_id: event.leadId,
  event_name: event.name,
  created_at: 0,
  state: 'pending',
  late: false,
  replay,
  attempts: 0,
  tries: 0,
  first_attempt_at: null,
  last_attempt_at: null,
  next_attempt_at: null,
  delivered_at: null,
  status: null,
  ms: null,
  answer: null,
  error: null,
})

/** A delivery of an earlier round begins anew; what it went through is still counted. */
export const again = (before: DeliveryRow, round: number, replay: boolean): DeliveryRow => ({
  ...before,
  round,
  replay,
  state: 'pending',
  late: false,
  tries: 0,
  first_attempt_at: null,
  next_attempt_at: null,
  delivered_at: null,
})
