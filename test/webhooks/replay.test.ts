import { describe, expect, onTestFinished, test } from 'vitest'
import { replayDelivery, replaySince } from '../../src/webhooks/replay.ts'
import { type Api, backends } from '../backends.ts'
import { keys, noon } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { aMoment, refusalFrom } from '../leads/examples.ts'
import { type Administrator, aDelivery, administrator, aWebhook, insertDeliveries, parked } from './examples.ts'

const now = noon + 86_400_000
const place = { companyId: 3, webhookId: 1 }
const webhookNotFound = 'Webhook not found or not accessible'
const deliveryNotFound = 'Delivery not found or not accessible'

describe('one delivery once more', () => {
  const work = replayDelivery({ ...place, deliveryId: 5 })

  test('begins its tries anew, beside the order of its lead, and wakes the dispatcher', () => {
    const facts = { webhook: aWebhook(), deliveries: [aDelivery(5, { attempts: 11, tries: 10 })] }
    const set = {
      state: 'pending',
      replay: true,
      late: true,
      tries: 0,
      first_attempt_at: null,
      next_attempt_at: now,
      delivered_at: null,
    }
    expect(work.decide(facts, aMoment()).writes).toEqual([
      { kind: 'update', table: 'deliveries', key: { company_id: 3, id: 5 }, set },
      { kind: 'update', table: 'webhooks', key: { company_id: 3, id: 1 }, set: { revision: 5 } },
    ])
    expect(work.keys).toEqual({ webhook: 1, deliveries: [5] })
    expect(work.changesFollowers).toBe(true)
  })

  test('is possible while its endpoint rests', () => {
    for (const state of ['paused', 'disabled'] as const) {
      const facts = { webhook: aWebhook({ state }), deliveries: [aDelivery(5)] }
      expect(work.decide(facts, aMoment()).writes).toHaveLength(2)
    }
  })

  test.each([
    [webhookNotFound, { deliveries: [aDelivery(5)] }],
    [webhookNotFound, { webhook: aWebhook({ deleted_at: noon }), deliveries: [aDelivery(5)] }],
    [deliveryNotFound, { webhook: aWebhook() }],
    [deliveryNotFound, { webhook: aWebhook(), deliveries: [aDelivery(5, { webhook_id: 2 })] }],
  ])('%s', (message, facts) => {
    expect(refusalFrom(() => work.decide(facts, aMoment()))).toMatchObject({ status: 404, message })
  })
})

describe('everything since an event', () => {
  const replayed = (since: number, more = {}) =>
    replaySince({ ...place, since }).decide({ webhook: aWebhook(more) }, aMoment())

  test('puts the cursor back in a new round, up to where it had come', () => {
    const { reply, writes } = replayed(4)
    expect(reply).toEqual({ from: 4, until: 6, events: 3 })
    const set = { cursor: 3, round: 3, replay_until: 6, skipped_until: 0, revision: 5 }
    expect(writes).toEqual([{ kind: 'update', table: 'webhooks', key: { company_id: 3, id: 1 }, set }])
  })

  test('during a replay it keeps the end of the one before', () => {
    expect(replayed(2, { cursor: 3, replay_until: 6 }).reply).toEqual({ from: 2, until: 6, events: 5 })
    expect(replayed(5, { cursor: 3, replay_until: 6 }).reply).toEqual({ from: 5, until: 6, events: 2 })
  })

  test('wants again what was skipped by choice, and only that', () => {
    expect(replayed(4, { skipped_until: 6 }).writes[0]).toMatchObject({ set: { skipped_until: 3 } })
    expect(replayed(4, { skipped_until: 2 }).writes[0]).toMatchObject({ set: { skipped_until: 2 } })
  })

  test('of what is still to come does nothing', () => {
    expect(replayed(7)).toEqual({ reply: { from: 7, until: 6, events: 0 }, writes: [] })
    expect(replayed(1, { cursor: 0 })).toEqual({ reply: { from: 1, until: 0, events: 0 }, writes: [] })
  })

  test('is refused of what is missing or deleted', () => {
    for (const webhook of [undefined, aWebhook({ deleted_at: noon })]) {
      const refusal = refusalFrom(() => replaySince({ ...place, since: 1 }).decide({ webhook }, aMoment()))
      expect(refusal).toMatchObject({ status: 404, message: webhookNotFound })
    }
  })
})

describe.each(backends)('replays on %s', (_, start) => {
  const clock = handClock()
  let api: Api
  let admin: Administrator
  /** An endpoint, and a parked delivery of the first change behind its beginning. */
  const begin = async (): Promise<{ id: number; uuid: string; sequence: number }> => {
    api = await start({ clock })
    onTestFinished(() => api.close())
    admin = administrator(api)
    const { id, uuid } = await admin.webhook()
    const sequence = await admin.changeLead()
    await admin.set(id, { cursor: sequence })
    await api.database.load(insertDeliveries([aDelivery(sequence, { id: 70, webhook_id: id, ...parked })]))
    return { id, uuid, sequence }
  }

  test('a delivery is sent again, in both spellings of its path', async () => {
    const { id, uuid, sequence } = await begin()
    for (const path of [`/webhooks/${uuid}/deliveries/70/replay`, '/webhooks/deliveries/70/replay']) {
      clock.move(1_000)
      const reply = await admin.post(path)
      expect(reply).toMatchObject({
        status: 200,
        body: {
          id: 70,
          webhook_id: id,
          sequence,
          state: 'pending',
          late: true,
          replay: true,
          attempts: 1,
          delivered_at: null,
          next_attempt_at: new Date(clock.now()).toISOString(),
        },
      })
      expect((await admin.get(`/webhooks/${id}/deliveries`)).body).toEqual([reply.body])
    }
    expect((await admin.row(id)).revision).toBe(3)
  })

  test('a delivery that is not there is not found', async () => {
    const { id } = await begin()
    const other = await admin.webhook()
    for (const path of [
      `/webhooks/${id}/deliveries/71/replay`,
      `/webhooks/${id}/deliveries/x/replay`,
      `/webhooks/${other.id}/deliveries/70/replay`,
      '/webhooks/deliveries/71/replay',
      '/webhooks/deliveries/0/replay',
    ]) {
      expectRefused(await admin.post(path), 404, deliveryNotFound)
    }
    expectRefused(await admin.post('/webhooks/99/deliveries/70/replay'), 404, webhookNotFound)
    await admin.delete(`/webhooks/${id}`)
    expectRefused(await admin.post('/webhooks/deliveries/70/replay'), 404, deliveryNotFound)
    expectRefused(await admin.post(`/webhooks/${id}/deliveries/70/replay`), 404, webhookNotFound)
  })

  test('an event that retention has emptied cannot be sent again', async () => {
    const { id, sequence } = await begin()
    const key = { company_id: 3, sequence }
    await api.database.load([{ kind: 'update', table: 'events', key, set: { payload: null } }])
    const reply = await admin.post(`/webhooks/${id}/deliveries/70/replay`)
    expectRefused(reply, 409, 'Event was emptied by retention or erasure and cannot be sent again')
    expect((await admin.get(`/webhooks/${id}/deliveries`)).body).toMatchObject([{ state: 'parked', replay: false }])
  })

  test('everything is sent again from an event on', async () => {
    const { id, sequence } = await begin()
    for (const since of [2, '2']) {
      const reply = await admin.post(`/webhooks/${id}/replay`, { since })
      expect(reply).toMatchObject({ status: 200, body: { from: 2, until: sequence, events: sequence - 1 } })
    }
    expect((await admin.get(`/webhooks/${id}`)).body).toMatchObject({
      sequence: 1,
      backlog: sequence - 1,
      replaying_until: sequence,
    })
    expect(await admin.row(id)).toMatchObject({ round: 3, revision: 3 })
  })

  test('everything is sent again from a time on', async () => {
    const { id, sequence } = await begin()
    clock.move(60_000)
    const later = await admin.changeLead(2)
    await admin.set(id, { cursor: later })
    const since = (at: number) => new Date(at).toISOString()
    const post = async (body: object) => (await admin.post(`/webhooks/${id}/replay`, body)).body
    expect(await post({ since: since(clock.now()) })).toEqual({ from: sequence + 1, until: later, events: 2 })
    expect(await post({ since: '2020-01-01' })).toEqual({ from: 1, until: later, events: later })
    expect(await post({ since: since(clock.now() + 1_000) })).toEqual({ from: later + 1, until: later, events: 0 })
  })

  test.each<[object, string]>([
    [{}, 'since is required'],
    [{ since: null }, 'since is required'],
    ...[0, -1, 1.5, 2 ** 53, true, [], '', 'yesterday', '2026-02-30', '2026-02-03T10:00', '01', '0'].map(
      (since): [object, string] => [{ since }, 'since must be a sequence or an ISO 8601 time'],
    ),
  ])('a replay by %j is refused', async (body, error) => {
    const { id } = await begin()
    const before = await admin.row(id)
    expectRefused(await admin.post(`/webhooks/${id}/replay`, body), 400, error)
    expect(await admin.row(id)).toEqual(before)
  })

  test('unknown members are named and ignored, or refused when that is asked for', async () => {
    const { id } = await begin()
    const body = { since: 99, until: 100 }
    const headers = { prefer: 'handling=strict' }
    const reply = await admin.post(`/webhooks/${id}/replay`, body)
    expect(reply.headers.get('x-waggle-ignored-fields')).toBe('until')
    expectRefused(await admin.post(`/webhooks/${id}/replay`, body, { headers }), 400, 'Unknown field: until')
  })

  test("another company's administrator finds neither", async () => {
    const { id } = await begin()
    const sent = { key: keys.otherAdmin }
    const before = await admin.row(id)
    expectRefused(await admin.post(`/webhooks/${id}/replay`, { since: 1 }, sent), 404, webhookNotFound)
    expectRefused(await admin.post(`/webhooks/${id}/deliveries/70/replay`, undefined, sent), 404, webhookNotFound)
    expectRefused(await admin.post('/webhooks/deliveries/70/replay', undefined, sent), 404, deliveryNotFound)
    expect(await admin.row(id)).toEqual(before)
  })
})
