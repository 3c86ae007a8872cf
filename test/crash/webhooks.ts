import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { jwtVerify } from 'jose'
import { Webhook } from 'standardwebhooks'
import { openDatabase } from '../../src/storage/open.ts'
import type { Row } from '../../src/storage/tables.ts'
import { keys } from '../fixture.ts'
import { hold } from './check.ts'
import { newBook, prepareData, startLoad } from './load.ts'
import { startServer, temporaryDirectory, until } from './server.ts'

const companyId = 3
/** Attempts that may be made again because of one kill: those under way, and those not yet written down. */
const doublesPerKillMax = 600
const drainMs = 60_000

/** Quick retries, many of them, and an order that holds as long as the run takes. */
const flags = [
  '--webhook-allow=127.0.0.0/8',
  `--webhook-retry-schedule=0,0,${Array(48).fill('1').join()}`,
  '--webhook-hold-seconds=3600',
  '--webhook-timeout-ms=1000',
]

/** A message that was answered with 2xx. */
interface Accepted {
  readonly sequence: number
  readonly headers: IncomingMessage['headers']
  readonly raw: string
}

class FailingReceiver {
  readonly accepted: Accepted[] = []
  /** While false, a third of the messages is met with some fault. */
  healthy = false
  failures = 0
  readonly #server = createServer((request, response) => this.#take(request, response))

  async listen(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening))
    const address = this.#server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let raw: string
    try {
      raw = await text(request)
    } catch {
      return // the server was killed while it sent
    }
    const dice = this.healthy ? 1 : Math.random()
    if (dice > 0.33) {
      if (dice < 0.36) await wait(40)
      this.accepted.push({ sequence: Number(request.headers['x-waggle-sequence']), headers: request.headers, raw })
      response.writeHead(204).end()
      return
    }
    this.failures += 1
    if (dice < 0.08) response.destroy()
    else if (dice < 0.12) response.writeHead(429, { 'retry-after': '1' }).end()
    else response.writeHead(dice < 0.22 ? 500 : 503).end('not now')
  }
}

export interface WebhookRound {
  readonly round: number
  readonly killedAfterMs: number
  readonly acknowledged: number
  readonly accepted: number
}

export interface WebhookSum {
  readonly acknowledged: number
  readonly events: number
  readonly failures: number
  readonly doubles: number
  readonly refused: number
}

/**
 * Kills a server under load again and again while a receiver fails at random; then the receiver is well, and everything
 * must have arrived: every acknowledged change, every event, in the order of each lead, and nothing else.
 *
 * @throws Violation with the first rule that does not hold
 */
export async function killWithReceiver({
  rounds,
  fromMs,
  toMs,
  onRound,
}: {
  rounds: number
  fromMs: number
  toMs: number
  onRound?: (round: WebhookRound) => void
}): Promise<WebhookSum> {
  const directory = temporaryDirectory()
  const receiver = new FailingReceiver()
  const book = newBook()
  let refused = 0
  await prepareData(directory.path)
  let server = await startServer(directory.path, [], flags)
  try {
    const { secret, integration, from } = await subscribe(server.url, await receiver.listen(), directory.path)
    for (let round = 1; round <= rounds; round += 1) {
      const before = { acknowledged: book.acknowledged.length, accepted: receiver.accepted.length }
      const load = startLoad(server.url, book, 6)
      await until('the first answer comes', () => book.acknowledged.length > before.acknowledged)
      refused += await sendRefused(server.url)
      const killedAfterMs = Math.round(fromMs + Math.random() * (toMs - fromMs))
      await wait(killedAfterMs)
      await server.end('SIGKILL')
      await load.over
      server = await startServer(directory.path, [], flags)
      onRound?.({
        round,
        killedAfterMs,
        acknowledged: book.acknowledged.length - before.acknowledged,
        accepted: receiver.accepted.length - before.accepted,
      })
    }
    receiver.healthy = true
    await drained(server.url)
    await server.end('SIGTERM')
    const events = await eventsIn(directory.path, from)
    const doubles = checkArrivals(receiver.accepted, events)
    hold(doubles <= rounds * doublesPerKillMax, `${doubles} messages came twice in ${rounds} kills`)
    const arrived = new Set(receiver.accepted.map(({ sequence }) => sequence))
    for (const { sequence } of book.acknowledged) {
      hold(arrived.has(sequence), `LOST: ${sequence} was acknowledged and never arrived`)
    }
    await checkSignatures(receiver.accepted, secret, integration)
    return {
      acknowledged: book.acknowledged.length,
      events: events.length,
      failures: receiver.failures,
      doubles,
      refused,
    }
  } finally {
    await server.end('SIGKILL')
    receiver.close()
    directory.remove()
  }
}

async function ask(url: string, method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const reply = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${keys.admin}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const answer: Record<string, unknown> = JSON.parse(await reply.text())
  hold(reply.ok, `${method} ${path}: ${reply.status} ${JSON.stringify(answer)}`)
  return answer
}

async function subscribe(url: string, hook: string, directory: string) {
  const { uuid } = await ask(url, 'POST', '/integrations', { name: 'Failing' })
  const made = await ask(url, 'POST', '/webhooks', { integration: uuid, url: hook })
  const database = await openDatabase({ directory })
  const from = (await database.read('webhooks', { company_id: companyId, id: Number(made['id']) }))?.cursor ?? 0
  await database.close()
  return { integration: String(uuid), secret: String(made['secret']), from }
}

/** Changes that are wrong, and so must be heard of by nobody. */
async function sendRefused(url: string): Promise<number> {
  for (let count = 0; count < 3; count += 1) {
    const reply = await fetch(`${url}/api/v1/leads/4711`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${keys.full}`, 'content-type': 'application/json' },
      body: JSON.stringify({ first_name: 'refused', tags: [99] }),
    })
    hold(reply.status === 400, `a wrong change was answered with ${reply.status}`)
    await reply.text()
  }
  return 3
}

async function drained(url: string): Promise<void> {
  const begun = performance.now()
  for (;;) {
    const { state, backlog, undelivered } = await ask(url, 'GET', '/webhooks/1')
    hold(state === 'active', `the endpoint is ${state}`)
    if (backlog === 0 && undelivered === 0) return
    hold(performance.now() - begun < drainMs, `${backlog} events are still behind, ${undelivered} undelivered`)
    await wait(100)
  }
}

async function eventsIn(directory: string, from: number): Promise<Row<'events'>[]> {
  const database = await openDatabase({ directory })
  const events = await database.find<Row<'events'>>((db) =>
    db
      .selectFrom('events')
      .selectAll()
      .where('company_id', '=', companyId)
      .where('sequence', '>', from)
      .orderBy('sequence'),
  )
  await database.close()
  return events
}

/** @returns how many messages had been accepted before */
function checkArrivals(accepted: readonly Accepted[], events: readonly Row<'events'>[]): number {
  const bySequence = new Map(events.map((event) => [event.sequence, event]))
  const newestOfLead = new Map<number, number>()
  const seen = new Set<number>()
  for (const { sequence, raw } of accepted) {
    const event = bySequence.get(sequence)
    hold(event !== undefined, `${sequence} was delivered, but never happened`)
    const body = JSON.parse(raw)
    hold(body.lead.id === event.lead_id, `${sequence} was delivered as of another lead`)
    hold(isDeepStrictEqual(body.changes, event.payload?.changes), `${sequence} was delivered with other changes`)
    if (seen.has(sequence)) continue
    seen.add(sequence)
    const newest = newestOfLead.get(event.lead_id) ?? 0
    hold(newest < sequence, `lead ${event.lead_id}: ${sequence} arrived after ${newest}`)
    newestOfLead.set(event.lead_id, sequence)
  }
  for (const { sequence } of events) hold(seen.has(sequence), `LOST: event ${sequence} never arrived`)
  return accepted.length - seen.size
}

/** Some of them, by libraries that are not ours. */
async function checkSignatures(accepted: readonly Accepted[], secret: string, integration: string): Promise<void> {
  for (const [index, { headers, raw }] of accepted.entries()) {
    if (index % 25 !== 0) continue
    const named = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])])
    new Webhook(secret).verify(raw, Object.fromEntries(named))
    const token = String(headers.authorization).replace('Bearer ', '')
    await jwtVerify(token, new TextEncoder().encode(integration), { algorithms: ['HS256'] })
  }
}
