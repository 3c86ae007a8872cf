import { describe, expect, onTestFinished, test } from 'vitest'
import { Refusal } from '../../src/kernel/refusal.ts'
import { StorageFault } from '../../src/storage/engine.ts'
import type { Change, Work, Write } from '../../src/storage/port.ts'
import { type Api, backends } from '../backends.ts'
import { noon } from '../fixture.ts'
import { lock, nothing, queueOver, runAll } from './queues.ts'

/** A work that sets a lead's first name, with its event; `also` adds writes. */
const rename = (lead: number, first_name: string, also: readonly Write[] = []): Work<string> => ({
  companyId: 3,
  keys: { lead },
  decide: ({ lead: row }, { now, sequence }): Change<string> => {
    if (row === undefined) throw new Refusal('lead_not_found')
    const marks = { updated_at: now, version: row.version + 1, last_sequence: sequence }
    return {
      reply: first_name,
      writes: [
        { kind: 'update', table: 'leads', key: { company_id: 3, id: lead }, set: { first_name, ...marks } },
        {
          kind: 'insert',
          table: 'events',
          row: {
            company_id: 3,
            sequence,
            lead_id: lead,
            version: marks.version,
            previous_sequence: row.last_sequence,
            name: 'lead_updated',
            at: now,
            user_uuid: null,
            key_id: null,
            request_id: null,
            definitions_version: 1,
            members: ['first_name'],
            payload: null,
          },
        },
        ...also,
      ],
    }
  },
})

/** A row whose uuid is taken already: the write fails in the database. */
const impossible: Write = {
  kind: 'insert',
  table: 'companies',
  row: { id: 3, uuid: 'x', name: 'twice', created_at: noon, suspended_at: null },
}

describe.each(backends)('works that wait together, on %s', (_, start) => {
  const begin = async (): Promise<Api> => {
    const api = await start()
    onTestFinished(() => api.close())
    return api
  }

  test('a failing write undoes its own work and no other, and leaves no gap in the log', async () => {
    const { database, events, lead } = await begin()
    const results = await Promise.allSettled([
      database.transact(rename(4711, 'first')),
      database.transact(rename(4713, 'broken', [impossible])),
      database.transact(rename(4712, 'third')),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await events()).slice(3)).toMatchObject([
      { sequence: 4, lead_id: 4711 },
      { sequence: 5, lead_id: 4712 },
    ])
    expect(await lead(4713)).toMatchObject({ first_name: 'Ada' })
  })

  test('a refusal harms no neighbour and takes no number', async () => {
    const { database, events } = await begin()
    const results = await Promise.allSettled([database.transact(rename(99, 'x')), database.transact(rename(4711, 'y'))])
    expect(results).toMatchObject([{ reason: { failure: 'lead_not_found' } }, { value: { sequence: 4 } }])
    expect(await events()).toHaveLength(4)
  })

  test('works of one lead run one after the other, in their order', async () => {
    const { database, events, lead } = await begin()
    const names = Array.from({ length: 20 }, (_, index) => `name ${index}`)
    const outcomes = await Promise.all(names.map((name) => database.transact(rename(4711, name))))
    expect(outcomes.map(({ sequence }) => sequence)).toEqual(names.map((_, index) => index + 4))
    expect((await events()).slice(3).map(({ version }) => version)).toEqual(names.map((_, index) => index + 2))
    expect(await lead()).toMatchObject({ first_name: 'name 19' })
  })

  test('definitions that changed elsewhere are read anew before a work decides', async () => {
    const { database } = await begin()
    await database.transact(rename(4711, 'known now'))
    await database.transact({
      companyId: 3,
      keys: {},
      changesDefinitions: true,
      decide: () => ({
        reply: undefined,
        writes: [{ kind: 'update', table: 'tags', key: { company_id: 3, id: 8 }, set: { label: 'Renamed' } }],
      }),
    })
    const outcome = await database.transact({
      companyId: 3,
      keys: {},
      decide: (_, { definitions }) => ({ reply: definitions.tags.get(8)?.label, writes: [] }),
    })
    expect(outcome.reply).toBe('Renamed')
    expect((await database.definitions(3)).tags.get(8)?.label).toBe('Renamed')
  })

  test('ids are given once, also after a restart of the counter', async () => {
    const { database } = await begin()
    const draw: Work<number[]> = {
      companyId: 3,
      keys: {},
      ids: { custom_values: 150 },
      decide: (_, at) => ({ reply: Array.from({ length: 150 }, () => at.nextId('custom_values')), writes: [] }),
    }
    const drawn = (await Promise.all([database.transact(draw), database.transact(draw)])).flatMap(({ reply }) => reply)
    expect(new Set(drawn).size).toBe(300)
    expect(Math.min(...drawn)).toBeGreaterThan(4) // the fixture holds values 1 to 4
  })
})

describe('a storage that refuses', () => {
  test('answers the whole batch with 503 and goes on with the next', async () => {
    let refusing = true
    const { queue, told } = queueOver(async (batch) => {
      if (refusing) throw new StorageFault('full', { cause: 'disk', fateUnknown: false })
      await runAll(batch)
    })
    const both = await Promise.allSettled([queue.add(nothing), queue.add(nothing)])
    const unavailable = { reason: { failure: 'unavailable', status: 503, retryAfterSeconds: 1 } }
    expect(both).toMatchObject([unavailable, unavailable])
    expect(told).toHaveLength(1)
    refusing = false
    expect(await queue.add(nothing)).toMatchObject({ reply: 'done' })
  })

  test('of which nobody knows whether it committed: 503, and nothing is taken any more', async () => {
    const { queue, stopped } = queueOver(async (batch) => {
      await runAll(batch)
      throw new StorageFault('sync failed', { cause: 'disk', fateUnknown: true })
    })
    const results = await Promise.allSettled([queue.add(nothing)])
    expect(results).toMatchObject([{ reason: { failure: 'unavailable' } }])
    expect(stopped).toHaveLength(1)
    await expect(queue.add(nothing)).rejects.toMatchObject({ failure: 'unavailable' })
  })

  test('a full queue refuses at once', async () => {
    const { queue } = queueOver(runAll, { queueMax: 2 })
    const results = await Promise.allSettled([queue.add(nothing), queue.add(nothing), queue.add(nothing)])
    expect(results).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }, { reason: { status: 503 } }])
  })

  test('definitions that never settle are a 503 after three tries', async () => {
    let tries = 0
    const { queue } = queueOver(async (batch) => {
      tries += 1
      batch.decide(0, { ...lock, definitions_version: 2 }, {})
    })
    await expect(queue.add(nothing)).rejects.toMatchObject({ failure: 'unavailable' })
    expect(tries).toBe(3)
  })
})

test('a work that changes definitions shares its batch with no other', async () => {
  const sizes: number[] = []
  const { queue } = queueOver(async (batch) => {
    sizes.push(batch.reads.length)
    await runAll(batch)
  })
  const alone = { ...nothing, changesDefinitions: true }
  await Promise.all([queue.add(nothing), queue.add(nothing), queue.add(alone), queue.add(nothing)])
  expect(sizes).toEqual([2, 1, 1])
})
