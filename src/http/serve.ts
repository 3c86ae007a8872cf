import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { failuresOf, type Operation } from '../contract/operation.ts'
import type { Actor } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { permit } from './authenticate.ts'
import { checkBodyHeaders } from './body.ts'
import { type Conditions, conditionsOf } from './conditions.ts'
import { refusalOf, refuse } from './refuse.ts'
import type { Server } from './server.ts'

export type { Server } from './server.ts'

type Texts = Readonly<Record<string, string | undefined>>

/** What a handler is given: everything of the request that was checked. */
interface Call {
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

/** The request and its answer on the wire, for handlers that do not answer at once. */
export interface Exchange {
  readonly request: {
    readonly method: string
    readonly headers: IncomingHttpHeaders
    readonly socket: { destroy(): void }
  }
  readonly raw: ServerResponse
}

/** Calls once the answer has gone out, or the client has gone away; at once if it has already. */
export function whenClosed({ raw }: Exchange, call: () => void): void {
  if (raw.destroyed) call()
  else raw.once('close', call)
}

/** The actor is there when the operation asks for a key. */
type CallOf<O extends Operation> = O['access'] extends 'public' ? Call : Call & { readonly actor: Actor }

/**
 * One route for each spelling of an operation's path: key, rate, permission, body, handler, answer.
 *
 * Texts and streams are for operations that name their `media`, and name their `content-type` themselves.
 */
export function serve<O extends Operation>(
  server: Server,
  operation: O,
  handler: (call: CallOf<O>, exchange: Exchange) => Promise<Answer>,
): void {
  const declared: ReadonlySet<string> = new Set(failuresOf(operation))
  const query = operation.query === undefined ? undefined : queryCheck(operation.query)
  server.operations.push(operation)

  const onRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (server.isClosing()) {
      refuse(request, reply, new Refusal('unavailable', { retryAfterSeconds: 1 }))
      return
    }
    const enter = (actor: Actor | undefined): void => {
      try {
        admit(server, operation, request, reply, actor)
      } catch (error) {
        refuse(request, reply, refusalOf(error))
        return
      }
      done()
    }
    const found = operation.access === 'public' ? undefined : server.gate.identify(request.headers.authorization)
    if (found instanceof Promise) found.then(enter, (error: unknown) => refuse(request, reply, refusalOf(error)))
    else enter(found)
  }

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    try {
      query?.(request.query)
      const result = await handler(callOf(request, reply) as CallOf<O>, reply)
      if (result.headers !== undefined) reply.headers(result.headers)
      reply.code(operation.status ?? 200)
      if (operation.status === 204) return reply.removeHeader('content-type').send()
      if (operation.media !== undefined) return await send(request, reply, result)
      return reply.send(JSON.stringify(result.body))
    } catch (error) {
      const refusal = refusalOf(error)
      const undeclared = !declared.has(refusal.failure)
      return refuse(request, reply, undeclared ? new Refusal('internal', { cause: refusal }) : refusal)
    }
  }

  for (const url of [operation.path, ...(operation.aliases ?? [])]) {
    server.app.route({
      method: operation.method,
      url,
      config: { operation },
      onRequest,
      handler: answer,
    })
  }
}

/** The status of a request whose client left before an answer, in the log only; the number is nginx's. */
const clientGone = 499

async function send(request: FastifyRequest, reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
  if (reply.raw.destroyed) {
    reply.code(clientGone).hijack()
    tellClosed(reply.raw)
    return reply
  }
  if (answer.stream !== undefined) return pour(request, reply, answer.stream)
  return reply.send(answer.text ?? JSON.stringify(answer.body))
}

/** Asks for a text of the stream only when the connection has taken the one before. */
async function pour(
  request: FastifyRequest,
  reply: FastifyReply,
  stream: AsyncIterable<string>,
): Promise<FastifyReply> {
  const { raw } = reply
  let goOn = (): void => {}
  raw.writeHead(reply.statusCode, reply.getHeaders() as OutgoingHttpHeaders)
  reply.hijack()
  raw.once('close', () => {
    goOn()
    tellClosed(raw)
  })
  try {
    if (request.method !== 'HEAD') {
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
    request.refusal = refusalOf(error)
    request.socket.destroy()
  }
  return reply
}

/** Fastify logs at `finish` or `error`, and a connection that closes under an answer gives neither. */
function tellClosed(raw: ServerResponse): void {
  if (raw.listenerCount('error') > 0) raw.emit('error', new Error('The connection was closed'))
}

/** The order of checks at the door (docs/behaviour.md §1, §2). */
function admit(
  server: Server,
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
  actor: Actor | undefined,
): void {
  if (operation.access !== 'public') {
    if (actor === undefined) throw server.gate.refusal(request.ip)
    request.actor = actor
    const standing = server.gate.count(actor)
    if (standing !== undefined) {
      reply.header('ratelimit-limit', String(standing.limit))
      reply.header('ratelimit-remaining', String(standing.remaining))
      reply.header('ratelimit-reset', String(standing.resetSeconds))
      if (!standing.allowed) throw new Refusal('rate_limited', { retryAfterSeconds: standing.resetSeconds })
    }
    permit(operation.access, actor)
  }
  if (operation.body !== undefined) checkBodyHeaders(request.headers, server.bodyBytesMax)
}

const nothing = new Uint8Array()
const noConditions: Conditions = { ifMatch: undefined, strict: false, representation: false, once: undefined }

function callOf(request: FastifyRequest, reply: FastifyReply): Call & { actor: Actor | undefined } {
  const sent = request.body as { raw: Uint8Array; value: unknown } | undefined
  const changes = request.method !== 'GET' && request.method !== 'HEAD'
  return {
    actor: request.actor,
    params: request.params as Texts,
    query: request.query as Texts,
    body: sent?.value,
    requestId: request.id,
    conditions: changes
      ? conditionsOf(request.headers, { method: request.method, path: pathOf(request), raw: sent?.raw ?? nothing })
      : noConditions,
    answer: {
      ignoredFields: (names) => {
        if (names.length > 0) reply.header('x-waggle-ignored-fields', namesInHeader(names))
      },
    },
  }
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? ''

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
