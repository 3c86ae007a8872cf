import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { eventRoutes } from '../../src/events/routes.ts'
import { Room } from '../../src/http/room.ts'
import { createServer, type RequestLine } from '../../src/http/server.ts'
import { type Clock, systemClock, type Timers } from '../../src/kernel/clock.ts'
import { configFrom } from '../../src/kernel/config.ts'
import { keyLookUp } from '../../src/keys/look-up.ts'
import type { Database } from '../../src/storage/port.ts'
import { keys } from '../fixture.ts'

/** Timers that run out when a test says so. */
export interface HandTimers extends Timers {
  /** Resolves when somebody waits for so many ms. */
  asked(ms: number): Promise<void>
  /** Every timer of so many ms runs out. */
  runOut(ms: number): void
}

export function handTimers(): HandTimers {
  const running = new Set<{ ms: number; call: () => void }>()
  let told = (): void => {}
  const isAsked = (ms: number): boolean => [...running].some((timer) => timer.ms === ms)
  return {
    after: (ms, call) => {
      const timer = { ms, call }
      running.add(timer)
      told()
      return () => running.delete(timer)
    },
    asked: async (ms) => {
      while (!isAsked(ms)) {
        await new Promise<void>((resolve) => {
          told = resolve
        })
      }
    },
    runOut: (ms) => {
      for (const timer of [...running].filter((one) => one.ms === ms)) {
        running.delete(timer)
        timer.call()
      }
    },
  }
}

export interface FeedServer {
  readonly url: string
  readonly timers: HandTimers
  readonly log: RequestLine[]
  /** Resolves when the line of a request is in the log. */
  logged(test: (line: RequestLine) => boolean): Promise<RequestLine>
  get(query: string, init?: RequestInit & { key?: string }): Promise<Response>
  closeFeed(): void
  close(): Promise<void>
}

/** A server with nothing but the feed, over a test's database, whose time a test moves. */
export async function serveFeed(
  database: Database,
  { heldMax, clock = systemClock }: { heldMax?: { company: number; all: number }; clock?: Clock } = {},
): Promise<FeedServer> {
  const timers = handTimers()
  const log: RequestLine[] = []
  let told = (): void => {}
  let requests = 0
  const server = createServer({
    config: configFrom({}, {}),
    clock,
    room: new Room(100, clock),
    log: (line) => {
      log.push(line)
      told()
    },
    lookUp: keyLookUp(database, clock, () => {}),
    newRequestId: () => `request-${++requests}`,
  })
  const feed = eventRoutes(server, database, { timers, ...(heldMax && { heldMax }) })
  const origin = await server.listen({ host: '127.0.0.1', port: 0 })
  const url = `${origin}/api/v1/events`
  return {
    url,
    timers,
    log,
    logged: async (test) => {
      for (;;) {
        const line = log.find(test)
        if (line !== undefined) return line
        await new Promise<void>((resolve) => {
          told = resolve
        })
      }
    },
    get: (query, { key = keys.full, ...init } = {}) =>
      fetch(`${url}${query}`, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } }),
    closeFeed: () => feed.close(),
    close: async () => {
      feed.close()
      await server.close()
    },
  }
}

/** The members of one server-sent event; a comment is a member without a name. */
type Message = Readonly<Record<string, string>>

export interface Stream {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  /** The next message; undefined when the stream has ended. */
  next(): Promise<Message | undefined>
  /** The next messages that carry an event. */
  events(count: number): Promise<Message[]>
  leave(): void
}

/** Reads server-sent events on a connection of their own. */
export async function openStream(
  url: string,
  { key = keys.full, headers = {} }: { key?: string; headers?: Record<string, string> } = {},
): Promise<Stream> {
  const request = get(url, {
    agent: false,
    headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream', ...headers },
  })
  const reply = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve)
    request.once('error', reject)
  })
  const messages = messagesOf(reply)
  const next = async () => (await messages.next()).value ?? undefined
  return {
    status: reply.statusCode,
    headers: reply.headers,
    next,
    events: async (count) => {
      const events: Message[] = []
      while (events.length < count) {
        const message = await next()
        if (message === undefined) throw new Error(`the stream ended behind ${events.length} events`)
        if (message['data'] !== undefined) events.push(message)
      }
      return events
    },
    leave: () => request.destroy(),
  }
}

async function* messagesOf(reply: IncomingMessage): AsyncGenerator<Message, void> {
  let text = ''
  reply.setEncoding('utf8')
  for await (const part of reply) {
    text += part
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      yield Object.fromEntries(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      )
    }
  }
}
