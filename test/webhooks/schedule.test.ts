import fc from 'fast-check'
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

  test('comes within a tenth of its time, whatever chance says, and in whole ms', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000 }), chance, (delay, random) => {
        const ms = retryDelayMs([0, delay], 1, random) ?? Number.NaN
        expect(Number.isInteger(ms)).toBe(true)
        expect(Math.abs(ms - delay)).toBeLessThanOrEqual(delay / 10 + 0.5)
      }),
    )
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
    [' 120 ', 120_000],
    ['Thu, 15 Jan 2026 12:00:30 GMT', 30_000],
    ['Thu, 15 Jan 2026 11:00:00 GMT', 0],
    ['soon', 0],
    ['-5', 0],
    ['86401', 86_400_000],
    ['99999999', 86_400_000],
    ['99999999999999', 0],
    ['1e3', 0],
    ['0x10', 0],
    ['', 0],
    ['Thursday, 15-Jan-26 12:00:30 GMT', 30_000],
    ['Thu Jan 15 12:00:30 2026 GMT', 30_000],
    ['Thu, 15 Jan 2099 12:00:00 GMT', 86_400_000],
    [undefined, 0],
  ])('%j asks for %i ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms)
  })
})
