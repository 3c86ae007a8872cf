import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Connection } from './connection.ts'
import { bareHeaders, type RequestLine } from './exchange.ts'
import { refusalBody, refusalOfParser } from './refuse.ts'

/** What answers to requests that never became one need. */
export interface Unparsed {
  readonly connections: WeakMap<object, Connection>
  readonly log: (line: RequestLine) => void
  readonly newRequestId: () => string
}

/** Answers what the HTTP parser refused, in the form of every other refusal, and closes the connection. */
export function refuseUnparsed({ connections, log, newRequestId }: Unparsed, error: unknown, socket: Duplex): void {
  const last = connections.get(socket)?.newest
  // Garbage behind a whole request: that one may have changed something, and its own answer goes out first.
  if (last?.req.complete === true && !last.writableFinished) {
    last.once('finish', () => socket.destroy())
    return
  }
  const wasAnswered = last?.req.complete === false && last.writableFinished
  if (socket.destroyed || !socket.writable || wasAnswered) {
    socket.destroy()
    return
  }
  const refusal = refusalOfParser(error)
  const body = refusalBody(refusal)
  const requestId = newRequestId()
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    ...Object.entries({ ...bareHeaders, 'x-request-id': requestId }).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
  log({ requestId, method: '-', route: undefined, status: refusal.status, ms: 0, company: undefined, key: undefined })
}
