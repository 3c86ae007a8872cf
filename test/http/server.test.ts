import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, backends } from '../backends.ts'
import { keys, leadUuid } from '../fixture.ts'
import { exchange, expectCommonHeaders, expectRefused, head, leavesAll, serveSuite } from './wire.ts'

const path = '/api/v1/leads/4711'
const lost = JSON.stringify({ status: 'lost' })
const json = ['content-type: application/json', `content-length: ${lost.length}`]
const invalidKey = 'Invalid API key or insufficient permissions'
const leadNotFound = 'Lead not found or not accessible'
const allowOfLead = 'PATCH, GET, HEAD, DELETE, OPTIONS'

describe.each(backends)('paths and methods on %s', (_, start) => {
  let api: Api
  serveSuite(start, (started) => {
    api = started
  })

  /** One request as it is written, over a socket: no client makes it tidy. */
  const send = async (method: string, target: string) => {
    const [reply, ...more] = await exchange(api, [head(`${method} ${target}`, ...json), lost])
    expect(more).toEqual([])
    if (reply === undefined) throw new Error('no answer')
    return reply
  }
  const asSent = (method: string, target: string) => leavesAll(api, () => send(method, target))

  test.each([
    ['/api/v1/leads/%zz'],
    ['/api/v1/leads/%'],
    ['/api/v1/leads/%4'],
    ['/api/v1/leads/%ff'],
    ['/api/v1/leads/%c0%af'],
    ['/api/v1/%zz/4711'],
    ['//api/v1/leads/4711'],
    ['/api//v1/leads/4711'],
    ['/api/v1//leads/4711'],
    ['/api/v1/leads//4711'],
    ['/api/v1/leads/4711//'],
    ['/api/v1/leads/./4711'],
    ['/api/v1/leads/../leads/4711'],
    ['/api/v1/leads/4711/.'],
    ['/api/v1/leads/4711/notes'],
    ['/api/v2/leads/4711'],
    ['/API/v1/leads/4711'],
    ['/api/v1/Leads/4711'],
    ['/api/v1/lead/4711'],
    ['/leads/4711'],
    ['/'],
    ['/__proto__'],
    ['/constructor/prototype'],
    ['/api/v1/companies/3'],
  ])('%s is no path of ours', async (target) => {
    for (const method of ['PATCH', 'GET', 'PUT', 'OPTIONS']) {
      expectRefused(await asSent(method, target), 404, 'Not found')
    }
  })

  test.each([
    ['%20'],
    ['%00'],
    ['4711%00'],
    ['%34711x'],
    ['4711%2Fhistory'],
    ['..%2F4711'],
    ['%252e'],
    ['.'],
    ['..'],
    ['+4711'],
    ['04711'],
    ['4711.0'],
    ['1e3'],
    ['0x1267'],
    ['4711;v=1'],
    ['4711,4713'],
    ['*'],
    ['%D9%A4%D9%A7%D9%A1%D9%A1'],
    ['__proto__'],
    ['constructor'],
    [`{${leadUuid(4711)}}`],
    [leadUuid(4711).replaceAll('-', '')],
    ['9'.repeat(100)],
    ['9007199254740992'],
  ])('%s names no lead', async (id) => {
    for (const method of ['PATCH', 'GET']) {
      expectRefused(await asSent(method, `/api/v1/leads/${id}`), 404, leadNotFound)
      expectRefused(await asSent(method, `/api/v1/companies/3/leads/${id}`), 404, leadNotFound)
    }
  })

  test('ids of any length reach the route', async () => {
    for (const length of [101, 1_000, 10_000]) {
      expectRefused(await asSent('PATCH', `/api/v1/leads/${'9'.repeat(length)}`), 404, leadNotFound)
      expectRefused(await asSent('GET', `/api/v1/leads/${'%39'.repeat(length / 3)}/history`), 404, leadNotFound)
    }
  })

  test.each([['4'], ['03'], ['0'], ['-3'], ['3.0'], ['abc'], ['%33%33'], ['9'.repeat(40)]])(
    'company %s is not the company of the key',
    async (company) => {
      expectRefused(await asSent('PATCH', `/api/v1/companies/${company}/leads/4711`), 404, leadNotFound)
      expectRefused(await asSent('GET', `/api/v1/companies/${company}/leads/4711`), 404, leadNotFound)
      expectRefused(await asSent('GET', `/api/v1/companies/${company}/leads/4711/history`), 404, leadNotFound)
      expect((await asSent('GET', `/api/v1/companies/${company}/leads`)).status).toBe(404)
    },
  )

  test.each([
    ['/api/v1/leads/%34%37%31%31'],
    ['/api/v1/leads/4711/'],
    ['/api/v1/leads/4711?tags=7&status=new'],
    ['/api/v1/leads/4711?%zz'],
    ['/api/v1/leads/4711/?'],
    ['/api/v1/%6ceads/4711'],
    ['/api/v1/companies/3/leads/4711/'],
    ['/api/v1/companies/%33/leads/4711'],
    [`/api/v1/leads/${leadUuid(4711).toUpperCase()}`],
  ])('%s is lead 4711', async (target) => {
    await api.patch(path, { status: 'new' })
    expect(await send('PATCH', target)).toMatchObject({ status: 200, body: { id: 4711 } })
    expect(await api.lead()).toMatchObject({ status: 'lost' })
    expect(await asSent('GET', target)).toMatchObject({ status: 200, body: { id: 4711 } })
    const put = await asSent('PUT', target)
    expectRefused(put, 405, 'Method not allowed')
    expect(put.headers.get('allow')).toBe(allowOfLead)
  })

  describe('the absolute form of a request', () => {
    test.each(['http://waggle.example', 'https://waggle.example', 'HTTP://user@waggle.example:8080'])(
      '%s',
      async (origin) => {
        const target = `${origin}${path}`
        const withoutKey = head(`PATCH ${target}`, ...json).replace(/authorization: .*\r\n/, '')
        const [reply] = await leavesAll(api, () => exchange(api, [withoutKey, lost]))
        expectRefused(reply, 401, invalidKey)
        await api.patch(path, { status: 'new' })
        expect(await send('PATCH', target)).toMatchObject({ status: 200, body: { id: 4711 } })
        expect(await api.lead()).toMatchObject({ status: 'lost' })
        expectRefused(await asSent('PUT', target), 405, 'Method not allowed')
        expectRefused(await asSent('PATCH', `${origin}/nothing`), 404, 'Not found')
      },
    )
  })

  describe('methods', () => {
    test.each(['PUT', 'POST', 'TRACE', 'PROPFIND', 'SEARCH', 'QUERY', 'MKCOL', 'LOCK', 'PURGE', 'REPORT'])(
      '%s on a lead is not allowed, with a key or without',
      async (method) => {
        for (const target of [path, '/api/v1/companies/3/leads/4711']) {
          const reply = await asSent(method, target)
          expectRefused(reply, 405, 'Method not allowed')
          expect(reply.headers.get('allow')).toBe(allowOfLead)
        }
        const withoutKey = head(`${method} ${path}`, ...json).replace(/authorization: .*\r\n/, '')
        const [reply] = await leavesAll(api, () => exchange(api, [withoutKey, lost]))
        expectRefused(reply, 405, 'Method not allowed')
        expectRefused(await asSent(method, '/api/v1/nothing'), 404, 'Not found')
      },
    )

    test.each([
      ['/api/v1/leads', 'GET, HEAD, POST, OPTIONS'],
      ['/api/v1/leads/4711/history', 'GET, HEAD, OPTIONS'],
      ['/healthz', 'GET, HEAD, OPTIONS'],
      [path, allowOfLead],
    ])('OPTIONS %s tells what is allowed', async (target, allow) => {
      for (const key of [keys.full, null]) {
        const reply = await leavesAll(api, () => api.request('OPTIONS', target, { key }))
        expect(reply).toMatchObject({ status: 204, body: undefined })
        expect(reply.headers.get('allow')).toBe(allow)
        expect(reply.headers.get('x-request-id')).not.toBeNull()
      }
      const refused = await leavesAll(api, () => api.request('PUT', target))
      expectRefused(refused, 405, 'Method not allowed')
      expect(refused.headers.get('allow')).toBe(allow)
    })

    test('OPTIONS of a path that is not known is not found', async () => {
      expectRefused(await api.request('OPTIONS', '/api/v1/nothing'), 404, 'Not found')
    })

    test.each([path, '/api/v1/companies/3/leads/4711', '/api/v1/leads', `${path}/history`, '/healthz', '/readyz'])(
      'HEAD %s answers what GET does, without the body',
      async (target) => {
        const [get, of] = [await api.get(target), await leavesAll(api, () => api.request('HEAD', target))]
        expect(of).toMatchObject({ status: 200, body: undefined })
        const headers = (from: Headers) =>
          Object.fromEntries([...from].filter(([name]) => !/^(?:date|x-request-id|connection|keep-alive)$/.test(name)))
        expect(headers(of.headers)).toEqual(headers(get.headers))
      },
    )

    test('HEAD is refused as GET is', async () => {
      expect(await api.request('HEAD', path, { key: null })).toMatchObject({ status: 401, body: undefined })
      expect(await api.request('HEAD', path, { key: keys.writeOnly })).toMatchObject({ status: 403, body: undefined })
      expect(await api.request('HEAD', '/api/v1/leads/5000')).toMatchObject({ status: 404, body: undefined })
    })

    test('method and path are looked at before the key', async () => {
      expectRefused(await api.request('GET', '/api/v1/nothing', { key: null }), 404, 'Not found')
      expectRefused(await api.request('PUT', path, { key: null }), 405, 'Method not allowed')
    })
  })

  describe('the id of a request', () => {
    test.each(['a', 'A-z_0.9', 'x'.repeat(128)])('%s is kept', async (id) => {
      for (const target of [path, '/api/v1/nothing', '/api/v1/leads/5000']) {
        const reply = await api.request('GET', target, { headers: { 'x-request-id': id } })
        expect(reply.headers.get('x-request-id')).toBe(id)
      }
    })

    test.each(['', 'a b', 'a,b', 'ä', '"a"', 'x'.repeat(129)])('"%s" is not', async (id) => {
      const { headers } = await api.request('GET', path, { headers: { 'x-request-id': id } })
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
    })
  })

  test('every answer carries the common headers', async () => {
    for (const target of [path, '/api/v1/leads', `${path}/history`, '/healthz', '/readyz', '/openapi.json']) {
      const reply = await api.get(target)
      expect(reply.status).toBe(200)
      expectCommonHeaders(reply)
    }
  })
})

describe.each(backends)('what the parser of HTTP refuses, on %s', (_, start) => {
  let api: Api
  beforeAll(async () => {
    api = await start()
  })
  afterAll(() => api.close())

  const refused = async (parts: readonly (string | Uint8Array)[], status: number, error: string): Promise<void> => {
    const replies = await leavesAll(api, () => exchange(api, parts))
    expect(replies).toHaveLength(1)
    expectRefused(replies[0], status, error)
  }

  test.each([
    ['a word', 'hello\r\n\r\n'],
    ['a method of no standard', head('FETCH /api/v1/leads')],
    ['a method in lower case', head('patch /api/v1/leads/4711')],
    ['no target', 'GET HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['a target that is no path', head('GET api/v1/leads')],
    ['another version', 'GET / HTTP/9.9\r\nhost: x\r\n\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a header without a colon', head('GET /healthz', 'nonsense')],
    ['a header with a space in its name', head('GET /healthz', 'x y: 1')],
    ['NUL in a header', head('GET /healthz', 'x: \0')],
    ['a bare line feed in a header', head('GET /healthz', 'x: 1\nauthorization: Bearer x\r')],
  ])('%s', async (_name, bytes) => {
    await refused([bytes], 400, 'Invalid request')
  })

  test('a handshake of TLS', async () => {
    await refused([Buffer.from('16030100c8010000c40303', 'hex')], 400, 'Invalid request')
  })

  test('a request of HTTP/1.1 without a host', async () => {
    await refused(['GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n'], 400, 'Invalid request')
    const patch = `PATCH ${path} HTTP/1.1\r\nauthorization: Bearer ${keys.full}\r\nconnection: close\r\n`
    await refused([`${patch}${json.join('\r\n')}\r\n\r\n${lost}`], 400, 'Invalid request')
  })

  test('a request with two hosts', async () => {
    await refused([head('GET /healthz', 'host: other.example')], 400, 'Invalid request')
  })

  test.each([
    ['a length and chunks', 'content-length: 4', 'transfer-encoding: chunked'],
    ['two lengths', 'content-length: 2', 'content-length: 5'],
    ['a length with a sign', 'content-length: +2'],
    ['a coding that is not known', 'transfer-encoding: xchunked'],
    ['chunks that are not the last coding', 'transfer-encoding: chunked, identity'],
    ['a space before the colon', 'transfer-encoding : chunked'],
    ['a header that goes on in the next line', 'x-long: a\r\n b'],
  ])('what a proxy may read as another request: %s', async (_name, ...headers) => {
    const smuggled = `2\r\n{}\r\n0\r\n\r\n${head('DELETE /api/v1/leads/4711')}`
    await refused(
      [head(`PATCH ${path}`, 'content-type: application/json', ...headers), smuggled],
      400,
      'Invalid request',
    )
  })

  test.each([
    ['one header', head('GET /healthz', `x-long: ${'x'.repeat(20_000)}`)],
    ['many headers', head('GET /healthz', ...Array.from({ length: 1_500 }, (_value, i) => `x-${i}: value`))],
    ['the target', head(`GET /api/v1/leads/${'9'.repeat(20_000)}`)],
    ['the key', head('GET /healthz', `authorization: Bearer ${'x'.repeat(20_000)}`)],
  ])('headers that are too large: %s', async (_name, bytes) => {
    await refused([bytes], 431, 'Request headers too large')
  })

  test('CONNECT', async () => {
    await refused([head('CONNECT waggle.example:443')], 400, 'Invalid request')
  })

  test('an expectation that is not known is no reason to say nothing', async () => {
    const [reply, ...more] = await exchange(api, [head(`GET ${path}`, 'expect: nonsense')])
    expect(more).toEqual([])
    expect(reply).toMatchObject({ status: 200, body: { id: 4711 } })
  })

  test('an expectation to go on', async () => {
    const replies = await exchange(api, [head(`PATCH ${path}`, ...json, 'expect: 100-continue'), lost])
    expect(replies.map(({ status }) => status)).toEqual([100, 200])
  })

  test('an upgrade is not made, the request is answered', async () => {
    await api.patch(path, { status: 'new' })
    const upgrade = head(`PATCH ${path}`, ...json, 'upgrade: h2c').replace(
      'connection: close',
      'connection: close, upgrade',
    )
    const [reply, ...more] = await exchange(api, [upgrade, lost])
    expect(reply).toMatchObject({ status: 200, body: { id: 4711 } })
    expect(more).toEqual([])
    expect(await api.lead()).toMatchObject({ status: 'lost' })
  })

  test('the star of OPTIONS is no path of ours', async () => {
    await refused([head('OPTIONS *')], 404, 'Not found')
  })

  test('garbage behind a good request does not hide its answer', async () => {
    await api.patch(path, { status: 'new' })
    const good = head(`PATCH ${path}`, ...json).replace('connection: close\r\n', '')
    const [first, second, ...more] = await exchange(api, [`${good}${lost}garbage\r\n\r\n`])
    expect(more).toEqual([])
    const changed = (await api.lead()).status === 'lost'
    if (changed && first !== undefined) expect(first.status).toBe(200) // an answer is owed to the one that was good
    if (!changed) expectRefused(first, 400, 'Invalid request')
    if (second !== undefined) expectRefused(second, 400, 'Invalid request')
  })

  test('the server answers afterwards', async () => {
    expect(await api.get(path)).toMatchObject({ status: 200 })
  })
})

test('browsers are told to come by https alone where people come so, and nowhere else', async () => {
  const [[, start] = []] = backends
  for (const [publicUrl, told] of [
    ['https://waggle.our.example', 'max-age=31536000'],
    ['http://waggle.our.example', null],
    ['', null],
  ] as const) {
    const api = await start?.({ config: { publicUrl } })
    const replies = await Promise.all(['/healthz', path, '/none', '/console'].map((at) => fetch(`${api?.url}${at}`)))
    for (const { headers } of replies) expect(headers.get('strict-transport-security')).toBe(told)
    await Promise.all(replies.map((reply) => reply.arrayBuffer()))
    const [refused] = api === undefined ? [] : await exchange(api, ['GET / HTTP/9.9\r\n\r\n'])
    expect(refused?.status).toBe(400)
    expect(refused?.headers.get('strict-transport-security') ?? null).toBe(told)
    await api?.close()
  }
})

describe.each(backends)('clients that are slow, on %s', (_, start) => {
  test('are told so and closed', async () => {
    const api = await start({ config: { requestTimeoutMs: 200 } })
    try {
      const begun = head(`PATCH ${path}`, ...json)
      await leavesAll(api, async () => {
        const all = await Promise.all(
          [['G'], ['GET /heal'], [begun.slice(0, -2)], [begun], [begun, lost.slice(0, 5)]].map((parts) =>
            exchange(api, parts),
          ),
        )
        for (const replies of all) {
          expect(replies).toHaveLength(1)
          expectRefused(replies[0], 408, 'Request timeout')
        }
        const silent = await exchange(api, [])
        for (const reply of silent) expectRefused(reply, 408, 'Request timeout')
        const [dripped] = await exchange(api, [begun, ...lost.slice(0, -1)], 'open', 20)
        expectRefused(dripped, 408, 'Request timeout')
      })
      expect((await api.get('/healthz')).status).toBe(200)
    } finally {
      await api.close()
    }
  })
})
