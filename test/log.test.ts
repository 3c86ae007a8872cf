import { expect, test } from 'vitest'
import { sampleKeys } from '../src/sample/keys.ts'
import { integrationUuids } from '../src/sample/workspace.ts'
import { serving, temporaryDirectory } from './commands/program.ts'
import { receiver } from './webhooks/receiver.ts'

interface Run {
  /** What the server wrote to standard output. */
  readonly out: string
  /** What no line may hold: passwords, tokens, secrets, bodies. */
  readonly hidden: readonly string[]
  /** Where the endpoint is, without its path. */
  readonly hook: string
}

/** A server as people run it, with an endpoint that fails once, takes the next attempt, and then is gone. */
async function run(form: 'json' | 'pretty'): Promise<Run> {
  const statuses = [500, 200, 410]
  const hook = await receiver(() => statuses.shift() ?? 200)
  const data = temporaryDirectory()
  const flags = ['--log', form, '--webhook-retry-schedule', '0,0']
  const server = await serving(['--sample', '--data', data, ...flags])
  const send = async (method: string, path: string, key: string, body: object) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    return fetch(`${server.url}/api/v1${path}`, { method, headers, body: JSON.stringify(body) })
  }
  const url = `${hook.url.replace('http://', 'http://eva:geheim@')}?token=s3cret#part`
  const made = await send('POST', '/webhooks', sampleKeys.admin, { integration: integrationUuids.main, url })
  expect(made.status).toBe(201)
  const { secret } = JSON.parse(await made.text())
  await send('PATCH', '/leads/789', sampleKeys.readWrite, { first_name: 'Wilhelmine' })
  await hook.arrived(2)
  await send('PATCH', '/leads/789', sampleKeys.readWrite, { first_name: 'Kunigunde' })
  const received = await hook.arrived(3)
  const { out } = await server.stop()
  const tokens = received.map(({ headers }) => String(headers.authorization).replace('Bearer ', ''))
  const signatures = received.map(({ headers }) => String(headers['webhook-signature']).replace('v1,', ''))
  const body = ['Wilhelmine', 'Kunigunde', 'thanks']
  return {
    out,
    hidden: [
      'eva:',
      'geheim',
      '/hook',
      's3cret',
      '#part',
      secret,
      integrationUuids.main,
      ...tokens,
      ...signatures,
      ...body,
    ],
    hook: new URL(hook.url).origin,
  }
}

test('an attempt of a webhook is one line of JSON that tells what became of it', async () => {
  const { out, hook, hidden } = await run('json')
  const lines = out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  const attempts = lines.filter(({ msg }) => msg === 'webhook')
  const [first] = attempts
  const all = { level: 30, company: 3, webhook: expect.any(Number), url: hook, event: 'lead_updated' }
  const timed = { time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), ms: expect.any(Number) }
  const line = { ...all, ...timed, msg: 'webhook', delivery: first.delivery, sequence: first.sequence }
  expect(attempts).toEqual([
    { ...line, attempt: 1, outcome: 'retrying', status: 500, error: 'the receiver answered 500' },
    { ...line, attempt: 2, outcome: 'delivered', status: 200 },
    {
      ...line,
      delivery: expect.not.stringContaining(first.delivery),
      sequence: first.sequence + 1,
      attempt: 1,
      outcome: 'retrying',
      status: 410,
      error: 'the receiver answered 410',
    },
  ])
  expect(lines.filter(({ msg }) => msg === 'webhook disabled')).toMatchObject([
    { level: 40, webhook: first.webhook, url: hook, reason: 'the receiver answered 410 Gone' },
  ])
  for (const text of hidden) expect(out).not.toContain(text)
}, 30_000)

test('in a terminal it is one line for people, with no secret either', async () => {
  const { out, hidden } = await run('pretty')
  const attempts = out.split('\n').filter((line) => line.includes('webhook lead_updated'))
  expect(attempts).toEqual([
    expect.stringMatching(/webhook lead_updated \d+ retrying 500 \d+ ms/),
    expect.stringMatching(/webhook lead_updated \d+ delivered 200 \d+ ms/),
    expect.stringMatching(/webhook lead_updated \d+ retrying 410 \d+ ms/),
  ])
  for (const text of hidden) expect(out).not.toContain(text)
}, 30_000)

test('who is refused at the door is told with the address, behind a trusted proxy too, and nobody else', async () => {
  const data = temporaryDirectory()
  const server = await serving(['--sample', '--data', data, '--log', 'json', '--trusted-proxies', '127.0.0.1/32,::1'])
  const get = (key: string) => {
    const headers = { authorization: `Bearer ${key}`, 'x-forwarded-for': '192.0.2.1, 203.0.113.7' }
    return fetch(`${server.url}/api/v1/leads/789`, { headers })
  }
  expect([(await get('a-guessed-key')).status, (await get(sampleKeys.readWrite)).status]).toEqual([401, 200])
  const { out } = await server.stop()
  const lines = out.split('\n').filter((line) => line.includes('"route":"/api/v1/leads/:leadId"'))
  const [refused, answered] = lines.map((line) => JSON.parse(line))
  expect(refused).toMatchObject({ status: 401, address: '203.0.113.7' })
  expect(answered).toMatchObject({ status: 200, company: 3 })
  expect(answered).not.toHaveProperty('address')
  for (const text of ['a-guessed-key', '192.0.2.1']) expect(out).not.toContain(text)
})

test.each(['json', 'pretty'])(
  'when nobody reads the log any more, the server goes on and stops in order: %s',
  async (form) => {
    const server = await serving(['--sample', '--data', temporaryDirectory(), '--log', form])
    server.child.stdout?.destroy()
    const headers = { authorization: `Bearer ${sampleKeys.readWrite}` }
    const statuses: number[] = []
    // More than a block of lines, which meets the broken pipe; what is left meets it at the end.
    for (let request = 0; request < 100; request += 1) {
      statuses.push((await fetch(`${server.url}/api/v1/leads/789`, { headers })).status)
    }
    expect(statuses).toEqual(statuses.map(() => 200))
    expect(await server.stop()).toMatchObject({ code: 0, err: '' })
  },
)

test('a reader that leaves just before the end does not hold it up', async () => {
  const server = await serving(['--sample', '--data', temporaryDirectory(), '--log', 'json'])
  server.child.stdout?.destroy()
  expect(await server.stop()).toMatchObject({ code: 0, err: '' })
})
