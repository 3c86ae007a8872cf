import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../storage/port.ts'
import { type Kept, type Swept, sweep } from './retention.ts'

export interface SweeperParts {
  readonly database: Database
  readonly clock: Clock
  readonly kept: Kept
  /** Whether this process does it, of all that share the database. */
  readonly isMine: () => boolean
  /** Told of every sweep. */
  readonly metrics: { swept(swept: Swept): void } | undefined
  /** Told of a sweep that emptied or removed something. */
  readonly onSwept: ((swept: Swept) => void) | undefined
  /** The storage refused something; it is tried again with the next sweep. */
  readonly onFault: (error: unknown) => void
}

/** Removes what has had its time while a server runs: one sweep at a time, which ends early when the server does. */
export class Sweeper {
  readonly #parts: SweeperParts
  readonly #closing = new AbortController()
  #running: Promise<void> | undefined

  constructor(parts: SweeperParts) {
    this.#parts = parts
  }

  /** Begins a sweep, unless one runs; nobody need wait for its end. */
  begin(): void {
    if (this.#closing.signal.aborted || !this.#parts.isMine()) return
    this.#running ??= this.#sweep().finally(() => {
      this.#running = undefined
    })
  }

  async #sweep(): Promise<void> {
    const { database, clock, kept, metrics, onSwept, onFault } = this.#parts
    try {
      const swept = await sweep(database, kept, clock.now(), this.#closing.signal)
      metrics?.swept(swept)
      if (swept.emptied + swept.deliveries > 0) onSwept?.(swept)
    } catch (error) {
      onFault(error)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }
}
