import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Webhook } from 'standardwebhooks'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createApp } from '../../src/app.ts'
import { accountsOf } from '../../src/commands/accounts.ts'
import { openVault } from '../../src/commands/vault.ts'
import { configFrom } from '../../src/kernel/config.ts'
import { openDatabase } from '../../src/storage/open.ts'
import { migrations } from '../../src/storage/sqlite/schema.ts'
import { version as today } from '../../src/version.ts'
import type { Sending } from '../../src/webhooks/sending.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { withClient } from '../postgres/cluster.ts'
import { emptyDatabase, isPostgresMissing } from '../postgres/databases.ts'
import {
  type Answer,
  ask,
  type DatabaseKind,
  databaseKinds,
  folderOf,
  type Kept,
  keptVersions,
  readKept,
} from './kept.ts'

/** Passwords are hashed slowly, on purpose. */
vi.setConfig({ testTimeout: 60_000 })

interface Upgraded {
  readonly url: string
  readonly directory: string
  /** What webhooks would have sent. */
  readonly sent: readonly Sending[]
}

/** Copies data that an earlier version has left, and serves it with this one, a minute after. */
async function upgrade(version: string, kind: DatabaseKind, kept: Kept): Promise<Upgraded> {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-upgrade-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const folder = folderOf(version, kind)
  if (kind === 'embedded') cpSync(folder, directory, { recursive: true })
  const databaseUrl = kind === 'embedded' ? '' : await restored(readFileSync(join(folder, 'database.sql'), 'utf8'))
  const config = { ...configFrom({}, {}), data: directory, databaseUrl, secretKey: kept.vaultKey ?? '' }
  const clock = handClock(kept.madeAt + 60_000)
  const database = await openDatabase({ directory, url: databaseUrl, clock, serving: true })
  const vault = await openVault(database, config)
  const accounts = accountsOf(config, vault, true)
  await accounts.open()
  const sent: Sending[] = []
  const send = async (sending: Sending) => {
    sent.push(sending)
    return { status: 200, retryAfter: undefined, answer: '', error: undefined, ms: 1 }
  }
  const server = createApp({
    ...{ config, database, clock, vault, accounts },
    sender: { send, close: async () => {} },
    log: () => {},
    onBackgroundError: (error) => {
      throw error
    },
  })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(async () => {
    await server.close()
    await accounts.close()
    await database.close()
  })
  return { url, directory, sent }
}

async function restored(sql: string): Promise<string> {
  const { url, release } = await emptyDatabase()
  onTestFinished(release)
  await withClient(url, (client) => client.query(sql))
  return url
}

/** What a later version must still tell: it may have more members, and more operations, and sends under its own name. */
const asFar = (answer: Answer): Answer =>
  JSON.parse(JSON.stringify(answer), (name, value) => {
    if (name === 'operations') return expect.arrayContaining(value)
    return name === 'user-agent' ? `Waggle/${today}` : value
  })

const kinds = databaseKinds.filter((kind) => kind === 'embedded' || !isPostgresMissing)
const all = keptVersions().flatMap((version) => kinds.map((kind) => ({ version, kind })))

describe.each(all)('the data of $version, $kind', ({ version, kind }) => {
  const found = readKept(version, kind)
  if (found === undefined) throw new Error(`${folderOf(version, kind)} lacks answers.jsonl: run npm run upgrades`)
  const { kept, answers } = found
  const headers = { authorization: `Bearer ${kept.key}`, 'content-type': 'application/json' }

  test('is told as it was', async () => {
    const { url } = await upgrade(version, kind, kept)
    expect(answers.length).toBeGreaterThan(50)
    for (const answer of answers)
      expect(await ask(url, answer.path, kept.key), answer.path).toMatchObject(asFar(answer))
    expect((await ask(url, '/api/v1/me', kept.revokedKey)).status).toBe(401)
  })

  test('is changed, and heard of under the old secret and the new one', async () => {
    const { url, sent } = await upgrade(version, kind, kept)
    const path = `${url}/api/v1/leads/${kept.leadId}`
    const before = Object(await (await fetch(path, { headers })).json())
    const changed = await fetch(path, { method: 'PATCH', headers, body: '{"last_name":"Of today","tags":[]}' })
    expect(changed.status).toBe(200)
    const sequence = changed.headers.get('x-waggle-sequence')
    expect(await (await fetch(path, { headers })).json()).toMatchObject({
      ...before,
      last_name: 'Of today',
      tags: [],
      updated_at: expect.any(String),
    })

    const isIt = (one: Sending): boolean => one.headers['x-waggle-sequence'] === sequence && one.url.endsWith('/good')
    await vi.waitUntil(() => sent.some(isIt), { timeout: 20_000 })
    const { headers: signed, body } = sent.find(isIt) as Sending
    expect(JSON.parse(body)).toMatchObject({ event_id: 'lead_updated', changed_fields: ['last_name', 'tags'] })
    // The time of the signature is the server's, and the library compares it with the machine's.
    vi.setSystemTime(kept.madeAt + 60_000)
    onTestFinished(() => void vi.useRealTimers())
    for (const secret of [kept.webhook.secret, kept.webhook.oldSecret]) new Webhook(secret).verify(body, { ...signed })
  })

  test('answers a request once more that it has carried out', async () => {
    const { url } = await upgrade(version, kind, kept)
    const { path, key, body, answer } = kept.once
    const send = (text: string) =>
      fetch(`${url}${path}`, { method: 'PATCH', headers: { ...headers, 'idempotency-key': key }, body: text })
    const again = await send(body)
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true'])
    expect(await again.json()).toEqual(answer)
    expect((await send('{}')).status).toBe(422)
  })

  test('lets in who could sign in', async () => {
    const { url } = await upgrade(version, kind, kept)
    const signIn = (password: string) =>
      fetch(`${url}/api/console/sign-in`, {
        method: 'POST',
        headers: { origin: url, 'content-type': 'application/json' },
        body: JSON.stringify({ email: kept.person.email, password }),
      })
    const opened = await signIn(kept.person.password)
    expect(opened.status).toBe(200)
    const cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const me = await fetch(`${url}/api/v1/me`, { headers: { cookie } })
    expect(await me.json()).toMatchObject({ user: { email: kept.person.email, role: 'admin' } })
    expect((await signIn('another password')).status).toBe(401)
  })
})

test.each(keptVersions())('the file of %s is copied aside when it is changed', async (version) => {
  const { kept } = readKept(version, 'embedded') ?? expect.fail('there are no answers')
  const { directory } = await upgrade(version, 'embedded', kept)
  const stepsOf = (path: string): unknown => {
    const db = new DatabaseSync(path, { readOnly: true })
    try {
      return db.prepare('SELECT count(*) AS steps FROM migrations').get()?.['steps']
    } finally {
      db.close()
    }
  }
  const before = stepsOf(join(folderOf(version, 'embedded'), 'waggle.db'))
  const copy = join(directory, `waggle-before-v${Number(before) + 1}.db`)
  expect(stepsOf(join(directory, 'waggle.db'))).toBe(migrations.length)
  expect(existsSync(copy)).toBe(before !== migrations.length)
  if (existsSync(copy)) expect(stepsOf(copy)).toBe(before)
})

test('every released version has left its data here', () => {
  const changelog = readFileSync(resolve(import.meta.dirname, '../../CHANGELOG.md'), 'utf8')
  const released = [...changelog.matchAll(/^## \[(\d+\.\d+\.\d+)\]/gm)].map(([, version = '']) => version)
  for (const version of released) {
    const isKept = databaseKinds.every((kind) => readKept(version, kind) !== undefined)
    expect(isKept, `CHANGELOG.md names ${version}, but test/upgrades/${version} is missing: run npm run upgrades`).toBe(
      true,
    )
  }
  expect(keptVersions().length).toBeGreaterThan(0)
})
