import { describe, expect, onTestFinished, test } from 'vitest'
import { endErasures } from '../../src/erasure/lead.ts'
import { chainOf } from '../../src/erasure/log.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { type Api, backends } from '../backends.ts'
import { keys } from '../fixture.ts'
import { dispatching } from '../webhooks/dispatching.ts'
import { aDelivery, administrator, insertDeliveries } from '../webhooks/examples.ts'
import { asking, aTracedLead, holdsTrace, tablesWithTraces } from './traces.ts'

describe.each(backends)('the log of an erased lead on %s', (_, start) => {
  async function begin() {
    const api = await start()
    onTestFinished(() => api.close())
    return { api, ...asking(api), webhooks: administrator(api) }
  }
  const lengths = async (api: Api, id: number): Promise<number[]> => {
    const lead = await api.database.read('leads', { company_id: 3, id })
    const found: number[] = []
    for await (const events of chainOf(api.database, lead ?? { company_id: 3, last_sequence: 0 }))
      found.push(events.length)
    return found
  }

  test('is walked some at a time, whatever its length', async () => {
    const { api, send } = await begin()
    const operations = (count: number) =>
      Array.from({ length: count }, (_unused, at) => ({
        op: 'update',
        by: 'id',
        key: 4711,
        lead: { last_name: `N ${at}` },
      }))
    expect(await lengths(api, 4711)).toEqual([1])
    await send('POST', '/leads/batch', { operations: operations(199) })
    expect(await lengths(api, 4711)).toEqual([200])
    await send('POST', '/leads/batch', { operations: operations(1) })
    expect(await lengths(api, 4711)).toEqual([200, 1])
  })

  test('what has not arrived expires, wherever it waits, and the deletion comes with a lead without members', async () => {
    const { api, webhooks, erase } = await begin()
    const { id: webhookId } = await webhooks.webhook()
    const held = Promise.withResolvers<number>()
    // The first attempt fails late: the others of the lead wait for it, with what they tell in memory.
    const { sendings } = await dispatching(api, {
      answer: () => (sendings.length === 1 ? held.promise : 200),
      rules: { scheduleMs: [0, 3_600_000], holdMs: 3_600_000 },
    })
    const { id } = await aTracedLead(api)
    await expect.poll(() => sendings.length).toBe(1)
    await erase(id)
    held.resolve(500)
    await webhooks.post(`/webhooks/${webhookId}/replay`, { since: 4 })
    await expect.poll(() => sendings.at(-1)?.headers['x-waggle-sequence']).toBe('8')
    const after = sendings.slice(1)
    expect(after).toHaveLength(1)
    expect(after.some(({ body }) => holdsTrace(String(body)))).toBe(false)
    const states = (await webhooks.get(`/webhooks/${webhookId}/deliveries`)).body.map(
      ({ sequence, state }: { sequence: number; state: string }) => [sequence, state],
    )
    expect(states).toEqual([
      [8, 'delivered'],
      [7, 'expired'],
      [6, 'expired'],
      [5, 'expired'],
      [4, 'expired'],
    ])
  })

  test('answers of receivers go, and those that were written down meanwhile a minute later', async () => {
    const { api, webhooks, erase } = await begin()
    const { id: webhookId } = await webhooks.webhook()
    const { id } = await aTracedLead(api)
    const answer = '{"got": "Wilhelmina"}'
    const at = { webhook_id: webhookId, lead_id: id, answer }
    await api.database.load(
      insertDeliveries([aDelivery(4, at), aDelivery(1, { webhook_id: webhookId, answer: 'Ada' })]),
    )
    await erase(id)
    const answers = async () =>
      (await webhooks.get(`/webhooks/${webhookId}/deliveries`)).body.map((one: { answer: string | null }) => one.answer)
    expect(await answers()).toEqual([null, 'Ada'])

    await api.database.load(insertDeliveries([aDelivery(5, at)])) // of an attempt that was under way
    await endErasures(api.database, systemClock)
    expect(await tablesWithTraces(api), 'it is too early').toEqual(['deliveries'])
    await endErasures(api.database, { ...systemClock, now: () => systemClock.now() + 61_000 })
    expect(await tablesWithTraces(api)).toEqual([])
    expect(await api.database.read('leads', { company_id: 3, id })).toMatchObject({ erasure: 'done' })
  })

  test('an emptied event is not sent once more', async () => {
    const { api, webhooks, erase } = await begin()
    const { id: webhookId } = await webhooks.webhook()
    const { id } = await aTracedLead(api)
    await api.database.load(insertDeliveries([aDelivery(4, { webhook_id: webhookId, lead_id: id })]))
    await erase(id)
    const [delivery] = (await webhooks.get(`/webhooks/${webhookId}/deliveries`)).body
    expect(await webhooks.post(`/webhooks/${webhookId}/deliveries/${delivery.id}/replay`)).toMatchObject({
      status: 409,
    })
    const shown = await api.get(`/api/v1/webhooks/${webhookId}/deliveries/${delivery.id}`, keys.admin)
    expect(shown).toMatchObject({ status: 200, body: { sequence: 4 } })
    expect(holdsTrace(JSON.stringify(shown.body))).toBe(false)
  })
})
