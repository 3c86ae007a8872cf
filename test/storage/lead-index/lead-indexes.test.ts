import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { LeadIndexes } from '../../../src/storage/lead-index/lead-indexes.ts'
import type { AskedPage, IdPage } from '../../../src/storage/lead-list.ts'
import type { Database } from '../../../src/storage/port.ts'
import { type Api, backends } from '../../backends.ts'
import { keys } from '../../fixture.ts'

const asked: AskedPage = { conditions: [], order: [], cursor: undefined, page: 1, pageSize: 50 }

describe.each(backends)('indexes over %s', (_, start) => {
  let api: Api
  let indexes: LeadIndexes
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
    indexes = new LeadIndexes(api.database)
  })

  const create = (): Promise<number> =>
    api
      .request('POST', '/api/v1/leads', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ customFields: [{ customFieldId: 9, value: { text: 'Größe' } }] }),
      })
      .then(({ body }) => body.id)
  const page = (more: Partial<AskedPage> = {}, of = indexes): Promise<IdPage> => of.page(3, { ...asked, ...more })

  test('each page shows what was committed before, in indexes that are made before or after', async () => {
    const search: AskedPage['conditions'] = [{ kind: 'search', needle: 'žofie', users: [] }]
    expect(await page({ conditions: search })).toMatchObject({ total: 0, ids: [] })
    const id = await create()
    expect((await page()).ids[0]).toBe(id)
    await api.patch(`/api/v1/leads/${id}`, { first_name: 'ŽOFIE', tags: [8] })
    expect((await page({ conditions: search })).ids).toEqual([id])
    expect((await page({ conditions: [{ kind: 'field holds', id: 9, needle: 'größe' }] })).ids).toEqual([id])
    expect((await page({ conditions: search }, new LeadIndexes(api.database))).ids).toEqual([id])
    await api.request('DELETE', `/api/v1/leads/${id}`)
    expect(await page({ conditions: search })).toMatchObject({ total: 0, ids: [] })
    await api.request('POST', `/api/v1/leads/${id}/restore`, { key: keys.admin })
    expect((await page({ conditions: search })).ids).toEqual([id])
  })

  test('an index that is ahead of its log is made anew: the database was put back to an earlier state', async () => {
    let put = 0
    const source: Pick<Database, 'find'> = {
      find: async (build) => {
        const rows = await api.database.find(build)
        for (const row of rows as { last_time?: number; last_sequence: number }[]) {
          if (row.last_time !== undefined) row.last_sequence -= put
        }
        return rows
      },
    }
    const over = new LeadIndexes(source)
    await create()
    const { sequence, total } = await page({}, over)
    put = 1
    expect(await page({}, over)).toMatchObject({ sequence: sequence - 1, total })
  })

  test('one that is too large by itself gives up the columns that were used longest ago, and makes them again', async () => {
    const members = ['email', 'company_name', 'phone_number', 'first_name', 'last_name', 'name', 'source', 5, 9, 12]
    const ordersOf = members as AskedPage['order'][number]['by']['of'][]
    let reads = 0
    const source: Pick<Database, 'find'> = {
      find: (build) => {
        reads += 1
        return api.database.find(build)
      },
    }
    const small = new LeadIndexes(source, { bytesMax: 1 })
    const asks = ordersOf.map(
      (of) => ({ order: [{ by: { kind: 'text', of }, descending: false }] }) as Partial<AskedPage>,
    )
    for (const ask of [...asks, ...asks]) expect(await page(ask, small)).toEqual(await page(ask))
    const readsFor = async (ask: Partial<AskedPage>): Promise<number> => {
      reads = 0
      await page(ask, small)
      return reads
    }
    expect(await readsFor(asks.at(-1) ?? {}), 'the log alone').toBe(1)
    expect(await readsFor(asks[0] ?? {}), 'the leads as well').toBe(2)
    expect(await readsFor(asks[0] ?? {})).toBe(1)
  })

  test('what was asked for longest ago is given up when all of them are too large, and made again', async () => {
    const small = new LeadIndexes(api.database, { bytesMax: 1 })
    const first = await small.page(3, asked)
    await small.page(4, asked)
    expect(await small.page(3, asked)).toEqual(first)
  })

  test('while nobody asks, logs are caught up with; what nobody asks for in a while is given up', async () => {
    let elapsed = 0
    let reads = 0
    const source: Pick<Database, 'find'> = {
      find: (build) => {
        reads += 1
        return api.database.find(build)
      },
    }
    const over = new LeadIndexes(source, { clock: { elapsed: () => elapsed } })
    await page({}, over)
    const id = await create()
    reads = 0
    await over.drain()
    expect(reads, 'the logs of all companies, then one company’s log, its changes and their leads').toBe(4)
    reads = 0
    await over.drain()
    expect(reads, 'the logs alone').toBe(1)
    expect((await page({}, over)).ids[0]).toBe(id)
    elapsed = 16 * 60_000
    reads = 0
    await over.drain()
    expect(reads).toBe(0)
    expect((await page({}, over)).ids[0]).toBe(id)
  })

  test('who does not wait any more is answered with that, and others go on', async () => {
    const controller = new AbortController()
    const [mine, other] = [indexes.page(3, asked, controller.signal), page()]
    controller.abort()
    await expect(mine).rejects.toThrow('aborted')
    expect((await other).total).toBeGreaterThan(0)
  })
})
