import { describe, expect, onTestFinished, test } from 'vitest'
import { makeKey } from '../../src/keys/make.ts'
import { revoke } from '../../src/keys/revoke.ts'
import { newKey } from '../../src/keys/secret.ts'
import { type Api, backends, type Reply } from '../backends.ts'
import { keys } from '../fixture.ts'

const path = '/api/v1/keys'
const last = {
  status: 409,
  body: { error: 'It is the last admin key of the company: make another first' },
}

describe.each(backends)('revoking keys on %s', (_, start) => {
  const begin = async () => {
    const api = await start()
    onTestFinished(() => api.close())
    return api
  }
  const remove = (api: Api, id: number | string, key: string = keys.admin): Promise<Reply> =>
    api.request('DELETE', `${path}/${id}`, { key })
  const madeAdmin = async ({ database }: Api, expiresAt: number | null = null) => {
    const key = newKey()
    const switches = { mayRead: false, mayWrite: false, mayAdminister: true }
    const work = makeKey({ companyId: 3, user: 31, label: 'Admin', key, ...switches, expiresAt }, 0)
    return { key, id: (await database.transact(work)).reply.id }
  }

  test('a revoked key opens nothing more, and stays revoked at the time it was', async () => {
    const api = await begin()
    expect(await remove(api, 1)).toMatchObject({ status: 204, body: undefined })
    await expect.poll(async () => (await api.get('/api/v1/leads', keys.full)).status, { timeout: 2_000 }).toBe(401)
    const first = await api.database.read('api_keys', { id: 1 })
    expect(first?.revoked_at).toBeGreaterThan(0)
    expect(await remove(api, 1)).toMatchObject({ status: 204 })
    expect(await api.database.read('api_keys', { id: 1 })).toEqual(first)
  })

  test('the last admin key is refused, until there is another', async () => {
    const api = await begin()
    expect(await remove(api, 4)).toMatchObject(last)
    const other = await madeAdmin(api)
    expect(await remove(api, 4)).toMatchObject({ status: 204 })
    expect(await remove(api, other.id, other.key)).toMatchObject(last)
    expect((await api.get(path, other.key)).body.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, other.id])
  })

  test('a key that ends sooner is no other', async () => {
    const api = await begin()
    const sooner = await madeAdmin(api, Date.now() + 3_600_000)
    expect(await remove(api, 4)).toMatchObject(last)
    const later = await madeAdmin(api, Date.now() + 7_200_000)
    expect(await remove(api, sooner.id)).toMatchObject({ status: 204 })
    expect(await remove(api, 4)).toMatchObject(last)
    expect(await remove(api, later.id)).toMatchObject({ status: 204 })
  })

  test('of two that revoke each other one stays', async () => {
    const api = await begin()
    const other = await madeAdmin(api)
    const both = await Promise.allSettled([4, other.id].map((id) => revoke(api.database, 3, id)))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both).toContainEqual({ status: 'rejected', reason: expect.objectContaining({ failure: 'last_admin_key' }) })
  })

  test("another company's key, and what is none, is not found", async () => {
    const api = await begin()
    const before = await api.database.read('api_keys', { id: 7 })
    for (const id of [7, 9, 999, 'abc', 0]) {
      expect(await remove(api, id)).toMatchObject({ status: 404, body: { error: 'Key not found or not accessible' } })
    }
    await expect(revoke(api.database, 3, 7)).rejects.toMatchObject({ failure: 'key_not_found' })
    expect(await api.database.read('api_keys', { id: 7 })).toEqual(before)
    expect(await remove(api, 2, keys.full)).toMatchObject({ status: 403 })
  })
})
