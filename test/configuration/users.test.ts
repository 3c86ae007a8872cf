import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends } from '../backends.ts'
import { keys, noon, userUuid } from '../fixture.ts'
import { idsOf, sender } from './requests.ts'

const path = '/api/v1/users'

describe.each(backends)('users on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })
  const send: ReturnType<typeof sender> = (...request) => sender(api)(...request)
  const user = async (id: number) =>
    (await api.get(`${path}?indirect=1`)).body.find((one: { id: number }) => one.id === id)
  const assign = (assignedUsers: number[], lead = 4713) => api.patch(`/api/v1/leads/${lead}`, { assignedUsers })

  test('are listed with every member; disabled and indirect ones only when asked for', async () => {
    const reply = await api.get('/api/v1/users')
    expect(idsOf(reply)).toEqual([31, 32, 35])
    expect(reply.body[0]).toEqual({
      id: 31,
      uuid: userUuid(31),
      created_at: new Date(noon).toISOString(),
      email: 'user31@our.example',
      first_name: 'Eva',
      last_name: 'Nr 31',
      role: 'admin',
      position: null,
      email_verified: new Date(noon).toISOString(),
      disabled_at: null,
      color: '#3B82F6',
      profile_image_id: null,
      profile_image_uuid: null,
      country_id: null,
      country_label: null,
      country_code: null,
    })
    expect(idsOf(await api.get('/api/v1/users?indirect=1'))).toEqual([31, 32, 33, 34, 35])
    expect(idsOf(await api.get('/api/v1/users?pageSize=2&page=2'))).toEqual([35])
  })

  test('a company sees its own only, and a key needs the read switch', async () => {
    expect(idsOf(await api.get('/api/v1/users', keys.other))).toEqual([44])
    expect((await api.get('/api/v1/tags', keys.other)).body).toMatchObject([{ id: 90 }])
    expect((await api.get('/api/v1/custom-fields', keys.other)).body).toMatchObject([{ id: 91 }])
    expect(await api.get('/api/v1/users', keys.writeOnly)).toMatchObject({ status: 403 })
  })

  test('a new one is listed with what was sent, and may be assigned at once', async () => {
    const sent = { email: ' New@our.example ', role: 'partner', first_name: 'Ida', last_name: ' ', color: '#112233' }
    const once = { 'idempotency-key': 'new-user' }
    const { status, body } = await send('POST', path, sent, keys.admin, once)
    expect(status).toBe(201)
    expect(Object.keys(body)).toEqual(['id', 'uuid'])
    expect(await send('POST', path, sent, keys.admin, once)).toMatchObject({ status: 201, body })
    expect(await user(body.id)).toMatchObject({
      ...body,
      email: 'New@our.example',
      role: 'partner',
      first_name: 'Ida',
      last_name: null,
      position: null,
      color: '#112233',
      email_verified: null,
      disabled_at: null,
    })
    expect(await assign([body.id])).toMatchObject({ status: 200 })
    expect((await api.lead(4713)).assigned_users).toMatchObject([{ id: body.id, first_name: 'Ida' }])
  })

  test.each([
    [{}, 400, 'email is required'],
    [{ email: ' ', role: 'admin' }, 400, 'email is required'],
    [{ email: 'x', role: 'admin' }, 400, 'Invalid email'],
    [{ email: 5, role: 'admin' }, 400, 'email must be a string'],
    [{ email: `${'x'.repeat(320)}@y`, role: 'admin' }, 400, 'email must be at most 320 characters'],
    [{ email: 'a@b.example' }, 400, 'role is required'],
    [{ email: 'a@b.example', role: 'indirect' }, 400, 'role must be admin or partnerships or partner'],
    [{ email: 'a@b.example', role: null }, 400, 'role must be admin or partnerships or partner'],
    [
      { email: 'a@b.example', role: 'admin', position: 'x'.repeat(256) },
      400,
      'position must be at most 255 characters',
    ],
    [{ email: 'a@b.example', role: 'admin', color: 'red' }, 400, 'Invalid color'],
    [{ email: 'USER31@our.example', role: 'admin' }, 409, 'Another user has this e-mail address'],
    [{ email: 'user33@our.example', role: 'admin' }, 409, 'Another user has this e-mail address'],
  ])('%j makes none', async (body, status, error) => {
    expect(await send('POST', path, body, keys.admin)).toMatchObject({ status, body: { error } })
    expect(idsOf(await api.get(`${path}?indirect=1`))).toEqual([31, 32, 33, 34, 35])
  })

  test("another company's address is no hindrance", async () => {
    const sent = { email: 'user44@other.example', role: 'admin' }
    expect(await send('POST', path, sent, keys.admin)).toMatchObject({ status: 201 })
  })

  test('a disabled one stays on leads and may be sent back there, and no other lead gets it', async () => {
    await assign([31, 32], 4711)
    const disabled = await send('PATCH', `${path}/32`, { disabled: true }, keys.admin)
    expect(disabled.body.disabled_at).toMatch(/^20/)
    expect(await send('PATCH', `${path}/${userUuid(32)}`, { disabled: true }, keys.admin)).toMatchObject({
      body: disabled.body,
    })
    expect(idsOf(await api.get(path))).toEqual([31, 35])
    expect((await api.lead()).assigned_users.map(({ id }: { id: number }) => id)).toEqual([31, 32])
    expect(await assign([32, 31], 4711)).toMatchObject({ status: 200 })
    expect(await assign([32])).toMatchObject({ status: 400, body: { error: 'Invalid user IDs: 32' } })
    expect(await send('PUT', '/api/v1/leads/4713/assigned-users/32')).toMatchObject({ status: 400 })
    const created = await send('POST', '/api/v1/leads', {
      assignedUsers: [32],
      customFields: [{ customFieldId: 9, value: { text: 'x' } }],
    })
    expect(created).toMatchObject({ status: 400, body: { error: 'Invalid user IDs: 32' } })
    expect(await send('PATCH', `${path}/32`, { disabled: false }, keys.admin)).toMatchObject({
      status: 200,
      body: { disabled_at: null },
    })
    expect(await assign([32])).toMatchObject({ status: 200 })
  })

  test("a key goes on working when its user is disabled, and tells the user's changes", async () => {
    await send('PATCH', `${path}/31`, { disabled: true }, keys.admin)
    expect(await api.patch('/api/v1/leads/4711', { status: 'lost' })).toMatchObject({ status: 200 })
    expect((await api.events()).at(-1)).toMatchObject({ user_uuid: userUuid(31) })
  })

  test('roles, names and addresses are changed; events of before tell what stood then', async () => {
    await api.patch('/api/v1/leads/4713', { assignedUsers: [32] })
    const change = { email: 'eva@our.example', role: 'admin', first_name: null, position: 'Lead', color: null }
    const { status, body } = await send('PATCH', `${path}/32`, change, keys.admin)
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { ...change, id: 32, last_name: 'Nr 32', email_verified: null, disabled_at: null },
    })
    expect(await user(32)).toEqual(body)
    expect((await api.get('/api/v1/events?limit=1000')).body.at(-1).lead.assigned_users).toMatchObject([
      { email: 'user32@our.example', first_name: 'Eva' },
    ])
    const cased = await send('PATCH', `${path}/31`, { email: 'User31@our.example' }, keys.admin)
    expect(cased).toMatchObject({ status: 200, body: { email: 'User31@our.example' } })
    expect(await send('PATCH', `${path}/31`, { email: 'EVA@our.example' }, keys.admin)).toMatchObject({ status: 409 })
    expect(await send('PATCH', `${path}/34`, { role: 'partner' }, keys.admin)).toMatchObject({
      body: { role: 'partner' },
    })
    expect(await assign([34])).toMatchObject({ status: 200 })
  })

  test('wrong members, other keys and other companies change nothing', async () => {
    for (const [body, error] of [
      [{ email: null }, 'email is required'],
      [{ role: 'owner' }, 'role must be admin or partnerships or partner'],
      [{ disabled: null }, 'disabled must be true or false'],
      [{ first_name: 1 }, 'first_name must be a string'],
    ] as const) {
      expect(await send('PATCH', `${path}/32`, body, keys.admin)).toMatchObject({ status: 400, body: { error } })
    }
    expect(await send('PATCH', `${path}/32`, {}, keys.full)).toMatchObject({ status: 403 })
    expect(await send('POST', path, {}, keys.full)).toMatchObject({ status: 403 })
    const foreign = (await api.get(path, keys.other)).body
    for (const id of ['44', '404', 'abc', userUuid(44)]) {
      expect(await send('PATCH', `${path}/${id}`, { disabled: true }, keys.admin)).toMatchObject({
        status: 404,
        body: { error: 'User not found or not accessible' },
      })
    }
    expect((await api.get(path, keys.other)).body).toEqual(foreign)
    expect(await user(32)).toMatchObject({ role: 'partnerships', first_name: 'Eva', disabled_at: null })
  })
})
