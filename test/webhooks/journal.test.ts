import { describe, expect, test } from 'vitest'
import { noon } from '../fixture.ts'
import { begin, quiet } from './journals.ts'

describe('what became of deliveries', () => {
  test('is written down with the place in the log, and new rows are given their ids', async () => {
    const { journal, arrive, saved, heard, timers } = begin()
    const [one, two] = arrive(1, 2)
    journal.write()
    await quiet()
    expect(saved).toMatchObject([{ deliveries: [1, 2], set: { cursor: 2 } }])
    expect([one?.row.id, two?.row.id, journal.cursor]).toEqual([100, 101, 2])
    expect(heard).toMatchObject({ saved: [[1, 2]], idle: 1, faults: 0 })
    expect(journal.isSaving).toBe(false)
    expect(timers).toEqual([])
  })

  test('keeps the id it has when it is written again', async () => {
    const { journal, lane, take, settle, saved } = begin()
    const item = take(1, 7)
    settle(lane.next(0), 500, 0)
    journal.write()
    await quiet()
    settle(lane.next(5_000), 200, 5_000)
    journal.write()
    await quiet()
    expect(saved.map(({ deliveries }) => deliveries)).toEqual([[1], [100]])
    expect(item.row.id).toBe(100)
  })

  test('goes with the next transaction when it ends while one runs', async () => {
    const { journal, arrive, saved, heard, hold } = begin()
    const release = hold()
    arrive(1)
    journal.write()
    await quiet()
    expect(journal.isSaving).toBe(true)
    arrive(2)
    journal.write()
    await quiet()
    release()
    await quiet()
    expect(saved.map(({ deliveries }) => deliveries)).toEqual([[1], [2]])
    expect(heard).toMatchObject({ inFlightMost: 1, idle: 1 })
  })

  test('is written 256 at a time', async () => {
    const { journal, arrive, saved } = begin()
    arrive(1, 600)
    journal.write()
    await quiet()
    expect(saved.map(({ deliveries }) => deliveries.length)).toEqual([256, 256, 88])
    expect(saved.map(({ set }) => set.cursor)).toEqual([256, 512, 600])
  })

  test('is not written when there is nothing to write', async () => {
    const { journal, saved, heard } = begin()
    journal.write()
    await quiet()
    expect({ saved, idle: heard.idle }).toEqual({ saved: [], idle: 1 })
  })
})

describe('a place in the log that moved over events of no concern', () => {
  test('is written a second later, once', async () => {
    const { journal, lane, saved, timers, ring } = begin()
    lane.taken = 5
    journal.moved()
    lane.taken = 6
    journal.moved()
    await quiet()
    expect({ saved, waits: timers.map(({ ms }) => ms) }).toEqual({ saved: [], waits: [1_000] })
    await ring()
    expect(saved).toMatchObject([{ deliveries: [], set: { cursor: 6 } }])
    lane.taken = 7
    journal.moved()
    await ring()
    expect(saved).toMatchObject([{}, { set: { cursor: 7 } }])
  })

  test('is written at once when it is far ahead', async () => {
    const { journal, lane, saved } = begin()
    lane.taken = 511
    journal.moved()
    await quiet()
    expect(saved).toEqual([])
    lane.taken = 512
    journal.moved()
    await quiet()
    expect(saved).toMatchObject([{ set: { cursor: 512 } }])
  })

  test('needs nothing when it has not moved, or was written meanwhile', async () => {
    const { journal, lane, arrive, saved, timers, ring } = begin()
    journal.moved()
    expect(timers).toEqual([])
    lane.taken = 1
    journal.moved()
    arrive(2)
    journal.write()
    await quiet()
    await ring()
    expect(saved).toMatchObject([{ deliveries: [2], set: { cursor: 2 } }])
  })
})

describe('the health of an endpoint', () => {
  const seen = { last_attempt_at: noon - 1, last_status: 299, last_delivered_at: noon - 1 }

  test('is that of its last attempt, and of the last that arrived', async () => {
    const { journal, arrive, saved } = begin()
    journal.attempted(noon + 1, 200, noon + 2)
    journal.attempted(noon + 3, undefined, null)
    arrive(1)
    journal.write()
    await quiet()
    expect(saved[0]?.set).toMatchObject({
      last_attempt_at: noon + 3,
      last_status: null,
      last_delivered_at: noon + 2,
      failing_since: null,
    })
    journal.attempted(noon + 4, 503, null)
    arrive(2)
    journal.write()
    await quiet()
    expect(saved[1]?.set).toMatchObject({ last_attempt_at: noon + 4, last_status: 503, last_delivered_at: noon - 1 })
  })

  test('is told once: without an attempt it stays as it is', async () => {
    const { journal, arrive, saved } = begin()
    journal.attempted(noon + 1, 200, noon + 2)
    for (const sequence of [1, 2]) {
      arrive(sequence)
      journal.write()
      await quiet()
    }
    expect(saved[0]?.set).toMatchObject({ last_attempt_at: noon + 1 })
    expect(saved[1]?.set).toMatchObject(seen)
  })

  test('that the storage refused is told later, with what came since', async () => {
    const { journal, arrive, saved, storage, ring } = begin()
    storage.refuses = true
    journal.attempted(noon + 1, 200, noon + 2)
    arrive(1)
    journal.write()
    await quiet()
    await ring()
    journal.attempted(noon + 3, 500, null)
    storage.refuses = false
    await ring()
    expect(saved.map(({ set }) => set)).toMatchObject([
      { last_attempt_at: noon + 3, last_status: 500, last_delivered_at: noon + 2 },
    ])
  })

  test('that the storage refused is told later also when nothing came since', async () => {
    const { journal, arrive, saved, storage, ring } = begin()
    storage.refuses = true
    journal.attempted(noon + 1, 200, noon + 2)
    arrive(1)
    journal.write()
    await quiet()
    storage.refuses = false
    await ring()
    expect(saved[0]?.set).toMatchObject({ last_attempt_at: noon + 1, last_status: 200, last_delivered_at: noon + 2 })
  })

  test('that disables it while something else is written is not forgotten', async () => {
    const { journal, arrive, saved, hold } = begin()
    const release = hold()
    arrive(1)
    journal.write()
    await quiet()
    journal.disable('the receiver answered 410 Gone')
    release()
    await quiet()
    expect(saved.map(({ set }) => set.state)).toEqual([undefined, 'disabled'])
  })

  test('that disables it is written with the next save, until one succeeds, and then no more', async () => {
    const { journal, arrive, saved, storage, ring } = begin()
    storage.refuses = true
    journal.disable('the receiver answered 410 Gone')
    journal.write()
    await quiet()
    storage.refuses = false
    await ring()
    arrive(1)
    journal.write()
    await quiet()
    expect(saved.map(({ set }) => [set.state, set.reason])).toEqual([
      ['disabled', 'the receiver answered 410 Gone'],
      [undefined, undefined],
    ])
  })
})
