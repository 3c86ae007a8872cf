import { describe, expect, onTestFinished, test } from 'vitest'
import { keyLimits } from '../../src/contract/keys.ts'
import { keyRow, makeKey } from '../../src/keys/make.ts'
import { newKey } from '../../src/keys/secret.ts'
import type { Write } from '../../src/storage/port.ts'
import { backends } from '../backends.ts'
import { sender } from '../configuration/requests.ts'
import { keys, userUuid } from '../fixture.ts'

const path = '/api/v1/keys'

describe.each(backends)('making keys on %s', (_, start) => {
  const begin = async () => {
    const api = await start()
    onTestFinished(() => api.close())
    return api
  }
  const request = {
    companyId: 3,
    user: 31,
    label: 'CRM sync',
    mayRead: true,
    mayWrite: false,
    mayAdminister: false,
    expiresAt: null,
  }

  test('a new key opens what its switches say, and is kept as its prefix and digest', async () => {
    const api = await begin()
    const key = newKey()
    const { reply } = await api.database.transact(makeKey({ ...request, key }, 0))
    expect(await api.get('/api/v1/leads/4711', key)).toMatchObject({ status: 200 })
    const row = await api.database.read('api_keys', { company_id: 3, id: reply.id })
    expect(row).toMatchObject({ label: 'CRM sync', prefix: key.slice(0, 12), may_read: true, may_write: false })
    expect(JSON.stringify(row)).not.toContain(key)
  })

  test('an admin key makes one with any of the switches, and its secret is answered this once', async () => {
    const api = await begin()
    const sent = { label: ' CRM sync ', write_access: true, user_id: 32, expires_at: '2099-01-01' }
    const { status, body } = await sender(api)('POST', path, sent, keys.admin)
    expect(status).toBe(201)
    expect(body).toEqual({
      id: body.id,
      label: 'CRM sync',
      prefix: body.key.slice(0, 12),
      user_id: 32,
      user_uuid: userUuid(32),
      read_access: false,
      write_access: true,
      admin_access: false,
      created_at: expect.stringMatching(/^20/),
      last_used_at: null,
      expires_at: '2099-01-01T00:00:00.000Z',
      revoked_at: null,
      key: expect.stringMatching(/^wgl_[0-9a-f]{48}$/),
    })
    expect(await sender(api)('PATCH', '/api/v1/leads/4711', { status: 'lost' }, body.key)).toMatchObject({
      status: 200,
    })
    expect((await api.events()).at(-1)).toMatchObject({ user_uuid: userUuid(32), key_id: body.id })
    expect(await api.get('/api/v1/leads/4711', body.key)).toMatchObject({ status: 403 })
    expect(await api.get(path, body.key)).toMatchObject({ status: 403 })

    const mine = await sender(api)('POST', path, { label: 'Mine', admin_access: true, read_access: true }, keys.admin)
    expect(mine.body).toMatchObject({ user_id: 31, read_access: true, write_access: false, admin_access: true })
    const listed = await api.get(path, mine.body.key)
    expect(listed.body.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, 4, body.id, mine.body.id])
    expect(JSON.stringify(listed.body)).not.toMatch(/wgl_[0-9a-f]{9}/)
    const stored = await api.database.find((db) => db.selectFrom('idempotency_keys').selectAll())
    expect(stored).toEqual([])
  })

  test.each([
    [{}, 'label is required'],
    [{ label: 'x' }, 'A key needs read_access, write_access or admin_access'],
    [{ label: 'x', read_access: false }, 'A key needs read_access, write_access or admin_access'],
    [{ label: 'x', read_access: 1 }, 'read_access must be true or false'],
    [{ label: 'x'.repeat(256), read_access: true }, 'label must be at most 255 characters'],
    [{ label: 'x', read_access: true, user_id: 'eva' }, 'user_id must be a number or a uuid'],
    [{ label: 'x', read_access: true, user_id: 99 }, 'Invalid user ID: 99'],
    [{ label: 'x', read_access: true, user_id: 33 }, 'Invalid user ID: 33'],
    [{ label: 'x', read_access: true, user_id: 34 }, 'Invalid user ID: 34'],
    [{ label: 'x', read_access: true, user_id: 44 }, 'Invalid user ID: 44'],
    [{ label: 'x', read_access: true, expires_at: 'soon' }, 'expires_at must be a time'],
    [{ label: 'x', read_access: true, expires_at: '2020-01-01' }, 'expires_at must be in the future'],
  ])('%j makes none', async (body, error) => {
    const api = await begin()
    expect(await sender(api)('POST', path, body, keys.admin)).toMatchObject({ status: 400, body: { error } })
    expect((await api.get(`${path}?revoked=1`, keys.admin)).body).toHaveLength(6)
  })

  test('a company has no more than so many in force', async () => {
    const api = await begin()
    const rows = Array.from({ length: keyLimits.keys - 4 }, (_one, at): Write => {
      const row = keyRow({ ...request, userId: 31, key: newKey() }, 1_000 + at, 0)
      return { kind: 'insert', table: 'api_keys', row }
    })
    await api.database.load(rows)
    const sent = { label: 'One more', read_access: true }
    expect(await sender(api)('POST', path, sent, keys.admin)).toMatchObject({
      status: 400,
      body: { error: 'A company has at most 1000 keys' },
    })
    expect(await sender(api)('POST', `${path}/1/rotate`, {}, keys.admin)).toMatchObject({ status: 400 })
    await api.request('DELETE', `${path}/1000`, { key: keys.admin })
    expect(await sender(api)('POST', path, sent, keys.admin)).toMatchObject({ status: 201 })
  })
})
