import { describe, expect, onTestFinished, test } from 'vitest'
import type { Row } from '../../src/storage/tables.ts'
import { replayDeliveries } from '../../src/webhooks/replay.ts'
import { replayFailed } from '../../src/webhooks/replay-failed.ts'
import { backends } from '../backends.ts'
import { keys, noon } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { aMoment, refusalFrom } from '../leads/examples.ts'
import { dispatching } from './dispatching.ts'
import { aDelivery, administrator, aWebhook, insertDeliveries, parked } from './examples.ts'

const webhookNotFound = 'Webhook not found or not accessible'

describe('some deliveries once more', () => {
  const work = replayDeliveries({ companyId: 3, webhookId: 1, deliveryIds: [5, 6, 7, 8] })

  test('are only those that still have not arrived, in one change of the endpoint', () => {
    const retrying = { ...parked, state: 'retrying', next_attempt_at: noon + 9 } as const
    const deliveries = [
      aDelivery(5, parked),
      aDelivery(6),
      aDelivery(7, retrying),
      aDelivery(8, { ...parked, webhook_id: 2 }),
    ]
    const { reply, writes } = work.decide({ webhook: aWebhook(), deliveries }, aMoment())
    expect(reply).toBe(2)
    expect(writes).toMatchObject([
      { table: 'deliveries', key: { id: 5 }, set: { state: 'pending', late: true, replay: true, tries: 0 } },
      { table: 'deliveries', key: { id: 7 }, set: { replay: true, tries: 0 } },
      { table: 'webhooks', key: { id: 1 }, set: { revision: 5 } },
    ])
    expect(work.keys).toEqual({ webhook: 1, deliveries: [5, 6, 7, 8] })
  })

  test('of which none has failed are no change', () => {
    const facts = { webhook: aWebhook(), deliveries: [aDelivery(5)] }
    expect(work.decide(facts, aMoment())).toEqual({ reply: 0, writes: [] })
    expect(work.decide({ webhook: aWebhook() }, aMoment())).toEqual({ reply: 0, writes: [] })
  })

  test('are refused when the endpoint has gone', () => {
    for (const webhook of [undefined, aWebhook({ deleted_at: noon })]) {
      const refusal = refusalFrom(() => work.decide({ webhook, deliveries: [aDelivery(5, parked)] }, aMoment()))
      expect(refusal).toMatchObject({ status: 404, message: webhookNotFound })
    }
  })
})

describe.each(backends)('all that failed once more, on %s', (_, start) => {
  const begin = async () => {
    const api = await start()
    onTestFinished(() => api.close())
    const admin = administrator(api)
    const { id } = await admin.webhook()
    /** So many changes that the endpoint has taken up, with what became of each. */
    const failing = async (rows: readonly Partial<Row<'deliveries'>>[]): Promise<number> => {
      const last = await admin.changeLead(rows.length)
      const first = last - rows.length + 1
      const whole = rows.map((row, index) =>
        aDelivery(first + index, { id: 100 + index, webhook_id: id, ...parked, ...row }),
      )
      await api.database.load(insertDeliveries(whole))
      await admin.set(id, { cursor: last })
      return first
    }
    return { api, admin, id, failing }
  }
  const states = async (admin: ReturnType<typeof administrator>, id: number): Promise<string[]> =>
    (await admin.get(`/webhooks/${id}/deliveries?pageSize=50`)).body
      .toReversed()
      .map(({ state, replay }: { state: string; replay: boolean }) => (replay ? `${state}!` : state))

  test('goes out again, and what arrived, waits or was given up does not', async () => {
    const { admin, id, failing } = await begin()
    await failing([
      {},
      { state: 'delivered', delivered_at: noon },
      { state: 'retrying', late: true, next_attempt_at: noon },
      { state: 'pending' },
      { state: 'skipped' },
      { state: 'expired' },
    ])
    const reply = await admin.post(`/webhooks/${id}/replay-failed`)
    expect(reply).toMatchObject({ status: 200, body: { deliveries: 2, more: false } })
    expect(await states(admin, id)).toEqual(['pending!', 'delivered', 'pending!', 'pending', 'skipped', 'expired'])
    expect((await admin.post(`/webhooks/${id}/replay-failed`)).body).toEqual({ deliveries: 0, more: false })
    expect((await admin.row(id)).revision).toBe(2)
  })

  test('leaves out what retention has emptied, and what a replay of the log comes to anyway', async () => {
    const { api, admin, id, failing } = await begin()
    const first = await failing([{}, {}, {}])
    const key = { company_id: 3, sequence: first }
    await api.database.load([{ kind: 'update', table: 'events', key, set: { payload: null } }])
    await admin.post(`/webhooks/${id}/replay`, { since: first + 2 })
    expect((await admin.post(`/webhooks/${id}/replay-failed`)).body).toEqual({ deliveries: 1, more: false })
    expect(await states(admin, id)).toEqual(['parked', 'pending!', 'parked'])
  })

  test('goes in steps, the oldest first, and tells whether some are left', async () => {
    const { api, admin, id, failing } = await begin()
    await failing([{}, {}, {}, {}, {}])
    const some = (max: number) => admin.row(id).then((row) => replayFailed(api.database, row, { atOnce: 2, max }))
    expect(await some(3)).toEqual({ deliveries: 3, more: true })
    expect(await states(admin, id)).toEqual(['pending!', 'pending!', 'pending!', 'parked', 'parked'])
    expect(await some(4)).toEqual({ deliveries: 2, more: false })
    expect(await some(4)).toEqual({ deliveries: 0, more: false })
  })

  test('arrives, also what is tried again right now', async () => {
    const { api, admin, id } = await begin()
    let isUp = false
    const rules = { scheduleMs: [0, 0, 3_600_000], holdMs: 0 }
    const { sent } = await dispatching(api, { rules, answer: () => (isUp ? 200 : 500) })
    const last = await admin.changeLead(3)
    const rest = async () => new Set(await states(admin, id))
    const attempts = async (): Promise<number[]> =>
      (await admin.get(`/webhooks/${id}/deliveries`)).body.map((one: { attempts: number }) => one.attempts)
    await expect.poll(attempts).toEqual([2, 2, 2])
    expect(await rest()).toEqual(new Set(['retrying']))
    isUp = true
    sent.length = 0
    expect((await admin.post(`/webhooks/${id}/replay-failed`)).body).toEqual({ deliveries: 3, more: false })
    await expect.poll(rest).toEqual(new Set(['delivered!']))
    expect(sent.toSorted()).toEqual([last - 2, last - 1, last])
  })

  test("is not another company's to ask for", async () => {
    const { admin, id, failing } = await begin()
    await failing([{}])
    const refused = await admin.post(`/webhooks/${id}/replay-failed`, undefined, { key: keys.otherAdmin })
    expectRefused(refused, 404, webhookNotFound)
    expect(await states(admin, id)).toEqual(['parked'])
  })
})
