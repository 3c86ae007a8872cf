import { describe, expect, test } from 'vitest'
import type { Database, Work } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import { Journal } from '../../src/webhooks/journal.ts'
import type { Item } from '../../src/webhooks/lane.ts'
import { Pace } from '../../src/webhooks/pace.ts'
import { noon } from '../fixture.ts'
import { aMoment } from '../leads/examples.ts'
import { aWebhook } from './examples.ts'
import { begin as beginLane } from './lanes.ts'

/** What one transaction wrote: the deliveries by sequence, and what was set of the endpoint. */
interface Saved {
  readonly deliveries: readonly number[]
  readonly set: Partial<Row<'webhooks'>>
}

/** As long as nothing but the loop has to turn. */
const quiet = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) await new Promise(setImmediate)
}

/** A journal over a storage, timers and a lane that the test moves; the endpoint stands at the beginning of the log. */
function begin() {
  const webhook = aWebhook({ cursor: 0, last_attempt_at: noon - 1, last_status: 299, last_delivered_at: noon - 1 })
  const hands = beginLane({ concurrency: 10_000 })
  const saved: Saved[] = []
  const heard = { saved: [] as number[][], idle: 0, faults: 0, inFlight: 0, inFlightMost: 0 }
  const storage = { refuses: false, isOpen: true, held: Promise.resolve() }
  let nextId = 100
  const transact = async <T>(work: Work<T>) => {
    heard.inFlight += 1
    heard.inFlightMost = Math.max(heard.inFlight, heard.inFlightMost)
    await storage.held
    heard.inFlight -= 1
    if (storage.refuses) throw new Error('the disk is full')
    const { reply, writes } = work.decide({ webhook }, aMoment({ nextId: () => nextId++ }))
    const deliveries: number[] = []
    let set: Saved['set'] = {}
    for (const write of writes) {
      if (write.table === 'deliveries' && write.kind === 'insert') deliveries.push(write.row.sequence)
      if (write.table === 'deliveries' && write.kind === 'update') deliveries.push(write.key.id ?? 0)
      if (write.table === 'webhooks' && write.kind === 'update') set = write.set
    }
    saved.push({ deliveries, set })
    return { reply, sequence: undefined, replayed: false }
  }
  const database: Database = Object.create(null, {
    transact: { value: transact },
    isOpen: { get: () => storage.isOpen },
  })
  const timers: { readonly ms: number; readonly call: () => void }[] = []
  const after = (ms: number, call: () => void) => {
    const timer = { ms, call }
    timers.push(timer)
    return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0)
  }
  const ring = async (): Promise<void> => {
    for (const { call } of timers.splice(0)) call()
    await quiet()
  }
  let elapsed = 0
  const pace = new Pace({ clock: { now: () => noon, elapsed: () => (elapsed += 1_000) }, timers: { after } })
  const journal = new Journal({
    database,
    timers: { after },
    observer: { attempt: () => {}, disabled: () => {}, fault: () => (heard.faults += 1) },
    pace,
    webhook,
    lane: hands.lane,
    onSaved: (items) => heard.saved.push(items.map(({ row }) => row.sequence)),
    onIdle: () => (heard.idle += 1),
  })
  /** So many deliveries, each of a lead of its own, that have arrived. */
  const arrive = (from: number, count = 1): Item[] =>
    Array.from({ length: count }, (_value, index) => {
      const item = hands.take(from + index, from + index)
      hands.settle(hands.lane.next(0), 200, 0)
      return item
    })
  return { journal, arrive, saved, heard, storage, timers, ring, ...hands }
}

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
    const { journal, arrive, saved, heard, storage } = begin()
    let release = (): void => {}
    storage.held = new Promise((resolve) => {
      release = resolve
    })
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
