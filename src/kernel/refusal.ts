import { type FailureName, type Fault, failures } from '../contract/failures.ts'

/** How many faults `details` tells at the most. */
const faultsMax = 100

/**
 * Something the client did, or something the server cannot do now: one row of `contract/failures.ts`.
 * Every other error is a bug of ours.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly failure: FailureName
  readonly status: number
  readonly faults: readonly Fault[]
  /** Seconds after which another try makes sense; answered as `Retry-After`. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    failure: FailureName,
    more: { faults?: readonly Fault[]; says?: string; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    const [first] = more.faults ?? []
    super(more.says ?? first?.summary ?? first?.message ?? failures[failure].message, { cause: more.cause })
    this.failure = failure
    this.status = failures[failure].status
    this.faults = (more.faults ?? []).slice(0, faultsMax)
    this.retryAfterSeconds = more.retryAfterSeconds
  }
}

/** 503, to be tried again in a second: nothing changed, or nobody knows. */
export const unavailable = (cause?: unknown): Refusal => new Refusal('unavailable', { retryAfterSeconds: 1, cause })
