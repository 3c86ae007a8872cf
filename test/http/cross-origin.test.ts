import { describe, expect, test } from 'vitest'
import { type Api, backends, type Reply } from '../backends.ts'
import { keys } from '../fixture.ts'
import { begin } from '../sign-in/browser.ts'
import { exchange, head } from './wire.ts'

const lead = '/api/v1/leads/4711'
const app = 'https://app.our.example'
const corsOrigins = [app, 'http://localhost:5173']

/** What an answer says of origins. */
const said = ({ headers }: Reply): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-') || name === 'vary'))

/** What a browser asks before it sends a request that is not simple. */
const asks = (api: Api, path: string, method: string, origin = app): Promise<Reply> =>
  api.request('OPTIONS', path, {
    key: null,
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'authorization,content-type,idempotency-key',
    },
  })

const mayRead = { 'access-control-allow-origin': app, vary: 'Origin' }

describe.each(backends)('pages of other origins on %s', (_, start) => {
  test('are told nothing unless it is asked for', async () => {
    const api = await begin(start)
    for (const reply of [
      await asks(api, lead, 'PATCH'),
      await api.request('GET', lead, { headers: { origin: app } }),
      await api.request('GET', lead, { key: null, headers: { origin: app } }),
    ]) {
      expect(said(reply)).toEqual({})
    }
    expect((await asks(api, lead, 'PATCH')).headers.get('allow')).toBe('PATCH, GET, HEAD, DELETE, OPTIONS')
  })

  test.each([
    [lead, 'PATCH, GET, HEAD, DELETE'],
    ['/api/v1/companies/3/leads/4711', 'PATCH, GET, HEAD, DELETE'],
    ['/api/v1/leads', 'GET, HEAD, POST'],
    ['/api/v1/events?stream=1', 'GET, HEAD'],
    ['/openapi.json', 'GET, HEAD'],
    ['/api/v1/nothing', 'GET, HEAD, POST, PUT, PATCH, DELETE'],
  ])('may ask for %s', async (path, methods) => {
    const api = await begin(start, { config: { corsOrigins } })
    const reply = await asks(api, path, 'GET')
    expect(reply.status).toBe(204)
    const { 'access-control-allow-headers': headers = '', ...more } = said(reply)
    expect(more).toEqual({
      ...mayRead,
      'access-control-allow-methods': expect.stringMatching(/^[A-Z, ]+$/),
      'access-control-max-age': '7200',
    })
    expect(more['access-control-allow-methods']?.split(', ').toSorted()).toEqual(methods.split(', ').toSorted())
    expect(headers.toLowerCase().split(', ')).toEqual(
      expect.arrayContaining(
        'authorization,content-type,idempotency-key,if-match,prefer,x-request-id,last-event-id'.split(','),
      ),
    )
    expect(api.log.at(-1)).toMatchObject({ method: 'OPTIONS', status: 204 })
  })

  test('read answers, refusals too, whatever is refused', async () => {
    const api = await begin(start, { config: { corsOrigins, bodyBytesMax: 1024 } })
    const headers = { origin: app, 'content-type': 'application/json' }
    const send = (method: string, path: string, body?: string, key: string | null = keys.full) =>
      api.request(method, path, { key, headers, ...(body !== undefined && { body }) })
    for (const [status, reply] of [
      [200, await send('GET', lead)],
      [200, await send('PATCH', lead, '{"status":"lost"}')],
      [400, await send('PATCH', lead, '{"status":"won"}')],
      [401, await send('PATCH', lead, '{}', 'wrong')],
      [401, await send('GET', lead, undefined, null)],
      [403, await send('PATCH', lead, '{}', keys.readOnly)],
      [404, await send('GET', '/api/v1/leads/5000')],
      [404, await send('GET', '/api/v1/nothing')],
      [405, await send('PUT', lead, '{}')],
      [413, await send('PATCH', lead, `{"company_name":"${'x'.repeat(2000)}"}`)],
    ] as const) {
      expect(reply.status).toBe(status)
      const { 'access-control-expose-headers': exposed, ...more } = said(reply)
      expect(more, `${status}`).toEqual(mayRead)
      expect(exposed).toContain('ETag')
    }
    const options = { key: null, headers: { origin: app } }
    expect(said(await api.request('OPTIONS', lead, options))).toMatchObject(mayRead)
  })

  test('other origins, and who names none, are told nothing but that it depends', async () => {
    const api = await begin(start, { config: { corsOrigins } })
    for (const origin of ['https://evil.example', 'null', 'https://app.our.example.evil.example', `${app}:8443`, '*']) {
      const reply = await asks(api, lead, 'PATCH', origin)
      expect([reply.status, said(reply)]).toEqual([204, { vary: 'Origin' }])
      expect(said(await api.request('GET', lead, { headers: { origin } }))).toEqual({ vary: 'Origin' })
    }
    expect(said(await api.get(lead))).toEqual({ vary: 'Origin' })
    expect(said(await api.request('OPTIONS', lead))).toEqual({ vary: 'Origin' })
    const second = await api.request('GET', lead, { headers: { origin: 'http://localhost:5173' } })
    expect(second.headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
  })

  test('the console, signing in and what operators watch stay with their own origin', async () => {
    const api = await begin(start, { config: { corsOrigins } })
    for (const path of ['/api/console/state', '/api/console/nothing', '/healthz', '/readyz']) {
      expect(said(await asks(api, path, 'GET')), path).toEqual({})
      expect(said(await api.request('GET', path, { headers: { origin: app } })), path).toEqual({})
    }
    for (const path of ['/console', '/metrics', '/openapi.json.map']) {
      const reply = await fetch(`${api.url}${path}`, { headers: { origin: app } })
      await reply.text()
      expect(reply.headers.get('access-control-allow-origin'), path).toBeNull()
    }
    expect(said(await api.request('GET', '/openapi.json', { headers: { origin: app } }))).toMatchObject(mayRead)
  })

  test('a full server is read as well, in the absolute form too', async () => {
    const api = await begin(start, { config: { corsOrigins, queueMax: 1 } })
    const target = `http://waggle.example${lead}`
    const [whole] = await exchange(api, [head(`GET ${target}`, `origin: ${app}`)])
    expect(whole && said(whole)).toMatchObject(mayRead)
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => api.patch(lead, { last_name: `${index}` }, { origin: app })),
    )
    expect(replies.map(({ status }) => status)).toContain(503)
    for (const reply of replies) expect(said(reply)).toMatchObject(mayRead)
  })

  test('read every header that an operation answers with', async () => {
    const api = await begin(start, { config: { corsOrigins } })
    const { body, headers } = await api.request('GET', '/openapi.json', { headers: { origin: app } })
    const exposed = headers.get('access-control-expose-headers')?.toLowerCase().split(', ')
    const told = new Set<string>()
    const { paths }: { paths: Record<string, Record<string, { responses?: Record<string, { headers?: object }> }>> } =
      body
    for (const operations of Object.values(paths)) {
      for (const { responses = {} } of Object.values(operations)) {
        for (const { headers: sent = {} } of Object.values(responses)) {
          for (const name of Object.keys(sent)) told.add(name.toLowerCase())
        }
      }
    }
    told.delete('set-cookie')
    expect(told.size).toBeGreaterThan(8)
    expect([...told].filter((name) => exposed?.includes(name) !== true)).toEqual([])
  })
})
