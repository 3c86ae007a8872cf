import { describe, expect, test } from 'vitest'
import { retryAfterMs, retryDelayMs } from '../../src/webhooks/schedule.ts'

describe('the next attempt', () => {
  const schedule = [0, 5_000, 300_000]

  test.each([
    [1, 0, 4_500],
    [1, 0.5, 5_000],
    [1, 0.999_999, 5_500],
    [2, 0.5, 300_000],
  ])('after %i tries, by chance %f, comes in %i ms', (tries, random, ms) => {
    expect(retryDelayMs(schedule, tries, random)).toBe(ms)
  })

  test('does not come when the schedule is spent', () => {
    expect(retryDelayMs(schedule, 3, 0.5)).toBeUndefined()
    expect(retryDelayMs([0], 1, 0.5)).toBeUndefined()
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 15, 12)

  test.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Thu, 15 Jan 2026 12:00:30 GMT', 30_000],
    ['Thu, 15 Jan 2026 11:00:00 GMT', 0],
    ['soon', 0],
    ['-5', 0],
    ['99999999', 86_400_000],
    ['Thu, 15 Jan 2099 12:00:00 GMT', 86_400_000],
    [undefined, 0],
  ])('%j asks for %i ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms)
  })
})
