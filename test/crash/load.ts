import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { beginLead } from '../../src/leads/begin.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Database } from '../../src/storage/port.ts'
import { definitionsOf, fixture, keys, leadUuid, loadFixture, uuidOf } from '../fixture.ts'
import { placeOf } from './site.ts'

/** The company whose leads are put under load. */
const companyId = 3
/** Leads that {@link addLeads} adds when nothing else is said. */
const addedCount = 50
const addedIds = (count: number): number[] => Array.from({ length: count }, (_, index) => 6001 + index)
/** Every lead that the load changes. */
export const leadIdsOf = (count: number): readonly number[] => [4711, 4713, ...addedIds(count)]

/** Fills an empty directory, or an empty database on PostgreSQL, with the fixture and so many leads more. */
export async function prepareData(at: string, count = addedCount): Promise<void> {
  const database = await openDatabase(placeOf(at))
  await loadFixture(database)
  await addLeads(database, count)
  await database.close()
}

/** Adds leads that the load changes to a database that holds the fixture alone. */
export async function addLeads(database: Database, count = addedCount): Promise<void> {
  const [model] = fixture.leads
  if (model === undefined) throw new Error('the fixture has no lead')
  const before = fixture.leads.filter(({ company_id }) => company_id === companyId).length
  const leads = addedIds(count).flatMap((id, index) => {
    const custom_fields = { 9: { id, uuid: uuidOf(6, id), value: 'begun' } }
    const lead = { ...model, id, uuid: leadUuid(id), created_at: model.created_at + index, custom_fields }
    return beginLead(lead, before + 1 + index, definitionsOf(companyId).version, {
      actor: undefined,
      requestId: undefined,
    })
  })
  await database.load([
    ...leads,
    {
      kind: 'update',
      table: 'company_log',
      key: { company_id: companyId },
      set: { last_sequence: before + count },
    },
  ])
}

/** What a request is known by: it is also its request id, and every member it changes carries it. */
export const markOf = (number: number): string => `mark-${number}`

export const tagsOf = (number: number): readonly number[] => [[7], [8], [7, 8]][number % 3] ?? []

/** The number field is cleared now and then, so that its next value takes a new id. */
export const numberOf = (number: number): { readonly number: number } | null => (number % 5 === 0 ? null : { number })

/** Every fourth request may be repeated. */
export const onceKeyOf = (number: number): string | undefined => (number % 4 === 0 ? markOf(number) : undefined)

const patchOf = (number: number) => ({
  company_name: markOf(number),
  first_name: markOf(number),
  tags: tagsOf(number),
  customFields: [
    { customFieldId: 9, value: { text: markOf(number) } },
    { customFieldId: 5, value: numberOf(number) },
  ],
})

/** The change of one request, as it is sent. */
export function requestOf({ number, leadId }: Pick<Sent, 'number' | 'leadId'>) {
  const onceKey = onceKeyOf(number)
  return {
    method: 'PATCH',
    path: `/api/v1/leads/${leadId}`,
    headers: {
      'content-type': 'application/json',
      'x-request-id': markOf(number),
      ...(onceKey !== undefined && { 'idempotency-key': onceKey }),
    },
    body: JSON.stringify(patchOf(number)),
  }
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** @throws Error when the connection breaks before the answer is whole */
export function exchange(
  url: string,
  agent: Agent,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, headers: { authorization: `Bearer ${keys.full}`, ...headers } })
    sent.on('error', reject)
    sent.on('response', (response) => {
      text(response).then(
        (received) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: received }),
        reject,
      )
    })
    sent.end(body)
  })
}

export interface Sent {
  readonly number: number
  readonly leadId: number
  /** By `performance.now()`. */
  readonly sentAt: number
}
/** A change that was answered with 200. */
export interface Acknowledged extends Sent {
  readonly receivedAt: number
  readonly version: number
  readonly sequence: number
  /** Carried out by an earlier request with the same idempotency key. */
  readonly replayed: boolean
}
interface Refused extends Sent, Answer {
  readonly receivedAt: number
}
/** A request whose connection broke before an answer: it may have been carried out or not. */
interface Unanswered extends Sent {
  readonly error: unknown
}

/** What was sent to one database over all its servers, and what came of it. */
export interface Book {
  nextNumber: number
  readonly acknowledged: Acknowledged[]
  readonly refused: Refused[]
  readonly unanswered: Unanswered[]
}

export const newBook = (): Book => ({ nextNumber: 1, acknowledged: [], refused: [], unanswered: [] })

/** Sends the change of one request, and writes down what came of it. */
async function patch(url: string, agent: Agent, book: Book, sent: Sent): Promise<Acknowledged | Refused | Unanswered> {
  const { path, ...request } = requestOf(sent)
  let answer: Answer
  try {
    answer = await exchange(`${url}${path}`, agent, request)
  } catch (error) {
    const unanswered = { ...sent, error }
    book.unanswered.push(unanswered)
    return unanswered
  }
  const receivedAt = performance.now()
  if (answer.status !== 200) {
    const refused = { ...sent, ...answer, receivedAt }
    book.refused.push(refused)
    return refused
  }
  const acknowledged = {
    ...sent,
    receivedAt,
    version: Number(/^"v(\d+)"$/.exec(answer.headers.etag ?? '')?.[1]),
    sequence: Number(answer.headers['x-waggle-sequence']),
    replayed: answer.headers['idempotency-replayed'] === 'true',
  }
  book.acknowledged.push(acknowledged)
  return acknowledged
}

/** The next change of a random lead, and what the book calls it. */
export function nextOf(book: Pick<Book, 'nextNumber'>, leadIds: readonly number[]): Sent {
  const number = book.nextNumber
  book.nextNumber += 1
  const leadId = leadIds[Math.floor(Math.random() * leadIds.length)] ?? 0
  return { number, leadId, sentAt: performance.now() }
}

/** One change of some lead, on a connection of its own. */
export async function patchOnce(url: string, book: Book): Promise<Acknowledged | Refused | Unanswered> {
  const agent = new Agent()
  try {
    return await patch(url, agent, book, nextOf(book, leadIdsOf(addedCount)))
  } finally {
    agent.destroy()
  }
}

export interface Load {
  /** Sends nothing more, and resolves when what runs has ended. */
  stop(): Promise<void>
  /** Resolves when every connection has ended by itself, as the server is gone. */
  readonly over: Promise<void>
}

/**
 * Changes random leads, one request after the other on each connection. A connection ends when it breaks;
 * refusals do not end it.
 *
 * @param perSecond changes of all connections together, at the most
 * @param leads that were added to those of the fixture
 */
export function startLoad(
  url: string,
  book: Book,
  connections = 32,
  { perSecond = Number.POSITIVE_INFINITY, leads = addedCount }: { perSecond?: number; leads?: number } = {},
): Load {
  const leadIds = leadIdsOf(leads)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let stopped = false
  let nextAt = 0
  const turn = async (): Promise<void> => {
    const now = performance.now()
    const at = Math.max(nextAt, now)
    nextAt = at + 1000 / perSecond
    if (at > now) await wait(at - now)
  }
  const connection = async (): Promise<void> => {
    while (!stopped) {
      await turn()
      const outcome = await patch(url, agent, book, nextOf(book, leadIds))
      if ('error' in outcome) return
    }
  }
  const over = Promise.all(Array.from({ length: connections }, connection)).then(() => agent.destroy())
  return {
    over,
    stop: () => {
      stopped = true
      return over
    },
  }
}

/**
 * Sends again what got no answer and carries an idempotency key, as a client would.
 *
 * @returns how many were sent, and how many of them had been carried out before
 */
export async function askAgain(url: string, book: Book): Promise<{ asked: number; replayed: number }> {
  const agent = new Agent({ keepAlive: true })
  const told = { asked: 0, replayed: 0 }
  const unanswered = book.unanswered.splice(0)
  for (const one of unanswered) {
    if (onceKeyOf(one.number) === undefined) {
      book.unanswered.push(one)
      continue
    }
    const { number, leadId } = one
    const outcome = await patch(url, agent, book, { number, leadId, sentAt: performance.now() })
    told.asked += 1
    if ('replayed' in outcome && outcome.replayed) told.replayed += 1
  }
  agent.destroy()
  return told
}
