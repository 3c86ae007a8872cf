import { backoffMs, type Limit, limit, pause } from './limit.ts'
import type { AnswerMeta, CallOptions, SentFile, Version } from './methods.ts'
import { queryText } from './query.ts'
import { refusalOf, WaggleError } from './refusal.ts'
import type { Route } from './routes.ts'

/** How a client reaches its server. */
export interface Connection {
  /** Without a slash at its end. */
  readonly baseUrl: string
  /** Undefined for a browser's cookies of the same origin. */
  readonly key: string | undefined
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly timeoutMs: number
  readonly attemptTimeoutMs: number
  readonly retries: number
  readonly onAnswer: ((meta: AnswerMeta) => void) | undefined
}

/** {@link CallOptions} with what single operations take beside. */
interface AllOptions extends CallOptions {
  readonly idempotencyKey?: string
  readonly ifMatch?: Version | readonly Version[]
  readonly strict?: boolean
  readonly whole?: boolean
}

/** A request as it is sent, as often as it takes. */
interface Prepared {
  readonly route: Route
  readonly url: string
  readonly init: RequestInit
  /** Whether it may be sent again when nobody knows what became of it. */
  readonly mayRepeat: boolean
  readonly options: AllOptions
  /** Of the call; 0 for no bound. */
  readonly timeoutMs: number
  /** Of a single try. */
  readonly attemptTimeoutMs: number | undefined
}

/** Carries out an operation; `given` are the arguments of its method. */
export async function call(connection: Connection, route: Route, given: readonly unknown[]): Promise<unknown> {
  const prepared = prepare(connection, route, given)
  const { options, timeoutMs } = prepared
  const whole = limit(options.signal, timeoutMs > 0 ? timeoutMs : undefined)
  const begun = performance.now()
  const retries = options.retries ?? connection.retries
  let isOpen = false
  try {
    for (let attempts = 1; ; attempts += 1) {
      try {
        const result = await attempt(connection, prepared, { whole, attempts, begun })
        isOpen = route.flags.raw === true
        return result
      } catch (error) {
        if (!(error instanceof WaggleError) || whole.signal.aborted || attempts > retries) throw error
        if (!isWorthAnother(error, prepared.mayRepeat)) throw error
        const waitMs = Math.max(error.retryAfterMs ?? 0, backoffMs(attempts))
        if (timeoutMs > 0 && performance.now() - begun + waitMs >= timeoutMs) throw error
        await pause(waitMs, whole.signal)
        if (whole.signal.aborted) throw ended(route, whole)
      }
    }
  } finally {
    whole.end({ keepParent: isOpen })
  }
}

/** A rate limit refuses before anything is done; what else is worth another try may have been carried out. */
function isWorthAnother({ failure, status }: WaggleError, mayRepeat: boolean): boolean {
  if (failure === 'rate_limited') return true
  if (!mayRepeat) return false
  if (failure === 'network' || failure === 'timeout' || failure === 'idempotency_running') return true
  return status === 408 || status === 429 || status === 502 || status === 503 || status === 504
}

async function attempt(
  { fetch, onAnswer }: Connection,
  { route, url, init, options, attemptTimeoutMs }: Prepared,
  { whole, attempts, begun }: { whole: Limit; attempts: number; begun: number },
): Promise<unknown> {
  const once = limit(whole.signal, attemptTimeoutMs)
  let isOpen = false
  try {
    const response = await fetch(url, { ...init, signal: once.signal })
    isOpen = response.ok && route.flags.raw === true
    const text = isOpen ? '' : await response.text()
    if (!response.ok) {
      throw refusalOf(response, text, { operation: route.id, hasBody: route.flags.body === 'json' })
    }
    const result = isOpen ? response : resultOf(route, response, text)
    const tell = options.onAnswer ?? onAnswer
    tell?.(metaOf(route, response, { attempts, ms: performance.now() - begun }))
    return result
  } catch (error) {
    if (error instanceof WaggleError) throw error
    if (whole.signal.aborted) throw ended(route, whole)
    if (once.timedOut()) throw new WaggleError('timeout', 'There was no answer in time', { operation: route.id })
    throw new WaggleError('network', 'The server cannot be reached', { operation: route.id, cause: error })
  } finally {
    once.end({ keepParent: isOpen })
  }
}

const ended = ({ id }: Route, whole: Limit): WaggleError =>
  whole.timedOut()
    ? new WaggleError('timeout', 'There was no answer in time', { operation: id })
    : new WaggleError('aborted', 'The call was aborted', { operation: id, cause: whole.signal.reason })

/** The arguments stand in this order: parameters of the path, body, query, options. */
function prepare(connection: Connection, route: Route, given: readonly unknown[]): Prepared {
  const { flags } = route
  const [method = '', template = ''] = route.to.split(' ')
  let next = 0
  const path = template.replace(/:\w+/g, () => encodeURIComponent(String(given[next++])))
  const body = flags.body === undefined ? undefined : given[next++]
  const query = flags.query === undefined ? undefined : (given[next++] as Record<string, unknown> | undefined)
  const options = (given[next] ?? {}) as AllOptions
  const file = flags.body === 'file' ? fileOf(body as SentFile) : undefined
  const waitMs = Number(query?.['wait'] ?? 0) * 1000
  const isFile = file !== undefined || flags.raw === true
  // Whoever says how long a call may take waits for each answer as long as it takes.
  const isUsual = options.timeoutMs === undefined && !isFile
  return {
    route,
    url: `${connection.baseUrl}${path}${queryText(query ?? {})}`,
    init: {
      method,
      headers: headersOf(connection, route, options, file?.type),
      credentials: credentialsOf(connection).credentials,
      ...(flags.body === 'json' && { body: JSON.stringify(body) }),
      ...file?.init,
    },
    mayRepeat: method === 'GET' || flags.once === true,
    options,
    timeoutMs: options.timeoutMs ?? (isFile || connection.timeoutMs === 0 ? 0 : connection.timeoutMs + waitMs),
    attemptTimeoutMs: isUsual ? connection.attemptTimeoutMs + waitMs : undefined,
  }
}

/** Either a key, or the cookies of the page's own origin: never both. */
export const credentialsOf = ({
  key,
}: Connection): { headers: Record<string, string>; credentials: NonNullable<RequestInit['credentials']> } =>
  key === undefined
    ? { headers: {}, credentials: 'same-origin' }
    : { headers: { authorization: `Bearer ${key}` }, credentials: 'omit' }

function headersOf(
  connection: Connection,
  { flags }: Route,
  { idempotencyKey, ifMatch, strict, whole }: AllOptions,
  fileType: string | undefined,
): Record<string, string> {
  const preferences = [strict === true && 'handling=strict', whole === true && 'return=representation'].filter(Boolean)
  return {
    ...(flags.raw !== true && { accept: 'application/json' }),
    ...credentialsOf(connection).headers,
    ...(flags.body === 'json' && { 'content-type': 'application/json' }),
    ...(fileType !== undefined && { 'content-type': fileType }),
    ...(flags.once === true && { 'idempotency-key': idempotencyKey ?? newKey() }),
    ...(ifMatch !== undefined && { 'if-match': [ifMatch].flat().map(etagOf).join(', ') }),
    ...(preferences.length > 0 && { prefer: preferences.join(', ') }),
  }
}

/** 7 → `"v7"`. A proxy that compresses may have made an ETag weak, which would match nothing. */
const etagOf = (version: Version): string =>
  typeof version === 'number' ? `"v${version}"` : version.replace(/^W\//, '')

/** 128 bits in hexadecimal digits; `randomUUID` is only there where the page is secure. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

function fileOf(file: SentFile): { type: string; init: RequestInit } {
  const [content, type] = 'csv' in file ? [file.csv, 'text/csv'] : [file.jsonl, 'application/x-ndjson']
  return { type, init: { body: content, ...(content instanceof ReadableStream && { duplex: 'half' }) } }
}

/** What the method resolves to: see `ResultOf` in `methods.ts`. */
function resultOf(route: Route, { headers, status }: Response, text: string): unknown {
  const { flags, id: operation } = route
  const meta = {
    ...(flags.etag === true && { etag: (headers.get('etag') ?? '').replace(/^W\//, '') }),
    ...(flags.sequence === true && { sequence: numberOf(headers.get('x-waggle-sequence')) }),
  }
  if (text === '') return flags.etag === true || flags.sequence === true ? meta : undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new WaggleError('unknown', "The answer is not the server's", { operation, status, cause })
  }
  if (Array.isArray(value)) {
    const lastSequence = numberOf(headers.get('x-waggle-last-sequence'))
    return {
      rows: value,
      total: numberOf(headers.get('x-total-count')),
      nextCursor: headers.get('x-next-cursor'),
      ...(lastSequence !== null && { lastSequence }),
    }
  }
  return typeof value === 'object' && value !== null ? { ...value, ...meta } : value
}

const numberOf = (header: string | null): number | null => (header === null ? null : Number(header))

const metaOf = (
  { id: operation }: Route,
  { status, headers }: Response,
  { attempts, ms }: { attempts: number; ms: number },
): AnswerMeta => ({
  operation,
  status,
  requestId: headers.get('x-request-id') ?? undefined,
  attempts,
  ms,
  ignored: (headers.get('x-waggle-ignored-fields') ?? '').split(', ').filter(Boolean).map(decodeURIComponent),
  replayed: headers.get('idempotency-replayed') === 'true',
  headers,
})
