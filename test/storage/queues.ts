import { type QueueOptions, WorkQueue } from '../../src/storage/batch.ts'
import type { Batch, Engine, StorageFault } from '../../src/storage/engine.ts'
import type { Committed, Wake, Work, Write } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import { definitionsOf, noon } from '../fixture.ts'

export const lock: Row<'company_log'> = { company_id: 3, last_sequence: 0, last_time: noon, definitions_version: 1 }

/** Every work decides, and nothing more. */
export const runAll = async (batch: Batch): Promise<void> => {
  for (const [index, { companyId }] of batch.reads.entries())
    batch.decide(index, { ...lock, company_id: companyId }, {})
}

/** As a storage does it: every work decides, what it writes stands, the counters come last. Adds up what was written. */
export const writeAll =
  (written: Write[], more: Partial<Row<'company_log'>> = {}) =>
  async (batch: Batch): Promise<void> => {
    for (const [index, { companyId }] of batch.reads.entries()) {
      const writes = batch.decide(index, { ...lock, company_id: companyId, ...more }, {})
      written.push(...writes)
      if (writes.length > 0) batch.stood(index)
    }
    written.push(...batch.counters())
  }

type Options = Partial<QueueOptions> & {
  readonly reserve?: Engine['reserve']
  /** Of each batch that was run; at once when absent. */
  readonly onDisk?: () => Promise<void>
}

/** An engine that does as the test says: what the queue makes of it. */
export function queueOver(run: (batch: Batch) => Promise<void>, options: Options = {}) {
  const told: StorageFault[] = []
  const stopped: StorageFault[] = []
  const wakes: Wake[] = []
  const commits: Committed[] = []
  const never = (): never => {
    throw new Error('not asked for')
  }
  const { reserve = never, onDisk = async () => {}, ...more } = options
  const engine: Engine = {
    run: async (batch) => {
      await run(batch)
      return { onDisk: onDisk() }
    },
    reserve,
    load: never,
    definitionRows: never,
    definitionsVersion: never,
    read: never,
    find: never,
    leadPage: never,
    leadCounts: never,
    forgetIdempotencyKeys: never,
    wipe: never,
    overlaps: true,
    lanes: 1,
    byCompany: false,
    processes: undefined,
    tell: never,
    watch: never,
    close: never,
  }
  const queue = new WorkQueue(engine, {
    clock: { now: () => noon, elapsed: () => 0 },
    random: { uuid: () => 'x', fraction: () => 0 },
    queueMax: 1_000,
    definitions: { known: (companyId) => definitionsOf(companyId), reload: async () => {} },
    onWake: (wake) => wakes.push(wake),
    onCommit: (commit) => commits.push(commit),
    onRefusedBatch: (error) => told.push(error),
    onFateUnknown: (error) => stopped.push(error),
    ...more,
  })
  return { queue, told, stopped, wakes, commits }
}

/** A work that changes nothing. */
export const nothing: Work<string> = { companyId: 3, keys: {}, decide: () => ({ reply: 'done', writes: [] }) }

/** An event of lead 4711; `at` in Unix ms. */
export const anEvent = (companyId: number, sequence: number, at: number): Write => ({
  kind: 'insert',
  table: 'events',
  row: {
    company_id: companyId,
    sequence,
    lead_id: 4711,
    version: 2,
    previous_sequence: 1,
    name: 'lead_updated',
    at,
    user_uuid: null,
    key_id: null,
    request_id: null,
    definitions_version: 1,
    members: ['first_name'],
    payload: null,
  },
})

/** A work that adds so many events to its company's log, `aheadMs` after its time; replies the time it was given. */
export const logging = (companyId: number, events = 1, aheadMs = 0): Work<number> => ({
  companyId,
  keys: {},
  decide: (_, { now, sequence }) => ({
    reply: now,
    writes: Array.from({ length: events }, (_value, index) => anEvent(companyId, sequence + index, now + aheadMs)),
  }),
})
