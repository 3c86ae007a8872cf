import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Row } from '../../src/storage/tables.ts'
import { deliveryUuid } from '../../src/webhooks/message.ts'
import { type Api, backends, type Reply } from '../backends.ts'
import { fixture, keys, leadUuid, noon } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { type Administrator, aDelivery, administrator, insertDeliveries, parked } from './examples.ts'

const iso = (ms: number): string => new Date(ms).toISOString()
const sequencesOf = ({ body }: Reply): number[] => body.map(({ sequence }: { sequence: number }) => sequence)
const range = (from: number, until: number): number[] =>
  Array.from({ length: until - from + 1 }, (_value, index) => from + index)

describe.each(backends)('the deliveries of an endpoint on %s', (_, start) => {
  const clock = handClock()
  let api: Api
  let admin: Administrator
  let id: number
  let uuid: string
  beforeEach(async () => {
    api = await start({ clock })
    onTestFinished(() => api.close())
    admin = administrator(api)
    ;({ id, uuid } = await admin.webhook())
  })
  const list = (query = ''): Promise<Reply> => admin.get(`/webhooks/${id}/deliveries${query}`)
  const load = (rows: readonly Row<'deliveries'>[]): Promise<void> => api.database.load(insertDeliveries(rows))
  /** Every page from the first on. */
  const pages = async (query: string): Promise<number[][]> => {
    const seen: number[][] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Reply = await list(`?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(page.status).toBe(200)
      seen.push(sequencesOf(page))
      cursor = page.headers.get('x-next-cursor')
    }
    return seen
  }

  test('are told whole, newest event first', async () => {
    const first = await admin.changeLead()
    clock.move(5_000)
    const second = await admin.changeLead(1, 4713)
    await load([
      aDelivery(first, { id: 80, late: true, replay: true, attempts: 4, ...parked, next_attempt_at: noon + 9 }),
      aDelivery(second, { id: 70, lead_id: 4713 }),
    ])
    const [newest, oldest, ...more] = (await list()).body
    expect(more).toEqual([])
    expect(newest).toEqual({
      id: 70,
      uuid: deliveryUuid(uuid, second, clock.now()),
      webhook_id: id,
      sequence: second,
      event: 'lead_updated',
      lead_id: 4713,
      state: 'delivered',
      late: false,
      replay: false,
      attempts: 1,
      created_at: iso(noon + 20_000),
      last_attempt_at: iso(noon + 20_000),
      next_attempt_at: null,
      delivered_at: iso(noon + 20_100),
      status: 200,
      ms: 100,
      answer: 'thanks',
      error: null,
    })
    expect(oldest).toMatchObject({
      id: 80,
      uuid: deliveryUuid(uuid, first, clock.now() - 5_000),
      late: true,
      replay: true,
      attempts: 4,
      state: 'parked',
      next_attempt_at: iso(noon + 9),
      delivered_at: null,
      error: 'the receiver answered 500',
    })
  })

  test("are the endpoint's own only", async () => {
    const other = await admin.webhook()
    await load([aDelivery(1), aDelivery(2, { webhook_id: other.id })])
    expect(sequencesOf(await list())).toEqual([1])
    expect(sequencesOf(await admin.get(`/webhooks/${other.uuid}/deliveries`))).toEqual([2])
    expectRefused(
      await admin.get(`/webhooks/${id}/deliveries`, keys.otherAdmin),
      404,
      'Webhook not found or not accessible',
    )
  })

  test('are told in pages: a cursor shows what is older', async () => {
    const last = await admin.changeLead(12)
    await load(range(1, last).map((sequence) => aDelivery(sequence)))
    const whole = range(1, last).reverse()
    expect(await pages('')).toEqual([whole.slice(0, 10), whole.slice(10)])
    expect(await pages('pageSize=5')).toEqual([whole.slice(0, 5), whole.slice(5, 10), whole.slice(10)])
    expect(await pages('pageSize=100')).toEqual([whole])
    expect(await pages(`pageSize=${last}`)).toEqual([whole])
    expect(sequencesOf(await list('?cursor=3'))).toEqual([2, 1])
    expect(await list('?cursor=1')).toMatchObject({ status: 200, body: [] })
  })

  test('are filtered by states and events; within a list any, between lists all', async () => {
    await admin.changeLead(4)
    await load([
      aDelivery(3, { event_name: 'lead_created' }),
      aDelivery(4, parked),
      aDelivery(5, { ...parked, state: 'retrying' }),
      aDelivery(6, { ...parked, event_name: 'lead_created' }),
      aDelivery(7),
    ])
    expect(await pages('state=parked')).toEqual([[6, 4]])
    expect(await pages('state=parked,retrying&pageSize=2')).toEqual([[6, 5], [4]])
    expect(await pages('event=lead_created')).toEqual([[6, 3]])
    expect(await pages('event=lead_created,lead_updated&state=delivered')).toEqual([[7, 3]])
    expect(await pages('state=expired')).toEqual([[]])
  })

  test('are filtered by times of their events: from the one, before the other', async () => {
    clock.move(60_000)
    const begin = clock.now()
    await admin.changeLead()
    clock.move(60_000)
    await admin.changeLead()
    clock.move(60_000)
    await admin.changeLead()
    await load(range(4, 6).map((sequence) => aDelivery(sequence)))
    const at = (minutes: number): string => iso(begin + minutes * 60_000)
    expect(await pages(`since=${at(1)}`)).toEqual([[6, 5]])
    expect(await pages(`until=${at(1)}`)).toEqual([[4]])
    expect(await pages(`since=${at(1)}&until=${at(2)}`)).toEqual([[5]])
    expect(await pages(`since=${at(1)}&pageSize=1`)).toEqual([[6], [5]])
    expect(await pages(`since=${at(3)}`)).toEqual([[]])
  })

  test('are filtered by a lead, by its number or its uuid', async () => {
    for (let index = 0; index < 4; index += 1) {
      await admin.changeLead()
      await admin.changeLead(1, 4713)
    }
    await load(range(4, 11).map((sequence) => aDelivery(sequence, sequence % 2 === 0 ? {} : { lead_id: 4713 })))
    for (const lead of ['4713', leadUuid(4713), leadUuid(4713).toUpperCase()]) {
      expect(await pages(`lead=${lead}`)).toEqual([[11, 9, 7, 5]])
    }
    expect(await pages('lead=4711&pageSize=3')).toEqual([[10, 8, 6], [4]])
    expect(await pages('lead=4711&state=parked')).toEqual([[]])
    expect(await pages('lead=4711&cursor=8')).toEqual([[6, 4]])
    for (const none of ['999', leadUuid(999), '5000', leadUuid(5000)]) expect(await pages(`lead=${none}`)).toEqual([[]])
  })

  test('a page looks at so many and no more; the next goes on behind them', async () => {
    const events = range(4, 6_003)
    await load(events.map((sequence) => aDelivery(sequence, sequence === 4 ? parked : {})))
    const model = await api.database.read('events', { company_id: 3, sequence: 1 })
    if (model === undefined) throw new Error('the fixture has no event')
    await api.database.load(
      events.map((sequence) => ({ kind: 'insert' as const, table: 'events' as const, row: { ...model, sequence } })),
    )
    const first = await list('?state=parked')
    expect(first).toMatchObject({ status: 200, body: [] })
    expect(first.headers.get('x-next-cursor')).toBe('1004')
    expect(await pages('state=parked')).toEqual([[], [4]])
    expect((await list()).headers.get('x-next-cursor')).toBe('5994')
  })

  test("a page looks at so many of a lead's events and no more", async () => {
    const [model] = fixture.leads
    const begun = await api.database.read('events', { company_id: 3, sequence: 1 })
    if (model === undefined || begun === undefined) throw new Error('the fixture has no lead')
    const changes = range(4, 703)
    await api.database.load([
      ...changes.map((sequence) => ({
        kind: 'insert' as const,
        table: 'events' as const,
        row: { ...begun, sequence, previous_sequence: sequence === 4 ? 1 : sequence - 1 },
      })),
      {
        kind: 'update' as const,
        table: 'leads' as const,
        key: { company_id: 3, id: 4711 },
        set: { last_sequence: 703 },
      },
    ])
    await load([aDelivery(4), aDelivery(5), aDelivery(703)])
    expect(await pages('lead=4711')).toEqual([[703], [5, 4]])
    expect(await pages('lead=4711&pageSize=1')).toEqual([[703], [5], [4]])
  })

  test.each([
    ['state', ['', 'done', 'parked,', 'Parked', 'parked, retrying']],
    ['event', ['', 'foo', 'lead_updated,foo']],
    ['lead', ['', '0', 'x', '01', '4711,4713']],
    ['since', ['', 'yesterday', '4', '2026-02-30', '2026-01-16T12:00:00']],
    ['until', ['', 'now', '2026-13-01']],
    ['cursor', ['', '0', 'x', '1.5']],
    ['pageSize', ['', '0', '-1']],
  ])('%s that means nothing is refused', async (name, values) => {
    for (const value of values) {
      expectRefused(await list(`?${name}=${encodeURIComponent(value)}`), 400, `Invalid ${name}`)
    }
  })

  test('all wrong filters are told at once', async () => {
    const { body } = await list('?state=x&until=y')
    expect(body.details).toEqual([
      { path: '/state', message: expect.stringContaining('Invalid state (expected a comma list of pending, retrying') },
      { path: '/until', message: 'Invalid until (expected an ISO 8601 time with Z or an offset)' },
    ])
  })
})
