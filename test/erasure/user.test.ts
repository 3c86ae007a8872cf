import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { eraseUser } from '../../src/erasure/user.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { type TableName, tables } from '../../src/storage/tables.ts'
import { type Api, backends } from '../backends.ts'
import { keys, userUuid } from '../fixture.ts'
import { browserOf, password, personOf } from '../sign-in/browser.ts'
import { dispatching } from '../webhooks/dispatching.ts'
import { administrator } from '../webhooks/examples.ts'
import { asking } from './traces.ts'

/** Passwords are hashed slowly, on purpose. */
vi.setConfig({ testTimeout: 30_000 })

const holdsName = (text: string): boolean => /gundula|ziegenhals|ziegenbart/i.test(text)

async function tablesWithName({ database }: Api): Promise<string[]> {
  const names = Object.keys(tables) as TableName[]
  const found = await Promise.all(
    names.map(async (table) => ({ table, rows: await database.find((db) => db.selectFrom(table).selectAll()) })),
  )
  return found.filter(({ rows }) => holdsName(JSON.stringify(rows))).map(({ table }) => table)
}

const admin = keys.admin
const erasedUser = {
  id: 32,
  uuid: userUuid(32),
  email: 'user-32@erased.invalid',
  first_name: null,
  last_name: null,
  position: null,
  disabled_at: expect.stringMatching(/Z$/),
}

describe.each(backends)('erasing a user on %s', (_, start) => {
  async function begin() {
    const api = await start()
    onTestFinished(() => api.close())
    return { api, ...asking(api) }
  }
  type Begun = Awaited<ReturnType<typeof begin>>

  /** User 32 under two names, assigned to a lead under each; with whatever may mention her. */
  async function named({ send }: Begun): Promise<void> {
    const one = { first_name: 'Gundula', last_name: 'Ziegenhals', position: 'Ziegenhals herself' }
    await send(
      'PATCH',
      '/users/32',
      { email: 'gundula@ziegenhals.example', ...one },
      { 'idempotency-key': 'u1' },
      admin,
    )
    await send(
      'PATCH',
      '/leads/4711',
      { assignedUsers: [32] },
      { prefer: 'return=representation', 'idempotency-key': 'l1' },
    )
    await send('PATCH', '/users/32', { last_name: 'Ziegenbart' }, {}, admin)
    await send('PATCH', '/leads/4713', { assignedUsers: [32, 31] })
    await send('POST', '/keys', { label: 'Gundula Ziegenhals, laptop', read_access: true, user_id: 32 }, {}, admin)
    await send('POST', '/views', { name: 'All', query: { search: 'gundula@ziegenhals.example' }, shared: true })
  }

  test('name and address stand in no table any more, and the log of the past does not tell them', async () => {
    const begun = await begin()
    const { api, eraseUser: erase } = begun
    await named(begun)
    expect(await tablesWithName(api)).toEqual(
      expect.arrayContaining(['users', 'older_definitions', 'api_keys', 'saved_views', 'idempotency_keys']),
    )
    expect(JSON.stringify((await api.get('/api/v1/events')).body)).toMatch(/Ziegenhals.*Ziegenbart/)

    expect(await erase(32)).toMatchObject({ status: 200, body: erasedUser })

    expect(await tablesWithName(api)).toEqual([])
    const told = (await api.get('/api/v1/events')).body
    expect(holdsName(JSON.stringify(told))).toBe(false)
    expect(told[3].lead.assigned_users).toEqual([
      { uuid: userUuid(32), email: 'user-32@erased.invalid', first_name: null, last_name: null },
    ])
    const history = (await api.get('/api/v1/leads/4711/history')).body
    expect(history[0].names.users).toMatchObject([{ id: 31 }, { id: 33 }, { id: 32, email: 'user-32@erased.invalid' }])
    expect((await api.lead()).assigned_users).toMatchObject([
      { id: 32, email: 'user-32@erased.invalid', first_name: null },
    ])
  })

  test('a request that was made before is not made twice, and is answered without the name', async () => {
    const begun = await begin()
    const { api, eraseUser: erase, send } = begun
    await named(begun)
    await erase(32)
    const before = await api.events()
    const again = await send(
      'PATCH',
      '/leads/4711',
      { assignedUsers: [32] },
      { prefer: 'return=representation', 'idempotency-key': 'l1' },
    )
    expect(again).toMatchObject({ status: 200, body: { id: 4711, updated_at: expect.any(String) } })
    expect(again.body).not.toHaveProperty('assigned_users')
    expect(await api.events()).toHaveLength(before.length)
  })

  test('the account, its sessions and its links are gone', async () => {
    const begun = await begin()
    const { api, eraseUser: erase } = begun
    await named(begun)
    await api.accounts.setPassword(personOf(32), password)
    const browser = browserOf(api)
    expect((await browser.signIn('gundula@ziegenhals.example', password)).status).toBe(200)
    const { token } = await api.accounts.makeLink(personOf(32), 60_000)
    await browser.send('POST', '/api/v1/views', { name: 'Mine alone', query: {} })
    await erase(userUuid(32))
    expect((await browser.send('GET', '/api/v1/me')).status).toBe(401)
    expect((await browserOf(api).signIn('gundula@ziegenhals.example', password)).status).toBe(401)
    expect((await browserOf(api).signIn('user-32@erased.invalid', password)).status).toBe(401)
    expect(await api.accounts.linkOf(token)).toBeUndefined()
    expect(await api.accounts.hasPassword(personOf(32))).toBe(false)
    const views = await api.database.find((db) => db.selectFrom('saved_views').select('name'))
    expect(views).toEqual([{ name: 'All' }])
  })

  test('a second time is as the first; nobody changes the user, and another has the address', async () => {
    const begun = await begin()
    const { eraseUser: erase, send } = begun
    await named(begun)
    const first = await erase(32)
    expect(await erase(32)).toMatchObject({ status: 200, body: first.body })
    expect(await send('PATCH', '/users/32', { disabled: false }, {}, admin)).toMatchObject({
      status: 409,
      body: { error: 'User was erased and cannot be changed' },
    })
    const other = { email: 'gundula@ziegenhals.example', role: 'partner' }
    expect(await send('POST', '/users', other, {}, admin)).toMatchObject({ status: 201 })
  })

  test('the last administrator is not erased, nor one of another company, and only an admin key may', async () => {
    const { api, eraseUser: erase, send } = await begin()
    expect(await erase(31)).toMatchObject({
      status: 409,
      body: { error: 'It is the last administrator of the company: make another first' },
    })
    expect(await erase(44)).toMatchObject({ status: 404 })
    expect(await erase('abc')).toMatchObject({ status: 404 })
    expect(await erase(32, keys.full)).toMatchObject({ status: 403 })
    await send('PATCH', '/users/32', { role: 'admin' }, {}, admin)
    expect(await erase(31)).toMatchObject({ status: 200 })
    expect((await api.get('/api/v1/leads/4711')).status, 'its keys go on working').toBe(200)
  })

  test('webhooks that follow tell the past without the name, whatever was read before', async () => {
    const begun = await begin()
    const { api, eraseUser: erase } = begun
    const webhooks = administrator(api)
    const { id } = await webhooks.webhook()
    const { sendings } = await dispatching(api)
    await named(begun)
    await expect.poll(() => sendings.length).toBe(2)
    expect(sendings.every(({ body }) => holdsName(String(body)))).toBe(true)
    await erase(32)
    await webhooks.post(`/webhooks/${id}/replay`, { since: 4 })
    await expect.poll(() => sendings.length).toBe(4)
    expect(sendings.slice(2).some(({ body }) => holdsName(String(body)))).toBe(false)
  })

  test('many earlier names go, some at a time', async () => {
    const begun = await begin()
    const { api, send } = begun
    for (let at = 0; at < 230; at += 1) await send('PATCH', '/users/32', { first_name: `Gundula ${at}` }, {}, admin)
    const { accounts, database } = api
    await eraseUser({ database, accounts, clock: systemClock }, 3, 32, false)
    expect(await tablesWithName(api)).toEqual([])
  })
})
