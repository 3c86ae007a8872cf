import { describe, expect, onTestFinished, test } from 'vitest'
import { backends } from '../backends.ts'
import { sender } from '../configuration/requests.ts'
import { keys } from '../fixture.ts'
import { handClock } from '../kernel/hand-clock.ts'

const path = '/api/v1/keys'

describe.each(backends)('rotating keys on %s', (_, start) => {
  const begin = async (options: Parameters<typeof start>[0] = {}) => {
    const api = await start(options)
    onTestFinished(() => api.close())
    return api
  }

  test('old and new open at the same time, until the old one ends by itself', async () => {
    const clock = handClock()
    const api = await begin({ clock })
    const status = async (key: string) => (await api.get('/api/v1/leads/4711', key)).status
    const { status: made, body } = await sender(api)('POST', `${path}/1/rotate`, { overlap_seconds: 3_600 }, keys.admin)
    expect(made).toBe(201)
    expect(body).toMatchObject({
      label: 'Key 1',
      user_id: 31,
      read_access: true,
      write_access: true,
      admin_access: false,
      expires_at: null,
      last_used_at: null,
      replaces: { id: 1, expires_at: '2026-01-16T13:00:00.000Z' },
    })
    expect(body.id).not.toBe(1)
    expect([await status(keys.full), await status(body.key)]).toEqual([200, 200])
    clock.move(3_599_000)
    expect([await status(keys.full), await status(body.key)]).toEqual([200, 200])
    clock.move(1_000)
    expect([await status(keys.full), await status(body.key)]).toEqual([401, 200])
    const listed = await api.get(path, keys.admin)
    expect(listed.body.map(({ id }: { id: number }) => id)).toEqual([2, 3, 4, body.id])
  })

  test('the old one ends no later than it would have, and without an overlap at once', async () => {
    const api = await begin()
    const sent = { label: 'Short', read_access: true, expires_at: new Date(Date.now() + 60_000).toISOString() }
    const short = await sender(api)('POST', path, sent, keys.admin)
    const rotated = await sender(api)('POST', `${path}/${short.body.id}/rotate`, {}, keys.admin)
    expect(rotated.body).toMatchObject({ expires_at: sent.expires_at, replaces: { expires_at: sent.expires_at } })
    const day = await sender(api)('POST', `${path}/1/rotate`, {}, keys.admin)
    expect(Date.parse(day.body.replaces.expires_at) - Date.parse(day.body.created_at)).toBe(86_400_000)
    const now = await sender(api)('POST', `${path}/2/rotate`, { overlap_seconds: 0 }, keys.admin)
    expect(now.body.replaces.expires_at).toBe(now.body.created_at)
    await expect.poll(async () => (await api.get('/api/v1/leads', keys.readOnly)).status, { timeout: 2_000 }).toBe(401)
    expect(await sender(api)('POST', `${path}/2/rotate`, {}, keys.admin)).toMatchObject({
      status: 409,
      body: { error: 'Key is revoked or expired' },
    })
  })

  test('the last admin key rotates itself, and the new one administers', async () => {
    const api = await begin()
    const { body } = await sender(api)('POST', `${path}/4/rotate`, { overlap_seconds: 60 }, keys.admin)
    expect(await api.request('DELETE', `${path}/4`, { key: body.key })).toMatchObject({ status: 204 })
    expect(await api.request('DELETE', `${path}/${body.id}`, { key: body.key })).toMatchObject({ status: 409 })
    expect(await api.get(path, body.key)).toMatchObject({ status: 200 })
  })

  test.each([
    ['1', { overlap_seconds: -1 }, 400, 'overlap_seconds must be a whole number from 0 to 2592000'],
    ['1', { overlap_seconds: 2_592_001 }, 400, 'overlap_seconds must be a whole number from 0 to 2592000'],
    ['1', { overlap_seconds: '60' }, 400, 'overlap_seconds must be a whole number from 0 to 2592000'],
    ['1', [], 400, 'Request body must be a JSON object'],
    ['5', {}, 409, 'Key is revoked or expired'],
    ['6', {}, 409, 'Key is revoked or expired'],
    ['7', {}, 404, 'Key not found or not accessible'],
    ['abc', {}, 404, 'Key not found or not accessible'],
  ])('key %s with %j is refused, and no key changes', async (id, body, status, error) => {
    const api = await begin()
    const rows = () =>
      api.database.find((db) => db.selectFrom('api_keys').select(['id', 'digest', 'expires_at']).orderBy('id'))
    const before = await rows()
    expect(await sender(api)('POST', `${path}/${id}/rotate`, body, keys.admin)).toMatchObject({
      status,
      body: { error },
    })
    expect(await sender(api)('POST', `${path}/1/rotate`, {}, keys.full)).toMatchObject({ status: 403 })
    expect(await rows()).toEqual(before)
  })
})
