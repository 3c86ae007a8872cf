import { setTimeout as wait } from 'node:timers/promises'
import { openDatabase } from '../../src/storage/open.ts'
import type { Database } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import { keys } from '../fixture.ts'
import { type ToldRow, toldRows } from '../told-events.ts'
import { checkArrivals, checkSignatures, type Doubles } from './arrivals.ts'
import { checkDatabase, hold } from './check.ts'
import { type Book, newBook, prepareData, startLoad } from './load.ts'
import { FailingReceiver } from './receiver.ts'
import { type ServerProcess, startServer, until } from './server.ts'
import { leftAlone, placeOf, type Site } from './site.ts'

const companyId = 3
/** Attempts that may be made again because of one kill: those under way, and those not yet written down. */
const doublesPerKillMax = 300
const drainMs = 60_000
/** So many changes a second that most of them arrive while the receiver fails, and kills meet every state. */
const perSecond = 300
const connections = 16
/** What refused changes would have set. */
const refusedName = 'Refused'

/** Quick retries, many of them, and an order that holds as long as the run takes. */
export const settings = {
  WAGGLE_WEBHOOK_ALLOW: '127.0.0.0/8',
  WAGGLE_WEBHOOK_RETRY_SCHEDULE: '0,0,1,1,1,2,2,2,2,2,2,2,2,2,2,2,2,2,2,2',
  WAGGLE_WEBHOOK_HOLD_SECONDS: '600',
  WAGGLE_WEBHOOK_TIMEOUT_MS: '1000',
}

interface WebhookRound {
  readonly round: number
  readonly killedAfterMs: number
  readonly acknowledged: number
  /** Answered with 2xx until the kill. */
  readonly accepted: number
  /** Events of the log that had not been accepted when the server was dead. */
  readonly behind: number
}

interface WebhookSum {
  readonly acknowledged: number
  readonly events: number
  readonly messages: number
  /** Messages that the receiver failed, by the way it did. */
  readonly failures: ReadonlyMap<string | number, number>
  readonly doubles: Doubles
  readonly refused: number
  /** How long the rest took once the receiver was healthy. */
  readonly drainedAfterMs: number
}

interface WebhookKillOptions {
  readonly site: () => Promise<Site>
  readonly rounds: number
  /** The server is killed at a random moment between these, in ms after its first answer. */
  readonly fromMs: number
  readonly toMs: number
  readonly onRound?: (round: WebhookRound) => void
}

/** One database, over all its servers, and all that was seen of it from outside. */
interface Run {
  readonly at: string
  readonly receiver: FailingReceiver
  readonly book: Book
  /** What the files told as arrived, by the life of the server that wrote it. */
  readonly recorded: Map<number, number>
  /** The last event from before the endpoint was made. */
  readonly from: number
}

/**
 * Kills a server under load again and again while a receiver fails at random; then the receiver is well, and everything
 * must have arrived: every acknowledged change, every event, in the order of each lead, and nothing else.
 *
 * @throws Violation with the first rule that does not hold
 */
export async function killWithReceiver(options: WebhookKillOptions): Promise<WebhookSum> {
  const { at, remove } = await options.site()
  await prepareData(at)
  const run: Run = {
    at,
    receiver: new FailingReceiver(),
    book: newBook(),
    recorded: new Map(),
    from: (await eventsIn(at, 0)).length,
  }
  const { receiver, book } = run
  let server = await startServer(at, [], settings)
  try {
    const { id, ...secrets } = await subscribe(server.url, await receiver.listen())
    let verified = 0
    const verifyNew = async (): Promise<void> => {
      const some = receiver.messages.slice(verified)
      verified += some.length
      await checkSignatures(some, secrets)
    }
    let refused = 0
    for (let round = 1; round <= options.rounds; round += 1) {
      const { refused: more, ...told } = await killOnce(run, server, options)
      refused += more
      await verifyNew()
      receiver.life += 1
      server = await startServer(at, [], settings)
      options.onRound?.({ round, ...told })
    }
    receiver.healthy = true
    const drainedAfterMs = await drained(server, id)
    await server.end('SIGTERM')
    await verifyNew()
    const { messages, failures } = receiver
    const checked = await checkRun(run)
    return {
      acknowledged: book.acknowledged.length,
      messages: messages.length,
      failures,
      refused,
      drainedAfterMs,
      ...checked,
    }
  } finally {
    await server.end('SIGKILL')
    receiver.close()
    await remove()
  }
}

async function killOnce(run: Run, server: ServerProcess, { fromMs, toMs }: WebhookKillOptions) {
  const { book, receiver } = run
  const before = { acknowledged: book.acknowledged.length, accepted: receiver.accepted.length }
  const load = startLoad(server.url, book, connections, { perSecond })
  await until('the first answer comes', () => book.acknowledged.length > before.acknowledged)
  const killedAfterMs = Math.round(fromMs + Math.random() * (toMs - fromMs))
  const [refused] = await Promise.all([sendRefused(server.url), wait(killedAfterMs)])
  await server.end('SIGKILL')
  await load.over
  await leftAlone(run.at)
  return {
    killedAfterMs,
    acknowledged: book.acknowledged.length - before.acknowledged,
    accepted: receiver.accepted.length - before.accepted,
    behind: await takeStock(run),
    refused,
  }
}

/** Holds all that was seen against what the last server has left. */
async function checkRun(run: Run): Promise<{ events: number; doubles: Doubles }> {
  const { at, book, receiver, recorded, from } = run
  hold(book.refused.length === 0, `a request was refused under load: ${JSON.stringify(book.refused[0])}`)
  await checkDatabase(at, book)
  const events = await eventsIn(at, from)
  const { messages, accepted } = receiver
  const told = events.find(({ payload }) => JSON.stringify(payload).includes(`"${refusedName}"`))
  hold(told === undefined, `event ${told?.sequence} tells a change that was refused`)
  const doubles = checkArrivals({ messages, accepted, events, recorded })
  for (const [life, count] of doubles.byKill) {
    hold(count <= doublesPerKillMax, `${count} messages came twice for kill ${life}`)
  }
  checkBook(book, receiver)
  return { events: events.length, doubles }
}

/** Every change that its client was told of has arrived. */
function checkBook(book: Book, receiver: FailingReceiver): void {
  const arrived = new Set(receiver.accepted.map(({ sequence }) => sequence))
  for (const { sequence } of book.acknowledged) {
    hold(arrived.has(sequence), `LOST: ${sequence} was acknowledged and never arrived`)
  }
}

export async function ask(url: string, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const reply = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${keys.admin}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer: Record<string, unknown> = JSON.parse(await reply.text())
  hold(reply.ok, `${method} ${path}: ${reply.status} ${JSON.stringify(answer)}`)
  return answer
}

export async function subscribe(
  url: string,
  hook: string,
): Promise<{ id: number; secret: string; integration: string }> {
  const { uuid } = await ask(url, 'POST', '/integrations', { name: 'Failing' })
  const { id, secret } = await ask(url, 'POST', '/webhooks', { integration: uuid, url: hook })
  return { id: Number(id), secret: String(secret), integration: String(uuid) }
}

/** Changes that are wrong, and so must be heard of by nobody. */
async function sendRefused(url: string): Promise<number> {
  const count = 5
  for (let sent = 0; sent < count; sent += 1) {
    const reply = await fetch(`${url}/api/v1/leads/4711`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${keys.full}`, 'content-type': 'application/json' },
      body: JSON.stringify({ first_name: refusedName, tags: [99] }),
    })
    hold(reply.status === 400, `a wrong change was answered with ${reply.status}`)
    await reply.text()
  }
  return count
}

/**
 * Notes what a killed server had written down as arrived, all of which must have.
 *
 * @returns events that have not arrived
 */
async function takeStock({ at, receiver, recorded, from }: Run): Promise<number> {
  const arrived = new Set(receiver.accepted.map(({ sequence }) => sequence))
  const { delivered, last } = await withDatabase(at, async (database) => ({
    delivered: await database.find((db) =>
      db
        .selectFrom('deliveries')
        .select('sequence')
        .where('company_id', '=', companyId)
        .where('state', '=', 'delivered'),
    ),
    last: (await database.read('company_log', { company_id: companyId }))?.last_sequence ?? 0,
  }))
  for (const { sequence } of delivered) {
    hold(arrived.has(sequence), `LOST: ${sequence} is recorded as arrived, but the receiver has not accepted it`)
    if (!recorded.has(sequence)) recorded.set(sequence, receiver.life)
  }
  return last - from - arrived.size
}

/** @returns how long it took, in ms */
export async function drained({ url }: ServerProcess, id: number): Promise<number> {
  for (const begun = performance.now(); ; await wait(100)) {
    const { state, backlog, undelivered } = await ask(url, 'GET', `/webhooks/${id}`)
    hold(state === 'active', `the endpoint is ${state}`)
    const tookMs = Math.round(performance.now() - begun)
    if (backlog === 0 && undelivered === 0) return tookMs
    hold(tookMs < drainMs, `after ${tookMs} ms ${backlog} events are still behind, ${undelivered} undelivered`)
  }
}

export const eventsIn = (at: string, from: number): Promise<ToldRow[]> =>
  withDatabase(at, async (database) =>
    toldRows(
      database,
      await database.find<Row<'events'>>((db) =>
        db
          .selectFrom('events')
          .selectAll()
          .where('company_id', '=', companyId)
          .where('sequence', '>', from)
          .orderBy('sequence'),
      ),
    ),
  )

async function withDatabase<T>(at: string, use: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(placeOf(at))
  try {
    return await use(database)
  } finally {
    await database.close()
  }
}
