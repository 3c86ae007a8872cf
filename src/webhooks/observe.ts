import type { DeliveryState } from '../contract/deliveries.ts'
import type { EventName } from '../contract/events.ts'

/** An attempt that has ended, for the log. No secret, no body. */
export interface AttemptLine {
  readonly company: number
  readonly webhook: number
  /** Where it goes: the origin only. */
  readonly url: string
  readonly delivery: string
  readonly event: EventName
  readonly sequence: number
  readonly attempt: number
  /** What became of the delivery. */
  readonly outcome: DeliveryState
  readonly status: number | undefined
  readonly ms: number
  readonly error: string | undefined
}

export interface DisabledLine {
  readonly company: number
  readonly webhook: number
  readonly url: string
  readonly reason: string
}

/** Who is told what the dispatcher does. */
export interface Observer {
  attempt(line: AttemptLine): void
  disabled(line: DisabledLine): void
  /** The storage refused something; it is tried again. */
  fault(error: unknown): void
}
