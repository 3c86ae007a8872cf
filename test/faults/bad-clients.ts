import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { hold } from '../crash/check.ts'
import { until } from '../crash/server.ts'
import { keys } from '../fixture.ts'
import { checkHealed, type Fault, type Ground, onServer, stopLoad, type Told, underLoad, untilGoesOn } from './fault.ts'
import { peakMib, socketsOf } from './watch.ts'

const clients = 50
/** How long a request may take to arrive, as these servers are set. */
const requestTimeoutMs = 500
const settings = { WAGGLE_REQUEST_TIMEOUT_MS: String(requestTimeoutMs) }
/**
 * By how much the server may grow, in MiB: some 100 that it takes for the load, some 4 for what the parser makes of the
 * 64 KiB it reads of each client at once, and as much for answers.
 */
const growthMibMax = 384

export function connected(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {}) // a reset shows as a connection that closed
  return socket
}

/** How clients behave that read nothing of what comes back. */
interface Deaf {
  readonly request: string
  /** How often each asks at once; when absent, again and again, as fast as it is let. */
  readonly count?: number
  /** How long the clients are left to do as they like, in ms. */
  readonly badForMs: number
}

function deafClient(url: string, { request, count }: Deaf): Socket {
  const socket = connected(url).pause()
  const many = Buffer.from(request.repeat(count ?? Math.ceil(65_536 / request.length)))
  const ask = (): void => {
    while (!socket.destroyed && socket.write(many) && count === undefined);
  }
  if (count === undefined) socket.on('drain', ask)
  socket.once('connect', ask)
  return socket
}

/** Clients that never read cost a bounded part of memory, hold nobody up, and are dropped in the end. */
const clientsNeverRead = (how: Deaf): Promise<Told> =>
  onServer(
    async (ground) => {
      const { server } = ground
      const load = await underLoad(ground, 8)
      const before = { sockets: socketsOf(server), mib: peakMib(server) }
      const begun = performance.now()
      const deaf = Array.from({ length: clients }, () => deafClient(server.url, how))
      try {
        const isOver = wait(how.badForMs).then(() => true)
        await until('the clients are connected', () => deaf.every((socket) => !socket.connecting))
        await untilGoesOn(ground)
        await isOver
        hold(server.isRunning(), 'the server ended')
        await untilGoesOn(ground)
        await until('their connections are dropped', () => socketsOf(server) <= before.sockets)
        const droppedMs = Math.round(performance.now() - begun)
        const growthMib = Math.round(peakMib(server) - before.mib)
        hold(growthMib <= growthMibMax, `${clients} clients that never read cost ${growthMib} MiB in ${droppedMs} ms`)
        await stopLoad(load)
        return await checkHealed(ground, `memory grew by ${growthMib} MiB, dropped within ${droppedMs} ms`)
      } finally {
        for (const socket of deaf) socket.destroy()
      }
    },
    { settings },
  )

/** A request that begins and never ends. */
const halves: readonly string[] = [
  'PATCH /api/v1/leads/4711 HTTP/1.1\r\nHost: here\r\n',
  `PATCH /api/v1/leads/4711 HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer ${keys.full}\r\n` +
    'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"company_name":',
]

/** Clients that stop in the middle of a request are told so in time, and dropped. */
const requestsNeverEnd = (): Promise<Told> =>
  onServer(
    async (ground) => {
      const { server } = ground
      const load = await underLoad(ground, 8)
      const growthBefore = peakMib(server)
      const slow = Array.from({ length: clients }, (_, index) =>
        halfClient(ground, halves[index % halves.length] ?? ''),
      )
      await until('every one is dropped', () => slow.every(({ told }) => told.closed))
      for (const { told } of slow) assert.match(told.seen, /^HTTP\/1\.1 408 .*\{"error":"[^"]+"\}$/s)
      const slowestMs = Math.round(Math.max(...slow.map(({ told }) => told.closedAfterMs)))
      await untilGoesOn(ground)
      await stopLoad(load)
      const growthMib = Math.round(peakMib(server) - growthBefore)
      hold(growthMib <= growthMibMax, `${clients} half requests cost ${growthMib} MiB`)
      return checkHealed(ground, `all answered 408 and dropped, the last after ${slowestMs} ms`)
    },
    { settings },
  )

function halfClient({ server }: Ground, half: string) {
  const begun = performance.now()
  const told = { seen: '', closed: false, closedAfterMs: 0 }
  const socket = connected(server.url)
  socket.setEncoding('utf8').on('data', (text: string) => {
    told.seen += text
  })
  socket.once('close', () => {
    told.closed = true
    told.closedAfterMs = performance.now() - begun
  })
  socket.write(half)
  return { told }
}

export const get = (path: string, key?: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: here\r\n${key === undefined ? '' : `Authorization: Bearer ${key}\r\n`}\r\n`

/** So many that all are kept, and that their answers are more than a connection takes. */
const fewAtOnce = 200

export const badClients: readonly Fault[] = [
  {
    name: 'half a request',
    injected: `${clients} clients send half a head or half a body and wait`,
    quick: true,
    run: requestsNeverEnd,
  },
  {
    name: 'answers never read, no key',
    injected: `${clients} clients ask for /openapi.json without end and read nothing`,
    quick: false,
    run: () => clientsNeverRead({ request: get('/openapi.json'), badForMs: 5_000 }),
  },
  {
    name: 'answers never read',
    injected: `${clients} clients ask for a page of leads without end and read nothing`,
    quick: false,
    run: () => clientsNeverRead({ request: get('/api/v1/leads?pageSize=100', keys.full), badForMs: 5_000 }),
  },
  {
    name: 'few answers never read',
    injected: `${clients} clients ask for /openapi.json ${fewAtOnce} times and read nothing`,
    quick: true,
    run: () => clientsNeverRead({ request: get('/openapi.json'), count: fewAtOnce, badForMs: 0 }),
  },
]
