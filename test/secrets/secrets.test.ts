import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test, vi } from 'vitest'
import { type Running, serving, temporaryDirectory, waggle } from '../commands/program.ts'
import { isPostgresMissing, testDatabase } from '../postgres/databases.ts'
import { echoingMailServer, echoingProvider, echoingReceiver, Secrets } from './world.ts'

/** Passwords are hashed slowly, on purpose. */
vi.setConfig({ testTimeout: 120_000 })

const publicUrl = 'http://waggle.our.example'
const email = 'eva.ost@our.example'

interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the server answers
  readonly body: any
  readonly headers: Headers
}

/** A client that carries the cookie of a page, or a key. */
class Client {
  readonly #url: string
  readonly #cookies = new Map<string, string>()

  constructor(url: string) {
    this.#url = url
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const cookie = [...this.#cookies].map((pair) => pair.join('=')).join('; ')
    const reply = await fetch(`${this.#url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        origin: publicUrl,
        ...(cookie !== '' && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    for (const set of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      this.#cookies.set(name, value)
    }
    const text = await reply.text()
    const isJson = reply.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
    return { status: reply.status, body: isJson ? JSON.parse(text) : text, headers: reply.headers }
  }

  cookie(name: string): string {
    return this.#cookies.get(name) ?? ''
  }
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** Whoever signs in, well and badly, by password, link, mail and provider. */
async function walkPeople({ url, banner }: Running, secrets: Secrets): Promise<Client> {
  const page = new Client(url)
  const [code = ''] = /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(banner) ?? []
  const password = secrets.add('password', 'three dull honeycombs')
  const first = { email, first_name: 'Eva', company_name: 'Our Ltd' }
  const wrongCode = { ...first, code: secrets.add('wrong code', 'WRNG-CODE'), password }
  expect((await page.send('POST', '/api/console/setup', wrongCode)).status).toBe(403)
  expect((await page.send('POST', '/api/console/setup', { ...first, code, password })).status).toBe(201)
  secrets.add('session', page.cookie('waggle_session'))

  const wrong = secrets.add('wrong password', 'four dull honeycombs')
  expect((await page.send('POST', '/api/console/sign-in', { email, password: wrong })).status).toBe(401)
  expect((await page.send('POST', '/api/console/sign-in', `{"password":"${wrong}"`)).status).toBe(400)
  const other = new Client(url)
  expect((await other.send('POST', '/api/console/sign-in', { email, password })).status).toBe(200)
  secrets.add('second session', other.cookie('waggle_session'))
  expect((await other.send('POST', '/api/console/sign-out')).status).toBe(204)

  const next = secrets.add('next password', 'six bright honeycombs')
  const change = (current: string) =>
    page.send('POST', '/api/console/password', { current_password: current, password: next })
  expect([(await change(wrong)).status, (await change(password)).status]).toEqual([403, 204])
  secrets.add('session begun anew', page.cookie('waggle_session'))
  expect((await page.send('POST', '/api/console/sessions/none/end', { password: wrong })).status).toBe(403)
  expect((await page.send('POST', '/api/console/sessions/end-others', { password: next })).status).toBe(204)
  secrets.add('session begun once more', page.cookie('waggle_session'))

  const made = await page.send('POST', '/api/v1/users', { email: 'ada@our.example', role: 'partnerships' })
  expect(made.status).toBe(201)
  const link = await page.send('POST', `/api/console/users/${made.body.id}/link`)
  expect(link).toMatchObject({ status: 201, body: { mailed: false } })
  const token = secrets.add('link', new URL(link.body.url).searchParams.get('token') ?? '')
  expect((await other.send('POST', '/api/console/link', { token })).status).toBe(200)
  expect((await other.send('GET', `/console/welcome?token=${token}`)).status).toBeLessThan(500)
  const chosen = secrets.add('chosen password', 'five dull honeycombs')
  expect((await other.send('POST', '/api/console/welcome', { token, password: chosen })).status).toBe(200)
  expect(
    (await other.send('POST', '/api/console/link', { token: secrets.add('no link', 'no-such-link') })).status,
  ).toBe(410)
  expect((await other.send('POST', '/api/console/forgot', { email })).status).toBe(204)

  const begun = await other.send('GET', '/api/console/oidc?to=/leads')
  const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? ''
  secrets.add('seed of the flow', other.cookie('waggle_oidc').split('.')[0] ?? '')
  const authorization = secrets.add('authorization code', 'code-from-the-provider')
  const back = await other.send('GET', `/api/console/oidc/callback?code=${authorization}&state=${state}`)
  expect(back.headers.get('location')).toContain('reason=invalid')
  return page
}

/** Keys, right and wrong, where they belong and where they do not. */
async function walkKeys(page: Client, url: string, secrets: Secrets): Promise<string> {
  const all = { label: 'All', read_access: true, write_access: true, admin_access: true }
  const made = await page.send('POST', '/api/v1/keys', all)
  expect(made.status).toBe(201)
  const rotated = await page.send('POST', `/api/v1/keys/${made.body.id}/rotate`, {})
  secrets.add('old key', made.body.key)
  const key = secrets.add('key', rotated.body.key)
  const wrong = secrets.add('wrong key', `wgl_${randomBytes(24).toString('hex')}`)
  const client = new Client(url)
  expect((await client.send('GET', '/api/v1/leads', undefined, bearer(key))).status).toBe(200)
  expect((await client.send('GET', '/api/v1/leads', undefined, bearer(wrong))).status).toBe(401)
  expect((await client.send('GET', '/api/v1/leads', undefined, { authorization: `Basic ${key}` })).status).toBe(401)
  for (const path of [`?key=${key}`, `/${key}`, `/${wrong}/history?api_key=${wrong}`]) {
    const reply = await client.send('GET', `/api/v1/leads${path}`, undefined, { 'x-api-key': key })
    expect(reply.status, path).toBe(401)
    expect((await client.send('GET', `/api/v1/leads${path}`, undefined, bearer(key))).status).toBeLessThan(500)
  }
  expect((await client.send('GET', `/${key}/${wrong}`)).status).toBe(404)
  const strict = { ...bearer(key), prefer: 'handling=strict', 'idempotency-key': key }
  expect((await client.send('POST', '/api/v1/leads', { email, [key]: wrong }, strict)).status).toBe(400)
  expect((await client.send('POST', '/api/v1/leads', { email, api_key: key }, bearer(key))).status).toBe(201)
  expect((await client.send('GET', `/metrics?key=${key}`)).status).toBe(200)
  return key
}

/** An endpoint whose receiver tells back all that it knows. */
async function walkWebhooks(url: string, key: string, secrets: Secrets): Promise<void> {
  const receiver = await echoingReceiver()
  const client = new Client(url)
  const send = (method: string, path: string, body?: unknown) =>
    client.send(method, `/api/v1${path}`, body, bearer(key))
  const integration = await send('POST', '/integrations', {
    name: 'CRM',
    apiKey: secrets.add("receiver's key", 'crm-key-0123456789'),
    externalSettings: { account: { token: secrets.add("receiver's setting", 'crm-token-0123456789') } },
  })
  const user = secrets.add('user of the URL', 'eva-of-the-url')
  const word = secrets.add('password of the URL', 'pass-of-the-url')
  const path = `${secrets.add('path of the URL', 'T0123456789/B0123456789')}?token=${secrets.add('query of the URL', 'q0123456789')}`
  const target = `http://${user}:${word}@${receiver.host}/services/${path}`
  const made = await send('POST', '/webhooks', { integration: integration.body.uuid, url: target })
  expect(made.status).toBe(201)
  secrets.add('signing secret', made.body.secret.replace('whsec_', ''))
  const rotated = await send('POST', `/webhooks/${made.body.id}/rotate-secret`)
  secrets.add('new signing secret', rotated.body.secret.replace('whsec_', ''))
  const tested = await send('POST', `/webhooks/${made.body.id}/test`)
  expect(tested.body).toMatchObject({ delivered: false, status: 500 })

  const { body } = await send('POST', '/leads', { email: 'lead@our.example' })
  expect(body.id).toBeGreaterThan(0)
  const deliveries = async () => (await send('GET', `/webhooks/${made.body.id}/deliveries`)).body
  await expect.poll(deliveries, { timeout: 20_000 }).toMatchObject([{ attempts: 2 }])
  const [{ id }] = await deliveries()
  const shown = await send('GET', `/webhooks/${made.body.id}/deliveries/${id}`)
  expect(JSON.stringify(shown.body)).toContain('lead@our.example')
  for (const { authorization, 'webhook-signature': signatures } of receiver.received) {
    secrets.add(`token ${authorization}`, String(authorization).replace('Bearer ', ''))
    for (const one of String(signatures).split(' ')) secrets.add(`signature ${one}`, one.replace('v1,', ''))
  }
  expect(secrets.foundIn(JSON.stringify([tested.body, shown.body]), ['path of the URL', 'query of the URL'])).toEqual(
    [],
  )
}

/** Faults of ours: what a statement says then is in the log. */
async function walkFaults(url: string, page: Client, key: string, data: string): Promise<void> {
  const client = new Client(url)
  for (const [file, table] of [
    ['waggle.db', 'leads'],
    ['waggle.db', 'api_keys'],
    ['auth.db', 'account'],
    ['auth.db', 'session'],
  ]) {
    const database = new DatabaseSync(join(data, file ?? ''), { timeout: 5_000 })
    database.exec(`ALTER TABLE ${table} RENAME TO ${table}_away`)
    database.close()
  }
  const statuses = [
    (await client.send('POST', '/api/v1/leads', { email: 'x@our.example', phone_number: key }, bearer(key))).status,
    (await client.send('GET', '/api/v1/leads', undefined, bearer(`${key}0`))).status,
    (await page.send('POST', '/api/console/sign-in', { email, password: 'six bright honeycombs' })).status,
    (await page.send('GET', '/api/v1/me')).status,
  ]
  expect(statuses.filter((status) => status >= 500).length).toBeGreaterThan(1)
}

/** All files of a directory, one behind the other. */
const filesIn = (directory: string): string =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
    .join('\n')

const places = isPostgresMissing ? ['json', 'pretty'] : ['json', 'pretty', 'json on PostgreSQL']

test.each(places)('no secret is in the log, in the metrics or in a file: %s', async (form) => {
  const secrets = new Secrets()
  const [mail, provider] = await Promise.all([echoingMailServer(), echoingProvider()])
  const data = temporaryDirectory()
  const database = form.includes('PostgreSQL') ? await testDatabase() : undefined
  const databaseUrl = database && new URL(database.url)
  if (databaseUrl) databaseUrl.password = secrets.add('password of the database', 'word-of-the-database')
  const env = {
    WAGGLE_SECRET_KEY: secrets.add('secret key', randomBytes(32).toString('hex')),
    WAGGLE_SMTP_URL: `smtp://waggle:${secrets.add('password of mail', 'word-of-the-mail-server')}@${mail.host}`,
    WAGGLE_SMTP_FROM: 'waggle@our.example',
    WAGGLE_OIDC_ISSUER: provider.issuer,
    WAGGLE_OIDC_CLIENT_ID: 'waggle',
    WAGGLE_OIDC_CLIENT_SECRET: secrets.add('client secret', 'secret-of-the-client'),
    WAGGLE_PUBLIC_URL: publicUrl,
    ...(databaseUrl && { WAGGLE_DATABASE_URL: databaseUrl.href }),
  }
  const flags = ['--log', form.split(' ')[0] ?? '', '--webhook-retry-schedule', '0,0', '--webhook-allow', '127.0.0.0/8']
  const server = await serving(['--data', data, ...flags], { env })
  const page = await walkPeople(server, secrets)
  const key = await walkKeys(page, server.url, secrets)
  await walkWebhooks(server.url, key, secrets)
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  if (database === undefined) await walkFaults(server.url, page, key, data)
  const { out, err } = await server.stop()
  await database?.release()

  expect(mail.tried).toContain('word-of-the-mail-server')
  expect(provider.asked.join()).toContain('secret-of-the-client')
  expect(out).toContain('/api/v1/leads')
  expect(secrets.foundIn(out)).toEqual([])
  expect(secrets.foundIn(err)).toEqual([])
  expect(secrets.foundIn(metrics)).toEqual([])
  // Where messages go is told to administrators, and rests in the database as it is.
  const ofTheUrl = ['user of the URL', 'password of the URL', 'path of the URL', 'query of the URL']
  expect(secrets.foundIn(filesIn(data), ofTheUrl)).toEqual([])
})

test.each([
  ['WAGGLE_SECRET_KEY', 'secret-key-cut-in-hal'],
  ['WAGGLE_DATABASE_URL', 'postgre://waggle:secret-word@127.0.0.1:5432/waggle'],
  ['WAGGLE_DATABASE_URL', 'postgres://waggle:secret-word@127.0.0.1:99999/waggle'],
  ['WAGGLE_DATABASE_URL', 'postgres://waggle:secret-word@127.0.0.1:1/waggle'],
  ['WAGGLE_DATABASE_URL', 'postgres://waggle:secret-word@nowhere.invalid/waggle?sslmode=no'],
  ['WAGGLE_SMTP_URL', 'smtp//waggle:secret-word@mail.our.example'],
  ['WAGGLE_OIDC_ISSUER', 'https://waggle:secret-word@login.our.example'],
  ['WAGGLE_OIDC_CLIENT_SECRET', 'secret-word-alone'],
  ['WAGGLE_PUBLIC_URL', 'https://waggle:secret-word@waggle.our.example'],
])('a start that %s stops tells nothing of the secret in it: %s', async (name, value) => {
  const data = temporaryDirectory()
  const flag = `--${name.replace('WAGGLE_', '').toLowerCase().replaceAll('_', '-')}`
  for (const { code, out, err } of [
    await waggle(['serve', '--port', '0', '--data', data], { env: { [name]: value } }),
    await waggle(['serve', '--port', '0', '--data', data, flag, value]),
  ]) {
    expect(code).toBe(1)
    expect(err).toMatch(/waggle: /)
    expect(`${out}${err}`).not.toMatch(/secret-(word|key-cut)/)
  }
})

test('a vault that another key has sealed tells neither', async () => {
  const data = temporaryDirectory()
  const [first, second] = [randomBytes(32).toString('hex'), randomBytes(32).toString('base64')]
  await (await serving(['--data', data], { env: { WAGGLE_SECRET_KEY: first } })).stop()
  const { err } = await waggle(['serve', '--port', '0', '--data', data], { env: { WAGGLE_SECRET_KEY: second } })
  expect(err).toContain('WAGGLE_SECRET_KEY is not the key')
  expect(err).not.toContain(first)
  expect(err).not.toContain(second)
})
