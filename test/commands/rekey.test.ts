import { copyFileSync, existsSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openVault, replaceKey } from '../../src/commands/vault.ts'
import { vaultOf } from '../../src/kernel/vault.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Write } from '../../src/storage/port.ts'
import { allSealed } from '../../src/webhooks/sealed.ts'
import { sealedAs } from '../../src/webhooks/secrets.ts'
import { type Received, receiver, verified } from '../webhooks/receiver.ts'
import { databases, type Placed, placed } from './places.ts'
import { serving, waggle } from './program.ts'

const allow = { WAGGLE_WEBHOOK_ALLOW: '127.0.0.0/8' }
const key = 'ab'.repeat(32)
const keyFileIn = ({ data }: Placed): string => join(data, 'secret.key')
const keyIn = (place: Placed): string => readFileSync(keyFileIn(place), 'utf8').trim()

async function opened({ data, url }: Placed) {
  const database = await openDatabase({ directory: data, url, listsInTurn: true })
  onTestFinished(() => database.close())
  return database
}

/** Everything that is sealed, as a key opens it. */
async function textsOf(place: Placed, secretKey: string): Promise<string[]> {
  const database = await openDatabase({ directory: place.data, url: place.url, listsInTurn: true })
  try {
    const vault = vaultOf(Buffer.from(secretKey, 'hex'))
    return (await allSealed(database)).map(({ bytes, about }) => vault.open(bytes, about))
  } finally {
    await database.close()
  }
}

/** An endpoint of a receiver, and beside its secret an older one, a partner's key and settings. */
async function withSecrets(place: Placed, url: string) {
  await waggle(['init', ...place.args, '--company', 'Ours', '--email', 'eva@our.example'])
  const { out } = await waggle(['webhook', 'add', url, ...place.args], { env: allow })
  const [secret = ''] = /whsec_\S+/.exec(out) ?? []
  const database = await openDatabase({ directory: place.data, url: place.url, listsInTurn: true })
  const vault = await openVault(database, { data: place.data, secretKey: '' })
  const [webhook] = await database.find((db) => db.selectFrom('webhooks').selectAll())
  const [integration] = await database.find((db) => db.selectFrom('integrations').selectAll())
  if (webhook === undefined || integration === undefined) throw new Error(`no endpoint was made: ${out}`)
  const { uuid } = integration
  const set = {
    api_key: vault.seal('partner-key', sealedAs.apiKey(uuid)),
    external_settings: vault.seal('{"region":"eu"}', sealedAs.externalSettings(uuid)),
  }
  const older = { old_secret: vault.seal('whsec_older', sealedAs.secret(webhook.uuid)) }
  await database.load([
    { kind: 'update', table: 'integrations', key: idOf(integration), set },
    { kind: 'update', table: 'webhooks', key: idOf(webhook), set: older },
  ])
  await database.close()
  return { secret, webhook, integration: uuid }
}

const idOf = ({ company_id, id }: { company_id: number; id: number }) => ({ company_id, id })

describe.each(databases)('secrets of %s', (_, make) => {
  test('are sealed with a new key, and go on as they were', async () => {
    const received: Received[] = []
    const hook = await receiver((one) => {
      received.push(one)
      return 200
    })
    const place = await make()
    const { secret, integration } = await withSecrets(place, hook.url)
    const old = keyIn(place)
    const texts = await textsOf(place, old)
    expect(texts).toEqual([secret, 'whsec_older', 'partner-key', '{"region":"eu"}'])

    const { code, out, err } = await waggle(['rekey', ...place.args])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain('4 secrets of webhooks and integrations are sealed with the new key. It is in ')
    const file = keyFileIn(place)
    expect(keyIn(place)).not.toBe(old)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(existsSync(`${file}.new`)).toBe(false)
    expect(await textsOf(place, keyIn(place))).toEqual(texts)
    await expect(textsOf(place, old)).rejects.toThrow()

    expect((await waggle(['doctor', ...place.args])).out).toContain('secret.key opens what was sealed')
    await serving(place.args, { env: allow })
    expect((await waggle(['webhook', 'test', '1', ...place.args], { env: allow })).code).toBe(0)
    const [sent] = received
    if (sent === undefined) throw new Error('nothing was sent')
    expect(await verified(sent, secret, integration)).toBeDefined()
  })

  test('keep their key while a server runs', async () => {
    const place = await make()
    await waggle(['init', ...place.args, '--company', 'Ours', '--email', 'eva@our.example'])
    await serving(place.args)
    const old = keyIn(place)
    const { code, err } = await waggle(['rekey', ...place.args])
    expect(code).toBe(1)
    expect(err).toMatch(/Stop it first/)
    expect(keyIn(place)).toBe(old)
  })
})

test('a new key that was not put in its place any more is, by whatever opens the data next', async () => {
  const place = placed('')
  await withSecrets(place, 'http://127.0.0.1:9/hook')
  const file = keyFileIn(place)
  const old = keyIn(place)
  copyFileSync(file, join(place.data, 'old'))
  await waggle(['rekey', ...place.args])
  const next = keyIn(place)
  renameSync(file, `${file}.new`)
  renameSync(join(place.data, 'old'), file)
  expect(keyIn(place)).toBe(old)

  const looked = await waggle(['doctor', ...place.args])
  expect(looked.out).toMatch(/warning.*\n?.*An exchange of \S+secret\.key was cut off/)
  const backup = await waggle(['backup', join(placed('').data, 'backup'), ...place.args])
  expect(backup.err).toContain('was cut off. Begin a server on the data: it ends the exchange.')
  expect(keyIn(place)).toBe(old)

  await serving(place.args)
  expect(keyIn(place)).toBe(next)
  expect(existsSync(`${file}.new`)).toBe(false)
})

test('a new key that nothing was sealed with yet is left alone, and made anew by the next', async () => {
  const place = placed('')
  const { secret } = await withSecrets(place, 'http://127.0.0.1:9/hook')
  const file = keyFileIn(place)
  const old = keyIn(place)
  const cut = replaceKey(file, Buffer.from(key, 'hex'), () => Promise.reject(new Error('the power is gone')))
  await expect(cut).rejects.toThrow('the power is gone')
  expect(readFileSync(`${file}.new`, 'utf8')).toBe(`${key}\n`)
  await openVault(await opened(place), { data: place.data, secretKey: '' })
  expect(keyIn(place)).toBe(old)
  expect((await waggle(['rekey', ...place.args])).code).toBe(0)
  expect(keyIn(place)).not.toBe(key)
  expect((await textsOf(place, keyIn(place)))[0]).toBe(secret)
})

test('what does not open is told and nothing is changed, unless nothing uses it any more', async () => {
  const place = placed('')
  const { webhook } = await withSecrets(place, 'http://127.0.0.1:9/hook')
  const database = await opened(place)
  const old = keyIn(place)
  const update = (set: Extract<Write, { kind: 'update'; table: 'webhooks' }>['set']) =>
    database.load([{ kind: 'update', table: 'webhooks', key: idOf(webhook), set }])
  await update({ old_secret: Uint8Array.from([1, 2, 3]) })
  expect(await waggle(['rekey', ...place.args])).toMatchObject({
    code: 1,
    err: `waggle: The older secret of webhook ${webhook.id} does not open. See what to do with: waggle doctor\n`,
  })
  expect(keyIn(place)).toBe(old)
  await update({ deleted_at: 1 })
  expect((await waggle(['rekey', ...place.args])).out).toContain('3 secrets of webhooks and integrations')
  expect(keyIn(place)).not.toBe(old)
})

test('the key of the environment is exchanged for one that is handed in', async () => {
  const place = placed('')
  const next = 'cd'.repeat(32)
  const env = { ...allow, WAGGLE_SECRET_KEY: key }
  await waggle(['init', ...place.args, '--company', 'Ours', '--email', 'eva@our.example'], { env })
  await waggle(['webhook', 'add', 'http://127.0.0.1:9/hook', ...place.args], { env })

  expect(await waggle(['rekey', ...place.args], { env })).toMatchObject({
    code: 1,
    err: expect.stringContaining('openssl rand -hex 32 > new.key, then waggle rekey - < new.key'),
  })
  expect((await waggle(['rekey', next, ...place.args], { env })).err).toContain('A key is not given in words')
  expect((await waggle(['rekey', '-', ...place.args], { env, input: 'short\n' })).err).toMatch(
    /Standard input holds a key of \d+ bytes; it must have 32/,
  )
  expect((await waggle(['rekey', '-', ...place.args], { env, input: `${key}\n` })).err).toContain(
    'The new key is the one that the secrets are sealed with.',
  )
  const { code, out } = await waggle(['rekey', '-', ...place.args], { env, input: `${next}\n` })
  expect(code).toBe(0)
  expect(out).toContain('1 secret of webhooks and integrations is sealed with the new key. Set WAGGLE_SECRET_KEY to it')
  expect(existsSync(keyFileIn(place))).toBe(false)
  expect((await waggle(['webhook', 'test', '1', ...place.args], { env })).err).toContain('is not the key')
  expect(await textsOf(place, next)).toHaveLength(1)
})

test('a directory without a database is told of, and no key is made there', async () => {
  const place = placed('')
  expect(await waggle(['rekey', ...place.args])).toMatchObject({
    code: 1,
    err: `waggle: There is no database in ${place.data}.\n`,
  })
  expect(existsSync(keyFileIn(place))).toBe(false)
})
