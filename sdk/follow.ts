import { type Connection, call, credentialsOf } from './call.ts'
import { EventStreamReader } from './event-stream.ts'
import { backoffMs, limit, pause } from './limit.ts'
import type { FeedEvent } from './nouns.ts'
import { queryText } from './query.ts'
import { refusalOf, WaggleError } from './refusal.ts'
import { routes } from './routes.ts'

/** How the connection is: `open`, or `waiting` to be made again, and why. */
export type FollowState = { readonly state: 'open' } | { readonly state: 'waiting'; readonly error: WaggleError }

export interface FollowOptions {
  /** The sequence behind which to begin: 0, the beginning of the log, when absent; `now` for what is to come. */
  readonly after?: number | 'now' | undefined
  /** Ends the loop, without an error. */
  readonly signal?: AbortSignal | undefined
  readonly onState?: ((state: FollowState) => void) | undefined
}

/** The server gives a sign of life every 15 s; after three of them the connection counts as broken. */
const quietMsMax = 45_000

const { id: operation } = routes.events.list

/**
 * Every change of the company in order, each once, live. A broken connection is made again, and goes on behind the
 * last event that was yielded.
 *
 * @throws WaggleError what another try would not change, such as a key that was revoked
 */
export async function* follow(
  connection: Connection,
  { after = 0, signal, onState }: FollowOptions = {},
): AsyncGenerator<FeedEvent, void> {
  const whole = limit(signal, undefined)
  const place = { after: 0, retryMs: 0, failed: 0 }
  try {
    place.after = after === 'now' ? await lastSequence(connection, whole.signal) : after
    while (!whole.signal.aborted) {
      let broken: WaggleError
      try {
        yield* connected(connection, { place, signal: whole.signal, onOpen: () => onState?.({ state: 'open' }) })
        broken = new WaggleError('network', 'The server has ended the stream', { operation })
      } catch (error) {
        if (whole.signal.aborted) return
        if (!(error instanceof WaggleError) || !isPassing(error)) throw error
        broken = error
      }
      onState?.({ state: 'waiting', error: broken })
      place.failed += 1
      const asked = place.failed === 1 ? 0 : place.retryMs * (1 + Math.random() / 2)
      await pause(Math.max(broken.retryAfterMs ?? 0, asked, backoffMs(place.failed)), whole.signal)
    }
  } catch (error) {
    if (!whole.signal.aborted) throw error
  } finally {
    whole.end()
  }
}

const isPassing = ({ failure, status }: WaggleError): boolean =>
  failure === 'network' || failure === 'timeout' || [408, 429, 502, 503, 504].includes(status ?? 0)

/** No event has so large a number. */
const beyondAll = 999_999_999_999_999

async function lastSequence(connection: Connection, signal: AbortSignal): Promise<number> {
  const page = await call(connection, routes.events.list, [{ after: beyondAll }, { signal }])
  if (typeof page === 'object' && page !== null && 'lastSequence' in page && typeof page.lastSequence === 'number') {
    return page.lastSequence
  }
  throw new WaggleError('unknown', 'The answer does not tell the last sequence', { operation })
}

interface Place {
  after: number
  retryMs: number
  /** Connections that failed since the last sign of life. */
  failed: number
}

/** The events of one connection, until it ends. */
async function* connected(
  connection: Connection,
  { place, signal, onOpen }: { place: Place; signal: AbortSignal; onOpen: () => void },
): AsyncGenerator<FeedEvent, void> {
  const cut = limit(signal, undefined)
  const quiet = <Value>(promise: (signal: AbortSignal) => Promise<Value>): Promise<Value> =>
    inTime(promise, cut.abort, cut.signal)
  try {
    const reader = await quiet((ended) => opened(connection, place.after, ended))
    onOpen()
    const texts = new TextDecoder()
    const messages = new EventStreamReader()
    try {
      for (;;) {
        const { done, value } = await quiet(() => reader.read())
        if (done) return
        place.failed = 0
        for (const { data } of messages.read(texts.decode(value, { stream: true }))) {
          const event: FeedEvent = JSON.parse(data)
          place.after = event.sequence
          yield event
        }
        place.retryMs = messages.retryMs ?? 0
      }
    } finally {
      cut.abort()
    }
  } catch (error) {
    if (error instanceof WaggleError) throw error
    throw new WaggleError('network', 'The stream broke off', { operation, cause: error })
  } finally {
    cut.end()
  }
}

/** Cuts the connection when nothing has come for too long. */
async function inTime<Value>(
  promise: (signal: AbortSignal) => Promise<Value>,
  cut: () => void,
  signal: AbortSignal,
): Promise<Value> {
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    cut()
  }, quietMsMax)
  try {
    return await promise(signal)
  } catch (error) {
    if (isLate) throw new WaggleError('timeout', 'The stream gave no sign of life', { operation, cause: error })
    throw error
  } finally {
    clearTimeout(timer)
  }
}

async function opened(
  connection: Connection,
  after: number,
  signal: AbortSignal,
): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const { credentials, headers } = credentialsOf(connection)
  const response = await connection.fetch(`${connection.baseUrl}/api/v1/events${queryText({ after })}`, {
    headers: { ...headers, accept: 'text/event-stream' },
    credentials,
    signal,
  })
  if (!response.ok) throw refusalOf(response, await response.text(), { operation, hasBody: false })
  const type = response.headers.get('content-type') ?? ''
  if (!type.startsWith('text/event-stream') || response.body === null) {
    await response.body?.cancel()
    throw new WaggleError('unknown', "The answer is not the server's", { operation, status: response.status })
  }
  return response.body.getReader()
}
