import type { Fault } from '../contract/failures.ts'
import { type FieldValue, sameFieldValue } from '../contract/fields.ts'
import { contactMembers } from '../contract/lead-members.ts'
import { type Cause, event } from '../events/record.ts'
import { unknownMembers } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTime } from '../kernel/time.ts'
import type { CustomValue, LeadBefore } from '../storage/payload.ts'
import type { Change, Moment, Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { holdersOf, namesOf, refuseTaken } from './external-id.ts'
import type { LeadPatch } from './patch.ts'
import { type ResolvedLists, resolve } from './resolve.ts'
import { leadView } from './state.ts'

type LeadRow = Row<'leads'>

/** How a patch is to be carried out, beside what it says. */
export interface UpdateOptions extends Cause {
  /** Versions of which the lead must have one (`If-Match`); `*` asks for none. */
  readonly ifMatch: readonly number[] | '*' | undefined
  /** Members that are not known are refused. */
  readonly strict: boolean
  /** The answer is the whole lead. */
  readonly representation: boolean
  readonly wholeSeconds: boolean
}

/** What Update Lead answers: the body, and what its headers tell. */
export interface LeadReply {
  readonly receipt: { readonly id: number; readonly uuid: string; readonly updated_at: string }
  /** The whole lead, where it was asked for. */
  readonly whole: ReturnType<typeof leadView> | null
  readonly version: number
}

/**
 * Changes the members a patch names; a named list replaces the old one.
 *
 * @param leadId undefined when no such lead can exist: the refusal is the same as for one that is missing
 * @throws Refusal `lead_not_found`, `lead_modified`, `external_id_taken`, or `invalid_body` with every reference that
 *   does not hold
 * @see docs/behaviour.md §3–§8
 */
export const updateLead = (
  companyId: number,
  leadId: number | undefined,
  patch: LeadPatch,
  options: UpdateOptions,
): Work<LeadReply> => ({
  companyId,
  keys: { lead: leadId, named: holdersOf(patch) },
  ids: { custom_values: patch.customFields?.length ?? 0 },
  decide: ({ lead, named }, at) => {
    const present = changeable(lead, options)
    refuseTaken(patch.externalId, named?.[0], present.id)
    return decideUpdate(present, patch, options, at)
  },
})

/**
 * A lead that may be changed.
 *
 * @throws Refusal `lead_not_found`, `lead_modified`
 */
export function changeable(lead: LeadRow | undefined, { ifMatch }: Pick<UpdateOptions, 'ifMatch'>): LeadRow {
  if (lead === undefined || lead.archived_at !== null) throw new Refusal('lead_not_found')
  if (!matches(ifMatch, lead.version)) throw new Refusal('lead_modified')
  return lead
}

/** What a patch means for a lead: the reply, and the rows to write. Pure. */
export function decideUpdate(lead: LeadRow, patch: LeadPatch, options: UpdateOptions, at: Moment): Change<LeadReply> {
  const faults: Fault[] = []
  const lists = resolve(patch, lead, at.definitions, faults)
  if (options.strict) faults.push(...unknownMembers(patch.ignored))
  if (faults.length > 0) throw new Refusal('invalid_body', { faults })

  const { set, was } = differences(lead, patch, lists, at)
  if (Object.keys(was).length === 0) return { reply: replyOf(lead, options, at), writes: [] } // no event: echo loops end here

  const { saved, writes } = savedAs(lead, set, { name: 'lead_updated', was }, { at, cause: options })
  return { reply: replyOf(saved, options, at), writes }
}

/** Whether a version is one of those that `If-Match` names. */
export const matches = (wanted: UpdateOptions['ifMatch'], version: number): boolean =>
  wanted === undefined || wanted === '*' || wanted.includes(version)

/** A lead with other columns, and the rows to write: its own, and the event that tells of it. */
export function savedAs(
  lead: LeadRow,
  columns: Partial<LeadRow>,
  { name, was }: Pick<Row<'events'>, 'name'> & { readonly was: LeadBefore },
  { at, cause }: { readonly at: Moment; readonly cause: Cause },
): { readonly saved: LeadRow; readonly writes: readonly Write[] } {
  const set = {
    ...columns,
    updated_at: Math.max(at.now, lead.updated_at + 1), // a change mark grows, whatever the clock does
    version: lead.version + 1,
    last_sequence: at.sequence,
  }
  const saved: LeadRow = { ...lead, ...set }
  const change = { name, was, previousSequence: lead.last_sequence, definitionsVersion: at.definitions.version }
  const { company_id, id } = lead
  const names = columns.external_id === undefined ? {} : { names: namesOf(lead.external_id, columns.external_id) }
  return {
    saved,
    writes: [{ kind: 'update', table: 'leads', key: { company_id, id }, set, ...names }, event(saved, change, cause)],
  }
}

function replyOf(lead: LeadRow, { representation, wholeSeconds }: UpdateOptions, at: Moment): LeadReply {
  const { id, uuid, version } = lead
  return {
    receipt: { id, uuid, updated_at: wireTime(lead.updated_at, wholeSeconds) },
    whole: representation ? leadView(lead, at.definitions, wholeSeconds) : null,
    version,
  }
}

/** The columns a patch changes, and what they were. */
function differences(lead: LeadRow, patch: LeadPatch, lists: ResolvedLists, at: Moment) {
  const set: Partial<LeadRow> = {}
  const was: { -readonly [Column in keyof LeadBefore]: LeadBefore[Column] } = {}
  for (const member of contactMembers) {
    const value = patch.contact[member]
    if (value === undefined || value === lead[member]) continue
    set[member] = value
    was[member] = lead[member]
  }
  if (patch.externalId !== undefined && patch.externalId !== lead.external_id) {
    set.external_id = patch.externalId
    was.external_id = lead.external_id
  }
  if (patch.status !== undefined && patch.status !== lead.status) {
    set.status = patch.status
    was.status = lead.status
  }
  if (lists.assignedUsers !== undefined && !sameSet(lists.assignedUsers, lead.assigned_users)) {
    set.assigned_users = lists.assignedUsers
    was.assigned_users = lead.assigned_users
  }
  if (lists.tags !== undefined && !sameSet(lists.tags, lead.tags)) {
    set.tags = lists.tags
    was.tags = lead.tags
  }
  const values = changedValues(lead, lists.customFields, at)
  if (values !== undefined) {
    set.custom_fields = values.next
    was.custom_fields = values.was
  }
  return { set, was }
}

/** Both without repeats: order alone is no change. */
const sameSet = (left: readonly number[], right: readonly number[]): boolean =>
  left.length === right.length && left.every((id) => right.includes(id))

function changedValues(lead: LeadRow, resolved: ResolvedLists['customFields'], at: Moment) {
  const next: Record<string, CustomValue> = { ...lead.custom_fields }
  const was: Record<string, FieldValue | null> = {}
  for (const [id, value] of resolved) {
    const held = lead.custom_fields[id]
    if (value === null ? held === undefined : sameFieldValue(value, held?.value)) continue
    was[id] = held?.value ?? null
    if (value === null) delete next[id]
    // A value keeps its own id while the field keeps one.
    else next[id] = held ? { ...held, value } : { id: at.nextId('custom_values'), uuid: at.uuid(), value }
  }
  return Object.keys(was).length === 0 ? undefined : { next, was }
}
