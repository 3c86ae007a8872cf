import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Connection } from './connection.ts'
import { bareLines, type RequestLine } from './exchange.ts'
import { refusalBody, refusalOfParser } from './refuse.ts'

/** What answers to requests that never became one need. */
export interface Unparsed {
  readonly connections: WeakMap<object, Connection>
  readonly log: (line: RequestLine) => void
  readonly newRequestId: () => string
  /** Whether people come by https, and by nothing else. */
  readonly isSecure: boolean
}

/** Answers what the HTTP parser refused, in the form of every other refusal, and closes the connection. */
export function refuseUnparsed(
  { connections, log, newRequestId, isSecure }: Unparsed,
  error: unknown,
  socket: Duplex,
): void {
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
  const lines = [...bareLines(isSecure), 'x-request-id', requestId]
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    ...lines.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${lines[at + 1]}`] : [])),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
  log({ requestId, method: '-', route: undefined, status: refusal.status, ms: 0, company: undefined, key: undefined })
}
