import type { Access } from '../contract/operation.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { SlidingWindow, type Standing } from './limits.ts'

/** Finds who a key belongs to; undefined for a key that is unknown, revoked or expired. */
export type LookUp = (key: string) => Actor | undefined | Promise<Actor | undefined>

export interface GateOptions {
  readonly lookUp: LookUp
  readonly clock: Clock
  /** Requests a minute for each key; 0 is off. */
  readonly rateLimit: number
  /** Failures a minute for each address; 0 is off. */
  readonly authFailureLimit: number
}

const credentials = /^(?:bearer|api-key) +(\S+) *$/i

/** The order of checks at the door: key (401), rate (429), permission (403). */
export class Gate {
  readonly #options: GateOptions
  readonly #rate: SlidingWindow
  readonly #failures: SlidingWindow

  constructor(options: GateOptions) {
    this.#options = options
    this.#rate = new SlidingWindow(options.rateLimit, options.clock)
    this.#failures = new SlidingWindow(options.authFailureLimit, options.clock)
  }

  /** Who asks, by the `Authorization` header. */
  identify(authorization: string | undefined): Actor | undefined | Promise<Actor | undefined> {
    const key = authorization === undefined ? undefined : credentials.exec(authorization)?.[1]
    return key === undefined ? undefined : this.#options.lookUp(key)
  }

  /** The refusal of a request without a valid key: 401, or 429 once its address has failed too often. */
  refusal(address: string): Refusal {
    if (this.#options.authFailureLimit > 0 && !isLoopback(address)) {
      const { allowed, resetSeconds } = this.#failures.take(address)
      if (!allowed) return new Refusal('rate_limited', { retryAfterSeconds: resetSeconds })
    }
    return new Refusal('invalid_key')
  }

  /** How a key stands in its minute; undefined when requests are not limited. */
  count(actor: Actor): Standing | undefined {
    return this.#options.rateLimit === 0 ? undefined : this.#rate.take(actor.keyId)
  }
}

/** @throws Refusal the key lacks the switch that the operation asks for */
export function permit(access: Access, actor: Actor): void {
  if (access === 'read' && !actor.mayRead) throw new Refusal('read_access_required')
  if (access === 'write' && !actor.mayWrite) throw new Refusal('write_access_required')
  if (access === 'admin' && !actor.mayAdminister) throw new Refusal('admin_access_required')
}

/** A local proxy's clients all come from here. */
const isLoopback = (address: string): boolean => /^(?:::ffff:)?127\.|^::1$/.test(address)
