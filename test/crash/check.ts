import { Agent } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isDeepStrictEqual } from 'node:util'
import { contactMembers } from '../../src/contract/lead-members.ts'
import { type Changes, type MemberChange, stateOf } from '../../src/events/payload.ts'
import { keptLead } from '../../src/events/record.ts'
import type { Definitions } from '../../src/storage/definitions.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Database } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import { type ToldRow, toldRows } from '../told-events.ts'
import { type Acknowledged, type Book, exchange, markOf, numberOf, onceKeyOf, tagsOf } from './load.ts'
import { placeOf } from './site.ts'

type LeadRow = Row<'leads'>
type EventRow = ToldRow
/** Where a change stands: all that is kept of an event that was looked at, as there may be millions. */
type Place = Pick<EventRow, 'sequence' | 'lead_id' | 'version'>
/** A lead's state as an event tells it; what it holds is looked at piece by piece. */
type State = ReturnType<typeof stateOf>

/** A promise of the database that does not hold. */
class Violation extends Error {
  override readonly name = 'Violation'
}

/** @throws Violation unless it holds */
export function hold(holds: boolean, says: string): asserts holds {
  if (!holds) throw new Violation(says)
}

export interface Checked {
  /** Changes in the log that requests of the load made. */
  readonly changes: number
  /** Numbers of the requests whose change is in the log. */
  readonly carriedOut: ReadonlySet<number>
  readonly leads: readonly LeadRow[]
}

/**
 * Reads a whole database and holds it against its own rules and against what clients were told:
 *
 * - the file is sound, and each company's numbers are dense;
 * - each event follows the event of its lead before it (version, previous number, time), and tells as changes
 *   just what differs between the two states;
 * - each lead's row is the state of its newest event, and each lead has one: no change without its event, no
 *   event without its change;
 * - all members of a request are there or none, and no request was carried out twice;
 * - an idempotency key is kept with its change or not at all;
 * - every acknowledged change is in the log under the number, lead and version that were told.
 *
 * May run beside a server that is not under load.
 *
 * @param at a directory, or an address on PostgreSQL
 *
 * @throws Violation with the first rule that does not hold
 */
export async function checkDatabase(at: string, { acknowledged }: Book): Promise<Checked> {
  const place = placeOf(at)
  if (place.url === undefined) checkFile(at)
  const database = await openDatabase(place)
  try {
    const owed = new Map(acknowledged.map((one) => [one.sequence, one]))
    hold(owed.size === acknowledged.length, 'two different changes were told the same sequence')
    const companies = await database.find((db) => db.selectFrom('company_log').selectAll())
    const carriedOut = new Map<number, Place>()
    const leads: LeadRow[] = []
    for (const company of companies) leads.push(...(await checkCompany(database, company, owed, carriedOut)))
    checkCustomValues(leads)
    await checkOnceKeys(database, carriedOut)
    for (const { number, leadId, sequence, version } of acknowledged) {
      const told = `the change "${markOf(number)}" of lead ${leadId} was acknowledged as ${sequence}, version ${version}`
      const event = carriedOut.get(number)
      hold(event !== undefined, `LOST: ${told}, but is not in the log`)
      const same = event.sequence === sequence && event.lead_id === leadId && event.version === version
      hold(same, `${told}, but stands as ${event.sequence}, lead ${event.lead_id}, version ${event.version}`)
    }
    return { changes: carriedOut.size, carriedOut: new Set(carriedOut.keys()), leads }
  } finally {
    await database.close()
  }
}

function checkFile(directory: string): void {
  const file = new DatabaseSync(join(directory, 'waggle.db'), { readOnly: true })
  const found = file.prepare('PRAGMA integrity_check').all()
  file.close()
  hold(isDeepStrictEqual(found.map(Object.values), [['ok']]), `the file is damaged: ${JSON.stringify(found)}`)
}

/** The event of a lead that was read last, with its state. */
interface Newest {
  readonly event: EventRow
  readonly state: State
}

/** @returns the company's leads */
async function checkCompany(
  database: Database,
  log: Row<'company_log'>,
  owed: ReadonlyMap<number, Acknowledged>,
  carriedOut: Map<number, Place>,
): Promise<LeadRow[]> {
  const definitions = await database.definitions(log.company_id)
  const newest = new Map<number, Newest>()
  let sequence = 0
  let time = 0
  for await (const event of eventsOf(database, log.company_id)) {
    sequence += 1
    const name = `event ${event.sequence} of company ${log.company_id}`
    hold(event.sequence === sequence, `${name} stands where ${sequence} should: the log is not dense`)
    const state = checkEvent(name, event, newest.get(event.lead_id), definitions)
    newest.set(event.lead_id, { event, state })
    time = Math.max(time, event.at)
    const number = checkMark(name, event, state, definitions)
    if (number === undefined) continue
    hold(!carriedOut.has(number), `the request "${markOf(number)}" was carried out twice`)
    carriedOut.set(number, { sequence: event.sequence, lead_id: event.lead_id, version: event.version })
    const told = owed.get(event.sequence)
    hold(told === undefined || told.number === number, `${name} is another change than the one acknowledged with it`)
  }
  hold(log.last_sequence === sequence, `company ${log.company_id} counts ${log.last_sequence} of ${sequence} events`)
  hold(log.last_time >= time, `company ${log.company_id} has events after its last time`)

  const leads = await leadsOf(database, log.company_id)
  hold(leads.length === newest.size, `company ${log.company_id} has ${leads.length} leads, events of ${newest.size}`)
  for (const lead of leads) checkLead(lead, newest.get(lead.id), definitions)
  return leads
}

/** Lists have a bound; a long run leaves more than one holds. */
const rowsAtOnce = 2_000

async function leadsOf(database: Database, companyId: number): Promise<LeadRow[]> {
  const leads: LeadRow[] = []
  for (;;) {
    const page = await database.find<LeadRow>((db) =>
      db
        .selectFrom('leads')
        .selectAll()
        .where('company_id', '=', companyId)
        .where('id', '>', leads.at(-1)?.id ?? 0)
        .orderBy('id')
        .limit(rowsAtOnce),
    )
    if (page.length === 0) return leads
    leads.push(...page)
  }
}

/** The sequence that each idempotency key is kept for. */
async function keptSequences(database: Database): Promise<Map<string, number | null>> {
  const sequences = new Map<string, number | null>()
  for (let after: { company_id: number; key: string } | undefined; ; ) {
    const behind = after
    const page = await database.find((db) => {
      const rows = db.selectFrom('idempotency_keys').select(['company_id', 'key', 'sequence'])
      const rest =
        behind === undefined
          ? rows
          : rows.where(({ eb, refTuple, tuple }) =>
              eb(refTuple('company_id', 'key'), '>', tuple(behind.company_id, behind.key)),
            )
      return rest.orderBy('company_id').orderBy('key').limit(rowsAtOnce)
    })
    after = page.at(-1)
    if (after === undefined) return sequences
    for (const { key, sequence } of page) sequences.set(key, sequence)
  }
}

async function* eventsOf(database: Database, companyId: number): AsyncGenerator<EventRow> {
  let last = 0
  for (let found = rowsAtOnce; found === rowsAtOnce; ) {
    const after = last
    const events: Row<'events'>[] = await database.find((db) =>
      db
        .selectFrom('events')
        .selectAll()
        .where('company_id', '=', companyId)
        .where('sequence', '>', after)
        .orderBy('sequence')
        .limit(rowsAtOnce),
    )
    yield* await toldRows(database, events)
    found = events.length
    last = events.at(-1)?.sequence ?? after
  }
}

/** Holds an event against the one before it of the same lead; answers the state it tells. */
function checkEvent(name: string, event: EventRow, before: Newest | undefined, definitions: Definitions): State {
  const { payload } = event
  hold(payload !== null, `${name} has no payload`)
  const { state } = payload
  hold(state.id === event.lead_id && state.updated_at === event.at, `${name} tells the state of another lead or time`)
  hold(isDeepStrictEqual(event.members, Object.keys(payload.changes)), `${name} names other members than it changed`)
  const previous = before?.event
  hold(event.version === (previous?.version ?? 0) + 1, `${name} is version ${event.version} after ${previous?.version}`)
  hold(
    event.previous_sequence === (previous?.sequence ?? 0),
    `${name} names ${event.previous_sequence} as the event before, which is ${previous?.sequence}`,
  )
  if (before === undefined) {
    hold(event.name === 'lead_created' && event.members.length === 0, `${name} begins a lead with a change`)
    return state
  }
  hold(event.at > before.event.at, `${name} is not after the event before it`)
  const expected = changesBetween(before.state, state, definitions)
  const told = sorted(payload.changes)
  hold(event.members.length > 0, `${name} changes nothing`)
  hold(
    isDeepStrictEqual(told, expected),
    `${name} tells ${JSON.stringify(told)}, but its state differs from the one before in ${JSON.stringify(expected)}`,
  )
  return state
}

/** What differs between two states of a lead, as an event tells it. */
function changesBetween(before: State, after: State, definitions: Definitions): Record<string, MemberChange> {
  const changes: Record<string, MemberChange> = {}
  for (const member of [...contactMembers, 'status'] as const) {
    if (before[member] !== after[member]) changes[member] = { old: before[member], new: after[member] }
  }
  const list = (member: 'tags' | 'assigned_users', rows: Definitions['tags'] | Definitions['users'], as: string) => {
    const [old, next] = [before, after].map((state) => state[member].map(({ uuid }) => rows.get(uuid)?.id))
    if (!isDeepStrictEqual(old, next)) changes[as] = { old, new: next }
  }
  list('tags', definitions.tags, 'tags')
  list('assigned_users', definitions.users, 'assignedUsers')
  const [was, is] = [before, after].map((state) => new Map(state.custom_fields.map(({ uuid, value }) => [uuid, value])))
  const changed = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].filter(
    (uuid) => !isDeepStrictEqual(was?.get(uuid), is?.get(uuid)),
  )
  const values = (of: typeof was) =>
    changed.map((uuid) => ({ customFieldId: definitions.fields.get(uuid)?.id, value: of?.get(uuid) ?? null }))
  if (changed.length > 0) changes['customFields'] = { old: values(was), new: values(is) }
  return sorted(changes)
}

/** The same changes with custom fields by id: a request may name them in any order. */
function sorted(changes: Changes): Record<string, MemberChange> {
  const { customFields, ...others } = changes
  if (customFields === undefined) return others
  const byId = (values: unknown): unknown =>
    Array.isArray(values) ? values.toSorted((left, right) => left.customFieldId - right.customFieldId) : values
  return { ...others, customFields: { old: byId(customFields.old), new: byId(customFields.new) } }
}

/**
 * All members of a request of the load stand together.
 *
 * @returns the request's number; undefined for an event of another origin
 */
function checkMark(name: string, event: EventRow, state: State, { tags, fields }: Definitions): number | undefined {
  const digits = /^mark-(\d+)$/.exec(event.request_id ?? '')?.[1]
  if (digits === undefined) return undefined
  const number = Number(digits)
  const held = (id: number): unknown =>
    state.custom_fields.find(({ uuid }) => uuid === fields.get(id)?.uuid)?.value ?? null
  const found = {
    company_name: state.company_name,
    first_name: state.first_name,
    tags: state.tags.map(({ uuid }) => tags.get(uuid)?.id),
    text: held(9),
    number: held(5),
  }
  const mark = markOf(number)
  const wanted = {
    company_name: mark,
    first_name: mark,
    tags: tagsOf(number),
    text: { text: mark },
    number: numberOf(number),
  }
  hold(isDeepStrictEqual(found, wanted), `HALF APPLIED: ${name} of "${mark}" left ${JSON.stringify(found)}`)
  return number
}

/** A lead's row is what its newest event says, in every member. */
function checkLead(lead: LeadRow, newest: Newest | undefined, definitions: Definitions): void {
  hold(newest !== undefined, `lead ${lead.id} has no event`)
  const { event, state } = newest
  const marks = [lead.version, lead.last_sequence, lead.updated_at]
  const told = [event.version, event.sequence, event.at]
  hold(isDeepStrictEqual(marks, told), `lead ${lead.id} has version, sequence and time ${marks}, its event ${told}`)
  const kept = { was: {}, is: keptLead(lead) }
  const row = stateOf({ lead_id: lead.id, at: lead.updated_at }, kept, definitions)
  hold(
    isDeepStrictEqual(row, state),
    `HALF APPLIED: lead ${lead.id} is ${JSON.stringify(row)}, its newest event left ${JSON.stringify(state)}`,
  )
}

/** Ids of custom values are given once, whatever a crash made of a block of them. */
function checkCustomValues(leads: readonly LeadRow[]): void {
  const seen = new Map<number, number>()
  for (const lead of leads.filter(({ version }) => version > 1)) {
    for (const { id } of Object.values(lead.custom_fields)) {
      hold(!seen.has(id), `leads ${seen.get(id)} and ${lead.id} both hold the custom value ${id}`)
      seen.set(id, lead.id)
    }
  }
}

/** A key is kept exactly with the change it belongs to. */
async function checkOnceKeys(database: Database, carriedOut: ReadonlyMap<number, Place>): Promise<void> {
  const sequences = await keptSequences(database)
  for (const [number, { sequence }] of carriedOut) {
    const key = onceKeyOf(number)
    if (key === undefined) continue
    hold(sequences.get(key) === sequence, `the key "${key}" is kept for ${sequences.get(key)}, not for ${sequence}`)
    sequences.delete(key)
  }
  hold(sequences.size === 0, `keys are kept without their change: ${[...sequences.keys()].join(', ')}`)
}

/** The server answers each of the leads as its row stands. */
export async function checkAnswers(url: string, { leads }: Checked): Promise<void> {
  const agent = new Agent({ keepAlive: true })
  for (const lead of leads.filter(({ version }) => version > 1)) {
    const { status, headers, body } = await exchange(`${url}/api/v1/leads/${lead.id}`, agent)
    const { company_name, first_name, updated_at } = JSON.parse(body)
    const found = [status, headers.etag, company_name, first_name, Date.parse(updated_at)]
    const wanted = [200, `"v${lead.version}"`, lead.company_name, lead.first_name, lead.updated_at]
    hold(isDeepStrictEqual(found, wanted), `GET of lead ${lead.id} shows ${found}, but ${wanted} is kept`)
  }
  agent.destroy()
}
