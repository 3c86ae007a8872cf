import type { Vault } from '../kernel/vault.ts'
import type { Wake } from '../storage/port.ts'
import { activeSubscribers, type Subscriber } from './backlog.ts'
import { Endpoint, type EndpointParts } from './endpoint.ts'
import { LogWindow } from './log-window.ts'
import { Pace } from './pace.ts'
import { openTarget, type Target } from './secrets.ts'
import { Slots } from './slots.ts'

/** How long attempts under way may take to end when the server stops, in ms. */
const graceMs = 5_000
/** After a fault of the storage, in ms. */
const againMs = 1_000

interface Known {
  readonly endpoint: Endpoint
  readonly companyId: number
  readonly revision: number
}

export interface DispatcherParts extends Omit<EndpointParts, 'slots' | 'pace' | 'isHeld'> {
  readonly vault: Vault
}

/**
 * Sends every change of the log to every endpoint that hears of it. A follower of the log: it is woken by commits and
 * goes on where it stood, whatever it missed.
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
    this.#endpointParts = { ...parts, slots: new Slots(), pace: new Pace(parts), isHeld: () => this.#held }
  }

  /** Begins where it stood. */
  async start(): Promise<void> {
    this.#unwatch = this.#parts.database.onWake((wake) => this.#onWake(wake))
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
  }

  /** Waking many times in one turn is waking once; and answers that wait for the same commit go out first. */
  #onWake({ companies, followers }: Wake): void {
    if (followers) {
      this.#stale = true
      this.#held = true
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
        const subscribers = await activeSubscribers(this.#parts.database)
        this.#retireOthers(subscribers)
        if (!this.#stale) this.#release() // those that are left have the settings they were begun with
        for (const subscriber of subscribers) await this.#begin(subscriber)
      } catch (error) {
        this.#parts.observer.fault(error)
        this.#reloadLater()
      }
    }
  }

  #release(): void {
    if (!this.#held) return
    this.#held = false
    for (const { endpoint } of this.#known.values()) endpoint.pump()
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

  #retireOthers(subscribers: readonly Subscriber[]): void {
    const wanted = new Map(subscribers.map(({ webhook }) => [webhook.id, webhook.revision]))
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

  async #begin(subscriber: Subscriber): Promise<void> {
    const { webhook, company, integration } = subscriber
    if (this.#closed || this.#known.has(webhook.id) || this.#retiring.has(webhook.id)) return
    let target: Target
    try {
      target = openTarget(this.#parts.vault, company.uuid, webhook, integration)
    } catch (error) {
      this.#parts.observer.fault(error) // no other try would open it
      return
    }
    const endpoint = new Endpoint(this.#endpointParts, subscriber, target, this.#windowOf(company))
    await endpoint.begin()
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
