import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { serving, temporaryDirectory, waggle } from './program.ts'

/** The example of the reference page, with nothing changed but where it goes. */
const example = {
  status: 'qualified',
  company_name: 'TechCorp Solutions Inc',
  phone_number: '+1-555-123-4567',
  assignedUsers: [123, 456],
  tags: [10, 11, 12],
  customFields: [
    { customFieldId: 5, type: 'number', value: { number: 150000 } },
    { customFieldId: 6, type: 'select', value: { select: 3 } },
  ],
}
const headers = { authorization: 'Bearer jb_api_1234567890abcdef', 'content-type': 'application/json' }

test('the sample answers the example of the reference page, and keeps it over a restart', async () => {
  const data = temporaryDirectory()
  const first = await serving(['--sample', '--data', data])
  expect(first.banner).toContain(`curl -X PATCH ${first.url}/api/v1/leads/789`)
  const reply = await fetch(`${first.url}/api/v1/leads/789`, {
    method: 'PATCH',
    headers,
    body: JSON.stringify(example),
  })
  expect(reply.status).toBe(200)
  const answer: object = JSON.parse(await reply.text())
  expect(answer).toEqual({ id: 789, uuid: expect.any(String), updated_at: expect.any(String) })
  expect(await first.stop()).toMatchObject({ code: 0, err: '' })

  const second = await serving(['--sample', '--data', data])
  const lead = JSON.parse(await (await fetch(`${second.url}/api/v1/leads/789`, { headers })).text())
  expect(lead).toMatchObject({ ...answer, status: 'qualified', company_name: 'TechCorp Solutions Inc' })
  expect(lead.tags.map(({ id }: { id: number }) => id)).toEqual([10, 11, 12])
  const map = join(data, 'sample.json')
  expect(JSON.parse(readFileSync(map, 'utf8'))).toMatchObject({ baseUrl: second.url, leadId: 789, leadUuid: lead.uuid })
  expect(statSync(map).mode & 0o777).toBe(0o600)
})

test('the log tells each request in one line of JSON, and neither key nor body', async () => {
  const server = await serving(['--sample', '--data', temporaryDirectory()])
  await fetch(`${server.url}/api/v1/leads/789`, { method: 'PATCH', headers, body: '{"company_name":"Secret Ltd"}' })
  await fetch(`${server.url}/api/v1/leads/789`, { headers: { authorization: 'Bearer jb_api_wrong_000000000000' } })
  const { out } = await server.stop()
  const lines = out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
  expect(lines).toContainEqual(
    expect.objectContaining({
      method: 'PATCH',
      route: '/api/v1/leads/:leadId',
      status: 200,
      ms: expect.any(Number),
      company: expect.any(Number),
      key: 'jb_api_1',
      requestId: expect.any(String),
    }),
  )
  expect(lines).toContainEqual(expect.objectContaining({ method: 'GET', status: 401 }))
  const json = lines.map((line) => JSON.stringify(line)).join('\n')
  expect(json).not.toMatch(/Secret Ltd|jb_api_1234567890abcdef|jb_api_wrong/)
})

test('a database of your own is not mixed with the sample', async () => {
  const data = temporaryDirectory()
  await waggle(['init', '--data', data])
  const { code, err } = await waggle(['serve', '--sample', '--port', '0', '--data', data])
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('holds data of your own') })
})

test('a database of your own is served in place of the sample, where that is said', async () => {
  const data = temporaryDirectory()
  const first = await serving(['--sample-if-empty', '--data', data])
  expect(first.banner).toContain(`curl -X PATCH ${first.url}/api/v1/leads/789`)
  await first.stop()
  const again = await serving(['--sample-if-empty', '--data', data])
  expect(again.banner).toContain('is running with sample data')
  await again.stop()

  const own = temporaryDirectory()
  await waggle(['init', '--data', own])
  const server = await serving(['--sample-if-empty', '--data', own, '--host', '0.0.0.0'])
  expect(server.banner).not.toContain('sample')
  const { port } = new URL(server.url)
  const reply = await fetch(`http://127.0.0.1:${port}/api/v1/leads/789`, { headers })
  expect(reply.status).toBe(401)
})

test('the sample is not shown to the network, unless that is said', async () => {
  const { code, err } = await waggle(['serve', '--sample', '--host', '0.0.0.0', '--data', temporaryDirectory()])
  expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('--sample-public') })
  const { err: unsaid } = await waggle([
    'serve',
    '--sample-if-empty',
    '--host',
    '0.0.0.0',
    '--data',
    temporaryDirectory(),
  ])
  expect(unsaid).toContain('--sample-public')
  const open = await serving(['--sample', '--sample-public', '--host', '0.0.0.0', '--data', temporaryDirectory()])
  expect(open.url).toContain('0.0.0.0')
})

test('a port that is taken, and a directory in use, are said', async () => {
  const data = temporaryDirectory()
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await new Promise((listening) => taken.once('listening', listening))
  const address = taken.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  expect(await waggle(['serve', '--data', data, '--port', String(port)])).toMatchObject({
    code: 1,
    err: `waggle: Port ${port} on 127.0.0.1 is taken. Choose another with --port or WAGGLE_PORT.\n`,
  })
  await serving(['--data', data])
  const second = await waggle(['serve', '--port', '0', '--data', data])
  expect(second).toMatchObject({ code: 1, err: expect.stringContaining('Another Waggle server is using the data') })
})

test('unknown options, variables and values are refused with what would be right', async () => {
  const data = temporaryDirectory()
  const errors = await Promise.all([
    waggle(['serve', '--prot', '4000']),
    waggle(['serve', '--data', data], { env: { WAGGLE_PROT: '1' } }),
    waggle(['serve', '--data', data, '--port', 'http']),
    waggle(['serve', '--port']),
    waggle(['sevre']),
  ])
  expect(errors.map(({ code, err }) => `${code} ${err}`)).toEqual([
    '1 waggle: Unknown option --prot. Did you mean --port?\n',
    '1 waggle: Unknown setting WAGGLE_PROT. Did you mean WAGGLE_PORT?\n',
    '1 waggle: --port is "http", but must be a whole number from 0 to 65535.\n',
    '1 waggle: --port needs a value: --port <port>.\n',
    '1 waggle: Unknown command "sevre". Did you mean serve? See: waggle --help\n',
  ])
})
