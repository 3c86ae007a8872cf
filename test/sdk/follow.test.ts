import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { EventStreamReader } from '../../sdk/event-stream.ts'
import { createClient, everyRow, type FeedEvent, type FollowState } from '../../sdk/index.ts'
import { type Api, backends } from '../backends.ts'
import { keys } from '../fixture.ts'
import { proxyTo } from './proxy.ts'

/** What the fixture asks of each new lead. */
const customFields = [{ customFieldId: 9, value: { text: 'there' } }]

describe.each(backends)('lists and the feed on %s', (_, start) => {
  let api: Api
  beforeAll(async () => {
    api = await start()
  })
  afterAll(() => api.close())

  test('goes through a list page by page', { timeout: 30_000 }, async () => {
    const waggle = createClient({ baseUrl: api.url, key: keys.full })
    const lead = { last_name: 'Paged', customFields }
    const { results } = await waggle.leads.batch({
      operations: Array.from({ length: 120 }, () => ({ op: 'create' as const, lead })),
    })
    const made = results.map((result) => ('id' in result ? result.id : 0))
    const seen: number[] = []
    for await (const { id } of waggle.leads.all({ search: 'Paged' })) seen.push(id)
    expect(seen).toEqual(made.toReversed())

    const few: number[] = []
    for await (const { id } of waggle.leads.all({ search: 'Paged', pageSize: 2 })) if (few.push(id) === 3) break
    expect(few).toEqual(seen.slice(0, 3))

    for (const status of ['lost', 'new', 'lost'] as const) await waggle.leads.update(made[0] ?? 0, { status })
    const history = await Array.fromAsync(
      everyRow((cursor) => waggle.leads.history(made[0] ?? 0, { cursor, pageSize: 1 })),
    )
    expect(history.map(({ version }) => version)).toEqual([4, 3, 2, 1])
  })

  test('follows the feed over broken connections, each change once and in order', { timeout: 60_000 }, async () => {
    const proxy = await proxyTo(api.url)
    const direct = createClient({ baseUrl: api.url, key: keys.full })
    const waggle = createClient({ baseUrl: proxy.url, key: keys.full })
    const begun = (await api.events()).length
    const states: FollowState['state'][] = []
    const events: FeedEvent[] = []
    const ending = new AbortController()
    const following = (async () => {
      const onState = ({ state }: FollowState) => states.push(state)
      for await (const event of waggle.events.follow({ after: begun, signal: ending.signal, onState }))
        events.push(event)
    })()
    const status = ['contacted', 'qualified', 'converted', 'lost', 'new'] as const
    for (let round = 0; round < 5; round += 1) {
      const { sequence } = await direct.leads.update(4711, { status: status[round] ?? 'new' })
      await vi.waitUntil(() => events.at(-1)?.sequence === sequence, { timeout: 20_000 })
      if (round === 2) proxy.troubles.push({ status: 502, body: 'no server' }, 'cut before')
      proxy.cut()
      await direct.leads.update(4711, { last_name: `Round ${round}` })
    }
    const last = (await api.events()).length
    await vi.waitUntil(() => events.at(-1)?.sequence === last, { timeout: 20_000 })
    ending.abort()
    await following
    expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 10 }, (_, index) => begun + index + 1))
    expect(states.filter((state) => state === 'open')).toHaveLength(6)
    expect(states.filter((state) => state === 'waiting')).toHaveLength(7)
    const [first] = events
    if (first === undefined || !('lead' in first)) throw new Error('the event is empty')
    expect(first.lead.status).toBe('contacted')
  })

  test('begins with what is to come, and ends when the loop is left', async () => {
    const waggle = createClient({ baseUrl: api.url, key: keys.full })
    let open = (): void => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    const first = (async () => {
      for await (const event of waggle.events.follow({ after: 'now', onState: open })) return event
    })()
    await opened
    const { sequence } = await waggle.leads.update(4711, { first_name: 'Now' })
    expect(await first).toMatchObject({ sequence, event_id: 'lead_updated' })
  })

  test('ends with an error when another try would not help', async () => {
    const waggle = createClient({ baseUrl: api.url, key: 'jb_api_nobody' })
    await expect(waggle.events.follow().next()).rejects.toMatchObject({ failure: 'invalid_key', status: 401 })
  })
})

test('a connection without a sign of life is made again behind the last event, and nothing is left behind', async () => {
  vi.useFakeTimers()
  onTestFinished(() => {
    vi.useRealTimers()
  })
  const asked: string[] = []
  /** A server that tells one event, a sign of life 40 s later, and then nothing more. */
  const fetch = async (url: string, { signal }: RequestInit): Promise<Response> => {
    asked.push(url)
    const sequence = asked.length
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const tell = (text: string): void => controller.enqueue(new TextEncoder().encode(text))
        tell(`id: ${sequence}\nevent: lead_updated\ndata: {"sequence":${sequence}}\n\n`)
        const timer = setTimeout(() => tell(': keep-alive\n\n'), 40_000)
        signal?.addEventListener('abort', () => {
          clearTimeout(timer)
          controller.error(signal.reason)
        })
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
  const waggle = createClient({ baseUrl: '', fetch })
  const leaving = new AbortController()
  const states: string[] = []
  const onState = (now: FollowState): unknown => states.push(now.state === 'open' ? 'open' : now.error.failure)
  const seen: number[] = []
  const following = (async () => {
    for await (const { sequence } of waggle.events.follow({ signal: leaving.signal, onState })) seen.push(sequence)
  })()
  await vi.advanceTimersByTimeAsync(84_000)
  expect(seen).toEqual([1])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(seen).toEqual([1, 2])
  expect(asked).toEqual(['/api/v1/events?after=0', '/api/v1/events?after=1'])
  expect(states).toEqual(['open', 'timeout', 'open'])
  leaving.abort()
  await following
  expect(vi.getTimerCount()).toBe(0)
  expect(getEventListeners(leaving.signal, 'abort')).toEqual([])
})

describe('a stream of server-sent events', () => {
  const stream =
    'retry: 2000\n\nid: 1\nevent: a\ndata: {"x":1}\n\n: keep-alive\n\nid: 2\r\ndata: one\r\ndata: two\r\n\r\ndata\n\n'
  const messages = [
    { id: '1', event: 'a', data: '{"x":1}' },
    { id: '2', event: '', data: 'one\ntwo' },
    { id: '2', event: '', data: '' },
  ]

  test('is read alike however it is cut into pieces', () => {
    for (let size = 1; size <= stream.length; size += 1) {
      const reader = new EventStreamReader()
      const pieces = stream.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
      expect(pieces.flatMap((piece) => reader.read(piece))).toEqual(messages)
      expect(reader.retryMs).toBe(2000)
    }
  })

  test('a message without end is refused', () => {
    const reader = new EventStreamReader()
    const piece = 'x'.repeat(16 * 1024 * 1024)
    expect(() => {
      for (let count = 0; count < 5; count += 1) reader.read(piece)
    }).toThrow(RangeError)
  })
})
