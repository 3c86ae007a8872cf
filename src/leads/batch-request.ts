import type { Fault } from '../contract/failures.ts'
import { digitsAsId, isEmail, isObject, referenceFromText } from '../contract/forms.ts'
import { namings, namingsOfNew, operationsMax, verbs } from '../contract/lead-batch.ts'
import { contactLimits } from '../contract/lead-members.ts'
import { externalIdMax } from '../contract/leads.ts'
import { BodyReader, refuseUnknown, unknownMembers } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import { foldedEmail } from '../storage/folded-email.ts'
import { type LeadCreation, readCreation } from './create.ts'
import { type LeadPatch, readPatch, readText } from './patch.ts'

/** What names a lead. */
export type Name =
  | { readonly by: 'id'; readonly key: number }
  | { readonly by: 'uuid' | 'email' | 'externalId'; readonly key: string }

/** An operation of a batch, as it was sent. Its shape is right, or it holds its refusal. */
export type Operation = { readonly index: number } & (
  | { readonly op: 'update'; readonly name: Name; readonly ifVersion: number | undefined; readonly patch: LeadPatch }
  | { readonly op: 'create'; readonly creation: LeadCreation }
  | {
      readonly op: 'upsert'
      readonly name: Name
      readonly ifVersion: number | undefined
      readonly creation: LeadCreation
    }
  | { readonly op: 'refused'; readonly refusal: Refusal }
)

export interface BatchRequest {
  /** How many operations there are. */
  readonly count: number
  readonly atomic: boolean
  /** Reads some of them: what is wrong with one stays with it. */
  operations(from: number, to: number): Operation[]
  /** Members that are not known, of the request and of the operations that were read. */
  readonly ignored: ReadonlySet<string>
}

/**
 * Reads the body of Change Leads: its own members, and all operations where all or nothing is asked for. Otherwise they are
 * read part by part, so that few are in memory.
 *
 * @param strict whether members that are not known are wrong
 * @throws Refusal `body_not_object`, or `invalid_body`
 * @see docs/behaviour.md §18 External ids and batches
 */
export function readBatch(body: unknown, strict: boolean): BatchRequest {
  const reader = new BodyReader(body)
  const sent = reader.get('operations')
  if (sent === undefined) reader.missing('operations')
  else if (!Array.isArray(sent)) reader.fault('operations', 'operations must be an array')
  else if (sent.length > operationsMax) {
    reader.fault('operations', `operations must have at most ${operationsMax} elements`)
  }
  const atomic = reader.flag('atomic') ?? false
  const unknown = reader.finish(['operations', 'atomic'])
  refuseUnknown(unknown, strict)
  const ignored = new Set(unknown)
  const all: readonly unknown[] = Array.isArray(sent) ? sent : []
  const operations = (from: number, to: number): Operation[] =>
    all.slice(from, to).map((one, at) => readOperation(one, { index: from + at, strict, ignored }))
  if (!atomic) return { count: all.length, atomic, operations, ignored }
  const read = operations(0, all.length)
  const faults = read.flatMap(faultsOf)
  if (faults.length > 0) throw new Refusal('invalid_body', { faults })
  return { count: all.length, atomic, operations: () => read, ignored }
}

const faultsOf = (one: Operation): Fault[] =>
  one.op === 'refused' ? within(`/operations/${one.index}`, one.refusal.faults) : []

/** Faults of a part of a body, as faults of the body. */
export const within = (place: string, faults: readonly Fault[]): Fault[] =>
  faults.map((fault) => ({ ...fault, path: `${place}${fault.path}` }))

interface Reading {
  readonly index: number
  readonly strict: boolean
  /** Names of members that are not known are added here. */
  readonly ignored: Set<string>
}

function readOperation(sent: unknown, { index, strict, ignored }: Reading): Operation {
  try {
    if (!isObject(sent)) {
      throw new Refusal('invalid_body', { faults: [{ path: '', message: `operations[${index}] must be an object` }] })
    }
    const reader = new BodyReader(sent)
    const { operation, unknown } = readMembers(reader)
    if (strict && unknown.length > 0) throw new Refusal('invalid_body', { faults: unknownMembers(unknown) })
    for (const name of unknown) ignored.add(name)
    const { ignored: ofLead } = 'patch' in operation ? operation.patch : operation.creation
    for (const name of ofLead) ignored.add(name)
    return { index, ...operation }
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    return { index, op: 'refused', refusal }
  }
}

type Read =
  | Omit<Extract<Operation, { op: 'update' }>, 'index'>
  | Omit<Extract<Operation, { op: 'create' }>, 'index'>
  | Omit<Extract<Operation, { op: 'upsert' }>, 'index'>

/** @throws Refusal `invalid_body` with every fault of the operation's shape */
function readMembers(reader: BodyReader): { operation: Read; unknown: string[] } {
  const op = verbs.find((verb) => verb === reader.get('op'))
  const known = ['op', 'by', 'key', 'ifVersion', 'lead']
  if (op === undefined) {
    // What the other members must be is not known.
    reader.fault('op', `Invalid op. Options: ${verbs.join(', ')}`)
    reader.finish(known)
    return never()
  }
  if (op === 'create') {
    for (const member of ['by', 'key', 'ifVersion']) {
      if (reader.has(member)) reader.fault(member, `${member} is for update and upsert alone`)
    }
    const creation = readLead(reader, readCreation)
    const unknown = reader.finish(known)
    return { operation: { op, creation: creation ?? never() }, unknown }
  }
  const name = readName(reader, op === 'upsert')
  const ifVersion = readVersion(reader)
  if (op === 'upsert') {
    const creation = readLead(reader, readCreation)
    if (creation !== undefined && name !== undefined) refuseOtherKey(reader, name, creation.members)
    const unknown = reader.finish(known)
    return { operation: { op, name: name ?? never(), ifVersion, creation: creation ?? never() }, unknown }
  }
  const patch = readLead(reader, readPatch)
  const unknown = reader.finish(known)
  return { operation: { op, name: name ?? never(), ifVersion, patch: patch ?? never() }, unknown }
}

function readLead<T>(reader: BodyReader, read: (body: unknown) => T): T | undefined {
  const sent = reader.get('lead')
  if (sent === undefined) return reader.fault('lead', 'lead is required')
  if (!isObject(sent)) return reader.fault('lead', 'lead must be an object')
  try {
    return read(sent)
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    reader.faults.push(...within('/lead', refusal.faults))
    return undefined
  }
}

function readName(reader: BodyReader, isUpsert: boolean): Name | undefined {
  const options = isUpsert ? namingsOfNew : namings
  const by = options.find((option) => option === reader.get('by'))
  if (by === undefined) return reader.fault('by', `Invalid by. Options: ${options.join(', ')}`)
  const sent = reader.get('key')
  if (by === 'id') {
    const id = typeof sent === 'string' ? digitsAsId(sent) : sent
    if (typeof id === 'number' && Number.isSafeInteger(id) && id >= 1) return { by, key: id }
    return reader.fault('key', 'key must be the id of a lead')
  }
  if (by === 'uuid') {
    const uuid = typeof sent === 'string' ? referenceFromText(sent) : undefined
    return typeof uuid === 'string' ? { by, key: uuid } : reader.fault('key', 'key must be the uuid of a lead')
  }
  const text = readText('key', sent, by === 'email' ? contactLimits.email : externalIdMax)
  if (text === null) return reader.fault('key', 'key must not be blank')
  if (typeof text !== 'string') return void reader.faults.push(text)
  if (by === 'email' && !isEmail(text)) return reader.fault('key', 'Invalid email')
  return { by, key: text }
}

function readVersion(reader: BodyReader): number | undefined {
  const sent = reader.get('ifVersion')
  if (sent === undefined) return undefined
  if (typeof sent === 'number' && Number.isSafeInteger(sent) && sent >= 1) return sent
  return reader.fault('ifVersion', 'ifVersion must be a positive integer')
}

/** The lead that an upsert leaves has the name that it was asked for by, or a second one would make another. */
function refuseOtherKey(reader: BodyReader, { by, key }: Name, { contact, externalId }: LeadPatch): void {
  const { email } = contact
  if (by === 'externalId' && externalId !== undefined && externalId !== key) {
    reader.fault('lead/external_id', 'external_id must be the key, or absent')
  }
  if (by === 'email' && email !== undefined && (email === null || foldedEmail(email) !== foldedEmail(key))) {
    reader.fault('lead/email', 'email must be the key, or absent')
  }
}

/** Behind `finish`, which has thrown where something is missing. */
function never(): never {
  throw new Error('a fault was not told')
}
