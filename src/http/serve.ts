import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { asksForOrigin, failuresOf, type Operation } from '../contract/operation.ts'
import type { Actor } from '../kernel/actor.ts'
import { Refusal, unavailable } from '../kernel/refusal.ts'
import { permit } from './authenticate.ts'
import { checkBodyHeaders, type ReadBody, readBody } from './body.ts'
import { type Conditions, conditionsOf } from './conditions.ts'
import type { Exchange } from './exchange.ts'
import { refuseForeign } from './origin.ts'
import { refusalOf } from './refuse.ts'
import type { Server, Texts } from './server.ts'

export type { Exchange } from './exchange.ts'
export type { Server } from './server.ts'

/** What a handler is given: everything of the request that was checked. */
export interface Call {
  readonly params: Texts
  readonly query: Texts
  /** The JSON value of the body, whatever it is; undefined when there is none. */
  readonly body: unknown
  readonly requestId: string
  readonly conditions: Conditions
  readonly answer: {
    /** Names the members that were not known in a header of the answer, whatever the answer is. */
    ignoredFields(names: readonly string[]): void
  }
}

/** What is answered: a value as JSON; a text as it is; or a stream of texts, as fast as the client takes them. */
type Answer = { readonly headers?: Readonly<Record<string, string>> } & (
  | { readonly body: unknown; readonly text?: undefined; readonly stream?: undefined }
  | { readonly body?: undefined; readonly text: string; readonly stream?: undefined }
  /** It must end by itself when the client goes away: see {@link whenClosed}. */
  | { readonly body?: undefined; readonly text?: undefined; readonly stream: AsyncIterable<string> }
)

/** Calls once the answer has gone out, or the client has gone away; at once if it has already. */
export function whenClosed({ raw }: Exchange, call: () => void): void {
  if (raw.destroyed) call()
  else raw.once('close', call)
}

/** Aborts once the client has gone away: nobody waits for the answer any more. */
export function signalOf(exchange: Exchange): AbortSignal {
  const controller = new AbortController()
  whenClosed(exchange, () => controller.abort())
  return controller.signal
}

/** Made once, as most requests of an overload are answered with it. */
const noRoom = unavailable()

/** The actor is there when the operation asks for a key. */
type CallOf<O extends Operation> = O['access'] extends 'public' ? Call : Call & { readonly actor: Actor }

/**
 * One operation, under each spelling of its path: key, rate, permission, body, handler, answer.
 *
 * Texts of JSON apart, texts and streams are for operations that name their `media`, and name their `content-type`
 * themselves.
 */
export function serve<O extends Operation>(
  server: Server,
  operation: O,
  handler: (call: CallOf<O>, exchange: Exchange) => Promise<Answer>,
): void {
  const declared: ReadonlySet<string> = new Set(failuresOf(operation))
  const checkQuery = operation.query === undefined ? undefined : queryCheck(operation.query)
  const changes = operation.method !== 'GET'
  const { room } = server
  const leave = (): void => room.leave()

  server.route(operation, (exchange, params, query) => {
    const refuse = (error: unknown): void => {
      if (isGone(exchange, error)) {
        exchange.told(clientGone)
        return
      }
      const refusal = refusalOf(error)
      exchange.refuse(declared.has(refusal.failure) ? refusal : new Refusal('internal', { cause: refusal }))
    }
    const handle = (body: ReadBody | undefined): void => {
      try {
        checkQuery?.(query)
        const call = callOf(exchange, { params, query, body })
        const answered = handler(call as CallOf<O>, exchange)
          .then((answer) => reply(exchange, operation, answer))
          .catch(refuse)
        if (!changes) return
        room.enter()
        void answered.finally(leave)
      } catch (error) {
        refuse(error)
      }
    }
    const enter = (actor: Actor | undefined): void => {
      try {
        admit(server, operation, exchange, actor)
        if (operation.body === undefined) handle(undefined)
        else readBody(exchange.request, bytesMaxOf(server, operation), handle, refuse)
      } catch (error) {
        refuse(error)
      }
    }
    if (server.isClosing() || (changes && room.isFull())) {
      exchange.refuse(noRoom)
      return
    }
    const found = operation.access === 'public' ? undefined : server.gate.identify(exchange.request.headers)
    if (!(found instanceof Promise)) {
      enter(found)
      return
    }
    room.enter()
    found.finally(leave).then(enter, refuse)
  })
}

/** The status of a request whose client left before an answer, in the log only; the number is nginx's. */
const clientGone = 499

/** What was ended by {@link signalOf}. */
const isGone = ({ raw }: Exchange, error: unknown): boolean =>
  raw.destroyed && error instanceof DOMException && error.name === 'AbortError'

function reply(exchange: Exchange, operation: Operation, answer: Answer): void {
  const { headers } = answer
  for (const name in headers) exchange.header(name, headers[name] ?? '')
  const status = operation.status ?? 200
  if (operation.media !== undefined && exchange.raw.destroyed) exchange.told(clientGone)
  else if (status === 204) exchange.answer(status)
  else if (answer.stream === undefined) exchange.answer(status, answer.text ?? JSON.stringify(answer.body))
  else void pour(exchange, status, answer.stream)
}

/** Asks for a text of the stream only when the connection has taken the one before. */
async function pour(exchange: Exchange, status: number, stream: AsyncIterable<string>): Promise<void> {
  const { raw } = exchange
  let goOn = (): void => {}
  raw.once('close', () => {
    goOn()
    exchange.told(status)
  })
  try {
    exchange.beginStream(status)
    if (exchange.method !== 'HEAD') {
      for await (const text of stream) {
        if (raw.destroyed) break
        await new Promise<void>((taken) => {
          goOn = taken
          raw.write(text, () => taken())
        })
      }
    }
    raw.end()
  } catch (error) {
    // The status has gone out, so a broken connection is what tells the client; the log has the cause.
    exchange.refusal = refusalOf(error)
    raw.destroy()
  }
}

/** The order of checks at the door (docs/behaviour.md §1, §2). */
function admit(server: Server, operation: Operation, exchange: Exchange, actor: Actor | undefined): void {
  const { request } = exchange
  if (operation.access !== 'public') {
    if (actor === undefined) throw server.gate.refusal(exchange.address)
    exchange.actor = actor
    if (actor.role !== undefined && operation.method !== 'GET') refuseForeign(request.headers, server.publicUrl)
    const standing = server.gate.count(actor)
    if (standing !== undefined) {
      exchange.header('ratelimit-limit', String(standing.limit))
      exchange.header('ratelimit-remaining', String(standing.remaining))
      exchange.header('ratelimit-reset', String(standing.resetSeconds))
      if (!standing.allowed) throw new Refusal('rate_limited', { retryAfterSeconds: standing.resetSeconds })
    }
    permit(operation, actor)
  } else if (asksForOrigin(operation)) {
    refuseForeign(request.headers, server.publicUrl)
  }
  if (operation.body !== undefined) checkBodyHeaders(request.headers, bytesMaxOf(server, operation))
}

const bytesMaxOf = ({ bodyBytesMax, batchBytesMax }: Server, { hasLargeBody }: Operation): number =>
  hasLargeBody === true ? batchBytesMax : bodyBytesMax

const nothing = new Uint8Array()
const noConditions: Conditions = { ifMatch: undefined, strict: false, representation: false, once: undefined }

function callOf(
  exchange: Exchange,
  { params, query, body }: { params: Texts; query: Texts; body: ReadBody | undefined },
): Call & { actor: Actor | undefined } {
  const { method, url, request } = exchange
  const changes = method !== 'GET' && method !== 'HEAD'
  return {
    actor: exchange.actor,
    params,
    query,
    body: body?.value,
    requestId: exchange.id,
    conditions: changes
      ? conditionsOf(request.headers, { method, path: pathOf(url), raw: body?.raw ?? nothing })
      : noConditions,
    answer: {
      ignoredFields: (names) => {
        if (names.length > 0) exchange.header('x-waggle-ignored-fields', namesInHeader(names))
      },
    },
  }
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? ''

const namesMax = 20
const namesBytesMax = 1024

/** Percent-encoded names, cut at whole names. */
function namesInHeader(names: readonly string[]): string {
  let header = ''
  for (const name of names.slice(0, namesMax)) {
    const longer = `${header === '' ? '' : `${header}, `}${encodeURIComponent(name.toWellFormed())}`
    if (longer.length > namesBytesMax) break
    header = longer
  }
  return header
}

/** Checks a query by its schema; parameters that are not known pass. */
function queryCheck(schema: TSchema): (query: unknown) => void {
  const checked = Compile(schema)
  return (query) => {
    if (checked.Check(query)) return
    const name = checked.Errors(query)[0]?.instancePath.split('/')[1] ?? ''
    throw new Refusal('invalid_query', { faults: [{ path: `/${name}`, message: `Invalid ${name}` }] })
  }
}
