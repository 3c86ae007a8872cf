import { describe, expect, onTestFinished, test } from 'vitest'
import { renameCompany } from '../../src/companies/rename.ts'
import { backends } from '../backends.ts'
import { sender } from '../configuration/requests.ts'
import { keys, uuidOf } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { aMoment } from '../leads/examples.ts'

const path = '/api/v1/company'

test('a rename is a change of definitions; the same name is none', () => {
  const work = renameCompany(3, { name: 'Ours' }, { wholeSeconds: false })
  expect(work.changesDefinitions).toBe(true)
  expect(work.decide({}, aMoment())).toMatchObject({
    reply: { id: 3, name: 'Ours' },
    writes: [{ kind: 'update', table: 'companies', key: { id: 3 }, set: { name: 'Ours' } }],
  })
  for (const name of [undefined, 'Our Ltd']) {
    const same = renameCompany(3, { name }, { wholeSeconds: false }).decide({}, aMoment())
    expect(same).toMatchObject({ reply: { name: 'Our Ltd' }, writes: [] })
  }
})

describe.each(backends)('the company on %s', (_, start) => {
  const begin = async () => {
    const api = await start({ config: { requiredFields: false } })
    onTestFinished(() => api.close())
    return { api, send: sender(api) }
  }

  test('is told with how much it has', async () => {
    const { api, send } = await begin()
    expect((await api.get(path, keys.readOnly)).body).toEqual({
      id: 3,
      uuid: uuidOf(1, 3),
      name: 'Our Ltd',
      created_at: expect.any(String),
      leads: 2,
      users: 3,
    })
    expect((await api.get(path, keys.other)).body).toMatchObject({ id: 4, name: 'Other AG', leads: 1, users: 1 })
    await send('POST', '/api/v1/leads', { company_name: 'New' })
    await send('PATCH', '/api/v1/users/32', { disabled: true }, keys.admin)
    expect((await api.get(path)).body).toMatchObject({ leads: 3, users: 2 })
  })

  test('is renamed by an admin key, and no other company is', async () => {
    const { api, send } = await begin()
    const reply = await send('PATCH', path, { name: '  Größe & Söhne ' }, keys.admin)
    expect(reply).toMatchObject({ status: 200, body: { id: 3, uuid: uuidOf(1, 3), name: 'Größe & Söhne' } })
    expect((await api.get(path)).body).toMatchObject({ name: 'Größe & Söhne' })
    expect((await api.get(path, keys.other)).body).toMatchObject({ name: 'Other AG' })
    expect((await send('PATCH', path, {}, keys.admin)).body).toMatchObject({ name: 'Größe & Söhne' })
    expectRefused(await send('PATCH', path, { name: 'x' }), 403, 'Admin access required for this operation')
  })

  test.each<[object, string]>([
    [{ name: ' ' }, 'name is required'],
    [{ name: null }, 'name is required'],
    [{ name: 1 }, 'name must be a string'],
    [{ name: 'x'.repeat(256) }, 'name must be at most 255 characters'],
  ])('%j is refused', async (body, error) => {
    const { api, send } = await begin()
    expectRefused(await send('PATCH', path, body, keys.admin), 400, error)
    expect((await api.get(path)).body).toMatchObject({ name: 'Our Ltd' })
  })

  test('names members that are not known, and answers a repeated request again', async () => {
    const { send } = await begin()
    const headers = { 'idempotency-key': 'once' }
    const first = await send('PATCH', path, { name: 'Once', motto: 'x' }, keys.admin, headers)
    expect(first.headers.get('x-waggle-ignored-fields')).toBe('motto')
    await send('PATCH', path, { name: 'Then' }, keys.admin)
    const again = await send('PATCH', path, { name: 'Once', motto: 'x' }, keys.admin, headers)
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })
})
