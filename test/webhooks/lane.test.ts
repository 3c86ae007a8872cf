import { describe, expect, test } from 'vitest'
import { expired, type Item } from '../../src/webhooks/lane.ts'
import { aDelivery } from './examples.ts'
import { begin, fresh, minute, never, second } from './lanes.ts'

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

  test('failing ones are tried again in the order of their times, those of one time as they failed', () => {
    const { take, settle, lane, going } = begin({ concurrency: 10 })
    const asked = [50, 20, 70, 20, 10, 60, 30, 40]
    for (const sequence of asked.keys()) take(sequence + 1, sequence + 1)
    for (const seconds of asked) settle(lane.next(0), 429, 0, String(seconds))
    const order: number[] = []
    for (let at = lane.wakeAt; at !== undefined; at = lane.wakeAt) {
      expect(going(at - 1)).toEqual([])
      order.push(...going(at))
    }
    expect(order).toEqual([5, 2, 4, 7, 8, 1, 6, 3])
  })

  test('when its time to hold back is over it is late, leaves memory, and the others pass', () => {
    const { take, settle, lane, going, save } = begin()
    const late = take(1, 7)
    take(2, 7)
    settle(lane.next(0), 500, 0)
    settle(lane.next(5 * second), undefined, 5 * second)
    settle(lane.next(6 * minute), 503, 6 * minute)
    expect(lane.wakeAt).toBe(35 * minute) // the next attempt is at 36 minutes
    save()
    expect(going(35 * minute)).toEqual([2])
    expect(save(), 'the database must know that it is late').toEqual([1])
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

  test('the time to hold back begins with the first attempt', () => {
    const { take, settle, lane, going } = begin()
    const begun = 1_000 * minute
    const item = take(1, 7)
    take(2, 7)
    settle(lane.next(begun), 500, begun)
    expect(lane.wakeAt).toBe(begun + 5 * second)
    expect(going(begun + second)).toEqual([])
    settle(lane.next(begun + 5 * second), 500, begun + 35 * minute)
    expect(item.row.late).toBe(true)
    expect(going(begun + 35 * minute)).toEqual([2])
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
    const { take, lane, going } = begin({ concurrency: 1 })
    take(1, 7)
    take(2, 7)
    const item = lane.next(0)
    if (item !== undefined) lane.expire(item)
    expect(item?.row.state).toBe('expired')
    expect(going(0)).toEqual([2])
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

  test('what has a row already is not written again because one before it fails', () => {
    const { lane, settle, save } = begin()
    for (const sequence of [1, 2]) {
      lane.take({ row: aDelivery(sequence, { ...fresh, ...never }), event: undefined, saved: true })
    }
    settle(lane.next(0), 500, 0)
    expect(save()).toEqual([1])
  })

  test('stays when a save failed, and what was to be saved is saved again first', () => {
    const { take, settle, lane, save } = begin()
    take(1, 7)
    settle(lane.next(0), 200, 0)
    const items = lane.takeDirty(10)
    expect(lane.cursorWith(items)).toBe(1)
    take(2, 8)
    settle(lane.next(0), 200, 0)
    lane.notSaved(items)
    expect(lane.cursorWith([])).toBe(0)
    expect(save()).toEqual([1, 2])
  })
})

describe('bounds', () => {
  test('no more of the log is wanted while much of it waits', () => {
    const { take, lane } = begin()
    let sequence = 0
    while (lane.wantsEvents && sequence < 100_000) take(++sequence, sequence)
    expect(sequence).toBe(256)
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
    expect(sequence).toBe(2_048)
  })

  test('nor when it lies there alone, behind much that is of no concern', () => {
    const { take, lane } = begin()
    take(1, 1)
    lane.taken = 4_096
    expect(lane.wantsEvents).toBe(true)
    lane.taken = 4_097
    expect(lane.wantsEvents).toBe(false)
  })

  test('how far it lies behind is what counts, not where in the log', () => {
    const { take, lane } = begin()
    take(50_000, 1)
    expect(lane.wantsEvents).toBe(true)
  })

  test('one of an earlier life that still waits is no reason to read no more', () => {
    const { lane } = begin()
    const waiting = { state: 'retrying', first_attempt_at: 0, next_attempt_at: minute } as const
    lane.take({ row: aDelivery(1, waiting), event: undefined, saved: true })
    lane.taken = 100_000
    expect(lane.wantsEvents).toBe(true)
  })

  test('so many are saved at once as is asked for; the rest waits', () => {
    const { take, settle, lane } = begin()
    for (const sequence of [1, 2, 3]) take(sequence, sequence)
    for (let count = 0; count < 3; count += 1) settle(lane.next(0), 200, 0)
    expect(lane.dirtyCount).toBe(3)
    expect(lane.takeDirty(2).map(({ row }) => row.sequence)).toEqual([1, 2])
    expect(lane.dirtyCount).toBe(1)
    expect(lane.takeDirty(2).map(({ row }) => row.sequence)).toEqual([3])
  })

  test('it is told how many are under way', () => {
    const { take, settle, lane } = begin()
    take(1, 7)
    take(2, 8)
    const [one, two] = [lane.next(0), lane.next(0)]
    expect(lane.underWay).toBe(2)
    settle(one, 500, 0)
    expect(lane.underWay).toBe(1)
    if (two !== undefined) lane.expire(two)
    expect(lane.underWay).toBe(0)
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

  test('lets nobody of its lead pass when it arrives', () => {
    const { lane, take, settle, going } = begin()
    take(5, 7)
    take(6, 7)
    const ordered = lane.next(0)
    expect(ordered?.row.sequence).toBe(5)
    lane.takeFree(free(1))
    settle(lane.next(0), 200, 0)
    expect(going(0), '5 is still under way').toEqual([])
    settle(ordered, 200, 0)
    expect(going(0)).toEqual([6])
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
