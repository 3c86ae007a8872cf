/** A receiver may ask to wait so long at the most, in ms. */
const retryAfterMaxMs = 24 * 60 * 60 * 1000

/**
 * Milliseconds from a failed attempt to the next, or undefined when the schedule is spent.
 *
 * @param scheduleMs the delay before each attempt, the first included
 * @param tries made so far, 1 or more
 * @param random uniform in [0, 1); passed in so that tests are exact
 *
 * ±10 % jitter: subscribers that failed together do not return together.
 * @see Standard Webhooks, "Deliverability and reliability"
 */
export const retryDelayMs = (scheduleMs: readonly number[], tries: number, random: number): number | undefined =>
  scheduleMs[tries] === undefined ? undefined : Math.round(scheduleMs[tries] * (0.9 + 0.2 * random))

/**
 * What a `Retry-After` header asks for, in ms, at most a day: seconds or an HTTP date (RFC 9110 §10.2.3).
 * 0 when there is none, or none that can be read.
 */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0
  const asked = /^\d{1,10}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(asked) ? 0 : Math.min(Math.max(asked, 0), retryAfterMaxMs)
}
