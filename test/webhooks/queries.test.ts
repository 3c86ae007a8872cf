import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Row } from '../../src/storage/tables.ts'
import { type Api, backends } from '../backends.ts'
import { keys, noon, uuidOf } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { type Administrator, aDelivery, administrator, aWebhook, insertDeliveries, parked } from './examples.ts'

const iso = (ms: number): string => new Date(ms).toISOString()
const eventNotFound = 'Event not found or not accessible'

describe.each(backends)('how an endpoint is doing on %s', (_, start) => {
  const clock = handClock()
  let api: Api
  let admin: Administrator
  beforeEach(async () => {
    api = await start({ clock })
    onTestFinished(() => api.close())
    admin = administrator(api)
  })
  const waiting = (sequence: number, more: Partial<Row<'deliveries'>> = {}) =>
    aDelivery(sequence, { ...parked, ...more })

  test('is told by its row and the log', async () => {
    const { id } = await admin.webhook()
    await admin.changeLead(4)
    await admin.set(id, {
      state: 'disabled',
      reason: 'the receiver answered 410 Gone',
      cursor: 5,
      replay_until: 6,
      failing_since: noon,
      last_attempt_at: noon + 1,
      last_status: 410,
      last_delivered_at: noon + 2,
      old_secret_until: clock.now() + 1,
    })
    expect((await admin.get(`/webhooks/${id}`)).body).toMatchObject({
      state: 'disabled',
      reason: 'the receiver answered 410 Gone',
      sequence: 5,
      backlog: 2,
      replaying_until: 6,
      failing_since: iso(noon),
      last_attempt_at: iso(noon + 1),
      last_status: 410,
      last_delivered_at: iso(noon + 2),
      old_secret_until: iso(clock.now() + 1),
    })
  })

  test('a replay that has come to its end is told no more', async () => {
    const { id } = await admin.webhook()
    await admin.set(id, { replay_until: 3, cursor: 3 })
    expect((await admin.get(`/webhooks/${id}`)).body).toMatchObject({ replaying_until: null })
  })

  test('counts what has not arrived up to its place in the log, each endpoint for itself', async () => {
    const [first, second] = [await admin.webhook(), await admin.webhook()]
    await admin.changeLead(8)
    await admin.set(first.id, { cursor: 9 })
    await admin.set(second.id, { cursor: 9 })
    await api.database.load(
      insertDeliveries([
        waiting(3),
        waiting(4, { state: 'retrying' }),
        waiting(5, { state: 'pending' }),
        waiting(6, { state: 'expired' }),
        waiting(7, { state: 'skipped' }),
        aDelivery(8),
        waiting(10),
        waiting(9, { id: 20, webhook_id: second.id, state: 'expired' }),
      ]),
    )
    expect((await admin.get('/webhooks')).body).toMatchObject([
      { id: first.id, undelivered: 3, expired: 1 },
      { id: second.id, undelivered: 0, expired: 1 },
    ])
    expect((await admin.get(`/webhooks/${first.id}`)).body).toMatchObject({ undelivered: 3, expired: 1 })
  })

  test('is shown by its newest deliveries where that is asked for, each endpoint for itself', async () => {
    const [first, second, third] = [await admin.webhook(), await admin.webhook(), await admin.webhook()]
    const last = await admin.changeLead(55)
    const own = Array.from({ length: 55 }, (_value, index) => aDelivery(last - index, { webhook_id: first.id }))
    await api.database.load(
      insertDeliveries([...own, waiting(last, { id: 900, webhook_id: second.id, last_attempt_at: null, ms: null })]),
    )
    const told = (await admin.get('/webhooks?include=recent')).body
    expect(told.map(({ id }: { id: number }) => id)).toEqual([first.id, second.id, third.id])
    const [{ recent }] = told
    expect(recent.map(({ sequence }: { sequence: number }) => sequence)).toEqual(
      Array.from({ length: 50 }, (_value, index) => last - index),
    )
    expect(recent[0]).toEqual({
      id: last,
      sequence: last,
      state: 'delivered',
      status: 200,
      ms: 100,
      at: iso(noon + 20_000),
    })
    expect(told[1].recent).toEqual([{ id: 900, sequence: last, state: 'parked', status: 500, ms: null, at: null }])
    expect(told[2].recent).toEqual([])
    expect((await admin.get(`/webhooks/${first.id}?include=recent`)).body).toEqual(told[0])
    expect((await admin.get(`/webhooks/${first.id}`)).body).not.toHaveProperty('recent')
    expect((await admin.get('/webhooks?include=recent', keys.otherAdmin)).body).toEqual([])
    expectRefused(await admin.get('/webhooks?include=all'), 400, 'Invalid include')
  })

  test('tells the next attempt of what failed, but not while it rests', async () => {
    const { id } = await admin.webhook()
    const next = async () => (await admin.get(`/webhooks/${id}`)).body.next_attempt_at
    expect(await next()).toBeNull()
    await admin.changeLead(3)
    const due = (sequence: number, at: number) => waiting(sequence, { state: 'retrying', next_attempt_at: at })
    await api.database.load(insertDeliveries([due(3, noon + 30_000), due(4, noon + 20_000), aDelivery(2)]))
    expect(await next()).toBe(iso(noon + 20_000))
    await admin.patch(`/webhooks/${id}`, { state: 'paused' })
    expect(await next()).toBeNull()
  })

  test('counts to a thousand', async () => {
    const { id } = await admin.webhook()
    await admin.set(id, { cursor: 5000 })
    const rows = Array.from({ length: 1001 }, (_value, index) => waiting(index + 1))
    await api.database.load(insertDeliveries(rows))
    expect((await admin.get(`/webhooks/${id}`)).body).toMatchObject({ undelivered: 1000, expired: 0 })
  })

  test('a password in its URL is not shown', async () => {
    await admin.webhook({ url: 'https://eva:geheim@a.example/x?y=1' })
    const { body } = await admin.get('/webhooks')
    expect(body).toMatchObject([{ url: 'https://***@a.example/x?y=1' }])
  })
})

describe.each(backends)('where a change has arrived, on %s', (_, start) => {
  const clock = handClock()
  let api: Api
  let admin: Administrator
  let sequence: number
  beforeEach(async () => {
    api = await start({ clock })
    onTestFinished(() => api.close())
    admin = administrator(api)
  })
  const receipts = (key: string = keys.readOnly) => admin.get(`/events/${sequence}/deliveries`, key)
  const waiting = {
    state: 'pending',
    attempts: 0,
    late: false,
    status: null,
    last_attempt_at: null,
    next_attempt_at: null,
    delivered_at: null,
  }

  test('is told for each endpoint that hears of it, oldest first, to who may read', async () => {
    const { uuid: integration } = await admin.integration()
    const make = async (more: object) =>
      (await admin.post('/webhooks', { integration, url: 'https://a.example/', ...more })).body
    const first = await make({})
    const second = await make({ events: ['lead_updated'], fields: ['first_name'] })
    await make({ events: ['lead_created'] })
    await make({ fields: ['tags'] })
    sequence = await admin.changeLead()
    await api.database.load(insertDeliveries([aDelivery(sequence, { webhook_id: first.id, late: true, attempts: 3 })]))
    expect(await receipts()).toMatchObject({ status: 200 })
    // Who may read may not sign: the uuid of an integration is the key of its tokens.
    expect(JSON.stringify((await receipts()).body)).not.toContain(integration)
    expect((await receipts()).body).toEqual([
      {
        webhook: first.uuid,
        integration_name: 'CRM',
        state: 'delivered',
        attempts: 3,
        late: true,
        status: 200,
        last_attempt_at: iso(noon + 20_000),
        next_attempt_at: null,
        delivered_at: iso(noon + 20_100),
      },
      { webhook: second.uuid, integration_name: 'CRM', ...waiting },
    ])
    expectRefused(await receipts(keys.admin), 403, 'Read access required for this operation')
  })

  test('an endpoint that does not hear of it any more still tells its delivery', async () => {
    const { id } = await admin.webhook()
    sequence = await admin.changeLead()
    await api.database.load(insertDeliveries([aDelivery(sequence, { webhook_id: id, ...parked })]))
    await admin.patch(`/webhooks/${id}`, { events: ['lead_created'] })
    expect((await receipts()).body).toMatchObject([{ state: 'parked' }])
  })

  test('what was given up by choice is skipped, what is not known any more is left out', async () => {
    const { id } = await admin.webhook()
    sequence = await admin.changeLead()
    await admin.set(id, { cursor: sequence, skipped_until: sequence })
    expect((await receipts()).body).toMatchObject([{ ...waiting, state: 'skipped' }])
    await admin.set(id, { skipped_until: sequence - 1 })
    expect((await receipts()).body).toEqual([])
  })

  test('an endpoint that came later is left out, until a replay sends it the event', async () => {
    sequence = await admin.changeLead()
    clock.move(1)
    const { id } = await admin.webhook()
    await admin.set(id, { skipped_until: sequence + 1, cursor: sequence + 1 })
    expect((await receipts()).body).toEqual([])
    await admin.post(`/webhooks/${id}/replay`, { since: sequence })
    expect((await receipts()).body).toMatchObject([waiting])
  })

  test('a deleted endpoint is left out', async () => {
    const { id } = await admin.webhook()
    sequence = await admin.changeLead()
    await admin.delete(`/webhooks/${id}`)
    expect((await receipts()).body).toEqual([])
  })

  test('an event that is not in the log is not found', async () => {
    for (const name of ['4', '0', '-1', 'x', '01', '1.0', '9999999999999999', leadUuidLike]) {
      expectRefused(await admin.get(`/events/${name}/deliveries`, keys.readOnly), 404, eventNotFound)
    }
    expect(await admin.get('/events/3/deliveries', keys.readOnly)).toMatchObject({ status: 200, body: [] })
  })

  test("another company's events and endpoints are not seen", async () => {
    await admin.webhook()
    sequence = await admin.changeLead()
    expectRefused(await receipts(keys.other), 404, eventNotFound)
    await admin.webhook({}, keys.otherAdmin)
    expect((await admin.get('/events/1/deliveries', keys.other)).body).toEqual([])
    expect((await receipts()).body).toHaveLength(1)
  })
})

const leadUuidLike = uuidOf(5, 4711)

describe.each(backends)('times without milliseconds on %s', (_, start) => {
  test('are written in every answer', async () => {
    const clock = handClock()
    const api = await start({ clock, config: { wholeSeconds: true } })
    onTestFinished(() => api.close())
    const admin = administrator(api)
    clock.move(678)
    const { id } = await admin.webhook()
    const rotated = await admin.post(`/webhooks/${id}/rotate-secret`)
    const { last_delivered_at, failing_since } = aWebhook({ last_delivered_at: noon + 1, failing_since: noon + 1 })
    await admin.set(id, { last_delivered_at, failing_since })
    const sequence = await admin.changeLead()
    await api.database.load(insertDeliveries([aDelivery(sequence, { webhook_id: id })]))
    const written = JSON.stringify([
      rotated.body,
      (await admin.get('/integrations')).body,
      (await admin.get('/webhooks')).body,
      (await admin.get(`/webhooks/${id}/deliveries`)).body,
      (await admin.get(`/events/${sequence}/deliveries`, keys.full)).body,
    ])
    const times = written.match(/\d{4}-\d\d-\d\dT[^"]*/g) ?? []
    expect(times.length).toBeGreaterThan(10)
    expect(times.filter((time) => !/T\d\d:\d\d:\d\dZ$/.test(time))).toEqual([])
  })
})
