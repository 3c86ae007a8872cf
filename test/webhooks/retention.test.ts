import { describe, expect, onTestFinished, test } from 'vitest'
import type { Write } from '../../src/storage/port.ts'
import { oldestKeptAt, sweepDeleted, sweepDeliveries, sweepEvents } from '../../src/webhooks/retention.ts'
import { type Api, backends } from '../backends.ts'
import { noon } from '../fixture.ts'
import { dispatching } from './dispatching.ts'
import { aDelivery, administrator, insertDeliveries, parked } from './examples.ts'

const dayMs = 86_400_000

/** Takes what events of company 3 say away, as erasing a person does. */
const empty = ({ database }: Api, sequences: readonly number[]): Promise<void> =>
  database.load(
    sequences.map((sequence): Write => {
      const key = { company_id: 3, sequence }
      return { kind: 'update', table: 'events', key, set: { payload: null } }
    }),
  )

/** So many more events of company 3, a ms apart, and its log up to the last. */
async function loadEvents({ database }: Api, count: number): Promise<number> {
  const last = await database.read('events', { company_id: 3, sequence: 3 })
  if (last === undefined) throw new Error('the fixture has no such event')
  const events = Array.from({ length: count }, (_unused, at): Write => {
    const row = { ...last, sequence: last.sequence + at + 1, at: last.at + at + 1 }
    return { kind: 'insert', table: 'events', row }
  })
  const set = { last_sequence: last.sequence + count, last_time: last.at + count }
  await database.load([...events, { kind: 'update', table: 'company_log', key: { company_id: 3 }, set }])
  return last.at
}

describe.each(backends)('retention on %s', (_, start) => {
  async function begin() {
    const api = await start()
    onTestFinished(() => api.close())
    return { api, admin: administrator(api) }
  }
  const sequences = async ({ database }: Api): Promise<number[]> =>
    (await database.find((db) => db.selectFrom('deliveries').select('sequence').orderBy('sequence'))).map(
      ({ sequence }) => sequence,
    )

  test('removes old deliveries that need nothing more, and keeps those that wait', async () => {
    const { api, admin } = await begin()
    await admin.webhook()
    const waiting = { state: 'retrying', delivered_at: null, next_attempt_at: noon } as const
    await api.database.load(
      insertDeliveries([
        aDelivery(1, { created_at: noon }),
        aDelivery(2, { created_at: noon, ...parked }),
        aDelivery(3, { created_at: noon, ...waiting }),
        aDelivery(4, { created_at: noon + 2 * dayMs }),
      ]),
    )
    await sweepDeliveries(api.database, 30, noon + 30 * dayMs)
    expect(await sequences(api)).toEqual([1, 2, 3, 4])
    await sweepDeliveries(api.database, 30, noon + 31 * dayMs)
    expect(await sequences(api)).toEqual([3, 4])
    await sweepDeliveries(api.database, 30, noon + 31 * dayMs)
    expect(await sequences(api), 'a second sweep finds nothing to do').toEqual([3, 4])
  })

  test('is not held up by many old deliveries that still wait', async () => {
    const { api, admin } = await begin()
    await admin.webhook()
    const waiting = { state: 'pending', delivered_at: null } as const
    const rows = Array.from({ length: 450 }, (_unused, index) =>
      aDelivery(index + 1, { created_at: noon, ...(index < 430 && waiting) }),
    )
    await api.database.load(insertDeliveries(rows))
    await sweepDeliveries(api.database, 30, noon + 31 * dayMs)
    expect(await sequences(api)).toEqual(Array.from({ length: 430 }, (_unused, index) => index + 1))
  })

  test('removes a deleted endpoint with its deliveries, and no other', async () => {
    const { api, admin } = await begin()
    const [gone, stays] = [await admin.webhook(), await admin.webhook()]
    const rows = Array.from({ length: 450 }, (_unused, index) =>
      aDelivery(index + 1, { webhook_id: index < 440 ? gone.id : stays.id }),
    )
    await api.database.load(insertDeliveries(rows))
    await admin.delete(`/webhooks/${gone.id}`)
    await sweepDeleted(api.database)
    expect(await sequences(api)).toHaveLength(10)
    const left = await api.database.find((db) => db.selectFrom('webhooks').select('id'))
    expect(left).toEqual([{ id: stays.id }])
  })

  test('empties old events and goes on where it stood; that they happened stays', async () => {
    const { api } = await begin()
    await api.patch('/api/v1/leads/4711', { status: 'lost' }) // today, far from the others
    const emptied = async () => (await api.events()).filter(({ payload }) => payload === null).length
    const latest = noon + 4713 + 1
    await sweepEvents(api.database, 10, latest + 10 * dayMs)
    expect(await emptied()).toBe(3)
    await sweepEvents(api.database, 10, latest + 10 * dayMs)
    expect(await emptied()).toBe(3)
    await sweepEvents(api.database, 10, Date.now() + 11 * dayMs)
    expect(await emptied()).toBe(4)
    expect((await api.get('/api/v1/leads/4711/history')).body).toMatchObject([
      { event: 'lead_updated', changes: {} },
      { event: 'lead_created' },
    ])
    expect((await api.get('/api/v1/events?limit=1')).body).toEqual([
      { sequence: 1, at: expect.any(Number), event_id: 'lead_created', erased: true },
    ])
  })

  test('never empties what an endpoint still waits for, whatever its state, until that has arrived or it is deleted', async () => {
    const { api, admin } = await begin()
    const later = Date.now() + 2 * dayMs
    const [slow, fast] = [await admin.webhook(), await admin.webhook()] // from event 4 on
    for (const first_name of ['One', 'Two', 'Three']) await api.patch('/api/v1/leads/4711', { first_name })
    await admin.set(fast.id, { cursor: 6 })
    await admin.patch(`/webhooks/${slow.id}`, { state: 'paused' })
    const kept = async () =>
      (await api.events()).filter(({ payload }) => payload !== null).map(({ sequence }) => sequence)
    const holder = { companyId: 3, webhookId: slow.id, sequence: 4, events: 3 }
    const others = (await api.events(4)).length
    expect(await sweepEvents(api.database, 1, later)).toEqual({ emptied: 3 + others, heldBy: [holder], more: false })
    expect(await kept()).toEqual([4, 5, 6])
    await admin.set(slow.id, { state: 'disabled', cursor: 6 })
    const open = { webhook_id: slow.id, state: 'retrying', delivered_at: null, next_attempt_at: later } as const
    await api.database.load(insertDeliveries([aDelivery(5, open)]))
    expect(await sweepEvents(api.database, 1, later)).toEqual({
      emptied: 1,
      heldBy: [{ ...holder, sequence: 5, events: 2 }],
      more: false,
    })
    expect(await kept()).toEqual([5, 6])
    await admin.delete(`/webhooks/${slow.id}`)
    expect(await sweepEvents(api.database, 1, later)).toMatchObject({ emptied: 2, heldBy: [] })
    expect(await kept()).toEqual([])
  })

  test('goes on with the next sweep where one has done its share, and ends early when it is told to', async () => {
    const { api } = await begin()
    const at = await loadEvents(api, 10_400)
    const others = (await api.events(4)).length
    const ended = new AbortController()
    ended.abort()
    const later = at + 2 * dayMs
    expect(await sweepEvents(api.database, 1, later, ended.signal)).toMatchObject({ emptied: 0 })
    expect(await sweepEvents(api.database, 1, later)).toEqual({ emptied: 10_000 + others, heldBy: [], more: true })
    expect(await oldestKeptAt(api.database)).toBe(at + 10_001 - 3)
    expect(await sweepEvents(api.database, 1, later)).toEqual({ emptied: 403, heldBy: [], more: false })
    expect(await oldestKeptAt(api.database)).toBeUndefined()
  }, 30_000)

  test('an endpoint whose events were emptied before they arrived is told so, event by event', async () => {
    const { api, admin } = await begin()
    const { id } = await admin.webhook()
    for (const first_name of ['One', 'Two']) await api.patch('/api/v1/leads/4711', { first_name })
    await empty(api, [4, 5])
    await api.patch('/api/v1/leads/4711', { first_name: 'Three' })
    const { sent } = await dispatching(api)
    await expect
      .poll(async () => (await admin.get(`/webhooks/${id}/deliveries`)).body)
      .toMatchObject([
        { sequence: 6, state: 'delivered' },
        { sequence: 5, state: 'expired', attempts: 0, error: expect.stringContaining('retention') },
        { sequence: 4, state: 'expired' },
      ])
    expect(sent).toEqual([6])
    expect((await admin.get(`/webhooks/${id}`)).body).toMatchObject({ expired: 2, undelivered: 0, backlog: 0 })
    const [, second] = (await admin.get(`/webhooks/${id}/deliveries`)).body
    expect((await admin.post(`/webhooks/${id}/deliveries/${second.id}/replay`)).status).toBe(409)
  })

  test('an open delivery whose event was emptied expires, also when it is asked for once more', async () => {
    const { api, admin } = await begin()
    const { id } = await admin.webhook()
    for (const first_name of ['One', 'Two']) await api.patch('/api/v1/leads/4711', { first_name })
    const open = { delivered_at: null, status: null } as const
    await api.database.load(
      insertDeliveries([
        aDelivery(4, { webhook_id: id, ...open, state: 'retrying', next_attempt_at: Date.now() + dayMs }),
        aDelivery(5, { webhook_id: id, ...open, state: 'pending', attempts: 0, tries: 0, first_attempt_at: null }),
      ]),
    )
    await admin.set(id, { cursor: 5 })
    await empty(api, [4, 5])
    expect((await admin.post(`/webhooks/${id}/replay`, { since: 4 })).body).toMatchObject({ events: 2 })
    const { sent } = await dispatching(api)
    await expect
      .poll(async () => (await admin.get(`/webhooks/${id}`)).body)
      .toMatchObject({
        expired: 2,
        undelivered: 0,
        backlog: 0,
      })
    expect(sent).toEqual([])
  })
})
