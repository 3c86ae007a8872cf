import { describe, expect, onTestFinished, test } from 'vitest'
import { backends } from '../backends.ts'
import { sender } from '../configuration/requests.ts'
import { keys, noon, userUuid } from '../fixture.ts'

const path = '/api/v1/keys'

describe.each(backends)('listing and renaming keys on %s', (_, start) => {
  const begin = async () => {
    const api = await start()
    onTestFinished(() => api.close())
    return api
  }

  test('those in force are listed with every member; revoked and expired ones when asked for', async () => {
    const api = await begin()
    const reply = await api.get(path, keys.admin)
    const idsIn = (list: typeof reply): number[] => list.body.map(({ id }: { id: number }) => id)
    expect(idsIn(reply)).toEqual([1, 2, 3, 4])
    expect(reply.body[0]).toEqual({
      id: 1,
      label: 'Key 1',
      prefix: keys.full.slice(0, 8),
      user_id: 31,
      user_uuid: userUuid(31),
      read_access: true,
      write_access: true,
      admin_access: false,
      created_at: new Date(noon).toISOString(),
      last_used_at: null,
      expires_at: null,
      revoked_at: null,
    })
    const all = await api.get(`${path}?revoked=1`, keys.admin)
    expect(idsIn(all)).toEqual([1, 2, 3, 4, 5, 6])
    expect(all.body.slice(4)).toMatchObject([
      { revoked_at: new Date(noon).toISOString() },
      { expires_at: new Date(noon).toISOString() },
    ])
    const page = await api.get(`${path}?pageSize=3&page=2`, keys.admin)
    expect([idsIn(page), page.headers.get('x-total-count')]).toEqual([[4], '4'])
    expect(idsIn(await api.get(path, keys.otherAdmin))).toEqual([7, 9])
    for (const key of [keys.full, keys.readOnly]) {
      expect(await api.get(path, key)).toMatchObject({
        status: 403,
        body: { error: 'Admin access required for this operation' },
      })
    }
  })

  test('an admin key renames them; the switches stay', async () => {
    const api = await begin()
    const sent = { label: ' CRM ', admin_access: true }
    const reply = await sender(api)('PATCH', `${path}/2`, sent, keys.admin)
    expect(reply).toMatchObject({ status: 200, body: { id: 2, label: 'CRM', read_access: true, admin_access: false } })
    expect(reply.headers.get('x-waggle-ignored-fields')).toBe('admin_access')
    expect((await api.get(path, keys.admin)).body[1]).toEqual(reply.body)
    expect(await sender(api)('PATCH', `${path}/2`, {}, keys.admin)).toMatchObject({ body: { label: 'CRM' } })
    expect(await api.get('/api/v1/leads/4711', keys.readOnly)).toMatchObject({ status: 200 })
  })

  test('blank labels, other keys and other companies change nothing', async () => {
    const api = await begin()
    expect(await sender(api)('PATCH', `${path}/2`, { label: ' ' }, keys.admin)).toMatchObject({
      status: 400,
      body: { error: 'label is required' },
    })
    expect(await sender(api)('PATCH', `${path}/2`, { label: 'x' }, keys.full)).toMatchObject({ status: 403 })
    for (const id of [7, 9, 999, 'abc']) {
      expect(await sender(api)('PATCH', `${path}/${id}`, { label: 'x' }, keys.admin)).toMatchObject({ status: 404 })
    }
    expect((await api.get(path, keys.otherAdmin)).body).toMatchObject([{ label: 'Key 7' }, { label: 'Key 9' }])
  })
})
