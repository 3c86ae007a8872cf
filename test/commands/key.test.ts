import { expect, onTestFinished, test } from 'vitest'
import { describeOnPostgres, emptyDatabase } from '../postgres/databases.ts'
import { serving, temporaryDirectory, waggle } from './program.ts'

const keyIn = (out: string): string => /wgl_[0-9a-f]{48}/.exec(out)?.[0] ?? ''

test('init begins a database once, and its key opens it', async () => {
  const data = temporaryDirectory()
  const begun = await waggle([
    'init',
    '--data',
    data,
    '--company',
    'Nordlicht GmbH',
    '--email',
    'ada@nordlicht.example',
  ])
  expect(begun).toMatchObject({ code: 0, out: expect.stringContaining('Company 1 "Nordlicht GmbH"') })
  expect(await waggle(['init', '--data', data])).toMatchObject({
    code: 1,
    err: expect.stringContaining('has begun already, with the company "Nordlicht GmbH"'),
  })
  const server = await serving(['--data', data])
  const reply = await fetch(`${server.url}/api/v1/leads`, { headers: { authorization: `Bearer ${keyIn(begun.out)}` } })
  expect({ status: reply.status, leads: await reply.json() }).toEqual({ status: 200, leads: [] })
})

describeOnPostgres('init on PostgreSQL', () => {
  test('tells how to serve the database, without its password', async () => {
    const { url, release } = await emptyDatabase()
    onTestFinished(release)
    const address = new URL(url)
    address.password = 'not-to-be-told'
    const { code, out } = await waggle(['init', '--database-url', address.href])
    expect(code).toBe(0)
    expect(out).not.toContain('not-to-be-told')
    address.password = ''
    expect(out).toContain(`Start the server with: waggle serve --database-url ${address.href}\n`)
  })
})

test('keys are made, imported, listed and revoked beside a running server', async () => {
  const data = temporaryDirectory()
  await waggle(['init', '--data', data])
  const server = await serving(['--data', data])
  const status = async (key: string): Promise<number> =>
    (await fetch(`${server.url}/api/v1/leads`, { headers: { authorization: `Bearer ${key}` } })).status

  const made = await waggle(['key', 'create', '--data', data, '--read', '--label', 'CRM sync'])
  const key = keyIn(made.out)
  expect(await status(key)).toBe(200)

  const existing = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'
  expect(await waggle(['key', 'import', '-', '--data', data, '--read'], { input: `${existing}\n` })).toMatchObject({
    code: 0,
  })
  expect(await status(existing)).toBe(200)
  expect(await waggle(['key', 'import', existing, '--data', data, '--read'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('is in the database already'),
  })
  expect(await waggle(['key', 'import', 'too-short', '--data', data, '--read'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('at least 20 characters'),
  })

  const listed = await waggle(['key', 'list', '--data', data])
  expect(listed.out).toContain('CRM sync')
  expect(listed.out).toContain(`${existing.slice(0, 8)}…`)
  expect(listed.out).not.toContain(key)

  const id = /Key (\d+)/.exec(made.out)?.[1] ?? ''
  expect(await waggle(['key', 'revoke', id, '--data', data])).toMatchObject({ code: 0, out: `Key ${id} is revoked.\n` })
  await expect.poll(() => status(key), { timeout: 2_000, interval: 50 }).toBe(401)
})

test('a key is rotated with an overlap, and the last admin key is not revoked', async () => {
  const data = temporaryDirectory()
  const first = keyIn((await waggle(['init', '--data', data])).out)
  const server = await serving(['--data', data])
  const status = async (key: string): Promise<number> =>
    (await fetch(`${server.url}/api/v1/keys`, { headers: { authorization: `Bearer ${key}` } })).status

  const rotated = await waggle(['key', 'rotate', '1', '--data', data, '--overlap', '3600'])
  expect(rotated).toMatchObject({ code: 0, out: expect.stringMatching(/^Key 2\. .*\n\nKey 1 ends at 20/s) })
  expect([await status(first), await status(keyIn(rotated.out))]).toEqual([200, 200])
  expect(await waggle(['key', 'revoke', '1', '--data', data])).toMatchObject({ code: 0 })
  expect(await waggle(['key', 'revoke', '2', '--data', data])).toMatchObject({
    code: 1,
    err: 'waggle: It is the last admin key of the company: make another first.\n',
  })
  expect(await waggle(['key', 'rotate', '1', '--data', data])).toMatchObject({
    code: 1,
    err: 'waggle: Key is revoked or expired.\n',
  })
  expect(await waggle(['key', 'rotate', '2', '--data', data, '--overlap', 'long'])).toMatchObject({
    code: 1,
    err: 'waggle: --overlap is "long", but must be a whole number from 0 to 2592000.\n',
  })
})

test('a key with no switch, or for nobody, is refused in words', async () => {
  const data = temporaryDirectory()
  expect(await waggle(['key', 'create', '--data', data, '--read'])).toMatchObject({
    code: 1,
    err: `waggle: There is no database in ${data}. Say with --data where it is, or begin one there: waggle init --data ${data}\n`,
  })
  await waggle(['init', '--data', data])
  expect(await waggle(['key', 'create', '--data', data])).toMatchObject({
    code: 1,
    err: expect.stringContaining('--read'),
  })
  expect(await waggle(['key', 'create', '--data', data, '--read', '--company', '9'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no company 9; there are 1 (My company).'),
  })
  expect(await waggle(['key', 'create', '--data', data, '--read', '--user', '9'])).toMatchObject({
    code: 1,
    err: 'waggle: Company 1 has no user 9.\n',
  })
  expect(await waggle(['key', 'revoke', '77', '--data', data])).toMatchObject({
    code: 1,
    err: 'waggle: There is no key 77. See: waggle key list\n',
  })
})

test('help tells every command and its options', async () => {
  const { out } = await waggle([])
  for (const name of ['serve', 'init', 'key create', 'key import', 'key list', 'key revoke', 'key rotate'])
    expect(out).toContain(name)
  expect((await waggle(['serve', '--help'])).out).toContain('WAGGLE_PORT')
  expect((await waggle(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})
