import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import { buildConnector, type Dispatcher, Pool } from 'undici'
import type { Clock, Timers } from '../kernel/clock.ts'
import { AddressRefused, addressGuard, guardedLookup, literalOf } from './addresses.ts'
import type { Returned, Sender } from './sending.ts'

/** What is kept of an answer's body, and how much of it is read before the connection is dropped; in bytes. */
const answerBytesKept = 1024
const answerBytesMax = 64 * 1024

/** Receivers close idle connections too, often after 5 s; to be first is to lose no message to a closed one. */
const idleConnectionMs = 4_000
const idleConnectionMsMax = 60_000

/** What is kept for an endpoint is let go when nothing was sent to it for so long, or when there are so many. */
const idleLineMs = 5 * 60_000
const linesMax = 4096

interface SenderOptions {
  /** Networks that may be reached although they are not public. */
  readonly allow: readonly string[]
  /** For a whole attempt: waiting for a connection, look-up, connecting, and the answer. */
  readonly timeoutMs: number
  /** To one endpoint, at the most. */
  readonly connections: number
  readonly clock: Clock
  readonly timers: Timers
  /** Of names; the system's when absent. */
  readonly lookup?: LookupFunction
}

/** An error whose text is for people as it is. */
class Failure extends Error {}

/**
 * Sends messages as POST over HTTP/1.1, on connections that are kept open.
 *
 * Every address is judged when a connection to it is opened, so a name that is pointed elsewhere later gains nothing.
 * Redirects are not followed: a 3xx is a status as any other. Once a status has come, the attempt has an answer,
 * whatever becomes of the body.
 */
export function createSender(options: SenderOptions): Sender {
  const { clock, timers } = options
  const closing = new AbortController()
  const connect = guardedConnector(options, closing.signal)
  const lines = new Map<string, Line>()
  let cancelSweep: (() => void) | undefined

  const drop = (name: string, line: Line): void => {
    lines.delete(name)
    void line.end(new Failure('connection dropped'))
  }
  const sweep = (): void => {
    const before = clock.elapsed() - idleLineMs
    for (const [name, line] of lines) if (line.idle && line.usedAt < before) drop(name, line)
    cancelSweep = lines.size === 0 ? undefined : timers.after(idleLineMs, sweep)
  }
  const makeRoom = (): void => {
    for (const [name, line] of lines) if (lines.size >= linesMax && line.idle) drop(name, line)
  }
  const lineOf = (endpoint: number, url: string): Line => {
    const name = `${endpoint} ${url}`
    const present = lines.get(name)
    if (present !== undefined) return present
    if (lines.size >= linesMax) makeRoom()
    const line = new Line(new URL(url), options.connections, connect)
    lines.set(name, line)
    cancelSweep ??= timers.after(idleLineMs, sweep)
    return line
  }

  return {
    send: ({ endpoint, url, headers, body }) =>
      new Promise((settle) => {
        const attempt = new Attempt(options, settle)
        if (closing.signal.aborted) return attempt.fail(stopping)
        if (!URL.canParse(url)) return attempt.fail(new Failure('not a URL'))
        const line = lineOf(endpoint, url)
        line.usedAt = clock.elapsed()
        attempt.enter(line, { path: line.path, method: 'POST', headers, body })
      }),
    close: async () => {
      cancelSweep?.()
      const ended = [...lines.values()].map((line) => line.end(stopping))
      lines.clear()
      closing.abort(stopping) // sockets that are still connecting
      await Promise.all(ended)
    },
  }
}

const stopping = new Failure('the server is stopping')

/** The connections to one endpoint, and the attempts that wait for one. */
class Line {
  readonly path: string
  usedAt = 0
  readonly #pool: Pool
  readonly #connections: number
  readonly #waiting = new Set<Attempt>()
  #running = 0

  constructor(url: URL, connections: number, connect: buildConnector.connector) {
    this.path = url.pathname + url.search
    this.#connections = connections
    this.#pool = new Pool(url.origin, {
      connections,
      connect,
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: idleConnectionMs,
      keepAliveMaxTimeout: idleConnectionMsMax,
      headersTimeout: 0, // an attempt has its own timer, for all of it
      bodyTimeout: 0,
    })
  }

  get idle(): boolean {
    return this.#running === 0 && this.#waiting.size === 0
  }

  /** Begins an attempt, or has it wait here: what waits inside the pool could not be taken back. */
  enter(attempt: Attempt): void {
    if (this.#running >= this.#connections) {
      this.#waiting.add(attempt)
      return
    }
    this.#running++
    attempt.dispatch(this.#pool)
  }

  /** Takes an attempt out that still waits. */
  leave(attempt: Attempt): void {
    this.#waiting.delete(attempt)
  }

  /** A connection has become free. */
  freed(): void {
    this.#running--
    const [next] = this.#waiting
    if (next === undefined) return
    this.#waiting.delete(next)
    this.enter(next)
  }

  async end(why: Failure): Promise<void> {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const attempt of waiting) attempt.fail(why)
    await this.#pool.destroy(why)
  }
}

/** One message on its way: what the pool calls, until there is an outcome. */
class Attempt implements Dispatcher.DispatchHandler {
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #settle: (returned: Returned) => void
  readonly #began: number
  readonly #cancelTimer: () => void
  #line: Line | undefined
  #options: Dispatcher.DispatchOptions | undefined
  #controller: Dispatcher.DispatchController | undefined
  #settled = false
  #freed = false
  #status: number | undefined
  #retryAfter: string | undefined
  #kept: Buffer[] = []
  #bytes = 0

  constructor({ clock, timers, timeoutMs }: SenderOptions, settle: (returned: Returned) => void) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
    this.#settle = settle
    this.#began = clock.elapsed()
    this.#cancelTimer = timers.after(timeoutMs, () => this.#expire())
  }

  enter(line: Line, options: Dispatcher.DispatchOptions): void {
    this.#line = line
    this.#options = options
    line.enter(this)
  }

  dispatch(pool: Pool): void {
    if (this.#options !== undefined) pool.dispatch(this.#options, this)
  }

  fail(error: Error): void {
    this.#outcome(reasonOf(error))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#settled) controller.abort(enough) // its time was over while the connection was made
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return
    const retryAfter = headers['retry-after']
    this.#status = status
    this.#retryAfter = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#bytes < answerBytesKept) this.#kept.push(chunk.subarray(0, answerBytesKept - this.#bytes))
    this.#bytes += chunk.length
    if (this.#bytes <= answerBytesMax) return
    this.#outcome(undefined)
    controller.abort(enough)
  }

  onResponseEnd(): void {
    this.#outcome(undefined)
    this.#free()
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail(error)
    this.#free()
  }

  #expire(): void {
    this.#outcome(`timed out after ${this.#timeoutMs} ms`)
    this.#line?.leave(this)
    this.#controller?.abort(enough)
  }

  #free(): void {
    if (this.#freed) return
    this.#freed = true
    this.#line?.freed()
  }

  #outcome(error: string | undefined): void {
    if (this.#settled) return
    this.#settled = true
    this.#cancelTimer()
    this.#settle({
      status: this.#status,
      retryAfter: this.#retryAfter,
      answer: this.#bytes === 0 ? '' : textOf(this.#kept, this.#bytes > answerBytesKept),
      error: this.#status === undefined ? error : undefined,
      ms: Math.round(this.#clock.elapsed() - this.#began),
    })
    this.#kept = []
  }
}

/** Has the connection dropped; nobody hears of it. */
const enough = new Failure('connection dropped')

/** Opens connections to addresses that the guard lets through, and to no others. */
function guardedConnector(
  { allow, timeoutMs, lookup = systemLookup }: SenderOptions,
  signal: AbortSignal,
): buildConnector.connector {
  const guard = addressGuard(allow)
  const connect = buildConnector({
    lookup: guardedLookup(guard, lookup),
    timeout: timeoutMs,
    signal,
    allowH2: false,
    rejectUnauthorized: true,
  })
  return (options, callback) => {
    const literal = literalOf(options.hostname) // is not looked up
    const refusal = literal === undefined ? undefined : guard.refusal(literal)
    if (refusal === undefined) connect(options, callback)
    else queueMicrotask(() => callback(new AddressRefused(refusal), null))
  }
}

/** Bytes as text that every database takes: broken ones and U+0000 become U+FFFD. */
function textOf(chunks: readonly Buffer[], cut: boolean): string {
  const bytes = Buffer.concat(chunks)
  const text = cut ? new StringDecoder('utf8').write(bytes) : bytes.toString('utf8') // the decoder keeps half a character
  return text.replaceAll('\0', '\uFFFD')
}

const closed = 'connection closed before an answer'
const notHttp = 'the answer is not HTTP'

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: closed,
  EPIPE: closed,
  UND_ERR_SOCKET: closed,
  ENOTFOUND: 'name not found',
  ENODATA: 'name not found',
  EAI_AGAIN: 'name look-up failed',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  EHOSTUNREACH: 'address not reachable',
  ENETUNREACH: 'address not reachable',
  UND_ERR_HEADERS_OVERFLOW: "the answer's headers are too large",
}

/** Node adds advice behind a semicolon; a stranger's certificate may hold much. */
const firstClause = ({ message }: Error): string => message.replace(/;.*/s, '').slice(0, 300)

/** What went wrong, for people. Never the URL: it may hold a password. */
function reasonOf(error: Error): string {
  if (error instanceof Failure) return error.message
  if (error instanceof AddressRefused) return `address refused: ${error.message}`
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  if (code === 'UND_ERR_SOCKET' && error.message.startsWith('bad ')) return notHttp
  if (error.name === 'HTTPParserError') return notHttp
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return 'TLS could not be agreed on'
  if (/CERT|ISSUER|SIGNATURE|^INVALID_|^PATH_LENGTH|^HOSTNAME_/.test(code)) return `certificate: ${firstClause(error)}`
  return reasons[code] ?? `not sent: ${code}`
}
