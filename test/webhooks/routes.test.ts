import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { jwtVerify } from 'jose'
import { Webhook } from 'standardwebhooks'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type TableName, tables } from '../../src/storage/tables.ts'
import type { Returned, Sender, Sending } from '../../src/webhooks/sending.ts'
import { type Api, backends, type Reply } from '../backends.ts'
import { keys, userUuid, uuidOf } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { type Administrator, aDelivery, administrator, insertDeliveries } from './examples.ts'

const webhookNotFound = 'Webhook not found or not accessible'

interface Request {
  readonly method: string
  readonly path: string
  readonly body?: object
}
/** Every endpoint of the group; `:id` stands for an endpoint's number or uuid. */
const requests: readonly Request[] = [
  { method: 'GET', path: '/integrations' },
  { method: 'POST', path: '/integrations', body: { name: 'CRM' } },
  { method: 'GET', path: '/webhooks' },
  { method: 'POST', path: '/webhooks', body: { url: 'https://a.example/' } },
  { method: 'GET', path: '/webhooks/:id' },
  { method: 'PATCH', path: '/webhooks/:id', body: { state: 'paused' } },
  { method: 'DELETE', path: '/webhooks/:id' },
  { method: 'POST', path: '/webhooks/:id/test' },
  { method: 'POST', path: '/webhooks/:id/rotate-secret' },
  { method: 'GET', path: '/webhooks/:id/deliveries' },
  { method: 'GET', path: '/webhooks/:id/deliveries/70' },
  { method: 'GET', path: '/webhooks/:id/preview' },
  { method: 'POST', path: '/webhooks/:id/replay-failed' },
  { method: 'POST', path: '/webhooks/:id/deliveries/70/replay' },
  { method: 'POST', path: '/webhooks/deliveries/70/replay' },
  { method: 'POST', path: '/webhooks/:id/replay', body: { since: 1 } },
]
const onOne = requests.filter(({ path }) => path.includes(':id'))

describe.each(backends)('the door to webhooks on %s', (_, start) => {
  let api: Api
  let admin: Administrator
  let webhook: { id: number; uuid: string }
  beforeEach(async () => {
    api = await start()
    onTestFinished(() => api.close())
    admin = administrator(api)
    webhook = await admin.webhook()
  })
  const send = (
    { method, path, body }: Request,
    id: number | string,
    key: string | null,
    headers = {},
  ): Promise<Reply> =>
    api.request(method, `/api/v1${path.replace(':id', String(id))}`, {
      key,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })

  test.each(requests)('$method $path asks for the switch of administration', async (request) => {
    const before = await admin.row(webhook.id)
    for (const key of [keys.full, keys.readOnly, keys.writeOnly, keys.other]) {
      expectRefused(await send(request, webhook.id, key), 403, 'Admin access required for this operation')
    }
    for (const key of [null, keys.revoked, keys.expired, keys.suspended, 'jb_api_none']) {
      expectRefused(await send(request, webhook.id, key), 401, 'Invalid API key or insufficient permissions')
    }
    expect(await admin.row(webhook.id)).toEqual(before)
  })

  test.each(onOne)(
    "$method $path of another company's endpoint answers as of one that is not there",
    async (request) => {
      const before = await admin.row(webhook.id)
      for (const id of [webhook.id, webhook.uuid]) {
        expectRefused(await send(request, id, keys.otherAdmin), 404, webhookNotFound)
      }
      for (const id of ['99', uuidOf(8, 99), '0', '01', 'x', '-1', '9007199254740993']) {
        expectRefused(await send(request, id, keys.admin), 404, webhookNotFound)
      }
      expect(await admin.row(webhook.id)).toEqual(before)
    },
  )

  test("another company's administrator sees an empty list", async () => {
    expect((await admin.get('/webhooks', keys.otherAdmin)).body).toEqual([])
    const other = await admin.webhook({ url: 'https://theirs.example/' }, keys.otherAdmin)
    expect((await admin.get('/webhooks', keys.otherAdmin)).body).toMatchObject([{ id: other.id }])
    expect((await admin.get('/webhooks')).body).toMatchObject([{ id: webhook.id }])
  })

  test.each(requests.filter(({ method }) => method !== 'GET'))(
    '$method $path refuses an idempotency key of the wrong form',
    async (request) => {
      const reply = await send(request, webhook.id, keys.admin, { 'idempotency-key': 'a b' })
      expectRefused(reply, 400, 'Invalid Idempotency-Key')
    },
  )

  test.each(requests.filter(({ body }) => body !== undefined))(
    '$method $path wants a JSON object',
    async ({ method, path }) => {
      for (const body of [null, [], 'x']) {
        const at = `/api/v1${path.replace(':id', String(webhook.id))}`
        const headers = { 'content-type': 'application/json' }
        const reply = await api.request(method, at, { key: keys.admin, headers, body: JSON.stringify(body) })
        expectRefused(reply, 400, 'Request body must be a JSON object')
      }
    },
  )

  test('a secret is made anew for each request, whatever its idempotency key: it is not kept in the clear', async () => {
    const headers = { 'idempotency-key': 'same' }
    const rotate = () => admin.post(`/webhooks/${webhook.id}/rotate-secret`, undefined, { headers })
    const [first, second] = [await rotate(), await rotate()]
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.body.secret).not.toBe(first.body.secret)
    const kept = await api.database.find((db) => db.selectFrom('idempotency_keys').selectAll())
    expect(kept).toEqual([])
  })
})

/** Every row as the database holds it, and the embedded one's files. */
async function atRest({ database, directory }: Api): Promise<Buffer> {
  const files = ['waggle.db', 'waggle.db-wal'].map((name) => join(directory, name)).filter(existsSync)
  const parts = files.map((file) => readFileSync(file))
  for (const table of Object.keys(tables) as TableName[]) {
    const rows: readonly object[] = await database.find((db) => db.selectFrom(table).selectAll())
    for (const value of rows.flatMap((row) => Object.values(row))) {
      parts.push(Buffer.from(value instanceof Uint8Array ? value : (JSON.stringify(value) ?? '')))
    }
  }
  return Buffer.concat(parts)
}

describe.each(backends)('secrets on %s', (_, start) => {
  test('are told once, in no list or view, and rest sealed', async () => {
    const api = await start()
    onTestFinished(() => api.close())
    const admin = administrator(api)
    const apiKey = 'key-of-the-integration-9000'
    const theirs = 'their-own-credential-9001'
    const externalSettings = { authorisation: [{ id: 'api_key', value: theirs }] }
    const headers = { 'idempotency-key': 'sealed-too' }
    const made = await admin.post('/integrations', { name: 'CRM', apiKey, externalSettings }, { headers })
    const { uuid: integration } = made.body
    const { body } = await admin.post('/webhooks', { integration, url: 'https://eva:geheim@a.example/' })
    const rotated = await admin.post(`/webhooks/${body.id}/rotate-secret`)
    await admin.post(`/webhooks/${body.id}/test`)
    const sequence = await admin.changeLead()
    await api.database.load(insertDeliveries([aDelivery(sequence, { webhook_id: body.id })]))
    const secrets = [apiKey, theirs, body.secret, rotated.body.secret].map((secret) => String(secret))

    const told = JSON.stringify([
      made.body,
      ...(await Promise.all(
        ['/integrations', '/webhooks', `/webhooks/${body.id}`, `/webhooks/${body.id}/deliveries`].map(
          async (path) => (await admin.get(path)).body,
        ),
      )),
      (await admin.patch(`/webhooks/${body.id}`, { state: 'paused' })).body,
      (await admin.get(`/events/${sequence}/deliveries`, keys.full)).body,
      api.log,
    ])
    for (const secret of [...secrets, 'geheim']) expect(told).not.toContain(secret)

    const bytes = await atRest(api)
    expect(bytes.includes(integration)).toBe(true)
    for (const secret of secrets) {
      expect(bytes.includes(secret)).toBe(false)
      expect(bytes.includes(Buffer.from(secret.replace('whsec_', ''), 'base64'))).toBe(false)
    }
  })
})

describe.each(backends)('a test of an endpoint on %s', (_, start) => {
  const clock = handClock()
  const answered: Returned = { status: 204, retryAfter: undefined, answer: '', error: undefined, ms: 12 }
  const begin = async (returned: Returned = answered) => {
    const sent: Sending[] = []
    const sender: Sender = {
      send: async (sending) => {
        sent.push(sending)
        return returned
      },
      close: async () => {},
    }
    const api = await start({ clock, sender })
    onTestFinished(() => api.close())
    return { api, admin: administrator(api), sent }
  }

  test('sends a made-up lead that verifies as every message does, and tells what came back', async () => {
    const { api, admin, sent } = await begin()
    const configuration = [{ id: 'lead_integration_settings' }]
    const externalSettings = { authorisation: [{ id: 'api_key', value: 'theirs' }] }
    const { uuid: integration } = await admin.integration({ apiKey: 'ours', configuration, externalSettings })
    const url = 'https://a.example/hook'
    const { id, secret } = (await admin.post('/webhooks', { integration, url })).body
    const row = await admin.row(id)
    const events = await api.events()

    const reply = await admin.post(`/webhooks/${id}/test`)

    expect(reply).toMatchObject({ status: 200 })
    expect(reply.body).toEqual({ delivered: true, status: 204, ms: 12, answer: null, error: null })
    const [message, ...more] = sent
    if (message === undefined) throw new Error('nothing was sent')
    expect(more).toEqual([])
    expect(message).toMatchObject({ endpoint: id, url })
    expect(message.headers).toMatchObject({ 'x-waggle-test': 'true', 'x-waggle-attempt': '1' })
    expect(message.headers).not.toHaveProperty('x-waggle-sequence')
    const body = JSON.parse(message.body)
    expect(body).toMatchObject({
      company_uuid: uuidOf(1, 3),
      user_uuid: userUuid(31),
      event_id: 'lead_updated',
      lead: { company_name: 'Nordlicht GmbH', updated_at: clock.now() },
      configuration,
    })
    const real = events[0]?.payload?.state ?? {}
    expect(Object.keys(body.lead).sort()).toEqual(Object.keys(real).sort())
    const token = String(message.headers['authorization']).replace('Bearer ', '')
    const currentDate = new Date(clock.now())
    const { payload } = await jwtVerify(token, Buffer.from(integration), { currentDate })
    expect(payload).toMatchObject({ api_key: 'ours', external_settings: externalSettings, event_id: 'lead_updated' })
    const stamp = Number(message.headers['webhook-timestamp'])
    expect(stamp).toBe(Math.floor(clock.now() / 1000))
    const signed = new Webhook(secret).sign(String(message.headers['webhook-id']), currentDate, message.body)
    expect(message.headers['webhook-signature']).toBe(signed)

    expect(await admin.row(id)).toEqual(row)
    expect(await api.events()).toEqual(events)
    expect((await admin.get(`/webhooks/${id}/deliveries`)).body).toEqual([])
  })

  test('is of the first event that the endpoint hears of, and goes out while it rests', async () => {
    const { admin, sent } = await begin()
    const { id } = await admin.webhook({ events: ['lead_created', 'lead_updated'] })
    await admin.set(id, { state: 'disabled', reason: 'gone' })
    expect((await admin.post(`/webhooks/${id}/test`)).body).toMatchObject({ delivered: true })
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({ event_id: 'lead_created' })
  })

  test('tells an answer that is no success', async () => {
    const { admin } = await begin({ ...answered, status: 500, answer: 'oh no' })
    const { id } = await admin.webhook()
    expect((await admin.post(`/webhooks/${id}/test`)).body).toEqual({
      delivered: false,
      status: 500,
      ms: 12,
      answer: 'oh no',
      error: null,
    })
  })

  test('tells why there was no answer', async () => {
    const { admin } = await begin({ ...answered, status: undefined, error: 'connection refused' })
    const { id } = await admin.webhook()
    expect((await admin.post(`/webhooks/${id}/test`)).body).toEqual({
      delivered: false,
      status: null,
      ms: 12,
      answer: null,
      error: 'connection refused',
    })
  })

  test('signs with the secret before the last rotation as well, for a day', async () => {
    const { admin, sent } = await begin()
    const { id } = await admin.webhook()
    await admin.post(`/webhooks/${id}/rotate-secret`)
    await admin.post(`/webhooks/${id}/test`)
    clock.move(24 * 60 * 60 * 1000)
    await admin.post(`/webhooks/${id}/test`)
    const signatures = sent.map(({ headers }) => String(headers['webhook-signature']).split(' ').length)
    expect(signatures).toEqual([2, 1])
  })
})
