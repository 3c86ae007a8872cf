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
export const quiet = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) await new Promise(setImmediate)
}

/** A journal over a storage, timers and a lane that the test moves; the endpoint stands at the beginning of the log. */
export function begin() {
  const webhook = aWebhook({ cursor: 0, last_attempt_at: noon - 1, last_status: 299, last_delivered_at: noon - 1 })
  const hands = beginLane({ concurrency: 10_000 })
  const saved: Saved[] = []
  const heard = { saved: [] as number[][], idle: 0, faults: 0, inFlight: 0, inFlightMost: 0, gone: 0 }
  const storage = { refuses: false, isOpen: true, held: Promise.resolve() }
  /** Lets transactions wait. @returns lets them go on */
  const hold = (): (() => void) => {
    let release = (): void => {}
    storage.held = new Promise((resolve) => {
      release = resolve
    })
    return release
  }
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
    onGone: () => (heard.gone += 1),
    onIdle: () => (heard.idle += 1),
  })
  /** So many deliveries, each of a lead of its own, that have arrived. */
  const arrive = (from: number, count = 1): Item[] =>
    Array.from({ length: count }, (_value, index) => {
      const item = hands.take(from + index, from + index)
      hands.settle(hands.lane.next(0), 200, 0)
      return item
    })
  return { journal, arrive, saved, heard, storage, hold, timers, ring, ...hands }
}
