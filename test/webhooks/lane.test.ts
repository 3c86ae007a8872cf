import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expired, type Item, Lane, type LaneRules } from '../../src/webhooks/lane.ts'
import { aDelivery } from './examples.ts'

const second = 1_000
const minute = 60 * second
const rules: LaneRules = {
  scheduleMs: [0, 5 * second, 5 * minute, 30 * minute, 120 * minute],
  holdMs: 35 * minute,
  concurrency: 3,
  disableAfterMs: 1_000 * minute,
}

const fresh = { id: 0, state: 'pending', attempts: 0, tries: 0, status: null, ms: null, answer: null } as const
const never = { first_attempt_at: null, last_attempt_at: null, delivered_at: null } as const

function begin(more: Partial<LaneRules> = {}) {
  const lane = new Lane({ ...rules, ...more }, { taken: 0, failingSince: null })
  const take = (sequence: number, lead: number): Item => {
    const event = {
      sequence,
      leadId: lead,
      name: 'lead_updated',
      at: 0,
      members: [],
      userUuid: '',
      text: '{}',
    } as const
    const item: Item = { row: aDelivery(sequence, { lead_id: lead, ...fresh, ...never }), event, saved: false }
    lane.taken = sequence
    lane.take(item)
    return item
  }
  const settle = (item: Item | undefined, status: number | undefined, now: number, retryAfter?: string) => {
    if (item === undefined) throw new Error('nothing was to be sent')
    const returned = { status, retryAfter, answer: '', error: status === undefined ? 'cut' : undefined, ms: 1 }
    return lane.settle(item, returned, { startedAt: now, now, random: 0.5 })
  }
  /** Everything that may go now, by sequence. */
  const going = (now: number): number[] => {
    const all: number[] = []
    for (let item = lane.next(now); item !== undefined; item = lane.next(now)) all.push(item.row.sequence)
    return all
  }
  const save = (): number[] => {
    const items = lane.takeDirty(100)
    lane.wasSaved(items)
    return items.map(({ row }) => row.sequence)
  }
  return { lane, take, settle, going, save }
}

describe('order', () => {
  test('one of a lead goes at a time, leads go side by side, and only so many at once', () => {
    const { take, going } = begin()
    for (const [sequence, lead] of [
      [1, 7],
      [2, 7],
      [3, 8],
      [4, 9],
      [5, 10],
    ] as const)
      take(sequence, lead)
    expect(going(0)).toEqual([1, 3, 4])
  })

  test('the next of a lead goes when the one before has arrived', () => {
    const { take, settle, lane, going } = begin()
    take(1, 7)
    take(2, 7)
    const first = lane.next(0)
    expect(lane.next(0)).toBeUndefined()
    expect(settle(first, 204, 0)).toBe('delivered')
    expect(going(0)).toEqual([2])
  })

  test('a failing one holds back its lead and no other, and is tried again in its time', () => {
    const { take, settle, lane, going } = begin()
    take(1, 7)
    take(2, 7)
    expect(settle(lane.next(0), 500, 0)).toBe('retrying')
    take(3, 8)
    expect(going(0)).toEqual([3])
    expect(lane.wakeAt).toBe(5 * second)
    expect(going(5 * second - 1)).toEqual([])
    expect(going(5 * second)).toEqual([1])
  })

  test('when its time to hold back is over it is late, leaves memory, and the others pass', () => {
    const { take, settle, lane, going } = begin()
    const late = take(1, 7)
    take(2, 7)
    settle(lane.next(0), 500, 0)
    settle(lane.next(5 * second), undefined, 5 * second)
    settle(lane.next(6 * minute), 503, 6 * minute)
    expect(lane.wakeAt).toBe(35 * minute) // the next attempt is at 36 minutes
    expect(going(35 * minute)).toEqual([2])
    expect(late.row).toMatchObject({ late: true, state: 'retrying', next_attempt_at: 36 * minute })
    expect(going(36 * minute)).toEqual([])
  })

  test('one that fails when its time to hold back is over is late at once', () => {
    const { take, settle, lane, going } = begin({ scheduleMs: [0, 0, 0], holdMs: minute })
    const item = take(1, 7)
    take(2, 7)
    settle(lane.next(0), 500, 0)
    expect(settle(lane.next(minute), 500, minute)).toBe('retrying')
    expect(item.row.late).toBe(true)
    expect(going(minute)).toEqual([2])
  })

  test('a failing one of an earlier life holds back its lead for the rest of its time', () => {
    const { lane, take, going } = begin()
    const failing = { lead_id: 7, state: 'retrying', first_attempt_at: 0, next_attempt_at: 40 * minute } as const
    lane.take({ row: aDelivery(1, failing), event: undefined, saved: true })
    take(2, 7)
    expect(going(35 * minute - 1)).toEqual([])
    expect(going(35 * minute)).toEqual([2])
  })

  test('one that was tried as often as the schedule says is parked, and the next goes', () => {
    const { take, settle, lane, going } = begin({ scheduleMs: [0, 0] })
    const item = take(1, 7)
    take(2, 7)
    settle(lane.next(0), 500, 0)
    expect(settle(lane.next(0), 500, 0)).toBe('parked')
    expect(item.row).toMatchObject({ state: 'parked', attempts: 2, next_attempt_at: null })
    expect(going(0)).toEqual([2])
  })

  test('one whose event is empty expires, and the next goes', () => {
    const { take, lane, going } = begin()
    take(1, 7)
    take(2, 7)
    const item = lane.next(0)
    if (item !== undefined) lane.expire(item)
    expect(item?.row.state).toBe('expired')
    expect(going(0)).toEqual([2])
  })
})

describe('an answer', () => {
  test('of 429 or 503 may ask for more time, of 500 not', () => {
    const { take, settle, lane } = begin()
    const [one, two, three] = [take(1, 7), take(2, 8), take(3, 9)]
    settle(lane.next(0), 429, 0, '60')
    settle(lane.next(0), 503, 0, '1')
    settle(lane.next(0), 500, 0, '60')
    expect([one, two, three].map(({ row }) => row.next_attempt_at)).toEqual([60 * second, 5 * second, 5 * second])
  })

  test('of 410 says that the receiver is gone; the delivery still waits', () => {
    const { take, settle, lane } = begin()
    const item = take(1, 7)
    expect(settle(lane.next(0), 410, 0)).toBe('gone')
    expect(item.row.state).toBe('retrying')
  })

  test('that is a redirect is a failure like any other', () => {
    const { take, settle, lane } = begin()
    const item = take(1, 7)
    expect(settle(lane.next(0), 302, 0)).toBe('retrying')
    expect(item.row.error).toBe('the receiver answered 302')
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

describe('the cursor', () => {
  test('passes an event only when it has a row', () => {
    const { take, settle, lane, save } = begin()
    for (const sequence of [1, 2, 3]) take(sequence, sequence)
    const [one, two, three] = [lane.next(0), lane.next(0), lane.next(0)]
    settle(two, 200, 0)
    expect(lane.cursorWith(lane.takeDirty(10))).toBe(0)
    settle(one, 200, 0)
    settle(three, 200, 0)
    lane.notSaved([])
    expect(lane.cursorWith([])).toBe(0)
    expect(save()).toEqual([1, 3])
  })

  test('passes what waits for a failing one, since that has a row, too', () => {
    const { take, settle, lane, save } = begin()
    take(1, 7)
    take(2, 7)
    settle(lane.next(0), 500, 0)
    take(3, 7)
    lane.taken = 4 // of no concern to the endpoint
    expect(save()).toEqual([1, 2, 3])
    expect(lane.cursorWith([])).toBe(4)
  })

  test('passes what was noted without being sent once that is saved', () => {
    const { lane, save } = begin()
    lane.taken = 1
    lane.note({ row: aDelivery(1, { ...fresh, ...never }), event: undefined, saved: false })
    expect(lane.cursorWith([])).toBe(0)
    expect(save()).toEqual([1])
    expect(lane.cursorWith([])).toBe(1)
  })

  test('stays when a save failed, and what was to be saved is saved again first', () => {
    const { take, settle, lane, save } = begin()
    take(1, 7)
    settle(lane.next(0), 200, 0)
    const items = lane.takeDirty(10)
    expect(lane.cursorWith(items)).toBe(1)
    lane.notSaved(items)
    expect(lane.cursorWith([])).toBe(0)
    expect(save()).toEqual([1])
  })
})

describe('bounds', () => {
  test('no more of the log is wanted while much of it waits', () => {
    const { take, lane } = begin()
    let sequence = 0
    while (lane.wantsEvents && sequence < 100_000) take(++sequence, sequence)
    expect(sequence).toBeLessThan(1_000)
  })

  test('nor while one slow delivery lies far behind', () => {
    const { take, settle, lane } = begin({ concurrency: 1_000_000 })
    take(1, 1)
    lane.next(0)
    let sequence = 1
    while (lane.wantsEvents && sequence < 100_000) {
      take(++sequence, sequence)
      settle(lane.next(0), 200, 0)
      lane.wasSaved(lane.takeDirty(10))
    }
    expect(sequence).toBeLessThan(10_000)
  })

  test('failing ones stay in memory, so many at the most, and leave it when they are late', () => {
    const { take, settle, lane, save, going } = begin({ scheduleMs: [0, 60 * minute] })
    let sequence = 0
    while (lane.wantsEvents && sequence < 100_000) {
      take(++sequence, sequence)
      settle(lane.next(0), 500, 0)
      save()
    }
    expect(sequence).toBe(5_000)
    expect(going(35 * minute - 1)).toEqual([])
    expect(lane.wantsEvents).toBe(false)
    expect(going(35 * minute)).toEqual([])
    expect(lane.wantsEvents).toBe(true)
  })

  test('retries, late ones and new ones take turns', () => {
    const { take, settle, lane, going } = begin({ concurrency: 4 })
    for (const sequence of [1, 2, 3]) take(sequence, sequence)
    for (let count = 0; count < 3; count += 1) settle(lane.next(0), 500, 0)
    for (const sequence of [4, 5, 6]) take(sequence, sequence)
    for (const sequence of [101, 102]) {
      lane.takeFree({ row: aDelivery(sequence, { late: true }), event: undefined, saved: true })
    }
    const first = going(5 * second)
    expect(first.some((sequence) => sequence <= 3)).toBe(true)
    expect(first.some((sequence) => sequence > 3 && sequence < 100)).toBe(true)
    expect(first.some((sequence) => sequence > 100)).toBe(true)
  })
})

describe('what no order applies to', () => {
  const free = (sequence: number): Item => {
    const row = aDelivery(sequence, { ...fresh, ...never, id: sequence, lead_id: 7, late: true })
    return { row, event: undefined, saved: true }
  }

  test('goes beside its lead, and is held until it is saved', () => {
    const { lane, take, settle, going, save } = begin()
    take(5, 7)
    lane.takeFree(free(1))
    const first = lane.next(0)
    expect([first?.row.sequence, ...going(0)].sort()).toEqual([1, 5])
    settle(first, 200, 0)
    expect(lane.freeCount).toBe(1)
    expect(save()).toEqual([1])
    expect(lane.freeCount).toBe(0)
  })

  test('is late again when it fails, and holds back nobody', () => {
    const { lane, take, settle, going, save } = begin()
    lane.takeFree(free(1))
    const item = lane.next(0)
    expect(settle(item, 500, 0)).toBe('retrying')
    take(5, 7)
    expect(going(0)).toEqual([5])
    save()
    expect(item?.row).toMatchObject({ late: true, next_attempt_at: 5 * second })
    expect(lane.wakeAt, 'the database knows when it is due').toBeUndefined()
  })

  test('is not read again before it is written that it was given up', () => {
    const { lane, save } = begin()
    lane.note(free(1))
    expect(lane.freeCount).toBe(1)
    expect(save()).toEqual([1])
    expect(lane.freeCount).toBe(0)
  })
})

test('what changed while it was being saved is saved once more', () => {
  const { take, settle, lane, save } = begin({ scheduleMs: [0, 0] })
  const item = take(1, 7)
  settle(lane.next(0), 500, 0)
  const items = lane.takeDirty(10)
  settle(lane.next(0), 200, 0)
  lane.wasSaved(items)
  expect(lane.hasDirty).toBe(true)
  expect(save()).toEqual([1])
  expect(item.row.state).toBe('delivered')
})

test('what retention has emptied is told in words', () => {
  const row = aDelivery(1)
  expired(row)
  expect(row).toMatchObject({ state: 'expired', error: expect.stringContaining('retention') })
})

/** What may happen to a lane, in any order. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('take' as const), lead: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('answer' as const), status: fc.constantFrom(200, 500, 503, undefined) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('send' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(second, 20 * minute) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('save' as const),
      limit: fc.integer({ min: 1, max: 3 }),
      ok: fc.boolean(),
    }),
  },
)

test('whatever happens: leads keep their order, the cursor passes no event without a row, nothing is lost', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const { lane, take, settle } = begin({ concurrency: 2 })
      const all: Item[] = []
      const underWay: Item[] = []
      let now = 0
      const send = (): void => {
        const item = lane.next(now)
        if (item === undefined) return
        const { lead_id, sequence } = item.row
        const ahead = all.filter(({ row }) => row.lead_id === lead_id && row.sequence < sequence)
        expect(ahead.every(({ row }) => row.late || row.state === 'delivered' || row.state === 'parked')).toBe(true)
        underWay.push(item)
        expect(underWay.length).toBeLessThanOrEqual(2)
      }
      const save = (limit: number, ok: boolean): void => {
        const items = lane.takeDirty(limit)
        const cursor = lane.cursorWith(items)
        for (const item of all) if (item.row.sequence <= cursor) expect(item.saved || items.includes(item)).toBe(true)
        if (ok) lane.wasSaved(items)
        else lane.notSaved(items)
      }
      for (const one of steps) {
        if (one.kind === 'take') all.push(take(all.length + 1, one.lead))
        else if (one.kind === 'send') send()
        else if (one.kind === 'wait') now += one.ms
        else if (one.kind === 'save') save(one.limit, one.ok)
        else if (underWay.length > 0) settle(underWay.shift(), one.status, now)
      }
      // All that is not late arrives once the receiver answers; late ones are the database's.
      for (let turns = 0; turns < 1_000; turns += 1) {
        send()
        if (underWay.length > 0) settle(underWay.shift(), 200, now)
        else if (lane.wakeAt === undefined) break
        else now = Math.max(now, lane.wakeAt)
      }
      while (lane.hasDirty) save(100, true)
      expect(all.every(({ row }) => row.late || row.state === 'delivered' || row.state === 'parked')).toBe(true)
      expect(lane.cursorWith([])).toBe(all.length)
    }),
    { numRuns: 500 },
  )
})
