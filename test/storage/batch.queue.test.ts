import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/kernel/refusal.ts'
import type { Definitions } from '../../src/storage/definitions.ts'
import { type Batch, StorageFault } from '../../src/storage/engine.ts'
import type { Keys, Work, Write } from '../../src/storage/port.ts'
import { definitionsOf, noon } from '../fixture.ts'
import { lock, logging, nothing, queueOver, runAll, writeAll } from './queues.ts'

const second = 1_000
const claiming = (keys: Keys): Work<string> => ({ ...nothing, keys })

describe('which works share a batch', () => {
  /** The keys of the works of each batch. */
  const batchesOf = async (works: readonly Work<unknown>[], batchWorksMax?: number): Promise<Keys[][]> => {
    const batches: Keys[][] = []
    const run = (batch: Batch): Promise<void> => {
      batches.push(batch.reads.map(({ keys }) => keys))
      return runAll(batch)
    }
    const onDisk = (): Promise<void> => new Promise(setImmediate)
    const { queue } = queueOver(run, batchWorksMax === undefined ? { onDisk } : { onDisk, batchWorksMax })
    await Promise.all(works.map((work) => queue.add(work)))
    return batches
  }

  const kinds = ['lead', 'apiKey', 'integration', 'webhook', 'view', 'import'] as const satisfies (keyof Keys)[]

  test.each(kinds)('not two that claim the same %s; two that claim others do', async (kind) => {
    const [one, other] = [{ [kind]: 1 }, { [kind]: 2 }]
    expect(await batchesOf([one, one, other].map(claiming))).toEqual([[one, other], [one]])
  })

  test('not two that share one of their deliveries', async () => {
    const [one, other, third] = [{ deliveries: [1, 2] }, { deliveries: [2, 3] }, { deliveries: [4] }]
    expect(await batchesOf([one, other, third].map(claiming))).toEqual([[one, third], [other]])
  })

  test('the same number of another kind is another claim', async () => {
    const claims = kinds.map((kind) => ({ [kind]: 1 }))
    expect(await batchesOf(claims.map(claiming))).toEqual([claims])
  })

  test('one that waits is not overtaken by what claims the same', async () => {
    const [first, both, last, free] = [{ lead: 1 }, { lead: 1, webhook: 2 }, { webhook: 2 }, { lead: 3 }]
    expect(await batchesOf([first, both, last, free].map(claiming))).toEqual([[first, free], [both], [last]])
  })

  test('so many at the most: what is told, or 256; 32 while the disk has nothing to do', async () => {
    const sizes = async (count: number, max?: number) =>
      (
        await batchesOf(
          Array.from({ length: count }, () => nothing),
          max,
        )
      ).map(({ length }) => length)
    expect(await sizes(5, 2)).toEqual([2, 2, 1])
    expect(await sizes(300)).toEqual([32, 256, 12])
  })

  test('one that changes definitions is alone, also when it comes first', async () => {
    const alone = { ...claiming({ lead: 1 }), changesDefinitions: true }
    const [free, behind] = [claiming({ lead: 2 }), claiming({ lead: 1 })]
    expect(await batchesOf([alone, free, behind])).toEqual([[{ lead: 1 }], [{ lead: 2 }, { lead: 1 }]])
  })

  test('one that reads what cannot be claimed is alone', async () => {
    const emails = { named: { emails: ['a@b'], ofEmailMax: 2 } }
    const [before, behind] = [claiming({ lead: 1 }), claiming({ lead: 2 })]
    expect(await batchesOf([before, { ...claiming(emails), alone: true }, behind])).toEqual([
      [{ lead: 1 }],
      [emails],
      [{ lead: 2 }],
    ])
    await expect(batchesOf([claiming(emails)])).rejects.toThrow('must be alone')
  })

  test('those that give the same external id are in different batches, unless they are of two companies', async () => {
    const named = { named: { externalIds: ['crm-1'] } }
    const other = { ...claiming(named), companyId: 4 }
    expect(await batchesOf([claiming(named), claiming(named), other])).toEqual([[named, named], [named]])
  })

  test('what comes while the loop turns joins, as long as each turn brings something', async () => {
    const sizes: number[] = []
    const { queue } = queueOver((batch) => {
      sizes.push(batch.reads.length)
      return runAll(batch)
    })
    const works: Promise<unknown>[] = []
    await new Promise<void>((all) => {
      const arrive = (left: number): void => {
        setImmediate(() => (left === 1 ? all() : arrive(left - 1))) // before the queue's own look
        works.push(queue.add(nothing))
      }
      arrive(4)
    })
    await Promise.all(works)
    expect(sizes).toEqual([4])
  })
})

describe('while a batch is on its way to the disk', () => {
  /** Every batch is on the disk when the test says so. */
  const slowDisk = () => {
    const disk: PromiseWithResolvers<void>[] = []
    const made = queueOver(runAll, {
      onDisk: () => {
        const sync = Promise.withResolvers<void>()
        disk.push(sync)
        return sync.promise
      },
    })
    const settled: string[] = []
    const add = (name: string) =>
      made.queue.add(nothing).then(
        () => settled.push(name),
        ({ failure }: Refusal) => settled.push(`${name} ${failure}`),
      )
    return { ...made, disk, settled, add }
  }

  test('the next one is decided, and a third waits; each is told when it is on the disk', async () => {
    const { disk, settled, add } = slowDisk()
    const first = add('first')
    await expect.poll(() => disk.length).toBe(1)
    const second = add('second')
    await expect.poll(() => disk.length).toBe(2)
    const third = add('third')
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate)
    expect({ begun: disk.length, settled }).toEqual({ begun: 2, settled: [] })

    disk[0]?.resolve()
    await first
    await expect.poll(() => disk.length).toBe(3)
    expect(settled).toEqual(['first'])
    disk[1]?.resolve()
    await second
    disk[2]?.resolve()
    await third
    expect(settled).toEqual(['first', 'second', 'third'])
  })

  test('closing waits for both', async () => {
    const { disk, settled, add, queue } = slowDisk()
    void add('first')
    await expect.poll(() => disk.length).toBe(1)
    void add('second')
    const closed = queue.close().then(() => settled.push('closed'))
    await expect.poll(() => disk.length).toBe(2)
    for (const sync of disk) sync.resolve()
    await closed
    expect(settled).toEqual(['first', 'second', 'closed'])
  })

  test('a sync that fails refuses both, and whatever waits behind them', async () => {
    const { disk, settled, add, stopped, queue } = slowDisk()
    const fault = new StorageFault('lost', { cause: undefined, fateUnknown: true })
    const works = [add('first')]
    await expect.poll(() => disk.length).toBe(1)
    works.push(add('second'))
    await expect.poll(() => disk.length).toBe(2)
    works.push(add('third'))
    for (const sync of disk) sync.reject(fault)
    await Promise.all(works)
    expect(settled.toSorted()).toEqual(['first unavailable', 'second unavailable', 'third unavailable'])
    expect(stopped[0]).toBe(fault)
    expect(queue.isOpen).toBe(false)
    expect(disk).toHaveLength(2)
  })
})

describe('time and numbers', () => {
  test('the time is that of the clock, and never before the last change of the company', async () => {
    const clock = { now: () => noon, elapsed: () => 0 }
    const timeAfter = async (last_time: number): Promise<number> =>
      (await queueOver(writeAll([], { last_time }), { clock }).queue.add(logging(3))).reply
    expect(await timeAfter(noon - second)).toBe(noon)
    expect(await timeAfter(noon + second)).toBe(noon + second)
  })

  test('behind an event whose time ran ahead, time goes on from there, and the company keeps it', async () => {
    const written: Write[] = []
    const { queue } = queueOver(writeAll(written))
    const works = [logging(3, 1, second), logging(3), logging(4)].map((work) => queue.add(work))
    expect((await Promise.all(works)).map(({ reply }) => reply)).toEqual([noon, noon + second, noon])
    expect(written.filter(({ table }) => table === 'company_log')).toMatchObject([
      { key: { company_id: 3 }, set: { last_time: noon + second } },
      { key: { company_id: 4 }, set: { last_time: noon } },
    ])
  })

  test('a work takes as many numbers as it has events, and is told the first', async () => {
    const written: Write[] = []
    const { queue } = queueOver(writeAll(written, { last_sequence: 7 }))
    const works = [logging(3, 2), logging(3, 0), logging(3, 3), logging(3)].map((work) => queue.add(work))
    expect((await Promise.all(works)).map(({ sequence }) => sequence)).toEqual([8, undefined, 10, 13])
    expect(written.at(-1)).toEqual({
      kind: 'update',
      table: 'company_log',
      key: { company_id: 3 },
      set: { last_sequence: 13, last_time: noon, definitions_version: 1 },
    })
  })

  test('the counter of a company that logged nothing is left alone', async () => {
    const written: Write[] = []
    const tag: Write = { kind: 'update', table: 'tags', key: { company_id: 4, id: 90 }, set: { label: 'x' } }
    const { queue } = queueOver(writeAll(written))
    const quiet: Work<string> = { companyId: 4, keys: {}, decide: () => ({ reply: 'done', writes: [tag] }) }
    await Promise.all([queue.add(quiet), queue.add(logging(3))])
    expect(written.filter(({ table }) => table === 'company_log')).toMatchObject([{ key: { company_id: 3 } }])
  })

  test('an update or another row is no event', async () => {
    const { queue } = queueOver(writeAll([]))
    const emptied: Write = {
      kind: 'update',
      table: 'events',
      key: { company_id: 3, sequence: 1 },
      set: { payload: null },
    }
    const renamed: Write = {
      kind: 'insert',
      table: 'companies',
      row: { id: 9, uuid: 'x', name: 'Nine', created_at: noon, suspended_at: null },
    }
    for (const write of [emptied, renamed]) {
      const work: Work<string> = { companyId: 3, keys: {}, decide: () => ({ reply: 'done', writes: [write] }) }
      expect(await queue.add(work)).toMatchObject({ sequence: undefined })
    }
  })
})

describe('who follows the log', () => {
  test('is woken with the companies whose logs have grown, once for a batch, and for no other', async () => {
    const { queue, wakes } = queueOver(writeAll([]))
    await Promise.all([queue.add(logging(3)), queue.add(logging(3)), queue.add({ ...nothing, companyId: 4 })])
    expect(wakes).toEqual([{ companies: new Set([3]), followers: false }])
    await queue.add(nothing)
    expect(wakes).toHaveLength(1)
  })

  test('hears that its own settings changed, unless that was refused', async () => {
    const { queue, wakes } = queueOver(writeAll([]))
    await Promise.all([queue.add(nothing), queue.add({ ...nothing, changesFollowers: true })])
    expect(wakes).toEqual([{ companies: new Set(), followers: true }])
    const refused: Work<string> = {
      ...nothing,
      changesFollowers: true,
      decide: () => {
        throw new Refusal('lead_not_found')
      },
    }
    await Promise.allSettled([queue.add(refused), queue.add(nothing)])
    expect(wakes).toHaveLength(1)
  })

  test('a commit is told with its works and how long it took', async () => {
    let elapsed = 100
    const run = async (batch: Batch): Promise<void> => {
      await runAll(batch)
      elapsed += 7
    }
    const { queue, commits } = queueOver(run, { clock: { now: () => noon, elapsed: () => elapsed } })
    await Promise.all([queue.add(nothing), queue.add(nothing)])
    expect(commits).toEqual([{ works: 2, ms: 7 }])
  })
})

describe('ids', () => {
  const draw = (count: number): Work<number[]> => ({
    companyId: 3,
    keys: {},
    ids: { custom_values: count },
    decide: (_, at) => ({ reply: Array.from({ length: count }, () => at.nextId('custom_values')), writes: [] }),
  })

  function drawing() {
    const reserved: number[] = []
    let next = 1_000
    const reserve = async (_source: string, count: number): Promise<number> => {
      reserved.push(count)
      next += count
      return next - count
    }
    return { reserved, ...queueOver(runAll, { reserve }) }
  }

  test('are reserved in blocks, and a block is used to its end', async () => {
    const { queue, reserved } = drawing()
    const drawn: number[] = []
    for (const count of [30, 30, 40, 1]) drawn.push(...(await queue.add(draw(count))).reply)
    expect(reserved).toEqual([100, 100])
    expect(drawn).toEqual(Array.from({ length: 101 }, (_value, index) => 1_000 + index))
  })

  test('are enough for all works of a batch', async () => {
    const { queue, reserved } = drawing()
    const outcomes = await Promise.all([queue.add(draw(80)), queue.add(draw(80))])
    expect(reserved).toEqual([160])
    expect(new Set(outcomes.flatMap(({ reply }) => reply)).size).toBe(160)
  })

  test('that a work did not name are not given', async () => {
    const { queue } = drawing()
    const work = draw(100)
    await queue.add(work)
    await expect(queue.add({ companyId: 3, keys: {}, decide: draw(1).decide })).rejects.toThrow(
      /more custom_values ids/,
    )
  })
})

test('a uuid that a work draws is one of its time', async () => {
  const random = { uuid: (unixMs: number) => `of ${unixMs}`, fraction: () => 0 }
  const { queue } = queueOver(writeAll([], { last_time: noon + second }), { random })
  const work: Work<string> = { companyId: 3, keys: {}, decide: (_, at) => ({ reply: at.uuid(), writes: [] }) }
  expect(await queue.add(work)).toMatchObject({ reply: `of ${noon + second}` })
})

describe('definitions', () => {
  function reading(known: Map<number, Definitions>, run = runAll) {
    const read: number[] = []
    const reload = async (companyIds: readonly number[]): Promise<void> => {
      read.push(...companyIds)
      for (const companyId of companyIds) known.set(companyId, definitionsOf(companyId))
    }
    return { read, ...queueOver(run, { definitions: { known: (companyId) => known.get(companyId), reload } }) }
  }

  test('that nobody knows are read before a work decides, once', async () => {
    const { queue, read } = reading(new Map())
    await Promise.all([queue.add(nothing), queue.add(nothing), queue.add({ ...nothing, companyId: 4 })])
    await queue.add(nothing)
    expect(read).toEqual([3, 4])
  })

  test('that are older or newer than the log says are read anew, and the works keep their places', async () => {
    for (const version of [0, 2]) {
      const order: string[] = []
      const named = (name: string): Work<string> => ({
        companyId: 3,
        keys: { lead: 1 },
        decide: () => {
          order.push(name)
          return { reply: name, writes: [] }
        },
      })
      const { queue, read } = reading(new Map([[3, { ...definitionsOf(3), version }]]))
      await Promise.all([queue.add(named('first')), queue.add(named('second'))])
      expect({ read, order }).toEqual({ read: [3], order: ['first', 'second'] })
    }
  })

  test('a change of them raises their version, and none that was not written', async () => {
    const written: Write[] = []
    const { queue, wakes } = queueOver(writeAll(written))
    const tag: Write = { kind: 'update', table: 'tags', key: { company_id: 3, id: 7 }, set: { label: 'x' } }
    const changing = (writes: readonly Write[]): Work<string> => ({
      ...nothing,
      changesDefinitions: true,
      decide: () => ({ reply: 'done', writes }),
    })
    await queue.add(changing([]))
    expect(written).toEqual([])
    await queue.add(changing([tag]))
    expect(written.at(-1)).toMatchObject({ table: 'company_log', set: { last_sequence: 0, definitions_version: 2 } })
    expect(wakes).toEqual([{ companies: new Set([3]), followers: false }])
  })
})

describe('the end', () => {
  test('settles what waits and takes nothing more', async () => {
    const { queue } = queueOver(runAll)
    let settled = 0
    const works = [claiming({ lead: 1 }), claiming({ lead: 1 })].map((work) =>
      queue.add(work).finally(() => {
        settled += 1
      }),
    )
    expect(queue).toMatchObject({ isOpen: true, waiting: 2 })
    await queue.close()
    expect({ settled, waiting: queue.waiting, isOpen: queue.isOpen }).toEqual({ settled: 2, waiting: 0, isOpen: false })
    await Promise.all(works)
    await expect(queue.add(nothing)).rejects.toMatchObject({ failure: 'unavailable' })
  })

  test('does not wait for definitions that never settle', async () => {
    let tries = 0
    const { queue } = queueOver(async (batch) => {
      tries += 1
      void queue.close()
      batch.decide(0, { ...lock, definitions_version: 2 }, {})
    })
    await expect(queue.add(nothing)).rejects.toMatchObject({ failure: 'unavailable' })
    expect(tries).toBe(1)
  })

  test('comes at once when nobody knows what became of a commit: what waits is refused, too', async () => {
    const fault = new StorageFault('sync failed', { cause: 'disk', fateUnknown: true })
    const { queue, stopped, told } = queueOver(() => Promise.reject(fault))
    const works = [claiming({ lead: 1 }), claiming({ lead: 1 })].map((work) => queue.add(work))
    for (const result of await Promise.allSettled(works)) {
      expect(result).toMatchObject({ reason: { failure: 'unavailable', retryAfterSeconds: 1, cause: fault } })
    }
    expect({ stopped, told, isOpen: queue.isOpen }).toEqual({ stopped: [fault], told: [], isOpen: false })
  })
})

describe('an error', () => {
  const broken = new Error('a bug')

  test('that is none of the storage is given as it is, and told nobody', async () => {
    const { queue, stopped, told } = queueOver(() => Promise.reject(broken))
    await expect(queue.add(nothing)).rejects.toBe(broken)
    expect({ stopped, told, isOpen: queue.isOpen }).toEqual({ stopped: [], told: [], isOpen: true })
  })

  test('of one write is given to its work alone', async () => {
    const { queue, told } = queueOver(async (batch) => {
      await runAll(batch)
      batch.failed(0, broken)
    })
    const results = await Promise.allSettled([queue.add(nothing), queue.add(nothing)])
    expect(results).toMatchObject([{ reason: broken }, { value: { reply: 'done' } }])
    expect(told).toEqual([])
  })

  test('of a write beside the queue is answered and told as if it were in it', async () => {
    const { queue, stopped, told } = queueOver(runAll)
    expect(await queue.watch(Promise.resolve('written'))).toBe('written')
    await expect(queue.watch(Promise.reject(broken))).rejects.toBe(broken)
    const full = new StorageFault('full', { cause: 'disk', fateUnknown: false })
    await expect(queue.watch(Promise.reject(full))).rejects.toMatchObject({ failure: 'unavailable', cause: full })
    expect({ told, isOpen: queue.isOpen }).toEqual({ told: [full], isOpen: true })
    const lost = new StorageFault('sync failed', { cause: 'disk', fateUnknown: true })
    await expect(queue.watch(Promise.reject(lost))).rejects.toMatchObject({ failure: 'unavailable', cause: lost })
    expect({ stopped, isOpen: queue.isOpen }).toEqual({ stopped: [lost], isOpen: false })
  })
})
