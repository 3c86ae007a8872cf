import type { Clock, Timers } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import type { Database } from '../storage/port.ts'
import { deliveriesBetween, dueDeliveries, nextDueAt, openDeliveries, type Place, type Subscriber } from './backlog.ts'
import { Journal } from './journal.ts'
import { again, type DeliveryRow, expired, type Item, Lane, type LaneRules, newDelivery, spanMax } from './lane.ts'
import type { LoggedEvent, LogWindow } from './log-window.ts'
import { masked, secretsOf } from './mask.ts'
import { bodyOf, deliveryUuid, type Envelope, Signer } from './message.ts'
import type { Observer } from './observe.ts'
import type { Pace } from './pace.ts'
import { loggedUrl, type Target } from './secrets.ts'
import type { Returned, Sender } from './sending.ts'
import type { Slots } from './slots.ts'
import { hears } from './subscription.ts'

/** Late deliveries that are in memory at the same time. */
const freeMax = 32
/** Deliveries that are read at once when an endpoint begins. */
const openPage = 500
/** After a fault of the storage, in ms. */
const againMs = 1_000

export interface EndpointParts {
  readonly database: Database
  readonly sender: Sender
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly rules: LaneRules
  readonly slots: Slots
  readonly pace: Pace
  readonly observer: Observer
  /** True while settings are read anew, or its holder may be another: nothing is begun. */
  readonly isHeld: (webhook: Subscriber['webhook']) => boolean
  /** The endpoint was found to be there no more, or to be another process's. */
  readonly onGone: (webhookId: number) => void
}

/** One active endpoint: reads the log for it, sends what its lane gives, writes down what became of it. */
export class Endpoint {
  readonly #parts: EndpointParts
  readonly #subscriber: Subscriber
  readonly #target: Target
  readonly #signer: Signer
  readonly #window: LogWindow
  readonly #lane: Lane
  readonly #loggedUrl: string
  /** Behind the cursor, but written down before the process stopped. */
  readonly #recorded = new Set<number>()
  readonly #journal: Journal
  #open = false
  #ended = false
  #filling = false
  #fillAgain = false
  #loadingFree = false
  /** When a late delivery is due next. */
  #freeAt = never
  /** True while another look after a fault is on its way. */
  #resting = false
  #armed: { readonly at: number; readonly cancel: () => void } | undefined
  #whenIdle: (() => void) | undefined

  constructor(parts: EndpointParts, subscriber: Subscriber, target: Target, window: LogWindow) {
    const { webhook } = subscriber
    this.#parts = parts
    this.#subscriber = subscriber
    this.#target = target
    this.#signer = new Signer(target)
    this.#window = window
    this.#loggedUrl = loggedUrl(webhook.url)
    this.#lane = new Lane(parts.rules, { taken: webhook.cursor, failingSince: webhook.failing_since })
    const onSaved = (items: readonly Item[]): void => this.#saved(items)
    this.#journal = new Journal({
      ...parts,
      webhook,
      lane: this.#lane,
      onSaved,
      onGone: () => parts.onGone(webhook.id),
      onIdle: () => this.#tellIdle(),
    })
  }

  get underWay(): number {
    return this.#lane.underWay
  }

  get #place(): Place {
    const { company_id, id, round } = this.#subscriber.webhook
    return { company_id, id, round, cursor: this.#journal.cursor }
  }

  /** Takes up what an earlier life left. @throws the storage's errors */
  async begin(): Promise<void> {
    const { database } = this.#parts
    const { webhook } = this.#subscriber
    for await (const row of this.#openRows(false)) {
      if (row.sequence > webhook.cursor) this.#recorded.add(row.sequence)
      const item = { row, event: undefined, saved: true }
      if (isSkipped(row, webhook.skipped_until)) this.#skip(item)
      else this.#lane.take(item)
    }
    if (webhook.skipped_until > 0) {
      for await (const row of this.#openRows(true)) {
        if (isSkipped(row, webhook.skipped_until)) this.#skip({ row, event: undefined, saved: true })
      }
    }
    for (const row of await deliveriesBetween(database, webhook, webhook.cursor + 1, webhook.cursor + spanMax)) {
      if (row.round === webhook.round) this.#recorded.add(row.sequence)
    }
    this.#freeAt = (await nextDueAt(database, this.#place)) ?? never
    this.#open = true
    this.#journal.write()
    this.pump()
  }

  async *#openRows(late: boolean): AsyncGenerator<DeliveryRow> {
    for (let after = 0; ; ) {
      const rows = await openDeliveries(this.#parts.database, this.#place, { late, after, limit: openPage })
      yield* rows
      if (rows.length < openPage) return
      after = rows.at(-1)?.sequence ?? after
    }
  }

  #skip(item: Item): void {
    item.row.state = 'skipped'
    item.row.next_attempt_at = null
    this.#lane.note(item)
  }

  /** Does whatever can be done now. */
  pump(): void {
    if (!this.#open) return
    this.#send()
    void this.#fill()
    void this.#loadFree()
    this.#arm()
  }

  /** Begins nothing more; resolves when nothing is under way and all is written down, or cannot be. */
  retire(): Promise<void> {
    this.#shut()
    return new Promise((resolve) => {
      this.#whenIdle = resolve
      if (this.#lane.underWay === 0) this.#journal.end()
    })
  }

  /** Forgets attempts that are still under way: they are made again in another life. */
  abandon(): void {
    this.#ended = true
    this.#tellIdle()
  }

  /** Begins nothing more and writes nothing down: it is another process's now. */
  drop(): void {
    this.#shut()
    this.#journal.stop()
    this.abandon()
  }

  #shut(): void {
    this.#open = false
    this.#armed?.cancel()
    this.#armed = undefined
  }

  #tellIdle(): void {
    if (!this.#open && !this.#journal.isSaving && (this.#ended || this.#lane.underWay === 0)) this.#whenIdle?.()
  }

  #saved(items: readonly Item[]): void {
    for (const { row } of items) {
      if (row.late && row.next_attempt_at !== null) this.#freeAt = Math.min(this.#freeAt, row.next_attempt_at)
    }
    this.pump()
  }

  async #fill(): Promise<void> {
    this.#fillAgain = true
    if (this.#filling) return
    this.#filling = true
    try {
      while (this.#open && this.#fillAgain && this.#lane.wantsEvents) {
        this.#fillAgain = false
        const events = await this.#window.next(this.#lane.taken)
        const present = await this.#present(events)
        if (!this.#open || this.#parts.isHeld(this.#subscriber.webhook)) return
        for (const event of events) this.#takeEvent(event, present)
        if (events.length > 0) this.#fillAgain = true
        this.#send()
      }
      this.#journal.moved()
    } catch (error) {
      this.#faulted(error)
    } finally {
      this.#filling = false
    }
  }

  /** Deliveries that are there from before the cursor was put back. */
  async #present(events: readonly LoggedEvent[]): Promise<ReadonlyMap<number, DeliveryRow>> {
    const { webhook } = this.#subscriber
    const [first] = events
    const last = events.at(-1)
    if (webhook.round === 1 || first === undefined || last === undefined) return noRows
    const rows = await deliveriesBetween(this.#parts.database, webhook, first.sequence, last.sequence)
    return new Map(rows.map((row) => [row.sequence, row]))
  }

  #takeEvent(event: LoggedEvent, present: ReadonlyMap<number, DeliveryRow>): void {
    const { webhook } = this.#subscriber
    this.#lane.taken = event.sequence
    if (this.#recorded.delete(event.sequence)) return
    const before = present.get(event.sequence)
    const waits = before !== undefined && (before.state === 'pending' || before.state === 'retrying')
    if (!waits && !hears(webhook, event)) return
    const replay = event.sequence <= webhook.replay_until || before !== undefined
    const row = before === undefined ? newDelivery(webhook, event, replay) : again(before, webhook.round, replay)
    const item: Item = { row, event, saved: false }
    if (event.text !== undefined) {
      this.#lane.take(item)
    } else if (before === undefined || waits) {
      expired(row)
      this.#lane.note(item)
      this.#journal.write()
    }
  }

  #send(): void {
    const { slots, clock } = this.#parts
    while (this.#open && !this.#parts.isHeld(this.#subscriber.webhook) && slots.take(this)) {
      const item = this.#lane.next(clock.now())
      if (item === undefined) {
        slots.give(this)
        break
      }
      void this.#attempt(item)
    }
    if (this.#lane.hasDirty) this.#journal.write()
  }

  async #attempt(item: Item): Promise<void> {
    const { slots, clock, random, sender } = this.#parts
    const startedAt = clock.now()
    try {
      if (item.event === undefined) {
        item.event = await this.#window.one(item.row.sequence)
        await this.#untilHolding()
        if (this.#ended) return
      }
      const { event } = item
      if (event?.text === undefined) {
        this.#lane.expire(item)
      } else {
        const body = bodyOf(event.text, this.#target)
        const envelope = this.#envelope(item, event)
        const headers = this.#signer.headers(envelope, body, startedAt)
        const { webhookId, url } = this.#target
        const returned = await sender.send({ endpoint: webhookId, url, headers, body })
        if (this.#ended) return
        const answer = masked(returned.answer, secretsOf(this.#target, headers))
        this.#settle(item, envelope, { ...returned, answer }, startedAt)
      }
    } catch (error) {
      this.#parts.observer.fault(error)
      const returned = {
        status: undefined,
        retryAfter: undefined,
        answer: '',
        error: 'the event could not be read',
        ms: 0,
      }
      this.#lane.settle(item, returned, { startedAt, now: clock.now(), random: random.fraction() })
    } finally {
      slots.give(this)
    }
    this.#journal.write()
    this.pump()
    if (!this.#open && this.#whenIdle !== undefined && this.#lane.underWay === 0) this.#journal.end()
  }

  /** What was read may have come so late that the endpoint is another process's. */
  async #untilHolding(): Promise<void> {
    while (!this.#ended && this.#parts.isHeld(this.#subscriber.webhook)) {
      await new Promise<void>((again) => this.#parts.timers.after(againMs, again))
    }
  }

  #envelope({ row }: Item, event: LoggedEvent): Envelope {
    return {
      id: deliveryUuid(this.#target.webhookUuid, row.sequence, event.at),
      event: event.name,
      userUuid: event.userUuid,
      sequence: row.sequence,
      attempt: row.attempts + 1,
      late: row.late,
      replay: row.replay,
    }
  }

  #settle(item: Item, { id, event, sequence }: Envelope, returned: Returned, startedAt: number): void {
    const { clock, random, observer } = this.#parts
    const now = clock.now()
    const verdict = this.#lane.settle(item, returned, { startedAt, now, random: random.fraction() })
    const { status } = returned
    this.#journal.attempted(startedAt, status, verdict === 'delivered' ? now : null)
    const { webhook } = this.#subscriber
    observer.attempt({
      company: webhook.company_id,
      webhook: webhook.id,
      url: this.#loggedUrl,
      delivery: id,
      event,
      sequence: sequence ?? item.row.sequence,
      attempt: item.row.attempts,
      outcome: item.row.state,
      status,
      ms: returned.ms,
      error: item.row.error ?? undefined,
    })
    if (verdict === 'gone') this.#stop('the receiver answered 410 Gone')
    if (verdict === 'failing too long') this.#stop('every attempt failed for too long')
  }

  /** The endpoint is disabled with the next save. */
  #stop(reason: string): void {
    if (!this.#open) return
    this.#open = false
    this.#journal.disable(reason)
    const { webhook } = this.#subscriber
    this.#parts.observer.disabled({ company: webhook.company_id, webhook: webhook.id, url: this.#loggedUrl, reason })
  }

  async #loadFree(): Promise<void> {
    const { clock, database } = this.#parts
    const now = clock.now()
    if (this.#loadingFree || this.#freeAt > now || this.#lane.freeCount > 0) return
    this.#loadingFree = true
    try {
      const rows = await dueDeliveries(database, this.#place, now, freeMax)
      for (const row of rows) this.#lane.takeFree({ row, event: undefined, saved: true })
      this.#freeAt = never // but for what is saved while the next one is asked for
      const dueAt = rows.length === freeMax ? now : await nextDueAt(database, this.#place)
      this.#freeAt = Math.min(this.#freeAt, dueAt ?? never)
    } catch (error) {
      this.#freeAt = now
      this.#faulted(error)
      return
    } finally {
      this.#loadingFree = false
    }
    this.#send()
    void this.#loadFree() // what has become due while it was read
    this.#arm()
  }

  /** The next time at which something is to be done although nothing happened. */
  #arm(): void {
    const { clock, timers } = this.#parts
    const free = this.#lane.freeCount > 0 ? never : this.#freeAt
    const at = Math.min(this.#lane.wakeAt ?? never, free)
    if (this.#armed?.at === at) return
    this.#armed?.cancel()
    this.#armed = undefined
    const inMs = at - clock.now()
    // What is due already waits for an attempt to end, and is looked at then.
    if (at === never || inMs <= 0 || !this.#open) return
    const cancel = timers.after(Math.min(inMs, timerMaxMs), () => {
      this.#armed = undefined
      this.pump()
    })
    this.#armed = { at, cancel }
  }

  #faulted(error: unknown): void {
    this.#parts.observer.fault(error)
    if (!this.#open || this.#resting) return
    this.#resting = true
    this.#parts.timers.after(againMs, () => {
      this.#resting = false
      this.pump()
    })
  }
}

/** Timers take no more (2^31 - 1 ms), and the clock may be set. */
const timerMaxMs = 60_000
const never = Number.POSITIVE_INFINITY
const noRows: ReadonlyMap<number, DeliveryRow> = new Map()

const isSkipped = (row: DeliveryRow, until: number): boolean => row.sequence <= until && !row.replay
