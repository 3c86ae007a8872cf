import { describe, expect, onTestFinished, test } from 'vitest'
import { renameCompany } from '../../src/companies/rename.ts'
import { type Api, backends } from '../backends.ts'
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

  const nameOf = async ({ database }: Api, id = 3) => (await database.definitions(id)).company.name

  test('is told with how much it has', async () => {
    const { api } = await begin()
    expect((await api.get(path, keys.readOnly)).body).toEqual({
      id: 3,
      uuid: uuidOf(1, 3),
      name: 'Our Ltd',
      created_at: expect.any(String),
      leads: 2,
      users: 3,
    })
  })

  test('counts what is there, each company for itself', async () => {
    const { api, send } = await begin()
    expect((await api.get(path, keys.other)).body).toMatchObject({ id: 4, name: 'Other AG', leads: 1, users: 1 })
    await send('POST', '/api/v1/leads', { company_name: 'New' })
    await send('PATCH', '/api/v1/users/32', { disabled: true }, keys.admin)
    expect((await api.get(path)).body).toMatchObject({ leads: 3, users: 2 })
  })

  test('is renamed by an admin key, and no other company is', async () => {
    const { api, send } = await begin()
    const reply = await send('PATCH', path, { name: '  Größe & Söhne ' }, keys.admin)
    expect(reply).toMatchObject({ status: 200, body: { id: 3, uuid: uuidOf(1, 3), name: 'Größe & Söhne' } })
    expect([await nameOf(api), await nameOf(api, 4)]).toEqual(['Größe & Söhne', 'Other AG'])
    expect((await send('PATCH', path, {}, keys.admin)).body).toMatchObject({ name: 'Größe & Söhne' })
    expectRefused(await send('PATCH', path, { name: 'x' }), 403, 'Admin access required for this operation')
  })

  test('is not renamed by what is no name', async () => {
    const { api, send } = await begin()
    for (const [name, error] of [
      [' ', 'name is required'],
      [null, 'name is required'],
      [1, 'name must be a string'],
      ['x'.repeat(256), 'name must be at most 255 characters'],
    ] as const) {
      expectRefused(await send('PATCH', path, { name }, keys.admin), 400, error)
    }
    expect(await nameOf(api)).toBe('Our Ltd')
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
