import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Connection } from '../../src/http/connection.ts'
import { backends } from '../backends.ts'
import { until } from '../crash/server.ts'
import { exchange, head } from './wire.ts'

const path = '/api/v1/leads/4711'

describe.each(backends)('a client that sends requests before it has its answers, on %s', (_, start) => {
  test('is answered in order, each with its own answer', async () => {
    const api = await start()
    onTestFinished(() => api.close())
    const count = 400
    const requests = Array.from({ length: count }, (_, index) => {
      const name = `x-request-id: ${index}`
      const body = JSON.stringify({ first_name: `Eva ${index}` })
      const json = ['content-type: application/json', `content-length: ${body.length}`]
      const text = index % 2 === 0 ? head(`PATCH ${path}`, name, ...json) + body : head(`GET ${path}`, name)
      return index < count - 1 ? text.replace('connection: close\r\n', '') : text
    })
    const replies = await exchange(api, [requests.join('')])
    expect(replies.map(({ headers }) => Number(headers.get('x-request-id')))).toEqual(requests.map((_, index) => index))
    expect(replies.map(({ status }) => status)).toEqual(requests.map(() => 200))
    expect(await api.lead()).toMatchObject({ first_name: `Eva ${count - 2}` })
  })
})

interface Begun {
  readonly request: IncomingMessage
  readonly raw: ServerResponse
}

/** A server whose requests are answered by hand, and a client that sends so many at once. */
async function pipelined(count: number) {
  const begun: Begun[] = []
  const seen = { closed: false, answers: 0 }
  let connection: Connection | undefined
  const server = createServer((request, raw) => {
    connection ??= new Connection(request.socket, (request, raw) => begun.push({ request, raw }))
    connection.take(request, raw)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const client = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1')
  client.on('error', () => {}) // a reset shows as a connection that closed
  client.setEncoding('latin1').on('data', (text: string) => {
    seen.answers += text.split('HTTP/1.1 200').length - 1
  })
  client.on('close', () => {
    seen.closed = true
  })
  client.write(Array.from({ length: count }, (_, index) => `GET /${index} HTTP/1.1\r\nhost: a\r\n\r\n`).join(''))
  onTestFinished(() => {
    client.destroy()
    server.closeAllConnections()
    server.close()
  })
  return { begun, seen, urls: () => begun.map(({ request }) => request.url) }
}

const paths = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `/${from + index}`)

test('so many requests of a connection are under way, and the next begins when an answer was taken', async () => {
  const { begun, seen, urls } = await pipelined(200)
  await until('requests begin', () => begun.length === 8)
  begun[1]?.raw.end('b')
  begun[0]?.raw.end('a')
  await until('two are answered', () => seen.answers === 2 && begun.length > 8)
  await until('two more begin', () => begun.length === 10)
  expect(urls()).toEqual(paths(0, 10))
  for (let next = 2; next < 200; next += 1) {
    await until('the next has begun', () => begun.length > next)
    expect(begun.length).toBeLessThanOrEqual(next + 8)
    begun[next]?.raw.end('c')
  }
  await until('all are answered', () => seen.answers === 200)
  expect(urls()).toEqual(paths(0, 200))
  expect(seen.closed).toBe(false)
})

test('a client that sends hundreds more than it is answered is cut off', async () => {
  const { begun, seen } = await pipelined(1_900)
  await until('the connection is closed', () => seen.closed)
  expect([begun.length, seen.answers]).toEqual([8, 0])
})
