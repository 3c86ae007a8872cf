/** The time, given to whatever needs it, so that tests and replays can choose it. */
export interface Clock {
  /** Unix milliseconds of the wall clock; may jump. */
  now(): number
  /** Milliseconds that only grow, for measuring spans. */
  elapsed(): number
}

/** Timers, given to whatever waits, so that a virtual clock can stand in. */
export interface Timers {
  /**
   * Calls once after so many ms.
   *
   * @returns takes it back
   */
  after(ms: number, call: () => void): () => void
}

export const systemTimers: Timers = {
  after: (ms, call) => {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

/** As {@link systemTimers}, but no process stays for what waits here. */
export const idleTimers: Timers = {
  after: (ms, call) => {
    const timer = setTimeout(call, ms).unref()
    return () => clearTimeout(timer)
  },
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
}
