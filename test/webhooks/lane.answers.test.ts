import { describe, expect, test } from 'vitest'
import type { Returned } from '../../src/webhooks/sending.ts'
import { begin, minute, second } from './lanes.ts'

describe('an answer', () => {
  test('of 429 or 503 may ask for more time, of 500 not', () => {
    const { take, settle, lane } = begin()
    const [one, two, three] = [take(1, 7), take(2, 8), take(3, 9)]
    settle(lane.next(0), 429, 0, '60')
    settle(lane.next(0), 503, 0, '50')
    settle(lane.next(0), 500, 0, '60')
    expect([one, two, three].map(({ row }) => row.next_attempt_at)).toEqual([60 * second, 50 * second, 5 * second])
  })

  test('that asks for less time than the schedule gives gets that of the schedule', () => {
    const { take, settle, lane } = begin()
    const item = take(1, 7)
    settle(lane.next(0), 503, 0, '1')
    expect(item.row.next_attempt_at).toBe(5 * second)
  })

  test('of 410 says that the receiver is gone; the delivery still waits', () => {
    const { take, settle, lane } = begin()
    const item = take(1, 7)
    expect(settle(lane.next(0), 410, 0)).toBe('gone')
    expect(item.row.state).toBe('retrying')
  })

  test.each([199, 300, 302, 404])('of %i is a failure like any other', (status) => {
    const { take, settle, lane } = begin()
    const item = take(1, 7)
    expect(settle(lane.next(0), status, 0)).toBe('retrying')
    expect(item.row.error).toBe(`the receiver answered ${status}`)
  })

  test.each([200, 202, 299])('of %i is a success', (status) => {
    const { take, settle, lane } = begin()
    take(1, 7)
    expect(settle(lane.next(0), status, 0)).toBe('delivered')
  })

  test('is written down with its time, what it said or why there was none', () => {
    const { take, lane } = begin()
    const item = take(1, 7)
    const settle = (returned: Pick<Returned, 'status' | 'answer' | 'error'>, startedAt: number): void => {
      lane.next(startedAt)
      lane.settle(item, { retryAfter: undefined, ms: 40, ...returned }, { startedAt, now: startedAt + 40, random: 0.5 })
    }
    settle({ status: 500, answer: 'busy', error: undefined }, 100 * minute)
    expect(item.row).toMatchObject({
      attempts: 1,
      tries: 1,
      first_attempt_at: 100 * minute,
      last_attempt_at: 100 * minute,
      next_attempt_at: 100 * minute + 40 + 5 * second,
      delivered_at: null,
      status: 500,
      ms: 40,
      answer: 'busy',
      error: 'the receiver answered 500',
      late: false,
    })
    settle({ status: undefined, answer: '', error: 'timed out' }, 101 * minute)
    expect(item.row).toMatchObject({ status: null, answer: null, error: 'timed out', late: false })
    settle({ status: 204, answer: '', error: undefined }, 110 * minute)
    expect(item.row).toMatchObject({
      state: 'delivered',
      attempts: 3,
      first_attempt_at: 100 * minute,
      last_attempt_at: 110 * minute,
      next_attempt_at: null,
      delivered_at: 110 * minute + 40,
      status: 204,
      error: null,
    })
  })

  test('only failures for long enough are too long; one success begins anew', () => {
    const { take, settle, lane } = begin({ disableAfterMs: 10 * second })
    take(1, 7)
    take(2, 8)
    take(3, 9)
    expect(settle(lane.next(0), 500, 0)).toBe('retrying')
    expect(settle(lane.next(0), 200, 9 * second)).toBe('delivered')
    expect(settle(lane.next(0), 500, 10 * second)).toBe('retrying')
    expect(settle(lane.next(10 * second), 500, 19 * second)).toBe('retrying')
    expect(settle(lane.next(24 * second), 500, 24 * second)).toBe('failing too long')
  })
})
