import { connect } from 'node:net'
import Type from 'typebox'
import { expect, onTestFinished, test } from 'vitest'
import { operation } from '../../src/contract/operation.ts'
import { Room } from '../../src/http/room.ts'
import { serve, whenClosed } from '../../src/http/serve.ts'
import { createServer, type RequestLine } from '../../src/http/server.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { configFrom } from '../../src/kernel/config.ts'

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

/** A server with one operation that answers as the handler says; `logged` is its first line in the log. */
async function startProbe(handler: Handler): Promise<{ url: string; logged: Promise<RequestLine> }> {
  const { promise: logged, resolve: log } = Promise.withResolvers<RequestLine>()
  const server = createServer({
    config: configFrom({}, {}),
    clock: systemClock,
    room: new Room(100, systemClock),
    log,
    lookUp: () => undefined,
    newRequestId: () => 'request-1',
  })
  serve(server, probe, handler)
  const origin = await server.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.close())
  return { url: `${origin}${probe.path}`, logged }
}

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
