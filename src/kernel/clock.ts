/** The time, given to whatever needs it, so that tests and replays can choose it. */
export interface Clock {
  /** Unix milliseconds of the wall clock; may jump. */
  now(): number
  /** Milliseconds that only grow, for measuring spans. */
  elapsed(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
}
