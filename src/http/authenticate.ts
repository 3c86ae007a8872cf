import type { IncomingHttpHeaders } from 'node:http'
import type { Operation } from '../contract/operation.ts'
import { isOpenTo } from '../contract/roles.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { limitedAs, SlidingWindow, type Standing } from './limits.ts'
import { sessionIn } from './session-cookie.ts'

/** Finds who a key belongs to; undefined for a key that is unknown, revoked or expired. */
export type LookUp = (key: string) => Actor | undefined | Promise<Actor | undefined>

/** Finds who is signed in with a session; undefined when it has ended, or its user may no longer sign in. */
export type SessionLookUp = (session: string) => Actor | undefined | Promise<Actor | undefined>

export interface GateOptions {
  readonly lookUp: LookUp
  readonly sessionLookUp: SessionLookUp
  readonly clock: Clock
  /** Requests a minute for each key and each person; 0 is off. */
  readonly rateLimit: number
  /** Failures a minute for each address; 0 is off. */
  readonly authFailureLimit: number
  /** Whether people come by https, and by nothing else. */
  readonly isSecure?: boolean
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

  /** Who asks, by the `Authorization` header; by the cookie of a session only when there is no such header. */
  identify({ authorization, cookie }: IncomingHttpHeaders): Actor | undefined | Promise<Actor | undefined> {
    if (authorization !== undefined) {
      const key = credentials.exec(authorization)?.[1]
      return key === undefined ? undefined : this.#options.lookUp(key)
    }
    const session = sessionIn(cookie, this.#options.isSecure)
    return session === undefined ? undefined : this.#options.sessionLookUp(session.value)
  }

  /** The refusal of a request without a valid key: 401, or 429 once its address has failed too often. */
  refusal(address: string): Refusal {
    if (this.#options.authFailureLimit > 0 && !isLoopback(address)) {
      const { allowed, resetSeconds } = this.#failures.take(limitedAs(address))
      if (!allowed) return new Refusal('rate_limited', { retryAfterSeconds: resetSeconds })
    }
    return new Refusal('invalid_key')
  }

  /** How a key or a person stands in the minute; undefined when requests are not limited. */
  count({ keyId, userUuid }: Actor): Standing | undefined {
    return this.#options.rateLimit === 0 ? undefined : this.#rate.take(keyId ?? userUuid)
  }
}

/** @throws Refusal the key lacks the switch that the operation asks for, or is no person; the role does not open it */
export function permit(operation: Operation, actor: Actor): void {
  const { access } = operation
  if (actor.role !== undefined) {
    if (isOpenTo(actor.role, operation)) return
    throw new Refusal(access === 'admin' ? 'admin_access_required' : 'write_access_required')
  }
  if (access === 'person') throw new Refusal('sign_in_required')
  if (access === 'read' && !actor.mayRead) throw new Refusal('read_access_required')
  if (access === 'write' && !actor.mayWrite) throw new Refusal('write_access_required')
  if (access === 'admin' && !actor.mayAdminister) throw new Refusal('admin_access_required')
}

/** A local proxy's clients all come from here. */
export const isLoopback = (address: string): boolean => /^(?:::ffff:)?127\.|^::1$/.test(address)
