import type { Cause } from '../events/record.ts'
import { refusalContent } from '../http/refuse.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTime } from '../kernel/time.ts'
import { foldedEmail } from '../storage/folded-email.ts'
import type { Change, Database, Facts, Idempotency, Moment, NamedLeads, Work, Write } from '../storage/port.ts'
import { type BatchRequest, type Operation, within } from './batch-request.ts'
import { decideCreation, type LeadCreation } from './create.ts'
import { refuseTaken } from './external-id.ts'
import type { LeadPatch } from './patch.ts'
import { InOrder, type StandingLeads } from './standing.ts'
import { changeable, decideUpdate } from './update.ts'

/** So many operations share a commit, unless all of them must: between two such parts others have their turn. */
const partOperations = 128
/** Details that are told of one operation. */
const detailsMax = 10

export interface BatchOptions extends Cause {
  /** Members that are not known are refused. */
  readonly strict: boolean
  readonly requiresFields: boolean
  readonly wholeSeconds: boolean
  /** Nothing of the leads is written. */
  readonly dryRun?: boolean
  /** Operations that share a commit. */
  readonly atOnce?: number
  /** What is written in the same transaction as what became of a part (`now` is Unix ms). */
  readonly also?: (results: readonly Result[], now: number) => readonly Write[]
}

/** What became of an operation. */
export type Result = { readonly index: number; readonly status: number } & (
  | {
      readonly id: number
      readonly uuid: string
      readonly updated_at: string
      readonly version: number
      readonly sequence: number | null
    }
  | { readonly error: string; readonly details?: readonly { readonly path: string; readonly message: string }[] }
)

/**
 * Carries out the operations of a batch in their order: each part is one work, whose answer is kept under a key of its
 * own in its own transaction. So a request that is repeated goes on where it was cut off.
 *
 * @returns what became of each, and whether all of it was answered before
 * @throws Refusal of all operations, when nothing of them stands
 * @see docs/behaviour.md §18 External ids and batches
 */
export async function changeLeads(
  database: Database,
  companyId: number,
  { count, atomic, operations }: BatchRequest,
  options: BatchOptions & { readonly once: Idempotency | undefined },
): Promise<{ readonly results: readonly Result[]; readonly replayed: boolean }> {
  const { once, atOnce = partOperations } = options
  const results: Result[] = []
  let replayed = true
  let from = 0
  do {
    const to = atomic ? count : Math.min(count, from + atOnce)
    const key = once && from > 0 ? { ...once, key: `${once.key}/${from}` } : once
    try {
      const outcome = await database.transact(changePart(companyId, operations(from, to), { ...options, atomic }), key)
      results.push(...outcome.reply)
      replayed = replayed && outcome.replayed
    } catch (error) {
      // What stands must be told. What follows waits for another try: it comes after what could not be written.
      if (from === 0 || !(error instanceof Refusal) || error.failure !== 'unavailable') throw error
      for (let index = from; index < count; index += 1) results.push(refusedResult(index, error))
      return { results, replayed: false }
    }
    from = to
  } while (from < count)
  return { results, replayed }
}

interface PartOptions extends BatchOptions {
  /** The first refusal is one of all. */
  readonly atomic: boolean
}

/**
 * Operations that are committed together. They read what they name all at once and under the lock, e-mail addresses
 * among it, so the work is alone.
 */
const changePart = (
  companyId: number,
  operations: readonly Operation[],
  options: PartOptions,
): Work<readonly Result[]> => ({
  companyId,
  keys: { named: namedBy(operations) },
  alone: true,
  ids: {
    leads: operations.filter(({ op }) => op === 'create' || op === 'upsert').length,
    custom_values: operations.reduce((sum, one) => sum + (membersOf(one)?.customFields?.length ?? 0), 0),
  },
  decide: ({ named }, at) => decideAll(companyId, operations, options, named, at),
})

const membersOf = (one: Operation): LeadPatch | undefined =>
  one.op === 'update' ? one.patch : one.op === 'refused' ? undefined : one.creation.members

/** Every lead that the operations may mean, and who holds the external ids that they give. */
function namedBy(operations: readonly Operation[]): NamedLeads {
  const ids = new Set<number>()
  const names = { uuid: new Set<string>(), externalId: new Set<string>(), email: new Set<string>() }
  let emailsChanged = 0
  for (const one of operations) {
    const members = membersOf(one)
    if (typeof members?.externalId === 'string') names.externalId.add(members.externalId)
    if (members?.contact.email !== undefined) emailsChanged += 1
    if (!('name' in one)) continue
    const { by, key } = one.name
    if (by === 'id') ids.add(key)
    else names[by].add(by === 'email' ? foldedEmail(key) : key)
  }
  return {
    ids: [...ids],
    uuids: [...names.uuid],
    externalIds: [...names.externalId],
    emails: [...names.email],
    // Two tell that an address is ambiguous, as many as could lose it before that being looked at.
    ofEmailMax: 2 + emailsChanged,
  }
}

function decideAll(
  companyId: number,
  operations: readonly Operation[],
  options: PartOptions,
  named: Facts['named'],
  at: Moment,
): Change<readonly Result[]> {
  const order = new InOrder(named ?? [], at)
  const carryOut = (one: Operation): Result => {
    const own = order.at
    const { status, leadId, writes } = decideOne(companyId, one, order.leads, options, own)
    order.take(writes)
    const lead = order.leads.get(leadId)
    if (lead === undefined) throw new Error(`lead ${leadId} is lost`)
    const { id, uuid, version } = lead
    const updated_at = wireTime(lead.updated_at, options.wholeSeconds)
    return {
      index: one.index,
      status,
      id,
      uuid,
      updated_at,
      version,
      sequence: writes.length > 0 ? own.sequence : null,
    }
  }
  const reply = operations.map((one) => {
    try {
      return carryOut(one)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (!options.atomic) return refusedResult(one.index, error)
      throw ofOperation(one.index, error)
    }
  })
  const more = options.also?.(reply, at.now) ?? []
  return { reply, writes: options.dryRun === true ? more : [...order.writes, ...more] }
}

interface Decided {
  readonly status: 200 | 201
  readonly leadId: number
  readonly writes: readonly Write[]
}

/** @throws Refusal what the operation by itself would be refused with; places are those of the operation */
function decideOne(companyId: number, one: Operation, leads: StandingLeads, options: PartOptions, at: Moment): Decided {
  if (one.op === 'refused') throw one.refusal
  const create = (creation: LeadCreation): Decided =>
    ofLead(() => {
      refuseTaken(creation.members.externalId, leads.byExternalId(creation.members.externalId), undefined)
      const { reply, writes } = decideCreation(companyId, creation, options, at)
      return { status: 201, leadId: reply.id, writes }
    })
  if (one.op === 'create') return create(one.creation)
  const present = leads.named(one.name)
  const isNew = present === undefined || present.archived_at !== null
  if (one.op === 'upsert' && isNew && one.ifVersion === undefined) return create(named(one))
  if (one.op === 'upsert' && isNew) throw new Refusal('lead_modified')
  const ifMatch = one.ifVersion === undefined ? undefined : [one.ifVersion]
  const lead = changeable(present, { ifMatch })
  const patch = one.op === 'update' ? one.patch : { ...one.creation.members, ignored: one.creation.ignored }
  return ofLead(() => {
    refuseTaken(patch.externalId, leads.byExternalId(patch.externalId), lead.id)
    const { writes } = decideUpdate(lead, patch, { ...options, ifMatch, representation: false }, at)
    return { status: 200, leadId: lead.id, writes }
  })
}

/** The lead of an upsert that is made: it has the name that it was asked for by. */
function named({ name, creation }: Extract<Operation, { op: 'upsert' }>): LeadCreation {
  const { members } = creation
  if (name.by === 'externalId') return { ...creation, members: { ...members, externalId: name.key } }
  const email = members.contact.email ?? String(name.key)
  return { ...creation, members: { ...members, contact: { ...members.contact, email } } }
}

function ofLead<T>(decide: () => T): T {
  try {
    return decide()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal(error.failure, { faults: within('/lead', error.faults) })
  }
}

/** The refusal of an operation as one of the request: `details` tell which it was. */
function ofOperation(index: number, { failure, faults, message }: Refusal): Refusal {
  const told = faults.length > 0 ? faults : [{ path: '', message }]
  return new Refusal(failure, { faults: within(`/operations/${index}`, told) })
}

function refusedResult(index: number, refusal: Refusal): Result {
  const { error, details } = refusalContent(refusal)
  return { index, status: refusal.status, error, ...(details && { details: details.slice(0, detailsMax) }) }
}
