import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { Api, Reply, Start } from '../backends.ts'
import { keys } from '../fixture.ts'

/** A server that leaves a connection open so long does not close it at all. */
const patienceMs = 4_000

type Bytes = string | Uint8Array

/**
 * One server for all tests of a suite; it must still answer after each.
 *
 * @param use told the server before the first test
 */
export function serveSuite(start: (options?: Start) => Promise<Api>, use: (api: Api) => void): void {
  let api: Api
  beforeAll(async () => {
    api = await start()
    use(api)
  })
  afterEach(async () => {
    expect((await api.get('/healthz')).status).toBe(200)
  })
  afterAll(() => api.close())
}

/**
 * Sends bytes as they are on a connection of their own.
 *
 * @param parts sent one after the other
 * @param end `half` closes our side behind the last part, `cut` the whole connection
 * @param everyMs so long is waited before each part
 * @returns every answer, when the server has closed the connection
 */
export function exchange(
  api: Api,
  parts: readonly Bytes[],
  end: 'open' | 'half' | 'cut' = 'open',
  everyMs = 0,
): Promise<Reply[]> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(api.url)
    const socket = connect(Number(port), hostname)
    const received: Buffer[] = []
    const late = setTimeout(() => {
      socket.destroy()
      reject(new Error('the server kept the connection open'))
    }, patienceMs)
    socket.on('connect', async () => {
      for (const part of parts) {
        if (everyMs > 0) await wait(everyMs)
        socket.write(part)
      }
      if (end === 'half') socket.end()
      if (end === 'cut') socket.write('', () => socket.destroy())
    })
    socket.on('data', (chunk) => received.push(chunk))
    socket.on('error', () => {}) // a connection that is reset is closed, too
    socket.on('close', () => {
      clearTimeout(late)
      try {
        resolve(repliesIn(Buffer.concat(received)))
      } catch (error) {
        reject(error)
      }
    })
  })
}

/** The head of a request whose connection closes behind the answer. */
export const head = (requestLine: string, ...headers: string[]): string =>
  [
    `${requestLine} HTTP/1.1`,
    'host: waggle.example',
    'connection: close',
    `authorization: Bearer ${keys.full}`,
    ...headers,
    '\r\n',
  ].join('\r\n')

/** What is on a connection must be whole answers, one behind the other. */
function repliesIn(bytes: Buffer): Reply[] {
  const replies: Reply[] = []
  for (let rest = bytes; rest.length > 0; ) {
    const end = rest.indexOf('\r\n\r\n')
    expect(end, `no answer of HTTP: ${rest.subarray(0, 200)}`).toBeGreaterThan(0)
    const [statusLine = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n')
    const headers = new Headers()
    for (const line of lines) headers.append(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim())
    const length = headers.get('content-length') ?? (headers.has('transfer-encoding') ? rest.length : 0)
    const bodyEnd = end + 4 + Number(length)
    const body = rest
      .subarray(end + 4, bodyEnd)
      .toString('utf8')
      .replace(/^0\r\n\r\n$/, '') // no chunk at all
    replies.push({
      status: Number(statusLine.split(' ')[1]),
      headers,
      body: body === '' ? undefined : JSON.parse(body),
    })
    rest = rest.subarray(bodyEnd)
  }
  return replies
}

/** The headers that every answer with a body carries. */
export function expectCommonHeaders({ headers }: Reply): void {
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'x-request-id': expect.stringMatching(/^[A-Za-z0-9._-]{1,128}$/),
  })
}

/** A refusal in the one form that all have. */
export function expectRefused(reply: Reply | undefined, status: number, error: string): void {
  expect({ status: reply?.status, error: reply?.body?.error }).toEqual({ status, error })
  if (reply === undefined) return
  expectCommonHeaders(reply)
  const { error: text, details = [], ...more } = reply.body
  expect(more).toEqual({})
  for (const one of details) expect(one).toEqual({ path: expect.any(String), message: expect.any(String) })
  if (details.length > 0) expect(details[0].message.startsWith(text)).toBe(true)
}

/** The request changes neither the lead nor the log; tells what it answers. */
export async function leavesAll<T>(api: Api, send: () => Promise<T>): Promise<T> {
  const [lead, events] = [await api.lead(), await api.events()]
  const answer = await send()
  expect(await api.lead()).toEqual(lead)
  expect(await api.events()).toEqual(events)
  return answer
}
