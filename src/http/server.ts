import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import router, { type FindResult, type HTTPMethod, type HTTPVersion, type Instance } from 'find-my-way'
import type { Operation } from '../contract/operation.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Config } from '../kernel/config.ts'
import { Refusal } from '../kernel/refusal.ts'
import { Gate, type LookUp, type SessionLookUp } from './authenticate.ts'
import { addressReader } from './client-address.ts'
import { Connection } from './connection.ts'
import { crossOriginOf } from './cross-origin.ts'
import { type Desk, Exchange, type RequestLine } from './exchange.ts'
import type { Room } from './room.ts'
import { refuseUnparsed, type Unparsed } from './unparsed.ts'

export type { RequestLine } from './exchange.ts'

export interface ServerOptions {
  readonly config: Config
  readonly clock: Clock
  readonly lookUp: LookUp
  /** Absent where nobody signs in. */
  readonly sessionLookUp?: SessionLookUp
  readonly room: Room
  readonly log: (line: RequestLine) => void
  readonly newRequestId: () => string
  /** Where a browser that asks for `/` is sent. */
  readonly home?: string
}

export type Texts = Readonly<Record<string, string | undefined>>

/** Carries out a request whose route was found. */
type Handle = (exchange: Exchange, params: Texts, query: Texts) => void

/** The server as route groups see it. */
export interface Server {
  readonly gate: Gate
  readonly room: Room
  /** The address that people know it by; empty when it is not set. */
  readonly publicUrl: string
  /** Whether that is https, so that people come by nothing else. */
  readonly isSecure: boolean
  readonly bodyBytesMax: number
  /** Of an operation with a large body. */
  readonly batchBytesMax: number
  /** Every operation that is served. */
  readonly operations: readonly Operation[]
  /** Serves an operation under every spelling of its path. */
  route(operation: Operation, handle: Handle): void
  /** Answers GET of a path that belongs to no operation. */
  page(path: string, handle: (exchange: Exchange, params: Texts) => void): void
  isClosing(): boolean
  /** @returns the origin, with the real port */
  listen(address: { readonly host: string; readonly port: number }): Promise<string>
  /** Refuses new requests, lets running ones finish, and resolves when the last connection is closed. */
  close(): Promise<void>
}

const requestIdForm = /^[A-Za-z0-9._-]{1,128}$/
/** Longer than any request line that the parser lets through. */
const paramLengthMax = 65_536
/** How long running requests may take to finish at a shutdown, in ms. */
const closeMs = 8_000
const closeIdleEveryMs = 50
/** A client that takes nothing of an answer is given up after so many times the time that a request may take. */
const takenWithinTimes = 4

export function createServer(options: ServerOptions): Server {
  const { config, clock, newRequestId } = options
  const routes = router({ ignoreTrailingSlash: true, maxParamLength: paramLengthMax })
  const operations: Operation[] = []
  const connections = new WeakMap<object, Connection>()
  let closing = false
  const addressOf = addressReader(config.trustedProxies)
  const isSecure = config.publicUrl.startsWith('https:')
  const desk: Desk = { elapsed: clock.elapsed, isClosing: () => closing, isSecure, log: options.log, addressOf }
  const crossOrigin = crossOriginOf(config.corsOrigins)

  const answer = (request: IncomingMessage, raw: ServerResponse): void => {
    const exchange = new Exchange(request, raw, idSentWith(request) ?? newRequestId(), desk)
    if (crossOrigin?.greets(exchange, methodsAt) === true) return
    if (!namesItsHost(request)) {
      exchange.refuse(new Refusal('invalid_request'))
      return
    }
    const found = routes.find(exchange.method as HTTPMethod, exchange.url) ?? undecodedPage(routes, exchange)
    if (found === null) {
      refuseUnknownRoute(exchange)
      return
    }
    const { path, handle }: Route = found.store
    exchange.route = path
    handle(exchange, found.params, found.searchParams)
  }

  const methodsAt = methodsIn(routes, operations)

  /** 404 for a path that is not known; 405, or 204 to OPTIONS, for one that has other methods. */
  const refuseUnknownRoute = (exchange: Exchange): void => {
    const known = methodsAt(exchange.url)
    if (known.length === 0) {
      if (options.home !== undefined && asksForHome(exchange)) exchange.redirect(options.home)
      else exchange.refuse(new Refusal('not_found'))
      return
    }
    exchange.header('allow', [...known, 'OPTIONS'].join(', '))
    if (exchange.method === 'OPTIONS') exchange.answer(204)
    else exchange.refuse(new Refusal('method_not_allowed'))
  }

  const take = (request: IncomingMessage, raw: ServerResponse): void => {
    const { socket } = request
    let connection = connections.get(socket)
    if (connection === undefined) {
      connection = new Connection(socket, answer)
      connections.set(socket, connection)
    }
    connection.take(request, raw)
  }

  const http = httpServer(config, take, { connections, isSecure, ...options })
  return {
    gate: new Gate({ sessionLookUp: () => undefined, ...options, ...config, isSecure }),
    room: options.room,
    publicUrl: config.publicUrl,
    isSecure,
    bodyBytesMax: config.bodyBytesMax,
    batchBytesMax: config.batchBytesMax,
    operations,
    route: (operation, handle) => {
      operations.push(operation)
      for (const path of [operation.path, ...(operation.aliases ?? [])]) {
        const methods: HTTPMethod[] = operation.method === 'GET' ? ['GET', 'HEAD'] : [operation.method]
        routes.on(methods, path, () => {}, { path, handle } satisfies Route)
      }
    },
    page: (path, handle) => {
      routes.on(['GET', 'HEAD'], path, () => {}, { path, handle, isPage: true } satisfies Route)
    },
    isClosing: () => closing,
    listen: (address) => listen(http, address),
    close: async () => {
      closing = true
      await finish(http)
    },
  }
}

/** Tells the methods of a path; none where it is not known. */
const methodsIn =
  (routes: { find(method: HTTPMethod, url: string): unknown }, operations: readonly Operation[]) =>
  (url: string): readonly string[] => {
    const all = operations.flatMap(({ method }): HTTPMethod[] => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    return [...new Set(all)].filter((method) => routes.find(method, url) !== null)
  }

/** Lets what runs finish, and resolves when the last connection is closed. */
async function finish(http: HttpServer): Promise<void> {
  // A connection whose last answer goes out from now on would be kept for another request.
  const idle = setInterval(() => http.closeIdleConnections(), closeIdleEveryMs)
  const late = setTimeout(() => http.closeAllConnections(), closeMs)
  await new Promise((closed) => http.close(closed))
  clearInterval(idle)
  clearTimeout(late)
}

/** The id that a client gave its request; undefined when it has not the form of one. */
function idSentWith({ headers }: IncomingMessage): string | undefined {
  const given = headers['x-request-id']
  return typeof given === 'string' && requestIdForm.test(given) ? given : undefined
}

/** Whether a request names one host (RFC 9112 §3.2): of two, a proxy may have meant the other one. */
function namesItsHost({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0')
}

/** A person with a browser; a client of the API is told that nothing is there. */
const asksForHome = ({ method, url, request }: Exchange): boolean =>
  method === 'GET' && url === '/' && String(request.headers.accept ?? '').includes('text/html')

interface Route {
  readonly path: string
  readonly handle: Handle
  readonly isPage?: boolean
}

/** The page of a path that cannot be decoded, such as `/console/%`, taken as it stands; null where it is no page's. */
function undecodedPage(routes: Instance<HTTPVersion.V1>, { method, url }: Exchange): FindResult<HTTPVersion.V1> | null {
  const found = routes.find(method as HTTPMethod, url.replaceAll('%', '%25'))
  const route: Route | undefined = found?.store
  return route?.isPage === true ? found : null
}

type Listener = (request: IncomingMessage, raw: ServerResponse) => void

function httpServer({ requestTimeoutMs }: Config, take: Listener, unparsed: Unparsed): HttpServer {
  const http = createHttpServer({
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
    keepAliveTimeout: 72_000,
    requireHostHeader: false, // we refuse it ourselves, in the form of every other refusal
  })
  // Connections on which nothing moves: those that wait for an answer, and for a change to tell of, may.
  http.setTimeout(takenWithinTimes * requestTimeoutMs, (socket) => {
    if (socket.writableLength > 0 || unparsed.connections.get(socket)?.isIdle !== false) socket.destroy()
  })
  http.on('request', take)
  http.on('clientError', (error, socket) => refuseUnparsed(unparsed, error, socket))
  // An expectation that is not known is no reason to refuse (RFC 9110 §10.1.1); CONNECT is not for us.
  http.on('checkExpectation', take)
  http.on('connect', (_, socket) => refuseUnparsed(unparsed, undefined, socket))
  return http
}

function listen(http: HttpServer, { host, port }: { readonly host: string; readonly port: number }): Promise<string> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen({ host, port }, () => {
      http.removeListener('error', reject)
      const bound = http.address()
      const realPort = typeof bound === 'object' && bound !== null ? bound.port : port
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${realPort}`)
    })
  })
}
