import { describe, expect, onTestFinished, test } from 'vitest'
import type { Row } from '../../src/storage/tables.ts'
import { type Api, backends } from '../backends.ts'
import { noon } from '../fixture.ts'
import { dispatching, heldTimers, refusing, tellingLate } from './dispatching.ts'
import { aDelivery, administrator, insertDeliveries } from './examples.ts'

describe.each(backends)('an endpoint on %s', (_, start) => {
  async function begin() {
    const api = await start()
    onTestFinished(() => api.close())
    const admin = administrator(api)
    const { id } = await admin.webhook()
    return { api, admin, id }
  }
  const states = async ({ database }: Api): Promise<[number, string][]> =>
    (await database.find((db) => db.selectFrom('deliveries').selectAll().orderBy('sequence'))).map(
      ({ sequence, state }): [number, string] => [sequence, state],
    )
  const waiting: Partial<Row<'deliveries'>> = { delivered_at: null, status: null, state: 'retrying' }

  test('does not send again what had arrived ahead of its place in the log', async () => {
    const { api, admin, id } = await begin()
    await admin.changeLead(3)
    await api.database.load(insertDeliveries([aDelivery(5, { webhook_id: id }), aDelivery(6, { webhook_id: id })]))
    const { sent, faults } = await dispatching(api)
    await expect.poll(async () => (await admin.row(id)).cursor).toBe(6)
    expect({ sent, faults }).toEqual({ sent: [4], faults: [] })
  })

  test('goes on behind a failing one of an earlier life, in order', async () => {
    const { api, admin, id } = await begin()
    await admin.changeLead(3)
    const failing = { ...waiting, webhook_id: id, first_attempt_at: Date.now(), next_attempt_at: Date.now() }
    const behind = { ...failing, state: 'pending', tries: 0, first_attempt_at: null, next_attempt_at: null } as const
    await api.database.load(insertDeliveries([aDelivery(4, failing), aDelivery(5, behind)]))
    await admin.set(id, { cursor: 5 })
    const { sent } = await dispatching(api, { rules: { scheduleMs: [0, 0, 0], holdMs: 60_000 } })
    await expect.poll(() => states(api)).toEqual([4, 5, 6].map((sequence) => [sequence, 'delivered']))
    expect(sent).toEqual([4, 5, 6])
  })

  test('does not send a late one that was given up, although it is due', async () => {
    const { api, admin, id } = await begin()
    await admin.changeLead(2)
    await api.database.load(
      insertDeliveries([aDelivery(4, { ...waiting, webhook_id: id, late: true, next_attempt_at: noon })]),
    )
    await admin.set(id, { cursor: 5 })
    await admin.patch(`/webhooks/${id}`, { state: 'paused' })
    await admin.patch(`/webhooks/${id}`, { state: 'active', resume: 'skip' })
    const { sent } = await dispatching(api)
    await admin.changeLead()
    await expect
      .poll(() => states(api))
      .toEqual([
        [4, 'skipped'],
        [6, 'delivered'],
      ])
    expect(sent).toEqual([6])
  })

  test('sends what still waits when all is asked for again, also what it no longer hears of', async () => {
    const { api, admin, id } = await begin()
    await admin.changeLead(2)
    const soon = { ...waiting, webhook_id: id, next_attempt_at: Date.now() + 60_000 }
    await api.database.load(insertDeliveries([aDelivery(4, soon), aDelivery(5, { webhook_id: id })]))
    await admin.set(id, { cursor: 5 })
    await admin.patch(`/webhooks/${id}`, { events: ['lead_deleted'] })
    await admin.post(`/webhooks/${id}/replay`, { since: 4 })
    const { sent } = await dispatching(api)
    await expect
      .poll(() => states(api))
      .toEqual([
        [4, 'delivered'],
        [5, 'delivered'],
      ])
    expect(sent).toEqual([4])
  })
})

describe.each(backends)('while the storage refuses, on %s', (_, start) => {
  async function begin(webhook: object = {}) {
    const api = await start()
    onTestFinished(() => api.close())
    const admin = administrator(api)
    const { id } = await admin.webhook(webhook)
    const clockwork = heldTimers()
    const storage = refusing(api.database)
    const { timers } = clockwork
    const told = await dispatching(api, { database: storage.database, timers })
    return { api, admin, id, ...clockwork, ...storage, ...told }
  }

  test('one save a second is tried, however many attempts end; then all is written down', async () => {
    const { api, admin, id, held, ring, refuses, sent, faults } = await begin()
    refuses.transact = true
    for (let count = 1; count <= 5; count += 1) {
      await admin.changeLead()
      await expect.poll(() => sent.length).toBe(count)
    }
    await expect.poll(() => faults.length).toBe(1)
    ring()
    await expect.poll(() => faults.length).toBe(2)
    await expect.poll(() => held.size).toBe(1)
    expect(await admin.row(id)).toMatchObject({ cursor: 3, last_attempt_at: null })

    refuses.transact = false
    ring()
    await expect.poll(async () => (await admin.row(id)).cursor).toBe(8)
    expect(await admin.row(id)).toMatchObject({
      last_attempt_at: expect.any(Number),
      last_status: 200,
      last_delivered_at: expect.any(Number),
    })
    const rows = await api.database.find((db) => db.selectFrom('deliveries').selectAll().orderBy('sequence'))
    expect(rows.map(({ sequence, attempts }) => [sequence, attempts])).toEqual([4, 5, 6, 7, 8].map((n) => [n, 1]))
  })

  test('its place in the log is tried again, too, when nothing was to be sent', async () => {
    const { admin, id, held, ring, refuses, faults } = await begin({ fields: ['tags'] })
    await admin.changeLead()
    await expect.poll(() => held.size).toBe(1)
    refuses.transact = true
    ring()
    await expect.poll(() => [faults.length, held.size]).toEqual([1, 1])
    refuses.transact = false
    ring()
    await expect.poll(async () => (await admin.row(id)).cursor).toBe(4)
  })

  test('one look at the log a second waits, however often changes come; then all is sent', async () => {
    const { admin, held, ring, refuses, sent, faults } = await begin()
    refuses.find = true
    for (let count = 1; count <= 5; count += 1) {
      await admin.changeLead()
      await expect.poll(() => faults.length).toBeGreaterThanOrEqual(count)
    }
    expect(held.size).toBe(1)
    refuses.find = false
    ring()
    await expect.poll(() => sent).toEqual([4, 5, 6, 7, 8])
  })
})

const nextDue = /\.select\(.next_attempt_at.\)/

describe.each(backends)('what is saved while the next late delivery is looked for, on %s', (_, start) => {
  test('is tried again in its time', async () => {
    const api = await start()
    onTestFinished(() => api.close())
    const admin = administrator(api)
    const { id } = await admin.webhook()
    const { database, waiting, hold, tell } = tellingLate(api.database, nextDue)
    const failed = new Set<number>()
    const { sent, faults } = await dispatching(api, {
      database,
      rules: { scheduleMs: [0, 30] }, // and none holds back others: each that fails is late at once
      answer: ({ headers }) => {
        const sequence = Number(headers['x-waggle-sequence'])
        if (!failed.has(sequence)) {
          failed.add(sequence)
          return 500
        }
        if (sequence === 4) hold() // the next look finds that nothing is due any more
        return 200
      },
    })
    onTestFinished(tell)
    await admin.changeLead()
    await expect.poll(() => waiting.length).toBe(1)
    await admin.changeLead()
    await expect.poll(async () => (await admin.row(id)).cursor).toBe(5)
    await admin.get(`/webhooks/${id}`)
    tell()
    await expect.poll(() => [...sent].sort()).toEqual([4, 4, 5, 5])
    expect(faults).toEqual([])
  })
})
