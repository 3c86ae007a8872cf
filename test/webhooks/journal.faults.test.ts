import { describe, expect, test } from 'vitest'
import { begin, quiet } from './journals.ts'

describe('while the storage refuses', () => {
  test('nothing is tried for a second, whatever ends; then all is written, the first first', async () => {
    const { journal, arrive, saved, heard, storage, timers, ring } = begin()
    storage.refuses = true
    arrive(1)
    journal.write()
    await quiet()
    expect(heard).toMatchObject({ faults: 1, idle: 1, saved: [] })
    arrive(2)
    journal.write()
    journal.moved()
    await quiet()
    expect({ faults: heard.faults, cursor: journal.cursor }).toEqual({ faults: 1, cursor: 0 })
    expect(timers.every(({ ms }) => ms === 1_000)).toBe(true)
    storage.refuses = false
    await ring()
    expect(saved).toMatchObject([{ deliveries: [1, 2], set: { cursor: 2 } }])
    await ring()
    expect(saved).toHaveLength(1)
  })

  test('a place in the log is tried again, too', async () => {
    const { journal, lane, saved, storage, ring } = begin()
    storage.refuses = true
    lane.taken = 1
    journal.moved()
    await ring()
    storage.refuses = false
    await ring()
    expect(saved).toMatchObject([{ deliveries: [], set: { cursor: 1 } }])
  })

  test('it is not tried again when there is nothing left to write', async () => {
    const { journal, lane, saved, heard, storage, timers, ring } = begin()
    storage.refuses = true
    lane.taken = 1
    journal.moved()
    await ring()
    expect({ faults: heard.faults, waiting: timers.length }).toEqual({ faults: 1, waiting: 1 })
    lane.taken = 0
    storage.refuses = false
    await ring()
    expect({ saved, waiting: timers.length }).toEqual({ saved: [], waiting: 0 })
  })

  test('nor when it takes nothing any more', async () => {
    const { journal, arrive, heard, storage, timers } = begin()
    storage.refuses = true
    storage.isOpen = false
    arrive(1)
    journal.write()
    await quiet()
    expect({ faults: heard.faults, idle: heard.idle, timers }).toEqual({ faults: 1, idle: 1, timers: [] })
  })
})

describe('the end', () => {
  test('writes the rest at once, the place in the log, too, and then is idle', async () => {
    const { journal, lane, arrive, saved, heard, timers } = begin()
    arrive(1, 300)
    lane.taken = 305
    journal.moved()
    journal.end()
    await quiet()
    expect(saved.map(({ deliveries, set }) => [deliveries.length, set.cursor])).toEqual([
      [256, 256],
      [44, 305],
    ])
    expect({ idle: heard.idle, timers }).toEqual({ idle: 1, timers: [] })
  })

  test('writes a place in the log that moved a little, and nothing when it has not', async () => {
    const { journal, lane, saved, heard } = begin()
    lane.taken = 1
    journal.end()
    await quiet()
    expect(saved).toMatchObject([{ deliveries: [], set: { cursor: 1 } }])
    const still = begin()
    still.journal.end()
    await quiet()
    expect(still.saved).toEqual([])
    expect([heard.idle, still.heard.idle]).toEqual([1, 1])
  })

  test('waits for a transaction that runs', async () => {
    const { journal, arrive, saved, heard, hold } = begin()
    const release = hold()
    arrive(1)
    journal.write()
    await quiet()
    arrive(2)
    journal.end()
    await quiet()
    release()
    await quiet()
    expect(saved.map(({ deliveries }) => deliveries)).toEqual([[1], [2]])
    expect(heard).toMatchObject({ inFlightMost: 1, idle: 1 })
  })

  test('tries nothing again', async () => {
    const { journal, arrive, saved, heard, storage, timers } = begin()
    storage.refuses = true
    arrive(1)
    journal.end()
    await quiet()
    expect({ saved, timers, faults: heard.faults, idle: heard.idle }).toEqual({
      saved: [],
      timers: [],
      faults: 1,
      idle: 1,
    })
  })

  test('ends a wait for another try', async () => {
    const { journal, arrive, saved, heard, storage, ring } = begin()
    storage.refuses = true
    arrive(1)
    journal.write()
    await quiet()
    journal.end()
    await quiet()
    expect(heard.faults).toBe(2)
    storage.refuses = false
    await ring()
    expect(saved).toEqual([])
  })
})
