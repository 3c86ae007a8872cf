import { describe, expect, onTestFinished, test } from 'vitest'
import { systemTimers, type Timers } from '../../src/kernel/clock.ts'
import type { Write } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import { deliveryUuid } from '../../src/webhooks/message.ts'
import { type Api, backends } from '../backends.ts'
import { dispatching, refusing } from './dispatching.ts'
import { aDelivery, administrator, insertDeliveries } from './examples.ts'

const minuteMs = 60_000

describe.each(backends)('from one life of an endpoint to the next, on %s', (_, start) => {
  async function begin() {
    const api = await start()
    onTestFinished(() => api.close())
    const admin = administrator(api)
    const { id, uuid } = await admin.webhook({ url: 'https://user:word@hooks.example/waggle?token=x' })
    return { api, admin, id, uuid }
  }
  const open: Partial<Row<'deliveries'>> = { delivered_at: null, status: null, state: 'retrying' }
  const untried: Partial<Row<'deliveries'>> = {
    ...open,
    state: 'pending',
    attempts: 0,
    tries: 0,
    first_attempt_at: null,
  }
  const rows = ({ database }: Api): Promise<Row<'deliveries'>[]> =>
    database.find<Row<'deliveries'>>((db) => db.selectFrom('deliveries').selectAll().orderBy('sequence'))
  const countOf = async (api: Api, state: string): Promise<number> =>
    (await rows(api)).filter((row) => row.state === state).length

  test('everything that still waits is taken up, however much it is', async () => {
    const { api, admin, id } = await begin()
    // Their events are gone, so that nothing has to be sent.
    const waiting = Array.from({ length: 1_100 }, (_unused, index) =>
      aDelivery(10 + index, { webhook_id: id, lead_id: index, ...untried }),
    )
    const log: Write = { kind: 'update', table: 'company_log', key: { company_id: 3 }, set: { last_sequence: 2_000 } }
    await api.database.load([...insertDeliveries(waiting), log])
    await admin.set(id, { cursor: 2_000 })
    const answers: ((status: number) => void)[] = []
    const answer = () => new Promise<number>((resolve) => answers.push(resolve))
    const { sent } = await dispatching(api, { rules: { concurrency: 50 }, answer })
    await expect.poll(() => countOf(api, 'expired'), { timeout: 4_000 }).toBe(1_100)
    await admin.changeLead(1, 4711)
    await admin.changeLead(1, 4713)
    await expect.poll(() => sent.length).toBe(2) // side by side: each attempt has given its slot back
    for (const give of answers) give(200)
  })

  test('so are late ones that are due', async () => {
    const { api, admin, id } = await begin()
    const late = { webhook_id: id, ...open, late: true, next_attempt_at: Date.now() - 1 }
    await api.database.load(
      insertDeliveries(Array.from({ length: 70 }, (_unused, index) => aDelivery(10 + index, late))),
    )
    await admin.set(id, { cursor: 2_000 })
    const { faults } = await dispatching(api)
    await expect.poll(() => countOf(api, 'expired'), { timeout: 4_000 }).toBe(70)
    expect(faults).toEqual([])
  })

  test('a late one waits for its time, is told to be late, and counts its attempts on', async () => {
    const { api, admin, id } = await begin()
    await admin.changeLead(2)
    const dueAt = Date.now() + 150
    const late = { webhook_id: id, ...open, late: true, attempts: 6, next_attempt_at: dueAt }
    await api.database.load(insertDeliveries([aDelivery(4, late), aDelivery(5, { webhook_id: id })]))
    await admin.set(id, { cursor: 5 })
    let sentAt = 0
    const { sent, sendings } = await dispatching(api, {
      answer: () => {
        sentAt = Date.now()
        return 200
      },
    })
    await expect
      .poll(() => rows(api))
      .toMatchObject([{ sequence: 4, state: 'delivered', attempts: 7 }, { sequence: 5 }])
    expect(sentAt).toBeGreaterThanOrEqual(dueAt)
    expect(sent).toEqual([4])
    expect(sendings[0]?.headers).toMatchObject({ 'x-waggle-late': 'true', 'x-waggle-attempt': '7' })
  })

  test('one that becomes late in this life is sent again in it', async () => {
    const { api, admin } = await begin()
    let failures = 2
    const { sent } = await dispatching(api, {
      rules: { scheduleMs: [0, 30, 30, 30], holdMs: 20 },
      answer: ({ headers }) => (headers['x-waggle-sequence'] === '4' && failures-- > 0 ? 500 : 200),
    })
    await admin.changeLead(2)
    await expect.poll(() => countOf(api, 'delivered')).toBe(2)
    // A machine that stands still for seconds makes it begin anew, and an attempt whose outcome was lost is made again.
    expect(sent.filter((sequence) => sequence === 4).length).toBeGreaterThanOrEqual(3)
  })

  test('of late ones those are given up that lie before, the others are sent', async () => {
    const { api, admin, id } = await begin()
    await admin.changeLead(2)
    const late = { webhook_id: id, ...open, late: true, next_attempt_at: Date.now() - 1 }
    await api.database.load(insertDeliveries([4, 5].map((sequence) => aDelivery(sequence, late))))
    await admin.set(id, { cursor: 5, skipped_until: 4 })
    const { sent } = await dispatching(api)
    await expect
      .poll(async () => (await rows(api)).map(({ sequence, state }) => [sequence, state]))
      .toEqual([
        [4, 'skipped'],
        [5, 'delivered'],
      ])
    expect(sent).toEqual([5])
  })

  test('one that still waits does not keep the place in the log', async () => {
    const { api, admin, id } = await begin()
    await admin.changeLead()
    const later = { webhook_id: id, ...open, first_attempt_at: Date.now(), next_attempt_at: Date.now() + minuteMs }
    await api.database.load(insertDeliveries([aDelivery(4, later)]))
    await admin.set(id, { cursor: 4 })
    const { sent } = await dispatching(api, { rules: { holdMs: 5 * minuteMs } })
    await admin.changeLead(1, 4713)
    await expect.poll(async () => (await admin.row(id)).cursor).toBe(5)
    expect(sent).toEqual([5])
  })

  test('one whose event cannot be read fails like any other, and is tried again', async () => {
    const { api, admin, id } = await begin()
    await admin.changeLead()
    // Not before reads are refused, however slow the machine is.
    const soon = { webhook_id: id, ...open, first_attempt_at: Date.now(), next_attempt_at: Date.now() + 1_500 }
    await api.database.load(insertDeliveries([aDelivery(4, soon)]))
    await admin.set(id, { cursor: 4 })
    const { database, refuses } = refusing(api.database)
    const rules = { scheduleMs: [0, 0, 400, 400, 400, 400], holdMs: minuteMs }
    const { sent, faults } = await dispatching(api, { database, rules })
    refuses.find = true
    await expect
      .poll(() => rows(api), { timeout: 8_000 })
      .toMatchObject([{ state: 'retrying', status: null, answer: null, error: 'the event could not be read' }])
    expect(faults.length).toBeGreaterThan(0)
    refuses.find = false
    await expect.poll(() => rows(api), { timeout: 4_000 }).toMatchObject([{ state: 'delivered' }])
    expect(sent).toEqual([4])
  })

  test('what was never sent is told to be a replay when it is asked for, and what comes behind is not', async () => {
    const { api, admin, id } = await begin()
    await admin.changeLead(2)
    await admin.set(id, { cursor: 5 })
    await admin.post(`/webhooks/${id}/replay`, { since: 4 })
    const { sendings } = await dispatching(api)
    await admin.changeLead()
    await expect
      .poll(() => sendings.map(({ headers }) => [headers['x-waggle-sequence'], headers['x-waggle-replay']]))
      .toEqual([
        ['4', 'true'],
        ['5', 'true'],
        ['6', undefined],
      ])
  })

  test('its place in the log does not pass what is under way', async () => {
    const { api, admin, id } = await begin()
    const answers: ((status: number) => void)[] = []
    await dispatching(api, {
      answer: ({ headers }) =>
        headers['x-waggle-sequence'] === '4' ? new Promise((resolve) => answers.push(resolve)) : 200,
    })
    await admin.changeLead(1, 4711)
    await admin.changeLead(1, 4713)
    await expect.poll(() => rows(api)).toMatchObject([{ sequence: 5, state: 'delivered' }])
    expect((await admin.row(id)).cursor).toBe(3)
    answers[0]?.(200)
    await expect.poll(async () => (await admin.row(id)).cursor).toBe(5)
  })

  test('it reads a long stretch of the log to its end, though nothing of it is to be sent', async () => {
    const { api, admin, id } = await begin()
    await admin.patch(`/webhooks/${id}`, { fields: ['tags'] })
    await Promise.all(Array.from({ length: 150 }, () => admin.changeLead()))
    const { sent } = await dispatching(api)
    await expect.poll(async () => (await admin.row(id)).cursor, { timeout: 4_000 }).toBe(153)
    expect(sent).toEqual([])
  })

  test('what was asked for once more is sent although it lies before what was given up', async () => {
    const { api, admin, id } = await begin()
    await admin.changeLead(3)
    const given = { webhook_id: id, ...untried }
    await api.database.load(
      insertDeliveries([4, 5].map((sequence) => aDelivery(sequence, { ...given, replay: sequence === 5 }))),
    )
    await admin.set(id, { cursor: 6, skipped_until: 6 })
    const { sent, sendings } = await dispatching(api)
    await expect
      .poll(async () => (await rows(api)).map(({ sequence, state }) => [sequence, state]))
      .toEqual([
        [4, 'skipped'],
        [5, 'delivered'],
      ])
    expect(sent).toEqual([5])
    expect(sendings[0]?.headers).toMatchObject({ 'x-waggle-replay': 'true' })
  })

  test('an attempt is told to the log, without what is secret', async () => {
    const { api, admin, id, uuid } = await begin()
    const { attempts } = await dispatching(api, { answer: () => 503, rules: { scheduleMs: [0] } })
    await admin.changeLead()
    await expect.poll(() => attempts).toHaveLength(1)
    const at = (await api.events()).at(-1)?.at ?? 0
    expect(attempts).toEqual([
      {
        company: 3,
        webhook: id,
        url: 'https://hooks.example',
        delivery: deliveryUuid(uuid, 4, at),
        event: 'lead_updated',
        sequence: 4,
        attempt: 1,
        outcome: 'parked',
        status: 503,
        ms: 1,
        error: 'the receiver answered 503',
      },
    ])
  })

  test('an endpoint whose attempts fail for too long is disabled, and nothing more is sent', async () => {
    const { api, admin, id } = await begin()
    const { sent, disabled } = await dispatching(api, {
      answer: () => 500,
      rules: { scheduleMs: [0, minuteMs], disableAfterMs: 0, concurrency: 1 },
    })
    await admin.changeLead(1, 4711)
    const reason = 'every attempt failed for too long'
    await expect
      .poll(() => admin.row(id))
      .toMatchObject({ state: 'disabled', reason, last_status: 500, last_delivered_at: null, cursor: 4 })
    await admin.changeLead(1, 4713)
    expect(disabled).toEqual([{ company: 3, webhook: id, url: 'https://hooks.example', reason }])
    expect(sent).toEqual([4])
    expect(await rows(api)).toMatchObject([{ sequence: 4, state: 'retrying', attempts: 1 }])
  })

  test('the end waits for attempts under way, writes down what became of them, and begins no other', async () => {
    const { api, admin } = await begin()
    let answer = (_status: number): void => {}
    const { sent, close } = await dispatching(api, {
      answer: () => new Promise((resolve) => (answer = resolve)),
      rules: { concurrency: 1 },
    })
    await admin.changeLead(2)
    await expect.poll(() => sent).toEqual([4])
    let closed = false
    const closing = close().then(() => {
      closed = true
    })
    await admin.changeLead()
    expect(closed).toBe(false)
    answer(200)
    await closing
    expect(sent).toEqual([4])
    expect(await rows(api)).toMatchObject([{ sequence: 4, state: 'delivered', attempts: 1 }])
  })

  test('but not for ever: then the attempt is forgotten, and made again in the next', async () => {
    const { api, admin, id } = await begin()
    const rings: (() => void)[] = []
    const timers: Timers = {
      after: (ms, call) => {
        if (ms !== 5_000) return systemTimers.after(ms, call)
        rings.push(call)
        return () => {}
      },
    }
    let answer = (_status: number): void => {}
    const first = await dispatching(api, { timers, answer: () => new Promise((resolve) => (answer = resolve)) })
    await admin.changeLead()
    await expect.poll(() => first.sent).toEqual([4])
    const closing = first.close()
    await expect.poll(() => rings).toHaveLength(1)
    rings[0]?.()
    await closing
    answer(200)
    expect(first.attempts).toEqual([])
    expect(await admin.row(id)).toMatchObject({ cursor: 3 })
    const second = await dispatching(api)
    await expect.poll(() => countOf(api, 'delivered')).toBe(1)
    expect(second.sendings[0]?.headers).toMatchObject({ 'x-waggle-attempt': '1' })
  })
})
