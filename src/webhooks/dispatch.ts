import type { Vault } from '../kernel/vault.ts'
import type { Wake } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { activeWebhooks, type Subscriber, subscriberOf } from './backlog.ts'
import { Endpoint, type EndpointParts } from './endpoint.ts'
import { giveEndpoint, takeEndpoint } from './hold.ts'
import { LogWindow } from './log-window.ts'
import { beatEveryMs, Membership, type Share } from './membership.ts'
import { Pace } from './pace.ts'
import { openTarget, type Target } from './secrets.ts'
import { Slots } from './slots.ts'

/** How long attempts under way may take to end when the server stops, in ms. */
const graceMs = 5_000
/** After a fault of the storage, in ms. */
const againMs = 1_000
/** Endpoints that are taken at the same time: their works share commits. */
const takenAtOnce = 256

type Webhook = Row<'webhooks'>

interface Known {
  readonly endpoint: Endpoint
  readonly companyId: number
  readonly revision: number
}

export interface DispatcherParts extends Omit<EndpointParts, 'slots' | 'pace' | 'isHeld' | 'onGone'> {
  readonly vault: Vault
  /** How often a process that shares the endpoints with others tells that it is alive, in ms. */
  readonly beatEveryMs?: number
}

/**
 * Sends every change of the log to every endpoint that hears of it. A follower of the log: it is woken by commits and
 * goes on where it stood, whatever it missed. Where many processes share the database, each sends to its share of the
 * endpoints.
 *
 * @see ARCHITECTURE.md, Webhooks
 */
export class Dispatcher {
  readonly #parts: DispatcherParts
  readonly #endpointParts: EndpointParts
  readonly #known = new Map<number, Known>()
  /** Endpoints that end, and must have ended before they begin anew. */
  readonly #retiring = new Map<number, Endpoint>()
  readonly #windows = new Map<number, LogWindow>()
  readonly #woken = new Set<number>()
  readonly #membership: Membership | undefined
  /** True while an endpoint of this process's share is held by another that is alive, or was a moment ago. */
  #wanting = false
  #all = false
  #stale = false
  /** True from a change of endpoints until it has been read: meanwhile nothing is begun. */
  #held = false
  #waking = false
  #resting = false
  #reloading: Promise<void> | undefined
  #closed = false
  #unwatch: (() => void) | undefined

  constructor(parts: DispatcherParts) {
    this.#parts = parts
    this.#endpointParts = {
      ...parts,
      slots: new Slots(),
      pace: new Pace(parts),
      isHeld: ({ holder }) => this.#held || this.#membership?.holds(holder) === false,
      onGone: (webhookId) => this.#onGone(webhookId),
    }
    const { processes } = parts.database
    this.#membership =
      processes &&
      new Membership({
        beatEveryMs,
        ...parts,
        processes,
        fault: (error) => parts.observer.fault(error),
        onBeat: (changed) => (changed || this.#wanting) && void this.#reload(),
        onLost: () => this.#dropAll(),
      })
  }

  /** True in one process of all that share the database. */
  get isFirst(): boolean {
    return this.#membership?.isFirst ?? true
  }

  /** Begins where it stood. */
  async start(): Promise<void> {
    this.#unwatch = this.#parts.database.onWake((wake) => this.#onWake(wake))
    this.#membership?.start()
    await this.#reload()
  }

  /** Begins nothing more, waits a while for what is under way, and writes down how far it came. */
  async close(): Promise<void> {
    this.#closed = true
    this.#unwatch?.()
    await this.#reloading
    const endpoints = [...this.#retiring.values(), ...[...this.#known.values()].map(({ endpoint }) => endpoint)]
    const cancel = this.#parts.timers.after(graceMs, () => {
      for (const endpoint of endpoints) endpoint.abandon()
    })
    await Promise.all(endpoints.map((endpoint) => endpoint.retire()))
    cancel()
    if (this.#parts.database.isOpen) await this.#membership?.end().catch((error) => this.#parts.observer.fault(error))
  }

  /** Waking many times in one turn is waking once; and answers that wait for the same commit go out first. */
  #onWake({ companies, followers }: Wake): void {
    if (followers) {
      this.#stale = true
      this.#held = true
      for (const window of this.#windows.values()) window.forget()
    }
    if (companies === undefined) this.#all = true
    else for (const company of companies) this.#woken.add(company)
    if (this.#waking) return
    this.#waking = true
    setImmediate(() => this.#wake())
  }

  #wake(): void {
    this.#waking = false
    if (this.#closed) return
    for (const { endpoint, companyId } of this.#known.values()) {
      if (this.#all || this.#woken.has(companyId)) endpoint.pump()
    }
    this.#woken.clear()
    this.#all = false
    if (this.#stale) void this.#reload()
  }

  /** Makes the endpoints those that the database says, once more when that changed meanwhile. */
  #reload(): Promise<void> {
    this.#stale = true
    this.#reloading ??= this.#load().finally(() => {
      this.#reloading = undefined
    })
    return this.#reloading
  }

  async #load(): Promise<void> {
    while (this.#stale && !this.#closed) {
      this.#stale = false
      try {
        const webhooks = await activeWebhooks(this.#parts.database)
        // Behind them: a holder that is not alive then was removed, and is nobody's id ever again.
        const share = await this.#membership?.look()
        const own = share === undefined ? webhooks : webhooks.filter(({ id }) => share.isMine(id))
        this.#retireOthers(own)
        if (share !== undefined) this.#pumpAll() // they may have been held until this look
        if (!this.#stale) this.#release() // those that are left have the settings they were begun with
        for (const webhook of share === undefined ? own : await this.#hold(webhooks, own, share)) {
          await this.#begin(webhook)
        }
      } catch (error) {
        this.#parts.observer.fault(error)
        this.#reloadLater()
      }
    }
  }

  #release(): void {
    if (!this.#held) return
    this.#held = false
    this.#pumpAll()
  }

  /** One reload waits, however many failed. */
  #reloadLater(): void {
    if (this.#resting) return
    this.#resting = true
    this.#parts.timers.after(againMs, () => {
      this.#resting = false
      if (!this.#closed) void this.#reload()
    })
  }

  #retireOthers(webhooks: readonly Webhook[]): void {
    const wanted = new Map(webhooks.map(({ id, revision }) => [id, revision]))
    for (const [id, { endpoint, revision }] of this.#known) {
      if (wanted.get(id) === revision) continue
      this.#known.delete(id)
      this.#retiring.set(id, endpoint)
      void endpoint.retire().then(() => {
        this.#retiring.delete(id)
        if (!this.#closed) void this.#reload()
      })
    }
  }

  /** Gives what is held and is another's to send to; takes what is free and this process's. Answers what it holds. */
  async #hold(webhooks: readonly Webhook[], own: readonly Webhook[], { self, alive, isMine }: Share) {
    const { database } = this.#parts
    const isIdle = ({ id }: Webhook): boolean => !this.#known.has(id) && !this.#retiring.has(id)
    const others = webhooks.filter((webhook) => webhook.holder === self && !isMine(webhook.id) && isIdle(webhook))
    await inParts(others, (webhook) => database.transact(giveEndpoint(webhook, self)))
    const held = own.filter(({ holder }) => holder === self)
    const isFree = ({ holder }: Webhook): boolean => holder === null || !alive.has(holder)
    const free = own.filter((webhook) => isFree(webhook) && isIdle(webhook))
    const taken = await inParts(free, (webhook) => database.transact(takeEndpoint(webhook, self)))
    const isHeldByOther = (webhook: Webhook): boolean => webhook.holder !== self && !isFree(webhook)
    this.#wanting = own.some(isHeldByOther) || taken.some(({ reply }) => reply === undefined)
    return [...held, ...taken.flatMap(({ reply }) => reply ?? [])]
  }

  #pumpAll(): void {
    for (const { endpoint } of this.#known.values()) endpoint.pump()
  }

  #onGone(webhookId: number): void {
    const gone = this.#known.get(webhookId)?.endpoint ?? this.#retiring.get(webhookId)
    this.#known.delete(webhookId)
    gone?.drop()
    if (!this.#closed) void this.#reload()
  }

  /** The others have taken, or will take, all that this process held. */
  #dropAll(): void {
    for (const { endpoint } of this.#known.values()) endpoint.drop()
    this.#known.clear()
    for (const endpoint of this.#retiring.values()) endpoint.drop()
  }

  async #begin(webhook: Webhook): Promise<void> {
    if (this.#closed || this.#known.has(webhook.id) || this.#retiring.has(webhook.id)) return
    const subscriber = await subscriberOf(this.#parts.database, webhook)
    if (subscriber === undefined) return
    const { company, integration } = subscriber
    let target: Target
    try {
      target = openTarget(this.#parts.vault, company.uuid, webhook, integration)
    } catch (error) {
      this.#parts.observer.fault(error) // no other try would open it
      return
    }
    const endpoint = new Endpoint(this.#endpointParts, subscriber, target, this.#windowOf(company))
    await endpoint.begin()
    if (this.#membership?.holds(webhook.holder) === false) {
      endpoint.drop() // it took so long that the others may have taken it
      return
    }
    this.#known.set(webhook.id, { endpoint, companyId: company.id, revision: webhook.revision })
    endpoint.pump()
  }

  #windowOf(company: Subscriber['company']): LogWindow {
    const present = this.#windows.get(company.id)
    if (present !== undefined) return present
    const made = new LogWindow(this.#parts.database, company)
    this.#windows.set(company.id, made)
    return made
  }
}

async function inParts<T, R>(all: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let from = 0; from < all.length; from += takenAtOnce) {
    results.push(...(await Promise.all(all.slice(from, from + takenAtOnce).map(act))))
  }
  return results
}
