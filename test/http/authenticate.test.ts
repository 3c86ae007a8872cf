import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Gate } from '../../src/http/authenticate.ts'
import { SlidingWindow } from '../../src/http/limits.ts'
import type { Actor } from '../../src/kernel/actor.ts'
import { revoke } from '../../src/keys/revoke.ts'
import { type Api, backends, type Reply, type Start } from '../backends.ts'
import { keys, noon } from '../fixture.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { exchange, expectRefused, head, leavesAll } from './wire.ts'

const path = '/api/v1/leads/4711'
const invalidKey = 'Invalid API key or insufficient permissions'
const noWrite = 'Write access required for this operation'
const noRead = 'Read access required for this operation'
const limited = 'Rate limit exceeded'
const reads = [path, '/api/v1/leads', `${path}/history`, '/api/v1/leads/5000', '/api/v1/leads/abc']

describe.each(backends)('keys on %s', (_, start) => {
  const begin = async (options: Start = {}): Promise<Api> => {
    const api = await start(options)
    onTestFinished(() => api.close())
    return api
  }
  const patch = (api: Api, key: string | null, to = path, body = '{"status":"lost"}'): Promise<Reply> =>
    api.request('PATCH', to, { key, headers: { 'content-type': 'application/json' }, body })
  const withHeader = (api: Api, authorization: string): Promise<Reply> =>
    api.request('GET', path, { key: null, headers: { authorization } })

  test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR', 'Api-Key', 'api-key', 'API-KEY'])(
    'the scheme %s opens',
    async (scheme) => {
      const api = await begin()
      expect(await withHeader(api, `${scheme} ${keys.full}`)).toMatchObject({ status: 200, body: { id: 4711 } })
    },
  )

  test('anything but a valid key is refused with one text', async () => {
    const api = await begin()
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      keys.full,
      `Basic ${keys.full}`,
      `Token ${keys.full}`,
      `Bearer${keys.full}`,
      `Bearer: ${keys.full}`,
      `Bearer ${keys.full} x`,
      `Bearer ${keys.full},`,
      `Bearer "${keys.full}"`,
      `Bearer ${keys.full.toUpperCase()}`,
      `Bearer ${keys.full.slice(0, -1)}`,
      `Bearer ${keys.full}0`,
      `Bearer ${keys.full.slice(0, 8)}`,
      'Bearer undefined',
      'Bearer __proto__',
      `Bearer ${'x'.repeat(10_000)}`,
      `Bearer ${'ÿ'.repeat(30)}`,
    ]) {
      expectRefused(await withHeader(api, authorization), 401, invalidKey)
    }
    const inOtherPlaces = { 'x-api-key': keys.full, cookie: `key=${keys.full}` }
    const reply = await api.request('GET', `${path}?key=${keys.full}`, { key: null, headers: inOtherPlaces })
    expectRefused(reply, 401, invalidKey)
  })

  test.each(['revoked', 'expired', 'suspended'] as const)('a key that is %s opens nothing', async (name) => {
    const api = await begin()
    for (const to of reads) expectRefused(await api.get(to, keys[name]), 401, invalidKey)
    await leavesAll(api, async () => expectRefused(await patch(api, keys[name]), 401, invalidKey))
  })

  test('administration alone neither reads nor writes', async () => {
    const api = await begin()
    for (const to of reads) expectRefused(await api.get(to, keys.admin), 403, noRead)
    await leavesAll(api, async () => {
      expectRefused(await patch(api, keys.admin), 403, noWrite)
      expectRefused(await patch(api, keys.admin, '/api/v1/leads/5000', '{bad'), 403, noWrite)
    })
  })

  test('writing does not imply reading, nor the reverse', async () => {
    const api = await begin()
    for (const to of reads) expectRefused(await api.get(to, keys.writeOnly), 403, noRead)
    expect(await patch(api, keys.writeOnly)).toMatchObject({ status: 200, body: { id: 4711 } })
    expect((await api.get(path, keys.readOnly)).status).toBe(200)
    await leavesAll(api, async () => expectRefused(await patch(api, keys.readOnly), 403, noWrite))
  })

  test('a key sees its own company only', async () => {
    const api = await begin()
    expect((await api.get('/api/v1/leads/5000', keys.other)).status).toBe(200)
    expectRefused(await api.get(path, keys.other), 404, 'Lead not found or not accessible')
    await leavesAll(api, async () =>
      expectRefused(await patch(api, keys.other), 404, 'Lead not found or not accessible'),
    )
  })

  test('a revoked key is refused within a second', async () => {
    const api = await begin()
    expect((await api.get(path)).status).toBe(200)
    await revoke(api.database, 3, 1)
    await wait(1_050)
    expectRefused(await api.get(path), 401, invalidKey)
  })

  test('so is one whose time is over, and one of a company that is suspended', async () => {
    const clock = handClock()
    const api = await begin({ clock })
    const set = (key: { id: number }, expires_at: number) =>
      api.database.transact({
        companyId: 3,
        keys: {},
        decide: () => ({
          reply: undefined,
          writes: [{ kind: 'update', table: 'api_keys', key: { company_id: 3, ...key }, set: { expires_at } }],
        }),
      })
    await set({ id: 1 }, clock.now() + 60_000)
    expect((await api.get(path)).status).toBe(200)
    clock.move(59_900)
    expect((await api.get(path)).status).toBe(200)
    clock.move(100)
    expectRefused(await api.get(path), 401, invalidKey)

    expect((await api.get(path, keys.readOnly)).status).toBe(200)
    await api.database.transact({
      companyId: 3,
      keys: {},
      decide: () => ({
        reply: undefined,
        writes: [{ kind: 'update', table: 'companies', key: { id: 3 }, set: { suspended_at: noon } }],
      }),
    })
    clock.move(1_000)
    expectRefused(await api.get(path, keys.readOnly), 401, invalidKey)
  })

  test('a key works on when its user is disabled', async () => {
    const clock = handClock()
    const api = await begin({ clock })
    await api.database.transact({
      companyId: 3,
      keys: {},
      changesDefinitions: true,
      decide: () => ({
        reply: undefined,
        writes: [{ kind: 'update', table: 'users', key: { company_id: 3, id: 31 }, set: { disabled_at: noon } }],
      }),
    })
    clock.move(1_000)
    expect(await patch(api, keys.full)).toMatchObject({ status: 200 })
  })

  test('two lines of authorization never open more than one', async () => {
    const api = await begin()
    const both = head(`GET ${path}`, `authorization: Bearer ${keys.full}`).replace(keys.full, 'jb_api_unknown')
    const [reply] = await exchange(api, [both])
    expectRefused(reply, 401, invalidKey)
  })
})

describe.each(backends)('the limit of requests on %s', (_, start) => {
  const begin = async (rateLimit: number) => {
    const clock = handClock()
    const api = await start({ clock, config: { rateLimit } })
    onTestFinished(() => api.close())
    return { api, clock }
  }
  const standing = ({ headers }: Reply): (string | null)[] =>
    ['limit', 'remaining', 'reset'].map((name) => headers.get(`ratelimit-${name}`))

  test('off, no answer speaks of it', async () => {
    const { api } = await begin(0)
    for (let sent = 0; sent < 150; sent += 1) expect((await api.get(path)).status).toBe(200)
    expect(standing(await api.get(path))).toEqual([null, null, null])
  })

  test('every answer to a key tells how it stands', async () => {
    const { api } = await begin(20)
    const json = { 'content-type': 'application/json' }
    const answers: [number, () => Promise<Reply>][] = [
      [200, () => api.get(path)],
      [200, () => api.request('HEAD', path)],
      [200, () => api.patch(path, { status: 'lost' })],
      [400, () => api.patch(path, { status: 'won' })],
      [400, () => api.get('/api/v1/leads?page=0')],
      [400, () => api.request('PATCH', path, { headers: json, body: '{bad' })],
      [400, () => api.patch(path, {}, { 'idempotency-key': '!' })],
      [404, () => api.get('/api/v1/leads/abc')],
      [412, () => api.patch(path, {}, { 'if-match': '"v99"' })],
      [413, () => api.request('PATCH', path, { headers: json, body: ' '.repeat(1_100_000) })],
      [415, () => api.request('PATCH', path, { headers: { 'content-type': 'text/plain' }, body: '{}' })],
    ]
    for (const [index, [status, send]] of answers.entries()) {
      const reply = await send()
      expect([reply.status, ...standing(reply)]).toEqual([status, '20', String(19 - index), '60'])
    }
    expect(standing(await api.get(path, keys.admin))).toEqual(['20', '19', '60'])
    expect((await api.get(path, keys.admin)).status).toBe(403)
  })

  test('the minute slides: each request makes room a minute after it came', async () => {
    const { api, clock } = await begin(3)
    const at = async (ms: number): Promise<(number | string | null)[]> => {
      clock.move(ms - clock.elapsed())
      const reply = await api.get(path)
      return [reply.status, reply.headers.get('retry-after'), ...standing(reply)]
    }
    expect(await at(0)).toEqual([200, null, '3', '2', '60'])
    expect(await at(20_000)).toEqual([200, null, '3', '1', '40'])
    expect(await at(40_500)).toEqual([200, null, '3', '0', '20'])
    expect(await at(41_000)).toEqual([429, '19', '3', '0', '19'])
    expect(await at(59_999)).toEqual([429, '1', '3', '0', '1'])
    expect(await at(60_000)).toEqual([200, null, '3', '0', '20'])
    expect(await at(60_001)).toEqual([429, '20', '3', '0', '20'])
    expect(await at(80_000)).toEqual([200, null, '3', '0', '21'])
    expect(await at(200_000)).toEqual([200, null, '3', '2', '60'])
  })

  test('each key has its own; a refusal changes nothing and comes before the permission', async () => {
    const { api } = await begin(1)
    expect((await api.patch(path, { status: 'lost' })).status).toBe(200)
    const [event] = (await api.events()).slice(-1)
    expectRefused(await api.patch(path, { status: 'new' }), 429, limited)
    expect((await api.events()).at(-1)).toEqual(event)
    expect((await api.get(path, keys.readOnly)).status).toBe(200)
    expect((await api.get(path, keys.writeOnly)).status).toBe(403)
    expectRefused(await api.get(path, keys.writeOnly), 429, limited)
    expect((await api.get('/api/v1/leads/5000', keys.other)).status).toBe(200)
  })

  test('what needs no key, and what has none, is not counted', async () => {
    const { api } = await begin(2)
    for (let sent = 0; sent < 5; sent += 1) {
      expect((await api.get('/healthz')).status).toBe(200)
      expect((await api.get('/api/v1/nothing')).status).toBe(404)
      expect((await api.request('PUT', path)).status).toBe(405)
      expect((await api.request('GET', path, { key: null })).status).toBe(401)
    }
    expect((await api.get(path)).status).toBe(200)
  })
})

describe('failed sign-ins', () => {
  const actor: Actor = {
    companyId: 3,
    userUuid: 'u',
    keyId: 1,
    shownAs: 'jb_api_f',
    mayRead: true,
    mayWrite: true,
    mayAdminister: false,
  }
  const gateWith = (authFailureLimit: number) => {
    const clock = handClock()
    const lookUp = (key: string) => (key === keys.full ? actor : undefined)
    return { clock, gate: new Gate({ lookUp, sessionLookUp: () => undefined, clock, rateLimit: 0, authFailureLimit }) }
  }

  test('over the limit are answered 429 until a minute has passed, and good keys are not harmed', () => {
    const { clock, gate } = gateWith(60)
    for (let failed = 0; failed < 60; failed += 1) {
      expect(gate.refusal('203.0.113.7')).toMatchObject({ status: 401, message: invalidKey })
      clock.move(100)
    }
    expect(gate.refusal('203.0.113.7')).toMatchObject({ status: 429, message: limited, retryAfterSeconds: 54 })
    expect(gate.identify({ authorization: `Bearer ${keys.full}` })).toEqual(actor)
    expect(gate.refusal('203.0.113.8')).toMatchObject({ status: 401 })
    expect(gate.refusal('2001:db8::7')).toMatchObject({ status: 401 })
    clock.move(54_000)
    expect(gate.refusal('203.0.113.7')).toMatchObject({ status: 401 })
  })

  test('count for all addresses of IPv6 that begin with the same 64 bits, as one client has them all', () => {
    const { gate } = gateWith(2)
    expect(gate.refusal('2001:db8::7')).toMatchObject({ status: 401 })
    expect(gate.refusal('2001:db8::ffff:1')).toMatchObject({ status: 401 })
    for (const address of ['2001:db8:0:0:1:2:3:4', '2001:db8::', '2001:db8::8']) {
      expect(gate.refusal(address)).toMatchObject({ status: 429 })
    }
    const others = ['2001:db8:0:1::7', '2001:db8:1::7', '1::', '::2', '::ffff:203.0.113.7', '::ffff:203.0.113.8']
    for (const address of [...others, '203.0.113.8']) {
      expect(gate.refusal(address)).toMatchObject({ status: 401 })
    }
  })

  test.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('%s is exempt', (address) => {
    const { gate } = gateWith(2)
    for (let failed = 0; failed < 10; failed += 1) expect(gate.refusal(address)).toMatchObject({ status: 401 })
  })

  test('0 is no limit', () => {
    const { gate } = gateWith(0)
    for (let failed = 0; failed < 100; failed += 1) {
      expect(gate.refusal('203.0.113.7')).toMatchObject({ status: 401 })
    }
  })

  test('requests of a key are counted apart', () => {
    const { gate } = gateWith(1)
    expect(gate.refusal('203.0.113.7')).toMatchObject({ status: 401 })
    expect(gate.count(actor)).toBeUndefined()
  })
})

describe('the sliding window', () => {
  test('never lets more than the limit through in any minute', () => {
    const clock = handClock()
    const window = new SlidingWindow(10, clock)
    const through: number[] = []
    for (let step = 0; step < 2_000; step += 1) {
      clock.move((step * 7919) % 1_499)
      if (window.take('a').allowed) through.push(clock.elapsed())
    }
    expect(through.length).toBeGreaterThan(100)
    for (const [index, time] of through.entries()) {
      expect(time - (through[index - 10] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(60_000)
    }
  })

  test('forgets the name not seen for longest when there are too many', () => {
    const window = new SlidingWindow(2, handClock(), { namesMax: 2 })
    for (const name of ['a', 'a', 'b', 'a']) window.take(name)
    expect(window.take('c')).toMatchObject({ allowed: true })
    expect(window.take('a')).toMatchObject({ allowed: false })
    expect(window.take('b')).toMatchObject({ allowed: true, remaining: 1 })
  })
})
