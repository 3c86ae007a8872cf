import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { conditionsOf } from '../../src/http/conditions.ts'
import { type Api, backends, type Reply, type Start } from '../backends.ts'
import { keys, leadUuid } from '../fixture.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { exchange, expectRefused, head, leavesAll } from './wire.ts'

const path = '/api/v1/leads/4711'
const modified = 'Lead was modified'
const notFound = 'Lead not found or not accessible'
const otherRequest = 'Idempotency key was used with another request'
const hour = 60 * 60 * 1000

const sequenceOf = ({ headers }: Reply): string | null => headers.get('x-waggle-sequence')
const isReplay = ({ headers }: Reply): boolean => headers.get('idempotency-replayed') === 'true'
/** What a replay gives again. */
const answerOf = (reply: Reply) => ({
  status: reply.status,
  body: reply.body,
  etag: reply.headers.get('etag'),
  sequence: sequenceOf(reply),
  applied: reply.headers.get('preference-applied'),
})

describe.each(backends)('If-Match on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    api = await start()
    await api.patch(path, { last_name: 'second version' })
    onTestFinished(() => api.close())
  })
  const withMatch = (match: string, body: unknown = { status: 'lost' }, to = path): Promise<Reply> =>
    api.patch(to, body, { 'if-match': match })

  test.each(['"v2"', ' "v2" ', '*', ' * ', '"v1", "v2"', '"v2","v3"', 'W/"v1", "v2"', '"x,y", "v2"', ', "v2",'])(
    '%s names the second version',
    async (match) => {
      expect(await withMatch(match)).toMatchObject({ status: 200, body: { id: 4711 } })
      expect(await api.lead()).toMatchObject({ status: 'lost' })
    },
  )

  test.each([
    ['"v1"'],
    ['"v3"'],
    ['W/"v2"'],
    ['w/"v2"'],
    ['v2'],
    ['"2"'],
    ['2'],
    ['"V2"'],
    ['"v02"'],
    ['"v2.0"'],
    ['"v2" x'],
    ['"v1", "v3"'],
    ['W/"v2", W/"v1"'],
    ['""'],
    ['"*"'],
    ['garbage'],
    [''],
    ['"v99999999999999999999"'],
    ['v2"'],
  ])('%s does not', async (match) => {
    for (const body of [{ status: 'lost' }, { status: 'new' }, {}, { tags: [999] }]) {
      expectRefused(await leavesAll(api, () => withMatch(match, body)), 412, modified)
    }
  })

  test('a lead that is not there is not found, whatever the version', async () => {
    for (const match of ['*', '"v1"', 'W/"v1"', 'garbage']) {
      for (const id of ['999999', 'abc', '5000', '4712', leadUuid(4712)]) {
        expectRefused(await withMatch(match, {}, `/api/v1/leads/${id}`), 404, notFound)
      }
    }
  })

  test('the shape of the body is told before, references after', async () => {
    expectRefused(await leavesAll(api, () => withMatch('"v1"', [])), 400, 'Request body must be a JSON object')
    expectRefused(await leavesAll(api, () => withMatch('"v1"', { tags: 7 })), 400, 'tags must be an array of tag IDs')
    expectRefused(await leavesAll(api, () => withMatch('"v1"', { tags: [999] })), 412, modified)
    expectRefused(await leavesAll(api, () => withMatch('"v2"', { tags: [999] })), 400, 'Invalid tag IDs: 999')
  })

  test('two lines are one list', async () => {
    const body = '{"status":"lost"}'
    const lines = ['content-type: application/json', `content-length: ${body.length}`]
    const request = head(`PATCH ${path}`, ...lines, 'if-match: "v1"', 'if-match: "v2"')
    expect(await exchange(api, [request, body])).toMatchObject([{ status: 200 }])
  })

  test('of many writers with one version one wins', async () => {
    const replies = await Promise.all(Array.from({ length: 10 }, (_v, i) => withMatch('"v2"', { first_name: `${i}` })))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 412)])
    const won = replies.findIndex(({ status }) => status === 200)
    expect(await api.lead()).toMatchObject({ first_name: String(won) })
  })

  test('If-None-Match is ignored, on reading too', async () => {
    const headers = { 'if-none-match': '"v2", *' }
    expect((await api.request('GET', path, { headers })).status).toBe(200)
    expect((await api.patch(path, { status: 'lost' }, headers)).status).toBe(200)
    expect((await api.request('GET', path, { headers: { 'if-match': '"v1"' } })).status).toBe(200)
  })
})

describe('Prefer', () => {
  const of = (prefer?: string | string[]) => {
    const headers = prefer === undefined ? {} : { prefer }
    const { strict, representation } = conditionsOf(headers, { method: 'PATCH', path: '/', raw: new Uint8Array() })
    return `${strict ? 'strict' : ''} ${representation ? 'representation' : ''}`.trim()
  }

  test.each([
    [undefined, ''],
    ['', ''],
    ['handling=strict', 'strict'],
    ['return=representation', 'representation'],
    ['return=representation, handling=strict', 'strict representation'],
    ['handling=strict,return=representation', 'strict representation'],
    ['respond-async, wait=10, handling=strict', 'strict'],
    ['Handling=strict', 'strict'],
    ['RETURN=representation', 'representation'],
    ['handling="strict"', 'strict'],
    ['return="representation", handling="strict"', 'strict representation'],
    ['return = representation', 'representation'],
    ['return=representation; foo=bar', 'representation'],
    ['handling=strict;foo, return=representation', 'strict representation'],
    ['handling=lenient', ''],
    ['return=minimal', ''],
    ['return', ''],
    ['representation', ''],
    ['strict', ''],
    ['foo; return=representation', ''],
    ['xreturn=representation', ''],
    ['return=representations', ''],
  ])('%j asks for "%s"', (prefer, meant) => {
    expect(of(prefer)).toBe(meant)
  })
})

describe.each(backends)('return=representation on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    api = await start()
    onTestFinished(() => api.close())
  })
  const whole = { prefer: 'return=representation' }
  const isWhole = async (reply: Reply): Promise<void> => {
    const get = await api.get(path)
    expect(reply.status).toBe(200)
    expect(reply.body).toEqual(get.body)
    expect(reply.headers.get('etag')).toBe(get.headers.get('etag'))
    expect(reply.headers.get('preference-applied')).toBe('return=representation')
  }

  test('answers what GET does, after a change and after none', async () => {
    await isWhole(
      await api.patch(
        path,
        { status: 'lost', tags: [8], customFields: [{ customFieldId: 5, value: { number: 2 } }] },
        whole,
      ),
    )
    await isWhole(await leavesAll(api, () => api.patch(path, { status: 'lost' }, whole)))
    await isWhole(await leavesAll(api, () => api.patch(path, {}, whole)))
    await isWhole(await api.patch('/api/v1/companies/3/leads/4711', { status: 'new' }, whole))
  })

  test('a key that may not read gets the short answer', async () => {
    const send = (body: string) =>
      api.request('PATCH', path, {
        key: keys.writeOnly,
        headers: { 'content-type': 'application/json', ...whole },
        body,
      })
    for (const reply of [await send('{"status":"lost"}'), await send('{"status":"lost"}'), await send('{}')]) {
      expect(reply.status).toBe(200)
      expect(Object.keys(reply.body)).toEqual(['id', 'uuid', 'updated_at'])
      expect(reply.headers.get('preference-applied')).toBeNull()
    }
  })

  test('in two lines, and beside strict handling', async () => {
    const body = '{"status":"lost"}'
    const lines = ['content-type: application/json', `content-length: ${body.length}`]
    const request = head(`PATCH ${path}`, ...lines, 'prefer: handling=strict', 'prefer: return="representation"')
    const [reply] = await exchange(api, [request, body])
    expect(reply).toMatchObject({ status: 200, body: { id: 4711, status: 'lost', custom_fields: [{ id: 9 }] } })
    const both = { prefer: 'return=representation, handling=strict' }
    expectRefused(await leavesAll(api, () => api.patch(path, { sorce: 1 }, both)), 400, 'Unknown field: sorce')
  })

  test('a replay to a key that may not read tells the ids alone', async () => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'whole', ...whole }
    const send = (key: string) => api.request('PATCH', path, { key, headers, body: '{"status":"lost"}' })
    const { body, headers: first } = await send(keys.full)
    const again = await send(keys.writeOnly)
    expect(isReplay(again)).toBe(true)
    expect(again.body).toEqual({ id: 4711, uuid: body.uuid, updated_at: body.updated_at })
    expect(again.headers.get('preference-applied')).toBeNull()
    expect(again.headers.get('etag')).toBe(first.get('etag'))
  })

  test('a replay gives the body of then', async () => {
    const once = { 'idempotency-key': 'whole', ...whole }
    const first = await api.patch(path, { status: 'lost' }, once)
    await isWhole(first)
    await api.patch(path, { status: 'new', company_name: 'Later' })
    const again = await leavesAll(api, () => api.patch(path, { status: 'lost' }, once))
    expect(isReplay(again)).toBe(true)
    expect(answerOf(again)).toEqual(answerOf(first))
  })
})

describe.each(backends)('Idempotency-Key on %s', (_, start) => {
  const begin = async (options: Start = {}): Promise<Api> => {
    const api = await start(options)
    onTestFinished(() => api.close())
    return api
  }
  const invalid = 'Invalid Idempotency-Key'
  const once = (key: string) => ({ 'idempotency-key': key })

  test.each(['', 'a b', 'a.b', 'a:b', 'a/b', 'ä', '"a"', '*', 'a,b', 'x'.repeat(256)])(
    '"%s" is no key',
    async (key) => {
      const api = await begin()
      expectRefused(await leavesAll(api, () => api.patch(path, { status: 'lost' }, once(key))), 400, invalid)
    },
  )

  test('letters, digits, - and _ are a key, up to 255 of them, in its own case', async () => {
    const api = await begin()
    for (const key of ['a', '0', '-', '_', 'A', '__proto__', 'constructor', 'x'.repeat(255)]) {
      const reply = await api.patch(path, { last_name: key.slice(0, 20) }, once(key))
      expect([reply.status, isReplay(reply)]).toEqual([200, false])
    }
  })

  test('two lines are no key', async () => {
    const api = await begin()
    const lines = ['content-type: application/json', 'content-length: 17']
    const request = head(`PATCH ${path}`, ...lines, 'idempotency-key: a', 'idempotency-key: b')
    const [reply] = await leavesAll(api, () => exchange(api, [request, '{"status":"lost"}']))
    expectRefused(reply, 400, invalid)
  })

  test('a replay gives the old answer, whatever happened and whatever If-Match says', async () => {
    const api = await begin()
    const first = await api.patch(path, { status: 'lost' }, { ...once('k'), 'if-match': '"v1"' })
    expect(answerOf(first)).toMatchObject({ status: 200, etag: '"v2"', sequence: '4' })
    expect(isReplay(first)).toBe(false)
    await api.patch(path, { status: 'contacted' })
    for (const match of ['"v1"', '"v3"', '"v77"', '*', 'garbage', undefined]) {
      const headers = { ...once('k'), ...(match !== undefined && { 'if-match': match }) }
      const again = await leavesAll(api, () => api.patch(path, { status: 'lost' }, headers))
      expect(answerOf(again)).toEqual(answerOf(first))
      expect(isReplay(again)).toBe(true)
    }
  })

  test('what changed nothing is kept too', async () => {
    const api = await begin()
    const first = await leavesAll(api, () => api.patch(path, { status: 'new' }, once('k')))
    expect(answerOf(first)).toMatchObject({ status: 200, etag: '"v1"', sequence: null })
    await api.patch(path, { status: 'lost' })
    const again = await leavesAll(api, () => api.patch(path, { status: 'new' }, once('k')))
    expect(answerOf(again)).toEqual(answerOf(first))
    expect(isReplay(again)).toBe(true)
  })

  test('another method, path or body is another request', async () => {
    const api = await begin()
    await api.patch(path, { status: 'lost' }, once('k'))
    const others: [string, unknown][] = [
      [path, { status: 'new' }],
      [path, {}],
      [path, { status: 'lost', tags: [7] }],
      ['/api/v1/leads/4713', { status: 'lost' }],
      ['/api/v1/companies/3/leads/4711', { status: 'lost' }],
      ['/api/v1/leads/999999', { status: 'lost' }],
    ]
    for (const [to, body] of others) {
      expectRefused(await leavesAll(api, () => api.patch(to, body, once('k'))), 422, otherRequest)
      expectRefused(await api.patch(to, body, { ...once('k'), 'if-match': '"v99"' }), 422, otherRequest)
    }
    const headers = { 'content-type': 'application/json', ...once('k') }
    const spaced = await leavesAll(api, () => api.request('PATCH', path, { headers, body: '{ "status":"lost"}' }))
    expectRefused(spaced, 422, otherRequest)
  })

  test('the bytes of the body are those behind its coding', async () => {
    const api = await begin()
    await api.patch(path, { status: 'lost' }, once('k'))
    const headers = { 'content-type': 'application/json; charset=utf-8', 'content-encoding': 'gzip', ...once('k') }
    const body = new Uint8Array(gzipSync('{"status":"lost"}'))
    const again = await leavesAll(api, () => api.request('PATCH', path, { headers, body }))
    expect([again.status, isReplay(again)]).toEqual([200, true])
  })

  test('a body of another shape is refused before the key is looked up', async () => {
    const api = await begin()
    await api.patch(path, { status: 'lost' }, once('k'))
    expectRefused(
      await api.patch(path, { status: 'won' }, once('k')),
      400,
      'Invalid status. Options: new, contacted, qualified, converted, lost',
    )
    expectRefused(await api.patch(path, [], once('k')), 400, 'Request body must be a JSON object')
  })

  test('a refusal is not kept: it is decided anew', async () => {
    const api = await begin()
    const send = (headers: Record<string, string> = {}) =>
      api.patch(path, { assignedUsers: [33, 32] }, { ...once('k'), ...headers })
    expectRefused(await leavesAll(api, () => send({ 'if-match': '"v9"' })), 412, modified)
    await api.patch(path, { assignedUsers: [] })
    expectRefused(await leavesAll(api, () => send()), 400, 'Invalid user IDs: 33')
    expectRefused(await api.patch('/api/v1/leads/999999', { status: 'lost' }, once('k')), 404, notFound)
    const good = await api.patch(path, { assignedUsers: [32] }, once('k'))
    expect([good.status, isReplay(good)]).toEqual([200, false])
    expectRefused(await leavesAll(api, () => send()), 422, otherRequest)
  })

  test('refused for its permission, a request takes no key', async () => {
    const api = await begin()
    const headers = { 'content-type': 'application/json', ...once('k') }
    const body = '{"status":"lost"}'
    expect((await api.request('PATCH', path, { key: keys.readOnly, headers, body })).status).toBe(403)
    expect((await api.request('PATCH', path, { key: null, headers, body })).status).toBe(401)
    const reply = await api.request('PATCH', path, { headers, body })
    expect([reply.status, isReplay(reply)]).toEqual([200, false])
  })

  test('a key is one of its company: shared by its API keys, not by others', async () => {
    const api = await begin()
    const headers = { 'content-type': 'application/json', ...once('k') }
    const send = (key: string, to: string) => api.request('PATCH', to, { key, headers, body: '{"status":"lost"}' })
    const first = await send(keys.full, path)
    const foreign = await send(keys.other, '/api/v1/leads/5000')
    expect([foreign.status, isReplay(foreign)]).toEqual([200, false])
    const again = await leavesAll(api, () => send(keys.writeOnly, path))
    expect([isReplay(again), answerOf(again)]).toEqual([true, answerOf(first)])
  })

  test('it is kept for 24 hours', async () => {
    const clock = handClock()
    const api = await begin({ clock })
    const first = await api.patch(path, { status: 'lost' }, once('k'))
    await api.patch(path, { status: 'new' })
    clock.move(24 * hour - 1)
    const kept = await leavesAll(api, () => api.patch(path, { status: 'lost' }, once('k')))
    expect([isReplay(kept), answerOf(kept)]).toEqual([true, answerOf(first)])
    clock.move(2)
    const anew = await api.patch(path, { status: 'lost' }, once('k'))
    expect([anew.status, isReplay(anew), sequenceOf(anew)]).toEqual([200, false, '6'])
    await api.patch(path, { status: 'new' })
    clock.move(hour)
    const again = await leavesAll(api, () => api.patch(path, { status: 'lost' }, once('k')))
    expect([isReplay(again), answerOf(again)]).toEqual([true, answerOf(anew)])
  })

  test('when its time is over, it may name another request', async () => {
    const clock = handClock()
    const api = await begin({ clock })
    await api.patch(path, { status: 'lost' }, once('k'))
    clock.move(24 * hour + 1)
    expect((await api.patch(path, { status: 'contacted' }, once('k'))).status).toBe(200)
    expectRefused(await leavesAll(api, () => api.patch(path, { status: 'lost' }, once('k'))), 422, otherRequest)
  })

  test('sent many times at once, it is done once', async () => {
    const api = await begin()
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => api.patch(path, { status: 'lost' }, once('at-once'))),
    )
    const done = replies.filter((reply) => reply.status === 200 && !isReplay(reply))
    expect(done).toHaveLength(1)
    for (const reply of replies) {
      if (reply.status === 200) expect(answerOf(reply)).toEqual(answerOf(done[0] ?? reply))
      else expectRefused(reply, 409, 'A request with this idempotency key is still running')
    }
    expect((await api.events()).slice(3)).toHaveLength(1)
  })

  test('strict handling and ignored members are told again', async () => {
    const api = await begin()
    const first = await api.patch(path, { status: 'lost', sorce: 1 }, once('k'))
    const again = await leavesAll(api, () => api.patch(path, { status: 'lost', sorce: 1 }, once('k')))
    expect(isReplay(again)).toBe(true)
    expect(again.headers.get('x-waggle-ignored-fields')).toBe(first.headers.get('x-waggle-ignored-fields'))
  })
})
