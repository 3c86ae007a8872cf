import { describe, expect, test } from 'vitest'
import { backends } from '../backends.ts'
import { keys, noon } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { listedLeads } from './listed-leads.ts'

const path = '/api/v1/leads/ids'

describe.each(backends)('the ids of a list of leads on %s', (_, start) => {
  const { api, get, all } = listedLeads(start)
  const idsFor = (query: Record<string, string>) => api().get(`${path}?${new URLSearchParams(query)}`)

  test.each<Record<string, string>>([
    {},
    { status: 'new,lost' },
    { tags: '7', unassigned: '1' },
    { search: 'nordlicht', sort: '[{"type":"company_name"},{"type":"status","asc":false}]' },
    { customFields: '[{"id":5,"min":1}]', sort: '[{"type":"field","id":5}]' },
    { tags: '404' },
  ])('%j are those of all its pages, in their order', async (query) => {
    const { status, body, headers } = await idsFor(query)
    expect(status).toBe(200)
    const ids = await all(query)
    const { last_sequence: sequence } = (await api().database.read('company_log', { company_id: 3 })) ?? {}
    expect(body).toEqual({ ids, total: ids.length, sequence })
    expect(headers.get('x-next-cursor')).toBeNull()
  })

  test('go on behind a cursor of the list, and before a time', async () => {
    const query = { status: 'new', sort: '[{"type":"email"}]' }
    const cursor = (await get({ ...query, pageSize: '5' })).headers.get('x-next-cursor') ?? ''
    expect((await idsFor({ ...query, cursor })).body.ids).toEqual((await all(query)).slice(5))
    expect((await idsFor({ cursor: new Date(noon + 1e9).toISOString() })).body.ids).toEqual(await all({}))
  })

  test("are the company's own; filters that cannot be read are refused", async () => {
    const others = await api().get(path, keys.other)
    expect(others.body).toMatchObject({ ids: [5000], total: 1 })
    expect((await api().get(`/api/v1/companies/3${path.slice(7)}?tags=404`)).body).toMatchObject({ ids: [], total: 0 })
    expectRefused(await api().get(`/api/v1/companies/4${path.slice(7)}`), 404, 'Not found')
    expectRefused(await idsFor({ status: 'won' }), 400, 'Invalid status')
    expectRefused(await idsFor({ cursor: 'x' }), 400, 'Invalid cursor')
  })
})
