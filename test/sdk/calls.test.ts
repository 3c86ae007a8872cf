import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, WaggleError } from '../../sdk/index.ts'
import { type Api, backends } from '../backends.ts'
import { keys } from '../fixture.ts'

describe.each(backends)('the client on %s', (_, start) => {
  let api: Api
  beforeAll(async () => {
    api = await start()
  })
  afterAll(() => api.close())
  const client = (key: string = keys.full) => createClient({ baseUrl: api.url, key })

  test('answers with the value, and beside it what headers tell', async () => {
    const waggle = client()
    const before = await waggle.leads.get(4711)
    expect(before).toMatchObject({ id: 4711, etag: '"v1"' })

    const updated = await waggle.leads.update(4711, { status: 'lost' }, { ifMatch: before.etag })
    expect(updated).toMatchObject({ id: 4711, etag: '"v2"', sequence: expect.any(Number) })

    const same = await waggle.leads.update(4711, { status: 'lost' }, { ifMatch: 2, whole: true })
    expect(same).toMatchObject({ id: 4711, status: 'lost', tags: before.tags, sequence: null })
  })

  test('a list is a page with its rows', async () => {
    const page = await client().leads.list({
      status: ['new', 'lost'],
      pageSize: 1,
      sort: [{ type: 'status', asc: true }],
    })
    expect(page.rows).toHaveLength(1)
    expect(page.total).toBeGreaterThan(0)
    expect(await client().tags.list({ archived: false })).toMatchObject({ total: expect.any(Number), nextCursor: null })
  })

  test('a refusal is told by its name', async () => {
    const refused = client().leads.get(1)
    await expect(refused).rejects.toBeInstanceOf(WaggleError)
    await expect(refused).rejects.toMatchObject({ failure: 'lead_not_found', status: 404, operation: 'getLead' })
  })
})
