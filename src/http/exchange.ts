import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '../kernel/actor.ts'
import type { Refusal } from '../kernel/refusal.ts'
import type { AddressOf } from './client-address.ts'
import { refusalBody } from './refuse.ts'

/** A request that was answered, for the log. Never a key, never a body. */
export interface RequestLine {
  readonly requestId: string
  readonly method: string
  /** The path of the operation, with its parameters' names. */
  readonly route: string | undefined
  readonly status: number
  readonly ms: number
  readonly company: number | undefined
  /** The first characters of the key, or `user:` and those of the uuid of who is signed in. */
  readonly key: string | undefined
  /** Set when the answer is 401 or 429: the address of who was refused. */
  readonly address?: string
  /** Set when the answer is a 5xx: what went wrong, unless it is only that there is no room. */
  readonly error?: unknown
}

/** What exchanges need of their server. */
export interface Desk {
  /** Milliseconds that only grow. */
  elapsed(): number
  isClosing(): boolean
  /** Whether people come by https, and by nothing else. */
  readonly isSecure: boolean
  readonly log: (line: RequestLine) => void
  readonly addressOf: AddressOf
}

const jsonContentType = 'application/json; charset=utf-8'

/** Headers of every answer. Shown as a page by itself an answer may load nothing, and stand in no other page. */
const commonHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
/** The same as they go out, names and values in turn. */
const commonLines = Object.entries(commonHeaders).flat()
/** Of answers behind https: a browser that has seen one asks by http no more, for a year (RFC 6797). */
const secureLines = ['strict-transport-security', 'max-age=31536000']
/** Headers of a refusal that never was an exchange: names and values in turn. */
export const bareLines = (isSecure: boolean): readonly string[] => [
  ...['content-type', jsonContentType],
  ...commonLines,
  ...(isSecure ? secureLines : []),
]

/** A request and its answer on the wire. */
export class Exchange {
  readonly request: IncomingMessage
  readonly raw: ServerResponse
  readonly id: string
  /** Milliseconds of the clock at its arrival. */
  readonly arrivedAt: number
  /** The path of the operation, with its parameters' names; undefined when there is none. */
  route: string | undefined
  actor: Actor | undefined
  /** Set when the request was refused. */
  refusal: Refusal | undefined
  readonly #desk: Desk
  /** Names and values in turn, as they go out. */
  readonly #headers: string[] = [...commonLines]
  #contentType = jsonContentType

  constructor(request: IncomingMessage, raw: ServerResponse, id: string, desk: Desk) {
    this.request = request
    this.raw = raw
    this.id = id
    this.arrivedAt = desk.elapsed()
    this.#desk = desk
    this.#headers.push('x-request-id', id)
    if (desk.isSecure) this.#headers.push(...secureLines)
  }

  get method(): string {
    return this.request.method ?? ''
  }

  get url(): string {
    return this.request.url ?? ''
  }

  /** The address of the client, behind a trusted proxy too. */
  get address(): string {
    return this.#desk.addressOf(this.request)
  }

  /** Adds a header to the answer; each name once, `set-cookie` apart, in lower case. */
  header(name: string, value: string): void {
    if (name === 'content-type') this.#contentType = value
    else this.#headers.push(name, value)
  }

  /** The whole answer at once; no body when it is left out. */
  answer(status: number, body?: string): void {
    const bytes = body === undefined ? 0 : Buffer.byteLength(body)
    if (body !== undefined) {
      this.#headers.push('content-type', this.#contentType, 'content-length', String(bytes))
    }
    this.#begin(status)
    // What is ASCII alone has as many bytes as characters, and is copied faster.
    if (body === undefined) this.raw.end()
    else this.raw.end(body, bytes === body.length ? 'latin1' : 'utf8')
    this.told(status)
  }

  /** A file, with headers of its own instead of the common ones: names in lower case and values, in turn. */
  file(status: number, headers: readonly string[], bytes: Uint8Array): void {
    const common = ['x-request-id', this.id, ...(this.#desk.isSecure ? secureLines : [])]
    this.raw.writeHead(status, [...headers, ...common, 'content-length', String(bytes.byteLength)])
    this.raw.end(this.method === 'HEAD' ? undefined : bytes)
    this.told(status)
  }

  redirect(location: string): void {
    this.header('location', location)
    this.answer(302)
  }

  /** The head of an answer whose body follows piece by piece. */
  beginStream(status: number): void {
    this.#headers.push('content-type', this.#contentType)
    this.#begin(status)
  }

  #begin(status: number): void {
    if (this.#desk.isClosing()) this.#headers.push('connection', 'close')
    this.raw.writeHead(status, this.#headers)
  }

  /** Answers a refusal and remembers it, for the log. */
  refuse(refusal: Refusal): void {
    this.refusal = refusal
    if (refusal.retryAfterSeconds !== undefined) this.header('retry-after', String(refusal.retryAfterSeconds))
    this.#contentType = jsonContentType
    this.answer(refusal.status, refusalBody(refusal))
  }

  /** Writes the line of the log. */
  told(status: number): void {
    const { refusal, actor } = this
    const line: RequestLine = {
      requestId: this.id,
      method: this.method,
      route: this.route,
      status,
      ms: Math.round((this.#desk.elapsed() - this.arrivedAt) * 100) / 100,
      company: actor?.companyId,
      key: actor?.shownAs,
    }
    const error = refusal === undefined || refusal.status < 500 ? undefined : refusal.cause
    if (error !== undefined) this.#desk.log({ ...line, error })
    else if (status === 401 || status === 429) this.#desk.log({ ...line, address: this.address })
    else this.#desk.log(line)
  }
}
