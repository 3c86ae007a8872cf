import { expect, test } from 'vitest'
import { Room } from '../../src/http/room.ts'
import { handClock } from '../kernel/hand-clock.ts'

/** A room that so many changes have entered, and a clock. */
function roomWith(changes: number, underWayMax = 10_000) {
  const clock = handClock()
  const room = new Room(underWayMax, clock)
  for (let entered = 0; entered < changes; entered += 1) room.enter()
  /** A commit of so many changes takes so long, and they leave. */
  const commit = (count: number, ms: number): void => {
    clock.move(ms)
    room.committed(count)
    for (let left = 0; left < count; left += 1) room.leave()
  }
  return { room, clock, commit }
}

test('it is full when as many are under way as may be', () => {
  const { room } = roomWith(9, 10)
  expect(room.isFull()).toBe(false)
  room.enter()
  expect(room.isFull()).toBe(true)
  room.leave()
  expect(room.isFull()).toBe(false)
})

test('what fits into one commit is let in, however long a commit takes', () => {
  const { room, commit } = roomWith(2_000)
  for (let commits = 0; commits < 7; commits += 1) commit(256, 5_000)
  expect(room.isFull()).toBe(false)
  while (!room.isFull()) room.enter()
  room.leave()
  expect(room.isFull()).toBe(false)
})

test('on a slow disk fewer may be under way than on a fast one', () => {
  const [fast, slow] = [10, 600].map((ms) => {
    const { room, commit } = roomWith(10_000, 20_000)
    for (let commits = 0; commits < 39; commits += 1) commit(256, ms)
    let letIn = 10_000 - 39 * 256
    for (; !room.isFull(); letIn += 1) room.enter()
    return letIn
  })
  expect(slow).toBe(256)
  expect(fast).toBeGreaterThan(2_000)
})

test('small commits, and times at which nothing waits, tell nothing of its speed', () => {
  const { room, clock, commit } = roomWith(700)
  commit(63, 60_000)
  commit(63, 60_000)
  for (let entered = 0; entered < 126; entered += 1) room.enter()
  expect(room.isFull()).toBe(false)

  commit(700, 1)
  clock.move(60_000)
  for (let entered = 0; entered < 700; entered += 1) room.enter()
  commit(256, 1)
  for (let entered = 0; entered < 256; entered += 1) room.enter()
  expect(room.isFull()).toBe(false)
})
