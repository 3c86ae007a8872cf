import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { settingNames, shownDefault, variableOf } from '../../src/kernel/config.ts'
import { sampleKeys } from '../../src/sample/keys.ts'
import { integrationUuids } from '../../src/sample/workspace.ts'
import { type Running, serving, temporaryDirectory, waggle } from '../commands/program.ts'
import { receiver } from '../webhooks/receiver.ts'
import { blocks, ending, guide, python, receiving, textOf } from './guide.ts'

/** Several programs start one after the other, on a machine that may be busy. */
const patient = 120_000
const soon = { timeout: 20_000, interval: 50 }

const receivers = [
  { file: 'receiver.mjs', needs: 'Node', program: process.execPath },
  { file: 'receiver.py', needs: 'Python 3.9 or newer, which this machine must have', program: python ?? '' },
]
const settings = {
  SECRET: `whsec_${Buffer.from('a secret of 24 bytes, ok').toString('base64')}`,
  INTEGRATION: integrationUuids.main,
}
const ours = new Webhook(settings.SECRET)
const others = new Webhook(Buffer.from('another secret, not this').toString('base64'))

interface Message {
  readonly id?: string
  readonly body?: string
  readonly sent?: string
  readonly signedBy?: readonly Webhook[]
  readonly tokenKey?: string
  readonly token?: string
  readonly tokenMinutes?: number
  readonly ageSeconds?: number
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A message as Waggle makes it, with one thing wrong or nothing. */
async function message(wrong: Message): Promise<RequestInit> {
  const { id = 'one', signedBy = [ours], tokenKey = integrationUuids.main, tokenMinutes = 60, ageSeconds = 0 } = wrong
  const { body = '{"event_id": "lead_updated", "lead": {"id": 7}, "changed_fields": ["status", "tags"]}' } = wrong
  const at = new Date(Date.now() - ageSeconds * 1000)
  const token = await new SignJWT({ event_id: 'lead_updated' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(at)
    .setExpirationTime(new Date(at.getTime() + tokenMinutes * 60_000))
    .sign(new TextEncoder().encode(tokenKey))
  const headers = {
    authorization: `Bearer ${wrong.token ?? token}`,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': signedBy.map((one) => one.sign(id, at, body)).join(' '),
    'x-waggle-sequence': '12',
  }
  return { method: 'POST', headers, body: wrong.sent ?? body }
}

const statusOf = async (url: string, request: RequestInit): Promise<number> => (await fetch(url, request)).status

describe.each(receivers)('$file of the guide ($needs)', ({ file, program }) => {
  test('stands in the guide as it is in the file', () => {
    expect(blocks(file.endsWith('.py') ? 'python' : 'js')).toEqual([textOf(file)])
  })

  describe.skipIf(program === '')('run', () => {
    test('takes what is signed, and drops what comes twice', async () => {
      const hook = await receiving(program, file, settings)
      expect(await statusOf(hook.url, await message({}))).toBe(204)
      expect(await statusOf(hook.url, await message({}))).toBe(204)
      expect(await statusOf(hook.url, await message({ id: 'two', signedBy: [others, ours] }))).toBe(204)
      await expect.poll(() => hook.out, soon).toBe(`${hook.begun}${'12 lead_updated lead 7: status, tags\n'.repeat(2)}`)
    })

    test.each<[string, Message]>([
      ['another secret', { signedBy: [others] }],
      ['no signature', { signedBy: [] }],
      ['another body', { sent: '{"event_id": "lead_updated", "lead": {"id": 8}, "changed_fields": []}' }],
      ["another integration's token", { tokenKey: integrationUuids.other }],
      ['a token that says it needs no signature', { token: `${encoded({ alg: 'none' })}.${encoded({ exp: 2e9 })}.` }],
      ['a token that has run out', { tokenMinutes: -60 }],
      ['a message of six minutes ago', { ageSeconds: 360 }],
      ['a message of six minutes ahead', { ageSeconds: -360 }],
    ])('refuses %s', async (_, wrong) => {
      const hook = await receiving(program, file, settings)
      expect(await statusOf(hook.url, await message(wrong))).toBe(401)
      await expect.poll(() => hook.out, soon).toContain('refused: ')
      expect(hook.out).not.toContain('lead_updated')
    })

    test('answers 401 without any header, and 400 without a body', async () => {
      const hook = await receiving(program, file, settings)
      expect(await statusOf(hook.url, { method: 'POST', body: '{}' })).toBe(401)
      expect(await statusOf(hook.url, { method: 'POST' })).toBe(400)
    })

    test.each(['SECRET', 'INTEGRATION'])('does not begin with an empty %s', async (name) => {
      const { code, out } = await ending(program, file, { ...settings, [name]: '' })
      expect(code).toBe(1)
      expect(out).toContain('Set SECRET and INTEGRATION.')
    })

    test('takes a change of a real server, and its test', { timeout: patient }, async () => {
      const data = temporaryDirectory()
      const server = await serving(['--sample', '--data', data])
      const added = await waggle(['webhook', 'add', 'http://127.0.0.1:5000/hook', '--company', '3', '--data', data])
      const [whsec = ''] = /whsec_\S+/.exec(added.out) ?? []
      const [uuid = ''] = /^ {4}[0-9a-f-]{36}$/m.exec(added.out) ?? []
      const hook = await receiving(program, file, { SECRET: whsec, INTEGRATION: uuid.trim() })
      await admin(server, 'PATCH', '/api/v1/webhooks/1', { url: hook.url })

      expect((await waggle(['webhook', 'test', '1', '--data', data])).out).toMatch(/^Accepted: 204/)
      const sequence = await changed(server, { status: 'contacted', first_name: 'Zoë' })
      await expect.poll(() => hook.out, soon).toContain(`\n${sequence} lead_updated lead 789: first_name, status\n`)
      expect(hook.out).toContain('\ntest lead_updated lead 1: status\n')
    })
  })
})

const admin = (server: Running, method: string, path: string, body: object) =>
  fetch(`${server.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${sampleKeys.admin}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

async function changed(server: Running, body: object): Promise<string | null> {
  const reply = await fetch(`${server.url}/api/v1/leads/789`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${sampleKeys.readWrite}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return reply.headers.get('x-waggle-sequence')
}

test('what arrives is what the guide shows', { timeout: patient }, async () => {
  const data = temporaryDirectory()
  const server = await serving(['--sample', '--data', data])
  const hook = await receiver(() => 204)
  await waggle(['webhook', 'add', hook.url, '--company', '3', '--data', data])
  await waggle(['webhook', 'test', '1', '--data', data])
  await changed(server, { status: 'contacted' })
  await expect.poll(() => hook.received.length, soon).toBe(2)
  const [test, change] = hook.received
  expect(test?.headers).toMatchObject({ 'x-waggle-test': 'true' })
  compare(change?.headers ?? {}, change?.body)
})

/** Times and what is made by chance differ; all else is as the guide shows it. */
function compare(
  headers: Readonly<Record<string, unknown>>,
  body: { lead: { custom_fields: { label: string }[] } },
): void {
  const [shown = ''] = blocks('http')
  const names = [...shown.matchAll(/^([\w-]+): /gm)].map(([, name = '']) => name.toLowerCase())
  expect(Object.keys(headers).sort()).toEqual([...names, 'connection', 'content-length', 'host'].sort())
  const example = JSON.parse(blocks('json')[0] ?? '')
  const wanted = example.lead.custom_fields.map(({ label }: { label: string }) => label)
  const fields = body.lead.custom_fields.filter(({ label }) => wanted.includes(label))
  const time = expect.any(Number)
  expect({ ...body, lead: { ...body.lead, custom_fields: fields } }).toEqual({
    ...example,
    lead: { ...example.lead, created_at: time, updated_at: time },
  })
  const claims = JSON.parse(Buffer.from(String(headers['authorization']).split('.')[1] ?? '', 'base64url').toString())
  expect(claims).toEqual({ ...JSON.parse(blocks('json')[1] ?? ''), iat: time, exp: claims.iat + 3600 })
}

test('the guide names every header that is sent', () => {
  const source = readFileSync(join(import.meta.dirname, '../../src/webhooks/message.ts'), 'utf8')
  const sent = [...source.matchAll(/'((?:webhook|x-waggle)-[a-z-]+)'/g)].map(([, name = '']) => name)
  expect(sent.length).toBeGreaterThan(6)
  for (const name of sent) expect(guide.toLowerCase()).toContain(name)
})

test('the guide tells the settings and metrics that there are', () => {
  const told = new Map(
    [...guide.matchAll(/^\| `(WAGGLE_\w+)` \| `?([^`|]*?)`? /gm)].map(([, name, value]) => [name, value]),
  )
  const about = settingNames.filter((name) => /^webhook|RetentionDays$/.test(name))
  expect(Object.fromEntries(told)).toEqual(
    Object.fromEntries(about.map((name) => [variableOf(name), shownDefault(name)])),
  )
  const metrics = readFileSync(join(import.meta.dirname, '../../src/metrics.ts'), 'utf8')
  const named = [...guide.matchAll(/waggle_(webhook_\w+?)(?:_bucket)?\b/g)].map(([, name = '']) => name)
  expect(named.length).toBeGreaterThan(3)
  for (const name of named) expect(metrics).toContain(name)
})
