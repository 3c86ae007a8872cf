import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock, systemTimers } from '../../src/kernel/clock.ts'
import { systemRandom } from '../../src/kernel/random.ts'
import type { Database } from '../../src/storage/port.ts'
import { Dispatcher } from '../../src/webhooks/dispatch.ts'
import { createSender } from '../../src/webhooks/send.ts'
import { type Api, backends, type Start } from '../backends.ts'
import { keys, leadUuid, userUuid, uuidOf } from '../fixture.ts'
import { receiver, verified } from './receiver.ts'

const testSender = () =>
  createSender({
    allow: ['127.0.0.0/8'],
    timeoutMs: 1_000,
    connections: 16,
    clock: systemClock,
    timers: systemTimers,
  })

/** A dispatcher beside the server's own, which was not started. */
async function dispatchOver(database: Database, { vault }: Api): Promise<void> {
  const dispatcher = new Dispatcher({
    database,
    vault,
    sender: testSender(),
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom,
    rules: { scheduleMs: [0], holdMs: 0, concurrency: 1, disableAfterMs: 1_000 },
    observer: { attempt: () => {}, disabled: () => {}, fault: () => {} },
  })
  onTestFinished(() => dispatcher.close())
  await dispatcher.start()
}

describe.each(backends)('changes reach endpoints, on %s', (_, start) => {
  async function begin(more: Start = {}): Promise<Api> {
    const sender = testSender()
    const config = { webhookAllow: ['127.0.0.0/8'], webhookRetrySchedule: [0, 0, 0, 0], ...more.config }
    const api = await start({ sender, dispatch: true, ...more, config })
    onTestFinished(async () => {
      await api.close()
      await sender.close()
    })
    return api
  }

  const admin = (api: Api, method: string, path: string, body?: unknown) =>
    api.request(method, path, {
      key: keys.admin,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })

  async function subscribe(api: Api, url: string, more: object = {}) {
    const made = await admin(api, 'POST', '/api/v1/integrations', {
      name: 'CRM',
      apiKey: 'their key',
      configuration: [{ id: 'lead_integration_settings', selected: [] }],
      externalSettings: { authorisation: [{ id: 'api_key', value: 'ours' }] },
    })
    expect(made.status).toBe(201)
    const webhook = await admin(api, 'POST', '/api/v1/webhooks', { integration: made.body.uuid, url, ...more })
    expect(webhook.status).toBe(201)
    return { integration: made.body.uuid, id: webhook.body.id, secret: webhook.body.secret }
  }

  test('with the documented body and a token and signature that public libraries accept', async () => {
    const api = await begin()
    const hook = await receiver()
    const { integration, secret } = await subscribe(api, hook.url)
    const reply = await api.patch('/api/v1/leads/4711', { status: 'qualified', tags: [7, 8] })

    const [one] = await hook.arrived(1)
    if (one === undefined) throw new Error('nothing arrived')
    const claims = await verified(one, secret, integration)
    expect(claims).toEqual({
      company_uuid: uuidOf(1, 3),
      user_uuid: userUuid(31),
      event_id: 'lead_updated',
      api_key: 'their key',
      external_settings: { authorisation: [{ id: 'api_key', value: 'ours' }] },
      iat: expect.any(Number),
      exp: Number(claims.iat) + 3600,
    })
    expect(one.headers).toMatchObject({
      'content-type': 'application/json',
      'x-waggle-sequence': reply.headers.get('x-waggle-sequence'),
      'x-waggle-attempt': '1',
      'x-waggle-delivery': one.headers['webhook-id'],
      'user-agent': expect.stringMatching(/^Waggle\//),
    })
    expect(one.body).toEqual({
      company_uuid: uuidOf(1, 3),
      user_uuid: userUuid(31),
      event_id: 'lead_updated',
      lead: expect.objectContaining({
        id: 4711,
        uuid: leadUuid(4711),
        status: 'qualified',
        updated_at: Date.parse(reply.body.updated_at),
        tags: [
          { uuid: uuidOf(3, 7), label: 'Tag 7' },
          { uuid: uuidOf(3, 8), label: 'Tag 8' },
        ],
        received_from_company: [],
        sent_to_companies: [],
      }),
      changed_fields: ['status', 'tags'],
      changes: { status: { old: 'new', new: 'qualified' }, tags: { old: [7], new: [7, 8] } },
      configuration: [{ id: 'lead_integration_settings', selected: [] }],
    })
  })

  test('but not a request that was refused, nor one that changed nothing', async () => {
    const api = await begin()
    const hook = await receiver()
    await subscribe(api, hook.url)
    expect((await api.patch('/api/v1/leads/4711', { tags: [99] })).status).toBe(400)
    expect((await api.patch('/api/v1/leads/4711', { status: 'new' })).status).toBe(200)
    await api.patch('/api/v1/leads/4711', { status: 'lost' })
    const received = await hook.arrived(1)
    expect(received.map(({ body }) => body.lead.status)).toEqual(['lost'])
  })

  test('and those of one lead in their order, each once', async () => {
    const api = await begin()
    const hook = await receiver()
    await subscribe(api, hook.url)
    const patches = Array.from({ length: 60 }, (_unused, index) =>
      api.patch(`/api/v1/leads/${index % 2 === 0 ? 4711 : 4713}`, { first_name: `Ada ${index}` }),
    )
    for (const { status } of await Promise.all(patches)) expect(status).toBe(200)
    const received = await hook.arrived(60)
    for (const lead of [4711, 4713]) {
      const sequences = received.filter(({ body }) => body.lead.id === lead).map(({ sequence }) => sequence)
      expect(sequences).toEqual([...sequences].sort((left, right) => left - right))
    }
    expect(new Set(received.map(({ sequence }) => sequence)).size).toBe(60)
  })

  test('again when the receiver fails, with the same id, and later ones of the lead behind it', async () => {
    const api = await begin()
    let failures = 2
    const hook = await receiver(({ sequence }) => (sequence === 4 && failures-- > 0 ? 500 : 200))
    const { id } = await subscribe(api, hook.url)
    await api.patch('/api/v1/leads/4711', { first_name: 'One' })
    await api.patch('/api/v1/leads/4711', { first_name: 'Two' })
    const received = await hook.arrived(4)
    expect(received.map(({ sequence }) => sequence)).toEqual([4, 4, 4, 5])
    expect(received.map(({ headers }) => headers['x-waggle-attempt'])).toEqual(['1', '2', '3', '1'])
    expect(new Set(received.slice(0, 3).map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    await expect
      .poll(async () => (await admin(api, 'GET', `/api/v1/webhooks/${id}/deliveries`)).body)
      .toMatchObject([
        { sequence: 5, state: 'delivered', attempts: 1, status: 200, answer: 'thanks' },
        { sequence: 4, state: 'delivered', attempts: 3, status: 200 },
      ])
    expect(received[0]?.headers['webhook-id']).toBe(
      (await admin(api, 'GET', `/api/v1/webhooks/${id}/deliveries`)).body[1].uuid,
    )
  })

  test('and only those of the members that an endpoint has chosen', async () => {
    const api = await begin()
    const hook = await receiver()
    await subscribe(api, hook.url, { fields: ['status', 'tags'] })
    await api.patch('/api/v1/leads/4711', { first_name: 'Not told' })
    await api.patch('/api/v1/leads/4711', { status: 'lost', first_name: 'Told' })
    const received = await hook.arrived(1)
    expect(received.map(({ body }) => body.changed_fields)).toEqual([['first_name', 'status']])
  })

  test('not while it is paused, and all of them when it is resumed', async () => {
    const api = await begin()
    const hook = await receiver()
    const { id } = await subscribe(api, hook.url)
    await admin(api, 'PATCH', `/api/v1/webhooks/${id}`, { state: 'paused' })
    await api.patch('/api/v1/leads/4711', { first_name: 'One' })
    await api.patch('/api/v1/leads/4711', { first_name: 'Two' })
    expect((await admin(api, 'GET', `/api/v1/webhooks/${id}`)).body).toMatchObject({ state: 'paused', backlog: 2 })
    expect(hook.received).toEqual([])
    await admin(api, 'PATCH', `/api/v1/webhooks/${id}`, { state: 'active' })
    expect((await hook.arrived(2)).map(({ body }) => body.lead.first_name)).toEqual(['One', 'Two'])
  })

  test('or from now on only, when that is chosen', async () => {
    const api = await begin()
    const hook = await receiver()
    const { id } = await subscribe(api, hook.url)
    await admin(api, 'PATCH', `/api/v1/webhooks/${id}`, { state: 'paused' })
    await api.patch('/api/v1/leads/4711', { first_name: 'Missed' })
    await admin(api, 'PATCH', `/api/v1/webhooks/${id}`, { state: 'active', resume: 'skip' })
    await api.patch('/api/v1/leads/4711', { first_name: 'Heard' })
    expect((await hook.arrived(1)).map(({ body }) => body.lead.first_name)).toEqual(['Heard'])
    expect((await api.get('/api/v1/events/4/deliveries')).body).toMatchObject([{ state: 'skipped' }])
    await expect
      .poll(async () => (await api.get('/api/v1/events/5/deliveries')).body)
      .toMatchObject([{ state: 'delivered', attempts: 1, status: 200 }])
  })

  test('a receiver that is gone (410) is disabled, and hears the rest when it is resumed', async () => {
    const api = await begin()
    const hook = await receiver(() => 410)
    const { id } = await subscribe(api, hook.url)
    await api.patch('/api/v1/leads/4711', { first_name: 'One' })
    await expect
      .poll(async () => (await admin(api, 'GET', `/api/v1/webhooks/${id}`)).body)
      .toMatchObject({ state: 'disabled', reason: 'the receiver answered 410 Gone' })
    await api.patch('/api/v1/leads/4711', { first_name: 'Two' })
    hook.react = () => 200
    await admin(api, 'PATCH', `/api/v1/webhooks/${id}`, { state: 'active' })
    const received = await hook.arrived(3)
    expect(received.map(({ body }) => body.lead.first_name)).toEqual(['One', 'One', 'Two'])
  })

  test('once more when they are replayed: one, or all since an event', async () => {
    const api = await begin()
    const hook = await receiver()
    const { id } = await subscribe(api, hook.url)
    await api.patch('/api/v1/leads/4711', { first_name: 'One' })
    await api.patch('/api/v1/leads/4713', { first_name: 'Two' })
    await hook.arrived(2)
    const list = async () => (await admin(api, 'GET', `/api/v1/webhooks/${id}/deliveries`)).body
    await expect.poll(list).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }])

    const [newest] = await list()
    expect((await admin(api, 'POST', `/api/v1/webhooks/deliveries/${newest.id}/replay`)).status).toBe(200)
    const [first, , third] = await hook.arrived(3)
    expect(third).toMatchObject({ sequence: 5, headers: { 'x-waggle-replay': 'true', 'webhook-id': newest.uuid } })

    await expect.poll(list).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }])
    const reply = await admin(api, 'POST', `/api/v1/webhooks/${id}/replay`, { since: 4 })
    expect(reply.body).toEqual({ from: 4, until: 5, events: 2 })
    const received = await hook.arrived(5)
    const again = received.slice(3)
    expect(again.map(({ sequence }) => sequence).sort()).toEqual([4, 5])
    for (const one of again) expect(one.headers['x-waggle-replay']).toBe('true')
    expect(again.find(({ sequence }) => sequence === 4)?.raw).toBe(first?.raw)
  })

  test('signed with both secrets after a rotation', async () => {
    const api = await begin()
    const hook = await receiver()
    const { id, secret, integration } = await subscribe(api, hook.url)
    const rotated = await admin(api, 'POST', `/api/v1/webhooks/${id}/rotate-secret`)
    await api.patch('/api/v1/leads/4711', { first_name: 'One' })
    const [one] = await hook.arrived(1)
    if (one === undefined) throw new Error('nothing arrived')
    await verified(one, secret, integration)
    await verified(one, rotated.body.secret, integration)
  })

  test('a dispatcher that starts late goes on where it stood', async () => {
    const api = await begin({ dispatch: false })
    const hook = await receiver()
    const { id } = await subscribe(api, hook.url)
    await api.patch('/api/v1/leads/4711', { first_name: 'One' })
    await api.patch('/api/v1/leads/4711', { first_name: 'Two' })
    expect((await admin(api, 'GET', `/api/v1/webhooks/${id}`)).body.backlog).toBe(2)
    await dispatchOver(api.database, api)
    expect((await hook.arrived(2)).map(({ sequence }) => sequence)).toEqual([4, 5])
  })

  test('a change that commits while the end of the log is read is not overlooked', async () => {
    const api = await begin({ dispatch: false })
    const hook = await receiver()
    await subscribe(api, hook.url)
    let isChanged = false
    const database: Database = Object.create(api.database, {
      find: {
        value: async (build: Parameters<Database['find']>[0]) => {
          const rows = await api.database.find(build)
          if (!isChanged && /selectFrom\(.events.\)/.test(build.toString())) {
            isChanged = true
            await api.patch('/api/v1/leads/4711', { first_name: 'Meanwhile' })
          }
          return rows
        },
      },
    })
    await dispatchOver(database, api)
    expect((await hook.arrived(1)).map(({ body }) => body.lead.first_name)).toEqual(['Meanwhile'])
  })

  test('one slow receiver delays no other', async () => {
    const api = await begin()
    const slow = await receiver(() => ({ status: 200, headers: { 'content-length': '1000000' } })) // never ends
    const fast = await receiver()
    await subscribe(api, slow.url)
    await subscribe(api, fast.url)
    for (let index = 0; index < 40; index += 1) {
      await api.patch(`/api/v1/leads/${index % 2 === 0 ? 4711 : 4713}`, { first_name: `Ada ${index}` })
    }
    await fast.arrived(40)
    expect(slow.received.length).toBeLessThan(40)
  })
})
