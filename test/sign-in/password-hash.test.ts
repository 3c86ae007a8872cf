import { scryptSync } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { hashOf, isOf, isWeak } from '../../src/sign-in/password-hash.ts'
import { newSetupCode } from '../../src/sign-in/setup.ts'
import { type Api, backends } from '../backends.ts'
import { withClient } from '../postgres/cluster.ts'
import { addressOf, begin, browserOf, password, personOf } from './browser.ts'

/** Passwords are hashed slowly, on purpose. */
vi.setConfig({ testTimeout: 60_000 })

/** As the library hashed before. */
const before = (text: string): string => {
  const salt = '00112233445566778899aabbccddeeff'
  const cost = { N: 16_384, r: 16, p: 1, maxmem: 128 * 16_384 * 16 * 2 }
  return `${salt}:${scryptSync(text, salt, 64, cost).toString('hex')}`
}

test('a hash tells its effort, opens with its password alone, and is another each time', async () => {
  const hash = await hashOf(password)
  expect(hash).toMatch(/^scrypt\$16384\$8\$5\$[0-9a-f]{32}\$[0-9a-f]{128}$/)
  expect(await hashOf(password)).not.toBe(hash)
  expect(await isOf({ hash, password })).toBe(true)
  expect(await isOf({ hash, password: `${password} ` })).toBe(false)
  expect(await isOf({ hash: hash.replace(/.$/, (last) => (last === '0' ? '1' : '0')), password })).toBe(false)
  expect(isWeak(hash)).toBe(false)
})

test('a hash of before opens, and is known as weak; what is none opens nothing', async () => {
  const hash = before(password)
  expect([await isOf({ hash, password }), await isOf({ hash, password: 'another' }), isWeak(hash)]).toEqual([
    true,
    false,
    true,
  ])
  for (const broken of ['', 'x', 'scrypt$1$1$1$00$00']) expect(await isOf({ hash: broken, password })).toBe(false)
})

/** The only hash that a server's accounts hold; another in its place where one is handed in. */
async function theHash(api: Api, set?: string): Promise<string> {
  if (api.at === api.directory) {
    const database = new DatabaseSync(join(api.directory, 'auth.db'), { timeout: 5_000 })
    if (set !== undefined) database.prepare('UPDATE account SET password = ?').run(set)
    const row = database.prepare('SELECT password FROM account').get()
    database.close()
    return String(row?.['password'])
  }
  return withClient(api.at, async (client) => {
    if (set !== undefined) await client.query('UPDATE waggle_auth.account SET password = $1', [set])
    return (await client.query('SELECT password FROM waggle_auth.account')).rows[0].password
  })
}

test.each(backends)('who signs in with a hash of before has a new one, on %s', async (_, start) => {
  const api = await begin(start)
  await api.accounts.setPassword(personOf(31), password)
  await theHash(api, before(password))
  expect((await browserOf(api).signIn(addressOf(31), 'another password')).status).toBe(401)
  expect(await theHash(api)).toBe(before(password))
  expect((await browserOf(api).signIn(addressOf(31), password)).status).toBe(200)
  expect(isWeak(await theHash(api))).toBe(false)
  expect((await browserOf(api).signIn(addressOf(31), password)).status).toBe(200)
})

/** Keeps all turns taken until it is told to end. */
function crowd(): { leave(): Promise<void> } {
  let isThere = true
  const one = async (): Promise<void> => {
    while (isThere) await hashOf(password)
  }
  const all = Promise.all(Array.from({ length: 102 }, one))
  const leave = async (): Promise<void> => {
    isThere = false
    await all
  }
  return { leave }
}

test.each(backends)('where too many wait neither a code nor a link is used up, on %s', async (_, start) => {
  const api = await begin(start)
  const code = await newSetupCode(api.accounts)
  const { token } = await api.accounts.makeLink(personOf(32), 60_000)
  const setUp = () => browserOf(api).send('POST', '/api/console/setup', { code, email: 'first@our.example', password })
  const welcome = () => browserOf(api).send('POST', '/api/console/welcome', { token, password })
  const signIn = () => browserOf(api).signIn(addressOf(31), password)
  const many = crowd()
  try {
    for (const enter of [setUp, welcome, signIn]) {
      for (let times = 0; times < 11; times += 1) expect((await enter()).status).toBe(503)
    }
  } finally {
    await many.leave()
  }
  expect(await signIn()).toMatchObject({ status: 401 })
  expect(await setUp()).toMatchObject({ status: 201 })
  expect(await welcome()).toMatchObject({ status: 200, body: { user: { id: 32 } } })
})
