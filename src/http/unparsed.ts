import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { refusalBody, refusalOfParser } from './refuse.ts'
import type { RequestLine } from './server.ts'

/** What answers to requests that never became one need. */
export interface Unparsed {
  readonly headers: Readonly<Record<string, string>>
  /** Sockets whose last request was answered before all of it had arrived. */
  readonly answered: WeakSet<object>
  readonly log: (line: RequestLine) => void
  readonly newRequestId: () => string
}

/** Answers what the HTTP parser refused, in the form of every other refusal, and closes the connection. */
export function refuseUnparsed(
  { headers, answered, log, newRequestId }: Unparsed,
  error: unknown,
  socket: Duplex,
): void {
  const isGone = socket.destroyed || !socket.writable
  if (isGone || answered.has(socket)) {
    socket.destroy()
    return
  }
  const refusal = refusalOfParser(error)
  const body = refusalBody(refusal)
  const requestId = newRequestId()
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    ...Object.entries({ ...headers, 'x-request-id': requestId }).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
  log({ requestId, method: '-', route: undefined, status: refusal.status, ms: 0, company: undefined, key: undefined })
}
