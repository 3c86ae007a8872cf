import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Operation } from '../contract/operation.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Config } from '../kernel/config.ts'
import { Refusal } from '../kernel/refusal.ts'
import { Gate, type LookUp } from './authenticate.ts'
import { readBody } from './body.ts'
import { jsonContentType, refusalOf, refuse } from './refuse.ts'
import { refuseUnparsed, type Unparsed } from './unparsed.ts'

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | undefined
    /** Set when the request was refused. */
    refusal: Refusal | undefined
    /** Milliseconds of the clock at its arrival. */
    arrivedAt: number
  }
  interface FastifyContextConfig {
    operation?: Operation
  }
}

/** A request that was answered, for the log. Never a key, never a body. */
export interface RequestLine {
  readonly requestId: string
  readonly method: string
  /** The path of the operation, with its parameters' names. */
  readonly route: string | undefined
  readonly status: number
  readonly ms: number
  readonly company: number | undefined
  readonly key: string | undefined
  /** Set when the answer is a 5xx: what went wrong. */
  readonly error?: unknown
}

export interface ServerOptions {
  readonly config: Config
  readonly clock: Clock
  readonly lookUp: LookUp
  readonly log: (line: RequestLine) => void
  readonly newRequestId: () => string
}

/** The server as route groups see it. */
export interface Server {
  readonly app: FastifyInstance
  readonly gate: Gate
  readonly bodyBytesMax: number
  /** Every operation that is served. */
  readonly operations: Operation[]
  isClosing(): boolean
  /** Refuses new requests, lets running ones finish, and resolves when the last connection is closed. */
  close(): Promise<void>
}

const requestIdForm = /^[A-Za-z0-9._-]{1,128}$/
/** Longer than any request line that the parser lets through. */
const paramLengthMax = 65_536
/** How long running requests may take to finish at a shutdown, in ms. */
const closeMs = 8_000
const closeIdleEveryMs = 50

const commonHeaders = {
  'content-type': jsonContentType,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

export function createServer(options: ServerOptions): Server {
  const { config, clock } = options
  const unparsed: Unparsed = { headers: commonHeaders, newest: new WeakMap(), ...options }
  const app = Fastify({
    logger: false,
    bodyLimit: config.bodyBytesMax,
    requestIdHeader: false,
    genReqId: (request) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && requestIdForm.test(given) ? given : options.newRequestId()
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: paramLengthMax },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout: config.requestTimeoutMs,
    http: {
      requireHostHeader: false, // we refuse it ourselves, in the form of every other refusal
      connectionsCheckingInterval: Math.min(1_000, config.requestTimeoutMs),
      headersTimeout: config.requestTimeoutMs,
    },
    keepAliveTimeout: 72_000,
    clientErrorHandler: (error, socket) => refuseUnparsed(unparsed, error, socket),
    frameworkErrors: (error, request, reply) => {
      // No hook runs for these, so the log is written here.
      prepare(request, reply, clock.elapsed())
      reply.raw.once('finish', () => options.log(lineOf(request, reply, clock.elapsed())))
      return refuse(request, reply, refusalOf(error))
    },
  })
  // An expectation that is not known is no reason to refuse (RFC 9110 §10.1.1); CONNECT is not for us.
  app.server.on('checkExpectation', (request, reply) => app.server.emit('request', request, reply))
  app.server.on('connect', (_, socket) => refuseUnparsed(unparsed, undefined, socket))
  let closing = false
  const server: Server = {
    app,
    gate: new Gate({ ...config, lookUp: options.lookUp, clock }),
    bodyBytesMax: config.bodyBytesMax,
    operations: [],
    isClosing: () => closing,
    close: async () => {
      closing = true
      // A connection whose last answer goes out from now on would be kept for another request.
      const idle = setInterval(() => app.server.closeIdleConnections(), closeIdleEveryMs)
      const late = setTimeout(() => app.server.closeAllConnections(), closeMs)
      await app.close()
      clearInterval(idle)
      clearTimeout(late)
    },
  }

  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/json', '*'], (request, payload, done) => {
    if (request.routeOptions.config.operation?.body === undefined) done(null)
    else readBody(payload, request.headers, config.bodyBytesMax).then((body) => done(null, body), done)
  })
  app.decorateRequest('actor', undefined)
  app.decorateRequest('refusal', undefined)
  app.decorateRequest('arrivedAt', 0)
  app.addHook('onRequest', (request, reply, done) => {
    prepare(request, reply, clock.elapsed())
    unparsed.newest.set(request.raw.socket, reply.raw)
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) {
      refuse(request, reply, new Refusal('invalid_request'))
    } else if (request.is404) refuseUnknownRoute(server, request, reply)
    else done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    options.log(lineOf(request, reply, clock.elapsed()))
    done()
  })
  app.setErrorHandler((error, request, reply) => refuse(request, reply, refusalOf(error)))
  app.setNotFoundHandler((request, reply) => refuseUnknownRoute(server, request, reply))
  return server
}

function prepare(request: FastifyRequest, reply: FastifyReply, now: number): void {
  request.arrivedAt = now
  reply.headers(commonHeaders)
  reply.header('x-request-id', request.id)
}

function lineOf(request: FastifyRequest, reply: FastifyReply, now: number): RequestLine {
  const { refusal, actor } = request
  return {
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url,
    status: reply.statusCode,
    ms: Math.round((now - request.arrivedAt) * 100) / 100,
    company: actor?.companyId,
    key: actor?.keyPrefix,
    ...(refusal !== undefined && refusal.status >= 500 && { error: refusal.cause ?? refusal }),
  }
}

/** 404 for a path that is not known; 405, or 204 to OPTIONS, for one that has other methods. */
function refuseUnknownRoute(server: Server, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const methods = methodsOf(server.operations, request.url)
  if (methods.length === 0) return refuse(request, reply, new Refusal('not_found'))
  reply.header('allow', methods.join(', '))
  if (request.method !== 'OPTIONS') return refuse(request, reply, new Refusal('method_not_allowed'))
  return reply.removeHeader('content-type').code(204).send()
}

function methodsOf(operations: readonly Operation[], url: string): string[] {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, '').split(/[?#]/, 1)[0] ?? ''
  const methods = new Set<string>()
  for (const { method, path: main, aliases } of operations) {
    if (![main, ...(aliases ?? [])].some((pattern) => matches(pattern, path))) continue
    methods.add(method)
    if (method === 'GET') methods.add('HEAD')
  }
  return methods.size === 0 ? [] : [...methods, 'OPTIONS']
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = (path.endsWith('/') ? path.slice(0, -1) : path).split('/')
  return (
    wanted.length === given.length &&
    wanted.every((part, at) => (part.startsWith(':') ? given[at] !== '' : part === decodeURIComponent(given[at] ?? '')))
  )
}
