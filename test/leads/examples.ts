import { expect } from 'vitest'
import type { FieldValue } from '../../src/contract/fields.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { readPatch } from '../../src/leads/patch.ts'
import { decideUpdate, type LeadReply, type UpdateOptions } from '../../src/leads/update.ts'
import type { CustomValue } from '../../src/storage/payload.ts'
import type { Moment, Write } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import { definitionsOf, fixture, noon, userUuid, uuidOf } from '../fixture.ts'
import { type ToldRow, toldRow } from '../told-events.ts'

type LeadRow = Row<'leads'>

const definitions = definitionsOf(3)

/** A lead of the fixture as it is stored, with what a test wants of it. */
export function aLead(more: Partial<LeadRow> = {}, id = 4711): LeadRow {
  const begun = fixture.leads.find((lead) => lead.id === id)
  if (begun === undefined) throw new Error(`the fixture has no lead ${id}`)
  const none = { archived_at: null, external_id: null, erasure: null }
  const marks = { updated_at: begun.created_at, version: 1, last_sequence: 1, ...none }
  return { ...begun, ...marks, ...more }
}

export const held = (id: number, value: FieldValue): CustomValue => ({ id, uuid: uuidOf(6, id), value })

/** A day behind the fixture; new values are numbered from 100 and take the uuids of their numbers. */
export function aMoment(more: Partial<Moment> = {}): Moment {
  let next = 100
  return {
    now: noon + 86_400_000,
    sequence: 9,
    definitions,
    nextId: () => next++,
    uuid: () => uuidOf(6, next - 1),
    ...more,
  }
}

export const asEva: UpdateOptions = {
  actor: { userUuid: userUuid(31), keyId: 1 },
  requestId: 'request-1',
  ifMatch: undefined,
  strict: false,
  representation: false,
  wholeSeconds: false,
}

interface Decided {
  readonly reply: LeadReply
  readonly writes: readonly Write[]
  /** The lead as it is stored afterwards. */
  readonly lead: LeadRow
  readonly event: ToldRow | undefined
  /** The members of the API that changed, with what they were and are. */
  readonly changes: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>
}

/** What a body does to a lead. */
export function decided(
  body: unknown,
  lead: LeadRow = aLead(),
  { options = {}, moment = {} }: { options?: Partial<UpdateOptions>; moment?: Partial<Moment> } = {},
): Decided {
  const { reply, writes } = decideUpdate(lead, readPatch(body), { ...asEva, ...options }, aMoment(moment))
  let saved = lead
  let event: Row<'events'> | undefined
  for (const write of writes) {
    if (write.kind === 'update' && write.table === 'leads') saved = { ...saved, ...write.set }
    if (write.kind === 'insert' && write.table === 'events') event = write.row
  }
  const told = event && toldRow({ row: event, definitions })
  return { reply, writes, lead: saved, event: told, changes: told?.payload?.changes ?? {} }
}

/** The refusal that something ends in. */
export function refusalFrom(something: () => unknown): Refusal {
  try {
    something()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('it was not refused')
}

/** The body is refused with these faults, in this order: path and text. `error` is the first one's, unless said. */
export function expectFaults(
  body: unknown,
  faults: readonly (readonly [path: string, message: string])[],
  lead = aLead(),
  error = faults[0]?.[1],
) {
  const refusal = refusalFrom(() => decided(body, lead))
  expect(refusal.faults.map(({ path, message }) => [path, message])).toEqual(faults)
  expect(refusal).toMatchObject({ failure: 'invalid_body', status: 400, message: error })
}

/** The body changes nothing, and so writes nothing. */
export function expectNoChange(body: unknown, lead = aLead()): void {
  const { reply, writes } = decided(body, lead)
  expect(writes).toEqual([])
  expect(reply.version).toBe(lead.version)
  expect(reply.receipt).toMatchObject({ id: lead.id, updated_at: new Date(lead.updated_at).toISOString() })
}
