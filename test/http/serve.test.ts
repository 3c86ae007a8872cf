import { connect } from 'node:net'
import Type from 'typebox'
import { expect, onTestFinished, test } from 'vitest'
import { type Operation, operation } from '../../src/contract/operation.ts'
import type { LookUp } from '../../src/http/authenticate.ts'
import { Room } from '../../src/http/room.ts'
import { serve, whenClosed } from '../../src/http/serve.ts'
import { createServer, type RequestLine } from '../../src/http/server.ts'
import type { Actor } from '../../src/kernel/actor.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { configFrom } from '../../src/kernel/config.ts'
import { until } from '../crash/server.ts'

type Handler = Parameters<typeof serve>[2]

const probe = operation({
  id: 'probe',
  method: 'GET',
  path: '/probe',
  summary: 'Probe',
  description: 'A probe.',
  access: 'public',
  reply: Type.Unknown(),
  media: ['text/plain'],
  failures: [],
})
const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }

interface Parts {
  readonly operations?: readonly Operation[]
  readonly room?: Room
  readonly lookUp?: LookUp
}

const eva: Actor = {
  companyId: 3,
  userUuid: 'eva',
  keyId: 1,
  shownAs: 'jb_api_1',
  mayRead: true,
  mayWrite: true,
  mayAdminister: false,
}

/** A server with one operation that answers as the handler says; `logged` is its first line in the log. */
async function startProbe(
  handler: Handler,
  { operations = [probe], room = new Room(100, systemClock), lookUp = () => undefined }: Parts = {},
): Promise<{ url: string; logged: Promise<RequestLine> }> {
  const { promise: logged, resolve: log } = Promise.withResolvers<RequestLine>()
  const server = createServer({
    config: configFrom({}, {}),
    clock: systemClock,
    room,
    log,
    lookUp,
    newRequestId: () => 'request-1',
  })
  for (const one of operations) serve(server, one, handler)
  const origin = await server.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.close())
  return { url: `${origin}${probe.path}`, logged }
}

const change = operation({
  id: 'change',
  method: 'PATCH',
  path: '/probe',
  summary: 'Change',
  description: 'A change.',
  access: 'write',
  reply: Type.Unknown(),
  failures: [],
})

async function* texts(...all: string[]): AsyncGenerator<string, void> {
  yield* all
}

test('a text is answered as it is, under the type it names', async () => {
  const { url } = await startProbe(async () => ({ text: 'waggle_up 1\n', headers }))
  const reply = await fetch(url)
  expect(await reply.text()).toBe('waggle_up 1\n')
  expect(Object.fromEntries(reply.headers)).toMatchObject({
    ...headers,
    'cache-control': 'no-store',
    'x-request-id': 'request-1',
    'content-length': '12',
  })
})

test('a value is JSON, also where an operation has other forms', async () => {
  const { url } = await startProbe(async () => ({ body: { up: true } }))
  const reply = await fetch(url)
  expect(await reply.json()).toEqual({ up: true })
  expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
})

test('a stream is answered text by text, and logged when it ends', async () => {
  const { url, logged } = await startProbe(async () => ({ stream: texts('one ', 'two ', 'three'), headers }))
  const reply = await fetch(url)
  expect(await reply.text()).toBe('one two three')
  expect(Object.fromEntries(reply.headers)).toMatchObject({ ...headers, 'x-request-id': 'request-1' })
  expect(await logged).toMatchObject({ route: probe.path, status: 200 })
})

test('a stream is not begun for a request of its headers', async () => {
  let begun = false
  const { url, logged } = await startProbe(async () => ({
    stream: (async function* () {
      begun = true
      yield 'x'
    })(),
    headers,
  }))
  const reply = await fetch(url, { method: 'HEAD' })
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, headers['content-type']])
  await logged
  expect(begun).toBe(false)
})

test('a stream that fails breaks its connection, and the log has the cause', async () => {
  const cause = new Error('the disk is gone')
  const { url, logged } = await startProbe(async () => ({
    stream: (async function* () {
      yield 'one '
      throw cause
    })(),
  }))
  const reply = await fetch(url)
  await expect(reply.text()).rejects.toThrow('terminated')
  expect(await logged).toMatchObject({ status: 200, error: cause })
})

test('a stream waits for a client that does not read, and ends with its connection', async () => {
  const text = 'x'.repeat(1_048_576)
  const textsMax = 200 // more than the buffers of a connection hold
  let made = 0
  const left = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  const { url, logged } = await startProbe(async (_, exchange) => {
    whenClosed(exchange, left.resolve)
    return {
      stream: (async function* () {
        try {
          for (; made < textsMax; made += 1) yield text
        } finally {
          ended.resolve()
        }
      })(),
    }
  })
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).pause()
  socket.write('GET /probe HTTP/1.1\r\nhost: waggle.example\r\n\r\n')
  for (let before = -1; made === 0 || before !== made; ) {
    before = made
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(made).toBeLessThan(textsMax)

  socket.destroy()
  await Promise.all([left.promise, ended.promise])
  expect(await logged).toMatchObject({ route: probe.path, status: 200 })
  expect(made).toBeLessThan(textsMax)
})

test('without room a change is refused before its key is looked up, and told without a cause; reads are served', async () => {
  const { url, logged } = await startProbe(async () => ({ body: {} }), {
    operations: [probe, change],
    room: new Room(0, systemClock),
  })
  const refused = await fetch(url, { method: 'PATCH' })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect(refused.headers.get('x-request-id')).toBe('request-1')
  expect(await refused.json()).toEqual({ error: 'Service unavailable' })
  expect((await logged).error).toBeUndefined()
  expect((await fetch(url)).status).toBe(200)
})

test('a change leaves its room when it is answered, as does a key when it is looked up', async () => {
  const { url } = await startProbe(async () => ({ body: {} }), {
    operations: [change],
    room: new Room(1, systemClock),
    lookUp: async () => eva,
  })
  const headers = { authorization: 'Bearer jb_api_1234567890abcdef' }
  const statuses: number[] = []
  for (let request = 0; request < 3; request += 1) {
    statuses.push((await fetch(url, { method: 'PATCH', headers })).status)
  }
  expect(statuses).toEqual([200, 200, 200])
})

test('a change under way, or at its key, takes room', async () => {
  const room = new Room(1, systemClock)
  const { promise: key, resolve: find } = Promise.withResolvers<Actor>()
  const { promise: answer, resolve: settle } = Promise.withResolvers<{ body: unknown }>()
  const begun = Promise.withResolvers<void>()
  const { url } = await startProbe(
    () => {
      begun.resolve()
      return answer
    },
    { operations: [change], room, lookUp: () => key },
  )
  const headers = { authorization: 'Bearer jb_api_1234567890abcdef' }
  const send = async (): Promise<number> => (await fetch(url, { method: 'PATCH', headers })).status
  const first = send()
  await until('the key is looked up', () => room.isFull())
  expect(await send()).toBe(503)
  find(eva)
  await begun.promise
  expect(await send()).toBe(503)
  settle({ body: {} })
  expect(await first).toBe(200)
  expect(room.isFull()).toBe(false)
})
