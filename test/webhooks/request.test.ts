import { describe, expect, onTestFinished, test } from 'vitest'
import { eventNames } from '../../src/contract/events.ts'
import { patchMembers } from '../../src/contract/leads.ts'
import type { Returned, Sender, Sending } from '../../src/webhooks/sending.ts'
import { backends } from '../backends.ts'
import { keys } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { aDelivery, administrator, insertDeliveries } from './examples.ts'

const answered: Returned = { status: 200, retryAfter: undefined, answer: 'thanks', error: undefined, ms: 12 }

/** A sender that keeps what it was given. */
function keeping(sent: Sending[]): Sender {
  return {
    send: async (sending) => {
      sent.push(sending)
      return answered
    },
    close: async () => {},
  }
}

/** What people see of headers that were sent. */
const hidden = (headers: Readonly<Record<string, string>> | undefined) => ({
  ...headers,
  authorization: 'Bearer ***',
  'webhook-signature': 'v1,***',
})

const url = 'https://eva:geheim@hooks.example/waggle?token=1'
const configuration = [{ id: 'lead_integration_settings', selected: [{ id: 'x', value: 'é' }] }]

describe.each(backends)('what a delivery carried, on %s', (_, start) => {
  const begin = async ({ dispatch = false } = {}) => {
    const sent: Sending[] = []
    const clock = handClock()
    const api = await start({ clock, sender: keeping(sent), dispatch })
    onTestFinished(() => api.close())
    const admin = administrator(api)
    const { uuid: integration } = await admin.integration({ apiKey: 'geheim-2', configuration })
    const { body: webhook } = await admin.post('/webhooks', { integration, url })
    return { api, admin, clock, sent, webhook, integration }
  }

  test('is told as it was sent, but for what proves who sent it', async () => {
    const { admin, api, clock, sent, webhook, integration } = await begin({ dispatch: true })
    await api.patch('/api/v1/leads/4711', { company_name: 'Ümlaut "GmbH"', tags: [7, 8] })
    await expect.poll(async () => (await admin.get(`/webhooks/${webhook.id}/deliveries`)).body).toHaveLength(1)
    const [row] = (await admin.get(`/webhooks/${webhook.id}/deliveries`)).body
    clock.move(60_000)
    await api.patch('/api/v1/tags/7', { label: 'renamed since' })

    const reply = await admin.get(`/webhooks/${webhook.uuid}/deliveries/${row.id}`)

    expect(reply.status).toBe(200)
    const { request, ...delivery } = reply.body
    expect(delivery).toEqual(row)
    expect(delivery).toMatchObject({ state: 'delivered', status: 200, answer: 'thanks' })
    expect(request.body).toBe(sent[0]?.body)
    expect(request.headers).toEqual(hidden(sent[0]?.headers))
    expect(request.url).toBe('https://***@hooks.example/waggle?token=1')
    for (const secret of ['geheim', webhook.secret, integration]) {
      expect(JSON.stringify(reply.body)).not.toContain(secret)
    }
  })

  test('is that of the last attempt, or of the first when there was none', async () => {
    const { admin, api, clock, webhook } = await begin()
    const [first, second] = [await admin.changeLead(), await admin.changeLead()]
    const at = clock.now() - 5_000
    await api.database.load(
      insertDeliveries([
        aDelivery(first, { id: 80, webhook_id: webhook.id, attempts: 3, last_attempt_at: at, replay: true }),
        aDelivery(second, { id: 81, webhook_id: webhook.id, state: 'pending', attempts: 0, last_attempt_at: null }),
      ]),
    )
    const headersOf = async (id: number) =>
      (await admin.get(`/webhooks/${webhook.id}/deliveries/${id}`)).body.request.headers
    expect(await headersOf(80)).toMatchObject({
      'x-waggle-attempt': '3',
      'x-waggle-sequence': String(first),
      'x-waggle-replay': 'true',
      'webhook-timestamp': String(Math.floor(at / 1000)),
    })
    expect(await headersOf(81)).toMatchObject({
      'x-waggle-attempt': '1',
      'x-waggle-sequence': String(second),
      'webhook-timestamp': String(Math.floor(clock.now() / 1000)),
    })
  })

  test('is not known any more when retention has emptied the event', async () => {
    const { admin, api, webhook } = await begin()
    const sequence = await admin.changeLead()
    await api.database.load(insertDeliveries([aDelivery(sequence, { id: 80, webhook_id: webhook.id })]))
    const key = { company_id: 3, sequence }
    await api.database.load([{ kind: 'update', table: 'events', key, set: { payload: null } }])
    expect(await admin.get(`/webhooks/${webhook.id}/deliveries/80`)).toMatchObject({
      status: 200,
      body: { id: 80, sequence, request: null },
    })
  })

  test('is not found at another endpoint, for another company, and under what is no number', async () => {
    const { admin, api, webhook } = await begin()
    const other = await admin.webhook()
    const sequence = await admin.changeLead()
    await api.database.load(insertDeliveries([aDelivery(sequence, { id: 80, webhook_id: webhook.id })]))
    const missing = 'Delivery not found or not accessible'
    for (const path of [`${other.id}/deliveries/80`, `${webhook.id}/deliveries/81`, `${webhook.id}/deliveries/x`]) {
      expectRefused(await admin.get(`/webhooks/${path}`), 404, missing)
    }
    const gone = 'Webhook not found or not accessible'
    expectRefused(await admin.get(`/webhooks/${webhook.id}/deliveries/80`, keys.otherAdmin), 404, gone)
    expectRefused(await admin.get(`/webhooks/${webhook.id}/preview`, keys.otherAdmin), 404, gone)
  })

  test('is foretold for a made-up lead: nothing is sent', async () => {
    const { admin, clock, sent, webhook } = await begin()
    const preview = await admin.get(`/webhooks/${webhook.id}/preview`)
    expect(preview).toMatchObject({ status: 200, body: { event: 'lead_updated', is_heard: true } })
    expect(sent).toEqual([])
    expect((await admin.get(`/webhooks/${webhook.id}/deliveries`)).body).toEqual([])

    await admin.post(`/webhooks/${webhook.id}/test`)

    const { request } = preview.body
    expect(request.body).toBe(sent[0]?.body)
    expect(JSON.parse(request.body)).toMatchObject({ configuration, lead: { updated_at: clock.now() } })
    expect(Object.keys(request.headers).toSorted()).toEqual(
      Object.keys(sent[0]?.headers ?? {})
        .flatMap((name) => (name === 'x-waggle-test' ? ['x-waggle-sequence'] : [name]))
        .toSorted(),
    )
    expect(request).toMatchObject({ url: 'https://***@hooks.example/waggle?token=1' })
    expect(request.headers.authorization).toBe('Bearer ***')
  })

  test('is foretold for every event, and says whether the endpoint hears of it', async () => {
    const { admin } = await begin()
    const { id } = await admin.webhook({ events: ['lead_created', 'lead_updated'] })
    const heard: string[] = []
    for (const event of eventNames) {
      const { body } = await admin.get(`/webhooks/${id}/preview?event=${event}`)
      expect(JSON.parse(body.request.body)).toMatchObject({ event_id: event })
      if (body.is_heard) heard.push(event)
    }
    expect(heard).toEqual(['lead_created', 'lead_updated'])
    expect((await admin.get(`/webhooks/${id}/preview`)).body.event).toBe('lead_created')
    for (const event of ['', 'lead', 'LEAD_CREATED']) {
      expectRefused(await admin.get(`/webhooks/${id}/preview?event=${event}`), 400, 'Invalid event')
    }
  })

  test.each(patchMembers)('of an endpoint that hears of %s changes that', async (member) => {
    const { admin } = await begin()
    const { id } = await admin.webhook({ fields: [member] })
    const { body } = await admin.get(`/webhooks/${id}/preview`)
    expect(body.is_heard).toBe(true)
    const told = JSON.parse(body.request.body)
    expect(told.changed_fields).toEqual([member])
    expect(Object.keys(told.changes)).toEqual([member])
    expect(told.changes[member].old).not.toEqual(told.changes[member].new)
    if (told.lead[member] !== undefined && member !== 'tags') expect(told.lead[member]).toBe(told.changes[member].new)
    const made = await admin.get(`/webhooks/${id}/preview?event=lead_created`)
    expect(JSON.parse(made.body.request.body)).toMatchObject({ changed_fields: [], changes: {} })
  })
})
