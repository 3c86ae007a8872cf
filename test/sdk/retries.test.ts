import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ClientOptions, createClient } from '../../sdk/index.ts'
import { type Api, backends } from '../backends.ts'
import { keys } from '../fixture.ts'
import { proxyTo } from './proxy.ts'

const busy = { status: 503, headers: { 'retry-after': '0' }, body: '{"error":"Service unavailable"}' }

describe('a client of a server with troubles', () => {
  let api: Api
  beforeAll(async () => {
    const [[, start] = []] = backends
    const begun = await start?.()
    if (begun === undefined) throw new Error('no backend')
    api = begun
  })
  afterAll(() => api.close())
  const through = async (options: Partial<ClientOptions> = {}) => {
    const proxy = await proxyTo(api.url)
    return { proxy, waggle: createClient({ baseUrl: proxy.url, key: keys.full, ...options }) }
  }

  test('reads again after 503, and says how often', async () => {
    const { proxy, waggle } = await through()
    proxy.troubles.push(busy, busy)
    let attempts = 0
    const onAnswer = (meta: { attempts: number }) => {
      attempts = meta.attempts
    }
    expect(await waggle.leads.get(4711, { onAnswer })).toMatchObject({ id: 4711 })
    expect({ attempts, sent: proxy.requests.length }).toEqual({ attempts: 3, sent: 3 })
  })

  test.each(['cut after', 'cut before'] as const)(
    'a change whose connection is %s is carried out once',
    async (trouble) => {
      const { proxy, waggle } = await through()
      const before = (await api.events()).length
      proxy.troubles.push(trouble)
      const created = await waggle.leads.create({
        company_name: `Once ${trouble}`,
        customFields: [{ customFieldId: 9, value: { text: 'there' } }],
      })
      expect(proxy.requests.map(({ headers }) => headers['idempotency-key'])).toHaveLength(2)
      expect(new Set(proxy.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
      expect((await api.events()).length).toBe(before + 1)
      expect((await waggle.leads.list({ search: `Once ${trouble}` })).rows.map(({ id }) => id)).toEqual([created.id])
    },
  )

  test('a patch that is repeated does not undo what others wrote in between', async () => {
    const { proxy, waggle } = await through()
    proxy.troubles.push('cut after', 'silence')
    const others = createClient({ baseUrl: api.url, key: keys.full })
    const slow = createClient({ baseUrl: proxy.url, key: keys.full, attemptTimeoutMs: 300 })
    const repeated = slow.leads.update(4711, { status: 'contacted' })
    await vi.waitUntil(() => proxy.requests.length === 2) // the first has been carried out, its answer lost
    await others.leads.update(4711, { status: 'lost' })
    await repeated
    expect((await waggle.leads.get(4711)).status).toBe('lost')
    expect(proxy.requests.filter(({ method }) => method === 'PATCH').length).toBe(3)
  })

  test('what is not known to be safe is not repeated', async () => {
    const { proxy, waggle } = await through({ key: keys.admin })
    proxy.troubles.push('cut after')
    await expect(waggle.keys.create({ label: 'Once', read_access: true })).rejects.toMatchObject({ failure: 'network' })
    expect(proxy.requests).toHaveLength(1)
    proxy.troubles.push({ status: 429, headers: { 'retry-after': '0' }, body: '{"error":"Rate limit exceeded"}' })
    expect(await waggle.keys.create({ label: 'Twice', read_access: true })).toMatchObject({ label: 'Twice' })
  })

  test('a refusal is not repeated, and neither is what has no tries left', async () => {
    const { proxy, waggle } = await through({ retries: 1 })
    await expect(waggle.leads.get(1)).rejects.toMatchObject({ failure: 'lead_not_found' })
    expect(proxy.requests).toHaveLength(1)
    proxy.troubles.push(busy, busy)
    await expect(waggle.leads.get(4711)).rejects.toMatchObject({ failure: 'unavailable', status: 503, retryAfterMs: 0 })
    expect(proxy.requests).toHaveLength(3)
  })

  test('does not wait for longer than the call may take', async () => {
    const { proxy, waggle } = await through({ timeoutMs: 5_000 })
    proxy.troubles.push({ ...busy, headers: { 'retry-after': '60' } })
    await expect(waggle.leads.get(4711)).rejects.toMatchObject({ failure: 'unavailable', retryAfterMs: 60_000 })
  })

  test('a call that takes too long is ended', async () => {
    const { proxy, waggle } = await through()
    proxy.troubles.push('silence')
    await expect(waggle.leads.get(4711, { timeoutMs: 100 })).rejects.toMatchObject({ failure: 'timeout' })
  })

  test('a call ends with its signal, before it, in it and between two tries', async () => {
    const { proxy, waggle } = await through()
    const reason = new Error('left the page')
    await expect(waggle.leads.get(4711, { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
      failure: 'aborted',
      cause: reason,
    })
    for (const trouble of ['silence', { ...busy, headers: { 'retry-after': '20' } }] as const) {
      proxy.troubles.push(trouble)
      const sent = proxy.requests.length
      const controller = new AbortController()
      const called = waggle.leads.get(4711, { signal: controller.signal })
      await vi.waitUntil(() => proxy.requests.length > sent)
      controller.abort(reason)
      await expect(called).rejects.toMatchObject({ failure: 'aborted' })
      expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    }
  })

  test("an answer that is none of the server's is told as such", async () => {
    const { proxy, waggle } = await through()
    proxy.troubles.push({ status: 200, body: '<html>' }, { status: 404, body: '<html>' })
    await expect(waggle.leads.get(4711)).rejects.toMatchObject({ failure: 'unknown', status: 200 })
    await expect(waggle.leads.get(4711)).rejects.toMatchObject({ failure: 'unknown', status: 404 })
  })
})

describe('time', () => {
  /** A server that answers as it is told, without a socket. */
  const answering = (...answers: Response[]) => {
    const calls: number[] = []
    const fetch = async (): Promise<Response> => {
      calls.push(Date.now())
      return answers[calls.length - 1] ?? Response.json({ status: 'ok' })
    }
    return { calls, waggle: createClient({ baseUrl: 'http://waggle.example', fetch }) }
  }
  const refusing = (retryAfter?: string) =>
    Response.json(
      { error: 'Service unavailable' },
      { status: 503, ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }) },
    )

  beforeAll(() => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 15, 12) })
  })
  afterAll(() => {
    vi.useRealTimers()
  })

  test('waits as long as Retry-After says, in seconds or as a date, and leaves no timer behind', async () => {
    const { calls, waggle } = answering(refusing('3'), refusing(new Date(Date.now() + 13_000).toUTCString()))
    const answered = waggle.system.health()
    await vi.runAllTimersAsync()
    expect(await answered).toEqual({ status: 'ok' })
    const [first = 0, second = 0, third = 0] = calls
    expect(second - first).toBe(3_000)
    expect(third - first).toBe(13_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('waits longer each time, not as long as another client, and not for ever', async () => {
    const { calls, waggle } = answering(...Array.from({ length: 9 }, () => refusing()))
    const answered = expect(waggle.system.health({ retries: 8, timeoutMs: 0 })).rejects.toMatchObject({
      failure: 'unavailable',
    })
    await vi.runAllTimersAsync()
    await answered
    const waits = calls.slice(1).map((at, index) => at - (calls[index] ?? 0))
    expect(waits).toHaveLength(8)
    for (const [index, wait] of waits.entries()) {
      const most = Math.min(200 * 2 ** index, 5_000)
      expect(wait).toBeGreaterThanOrEqual(Math.floor(most / 2))
      expect(wait).toBeLessThanOrEqual(most)
    }
    expect(vi.getTimerCount()).toBe(0)
  })
})
