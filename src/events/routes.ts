import * as contract from '../contract/feed.ts'
import { type Exchange, type Server, serve, whenClosed } from '../http/serve.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Timers } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Database } from '../storage/port.ts'
import { LeadChanges } from './changes.ts'
import { cutUnread, type Entry, Feed, type HeldMax } from './feed.ts'
import { lastSequenceOf } from './tell.ts'

/**
 * The feed of changes.
 *
 * @param heldMax places for requests that wait; has a default
 * @returns ends what is held; to be closed before the server
 */
export function eventRoutes(
  server: Server,
  database: Database,
  { timers, heldMax }: { timers: Timers; heldMax?: HeldMax },
): { close(): void } {
  const feed = new Feed(database, timers, heldMax)

  serve(server, contract.listEvents, async ({ actor, query }, exchange) => {
    const { company } = await database.definitions(actor.companyId)
    const mayRead = stillReads(server, actor, exchange)
    const lastSequence = async () => ({
      'x-waggle-last-sequence': String(await lastSequenceOf(database, actor.companyId)),
    })
    if (wantsStream(exchange)) {
      const after = lastEventId(exchange) ?? Number(query['after'] ?? 0)
      const headers = { ...streamHeaders, ...(await lastSequence()) }
      const held = feed.hold(company.id)
      whenClosed(exchange, () => held.end())
      return {
        stream: feed.follow(held, { company, after, mayRead, cut: () => exchange.request.socket.destroy() }),
        headers,
      }
    }
    const after = Number(query['after'] ?? 0)
    const page = { after, limit: Math.min(Number(query['limit'] ?? 100), contract.feedLimits.limit) }
    const waitSeconds = Math.min(Number(query['wait'] ?? 0), contract.feedLimits.waitSeconds)
    const read = () => feed.read(company, page)

    let entries = await read()
    if (entries.length === 0 && waitSeconds > 0 && exchange.request.method !== 'HEAD') {
      entries = await waitFor(read, { feed, companyId: company.id, exchange, waitSeconds })
      if (entries.length > 0 && !(await mayRead())) throw new Refusal('invalid_key')
    }
    return {
      text: `[${entries.map(({ json }) => json).join(',')}]`,
      headers: { 'x-next-cursor': String(entries.at(-1)?.sequence ?? after), ...(await lastSequence()) },
    }
  })

  const changes = new LeadChanges(database, timers)
  serve(server, contract.watchLeads, async ({ actor }, exchange) => {
    const held = feed.hold(actor.companyId)
    whenClosed(exchange, () => held.end())
    const texts = changes.follow(held, actor.companyId, stillReads(server, actor, exchange))
    return { stream: cutUnread(texts, timers, () => exchange.request.socket.destroy()), headers: streamHeaders }
  })

  return { close: () => feed.close() }
}

/** Reads until there is something; nothing when the time is over, the client gone, or the server closes. */
async function waitFor(
  read: () => Promise<readonly Entry[]>,
  {
    feed,
    companyId,
    exchange,
    waitSeconds,
  }: { feed: Feed; companyId: number; exchange: Exchange; waitSeconds: number },
): Promise<readonly Entry[]> {
  const held = feed.hold(companyId)
  whenClosed(exchange, () => held.end())
  try {
    held.alarm(waitSeconds * 1000)
    for (;;) {
      held.forgetNews()
      const entries = await read()
      if (entries.length > 0 || (await held.next()) !== 'news') return entries
    }
  } finally {
    held.end()
  }
}

/** Whether the request's key or session, looked up anew, still reads this company. */
const stillReads =
  ({ gate }: Server, { companyId }: Actor, { request }: Exchange) =>
  async (): Promise<boolean> => {
    const actor = await gate.identify(request.headers)
    return actor?.companyId === companyId && actor.mayRead
  }

const streamHeaders = { 'content-type': `${contract.streamType}; charset=utf-8`, 'x-accel-buffering': 'no' }

/** A type that is named with a weight of 0 is not wanted. */
const wantsStream = ({ request }: Exchange): boolean =>
  (request.headers.accept ?? '').split(',').some((one) => {
    const [type = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase())
    return type === contract.streamType && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
  })

/**
 * The sequence that a stream goes on behind; undefined when the header is absent or empty.
 *
 * @throws Refusal `invalid_query`
 */
function lastEventId({ request }: Exchange): number | undefined {
  const text = String(request.headers['last-event-id'] ?? '')
  if (text === '') return undefined
  if (contract.sequenceForm.test(text)) return Number(text)
  throw new Refusal('invalid_query', { faults: [{ path: '/Last-Event-ID', message: 'Invalid Last-Event-ID' }] })
}
