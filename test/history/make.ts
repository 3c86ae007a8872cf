import type { Chance } from '../../src/sample/chance.ts'
import type { History, LoggedEvent, Operation, Outcome, SeenLead, WriteAsked } from './history.ts'

/** A request, before it is carried out, on a made-up server. */
export interface Call {
  readonly client: string
  readonly life: number
  readonly invokedAt: number
  /** When it is carried out, if its server still lives. */
  readonly happensAt: number
  readonly returnedAt: number
  readonly asked: Operation['asked']
}

const lead = (id: number): LoggedEvent => ({
  sequence: id,
  lead: id,
  at: 1_000 + id,
  version: 1,
  previous: 0,
  requestId: null,
  state: {
    company_name: 'begun',
    first_name: null,
    phone_number: null,
    status: 'new',
    tags: '',
    assignedUsers: '',
    number: null,
    text: null,
  },
})

/** The newest events of two leads. */
const begun = { sequence: 2, leads: [lead(1), lead(2)] }

/** A few clients that ask a made-up server, which carries out one request after the other and may be killed once. */
export function makeHistory(chance: Chance): History {
  const deathAt = chance.happens(0.4) ? chance.between(20, 90) + 0.5 : undefined
  const calls = Array.from({ length: chance.between(2, 4) }, (_, client) =>
    callsOf(chance, { client: `client ${client}`, deathAt }),
  ).flat()
  return carriedOut(calls, deathAt)
}

/** What becomes of requests at a made-up server, which carries out one after the other and may be killed once. */
export function carriedOut(calls: readonly Call[], deathAt: number | undefined): History {
  const server: Server = { log: [], kept: new Map() }
  const operations = calls
    .toSorted((left, right) => left.happensAt - right.happensAt)
    .map((call): Operation => {
      const { client, life, invokedAt, returnedAt, asked } = call
      const killed = deathAt !== undefined && life === 1 && returnedAt > deathAt
      const done = !killed || call.happensAt < deathAt
      const outcome = done ? carryOut(asked, server) : undefined
      const told: Outcome = killed || outcome === undefined ? { kind: 'unknown' } : outcome
      return { client, life, invokedAt, returnedAt: killed ? deathAt : returnedAt, asked, outcome: told }
    })
  const deaths = deathAt === undefined ? [] : [{ life: 1, at: deathAt }]
  return withRows({ seed: 0, begun, deaths, operations, log: server.log, rows: [] })
}

/** The requests of one client, one after the other; those behind a death are asked of the next server. */
function callsOf(chance: Chance, { client, deathAt }: { client: string; deathAt: number | undefined }): Call[] {
  const calls: Call[] = []
  // A part of its own for each time: no two are the same.
  const time = (from: number, to: number): number => chance.between(from, to) + chance.between(1, 999_999) / 1_000_000
  let from = 0
  let life = 1
  for (let count = chance.between(1, 4); count > 0; count -= 1) {
    const invokedAt = from + time(0, 20)
    const returnedAt = invokedAt + time(1, 60)
    const happensAt = invokedAt + ((returnedAt - invokedAt) * chance.between(1, 999)) / 1000
    if (deathAt !== undefined && invokedAt > deathAt) life = 2
    calls.push({ client, life, invokedAt, happensAt, returnedAt, asked: askedOf(chance, client, count) })
    from = life === 1 && deathAt !== undefined && returnedAt > deathAt ? deathAt : returnedAt
  }
  return calls
}

function askedOf(chance: Chance, client: string, count: number): Operation['asked'] {
  const id = chance.between(1, 2)
  const dice = chance.between(1, 10)
  if (dice <= 1) return { kind: 'list' }
  if (dice <= 2) return { kind: 'feed', after: begun.sequence }
  if (dice <= 4) return { kind: 'read', lead: id }
  const number = Number(client.slice(-1)) * 10 + count
  const once = chance.happens(0.2)
  return {
    kind: 'write',
    lead: id,
    // Some changes are asked for twice, with one key.
    number: once ? 100 + id : number,
    members: once ? { tags: `${id}` } : { company_name: `company ${number}` },
    ifMatch: once || chance.happens(0.5) ? null : chance.pick([[1], [2], [1, 2], '*']),
    onceKey: once ? `key ${id}` : null,
    requestId: `${client}.${count}`,
  }
}

/** A made-up server: its log, and the events of idempotency keys. */
interface Server {
  readonly log: LoggedEvent[]
  readonly kept: Map<string, LoggedEvent>
}

/** What a server answers that carries out one request at a time; a change makes its log longer. */
function carryOut(asked: Operation['asked'], { log, kept }: Server): Outcome {
  if (asked.kind === 'list') return { kind: 'seen', leads: begun.leads.map((one) => inList(newestOf(log, one.lead))) }
  if (asked.kind === 'feed')
    return { kind: 'followed', events: log.slice(), last: begun.sequence + log.length, limit: 9 }
  if (asked.kind !== 'write') return { kind: 'seen', leads: [seenAt(newestOf(log, asked.lead))] }
  const done = kept.get(asked.onceKey ?? '')
  if (done !== undefined) return { kind: 'changed', sequence: done.sequence, replayed: true, lead: seenAt(done) }
  const before = newestOf(log, asked.lead)
  if (Array.isArray(asked.ifMatch) && !asked.ifMatch.includes(before.version)) {
    return { kind: 'refused', status: 412, body: '' }
  }
  const event = eventOf(asked, log)
  log.push(event)
  if (asked.onceKey !== null) kept.set(asked.onceKey, event)
  return { kind: 'changed', sequence: event.sequence, replayed: false, lead: seenAt(event) }
}

/** The event that a change makes behind a log. */
export function eventOf(asked: WriteAsked, log: readonly LoggedEvent[]): LoggedEvent {
  const before = newestOf(log, asked.lead)
  const sequence = begun.sequence + log.length + 1
  return {
    sequence,
    lead: asked.lead,
    at: 1_000 + sequence,
    version: before.version + 1,
    previous: before.sequence,
    requestId: asked.requestId,
    state: { ...before.state, ...asked.members },
  }
}

const newestOf = (log: readonly LoggedEvent[], id: number): LoggedEvent =>
  log.findLast((event) => event.lead === id) ?? begun.leads.find((event) => event.lead === id) ?? lead(id)

export const seenAt = ({ lead, version, at, state }: LoggedEvent): SeenLead => ({ lead, version, updatedAt: at, state })

const inList = (event: LoggedEvent): SeenLead => ({ ...seenAt(event), version: null })

/** The history with the rows that its log leaves. */
export const withRows = (history: History): History => ({
  ...history,
  rows: history.begun.leads.map(({ lead }) => seenAt(newestOf(history.log, lead))),
})
