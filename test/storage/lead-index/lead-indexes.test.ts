import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { statuses } from '../../../src/contract/lead-members.ts'
import { chanceFrom } from '../../../src/sample/chance.ts'
import type { IndexedLead } from '../../../src/storage/lead-index/columns.ts'
import { LeadIndex } from '../../../src/storage/lead-index/lead-index.ts'
import { LeadIndexes } from '../../../src/storage/lead-index/lead-indexes.ts'
import type { AskedPage, IdPage } from '../../../src/storage/lead-list.ts'
import type { Database } from '../../../src/storage/port.ts'
import { type Api, backends } from '../../backends.ts'
import { keys } from '../../fixture.ts'

const asked: AskedPage = { conditions: [], byStatus: undefined, cursor: undefined, page: 1, pageSize: 50 }

/** A lead with values drawn by chance; made at a time that others have too, not always behind all others. */
function drawn(chance: ReturnType<typeof chanceFrom>, id: number, at: number): IndexedLead {
  return {
    id,
    created_at: 1_000 + Math.floor(at / 3) - (chance.happens(0.05) ? chance.between(0, 200) : 0),
    updated_at: chance.between(0, 100),
    status: chance.pick(statuses),
    partner_type: chance.happens(0.3) ? 'reseller' : null,
    campaign_id: chance.happens(0.1) ? 1 : null,
    archived_at: chance.happens(0.1) ? 1 : null,
    tags: chance.some([7, 8, 16, 30], 0, 3),
    assigned_users: chance.some([31, 32, 35], 0, 2),
  }
}

test('any page of any order is what the leads say, after any changes', async () => {
  const chance = chanceFrom(5)
  const index = new LeadIndex()
  const leads = new Map<number, IndexedLead>()
  for (let at = 0; at < 3_000; at += 1) {
    const before = chance.happens(0.4) ? leads.get(chance.between(1, Math.max(1, leads.size))) : undefined
    const id = before?.id ?? leads.size + 1
    const lead = { ...drawn(chance, id, at), ...(before !== undefined && { created_at: before.created_at }) }
    index.put(lead)
    leads.set(id, lead)
  }
  const ranked = (lead: IndexedLead): number => statuses.indexOf(lead.status)
  for (const byStatus of [undefined, 'ascending', 'descending'] as const) {
    for (const tag of [undefined, 7, 30, 99]) {
      const conditions = tag === undefined ? [] : [{ kind: 'has', column: 'tags', ids: [tag] } as const]
      const sign = byStatus === undefined ? 0 : byStatus === 'ascending' ? 1 : -1
      const expected = [...leads.values()]
        .filter(({ archived_at, tags }) => archived_at === null && (tag === undefined || tags.includes(tag)))
        .sort((a, b) => sign * (ranked(a) - ranked(b)) || b.created_at - a.created_at || b.id - a.id)
        .map(({ id }) => id)
      for (const page of [1, 2, 7, 20, 200]) {
        const found = await index.page({ ...asked, conditions, byStatus, page, pageSize: 37 })
        expect(found.total).toBe(expected.length)
        expect(found.ids).toEqual(expected.slice((page - 1) * 37, page * 37))
      }
    }
  }
})

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
