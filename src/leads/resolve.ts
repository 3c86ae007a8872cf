import type { Fault } from '../contract/failures.ts'
import {
  type FieldReading,
  type FieldValue,
  fieldTypes,
  optionsOf,
  readFieldValue,
  sameFieldType,
  sameFieldValue,
} from '../contract/fields.ts'
import type { Reference } from '../contract/forms.ts'
import type { Definitions, Directory, FieldRow, TagRow, UserRow } from '../storage/definitions.ts'
import type { Row } from '../storage/tables.ts'
import type { LeadPatch, SentValue } from './patch.ts'

/** The lists of a patch after look-up: ids of this company, each once; null clears a custom value. */
export interface ResolvedLists {
  readonly tags: readonly number[] | undefined
  readonly assignedUsers: readonly number[] | undefined
  readonly customFields: ReadonlyMap<number, FieldValue | null>
}

/** What of a lead the look-up needs: what already stands there stays allowed. */
export type Holder = Pick<Row<'leads'>, 'tags' | 'assigned_users' | 'custom_fields'>

/**
 * Looks up what a patch refers to, in the order tags, users, custom fields.
 *
 * @param faults every reference and value that does not hold is added here
 * @see docs/behaviour.md §5 Tags and assigned users, §6 Custom fields
 */
export function resolve(patch: LeadPatch, lead: Holder, definitions: Definitions, faults: Fault[]): ResolvedLists {
  const tags = ids(patch.tags, definitions.tags, (tag) => mayTag(tag, lead), '/tags', 'Invalid tag IDs', faults)
  const assignedUsers = ids(
    patch.assignedUsers,
    definitions.users,
    (user) => mayAssign(user, lead),
    '/assignedUsers',
    'Invalid user IDs',
    faults,
  )
  return { tags, assignedUsers, customFields: values(patch.customFields ?? [], lead, definitions, faults) }
}

const mayTag = (tag: TagRow, lead: Holder): boolean =>
  lead.tags.includes(tag.id) || (tag.association === 'lead' && tag.archived_at === null)

const mayAssign = (user: UserRow, lead: Holder): boolean =>
  lead.assigned_users.includes(user.id) || (user.disabled_at === null && user.role !== 'indirect')

function ids<R extends { id: number; uuid: string }>(
  sent: readonly Reference[] | undefined,
  directory: Directory<R>,
  allowed: (row: R) => boolean,
  path: string,
  text: string,
  faults: Fault[],
): readonly number[] | undefined {
  if (sent === undefined) return undefined
  const found = new Set<number>()
  const wrong: { path: string; reference: Reference }[] = []
  for (const [index, reference] of sent.entries()) {
    const row = directory.get(reference)
    if (row !== undefined && allowed(row)) found.add(row.id)
    else wrong.push({ path: `${path}/${index}`, reference })
  }
  if (wrong.length === 0) return [...found]
  const summary = `${text}: ${[...new Set(wrong.map(({ reference }) => reference))].join(', ')}`
  for (const { path, reference } of wrong) faults.push({ path, message: `${text}: ${reference}`, summary })
  return undefined
}

function values(
  sent: readonly SentValue[],
  lead: Holder,
  definitions: Definitions,
  faults: Fault[],
): ReadonlyMap<number, FieldValue | null> {
  const resolved = new Map<number, FieldValue | null>()
  const seen = new Set<number>()
  for (const [index, one] of sent.entries()) {
    const path = `/customFields/${index}`
    const field = definitions.fields.get(one.field)
    const stored = field && lead.custom_fields[field.id]?.value
    if (field === undefined || field.category !== 'lead') {
      faults.push({ path, message: `Invalid custom field ID: ${one.field}` })
      continue
    }
    if (seen.has(field.id)) {
      faults.push({ path, message: `Duplicate custom field ID: ${field.id}` })
      continue
    }
    seen.add(field.id)
    const read = readOne(one, field, stored)
    if (typeof read === 'object' && read !== null && 'message' in read) faults.push({ path, ...read })
    else resolved.set(field.id, read)
  }
  return resolved
}

type Wrong = Pick<Fault, 'message' | 'hint'>

/** The value a field takes, null when it is cleared, or what is wrong. */
function readOne(sent: SentValue, field: FieldRow, stored: FieldValue | undefined): FieldValue | null | Wrong {
  if (sent.type !== undefined && (sent.type === 'unknown' || !sameFieldType(sent.type, field.type))) {
    return { message: `Custom field ${field.id} is of type ${field.type}` }
  }
  // An archived field may only be sent back, or cleared, where it still stands.
  if (field.archived_at !== null && stored === undefined) return { message: `Invalid custom field ID: ${sent.field}` }
  const reading = readFieldValue(field.type, sent.value)
  if (reading.kind === 'clear') {
    return field.required && field.archived_at === null ? { message: `Custom field ${field.id} is required` } : null
  }
  if (reading.kind !== 'value') return wrongValue(field, reading)
  const { value } = reading
  // What already stands on the lead may be sent back, archived or not.
  if (sameFieldValue(value, stored)) return value
  if (field.archived_at !== null) return { message: `Invalid custom field ID: ${sent.field}` }
  const held = stored === undefined ? [] : optionsOf(field.type, stored)
  for (const option of optionsOf(field.type, value)) {
    const offered = field.options.get(option)
    if (offered === undefined || (offered.archived_at !== null && !held.includes(option))) {
      return wrongOption(field, String(option))
    }
  }
  return value
}

function wrongValue(field: FieldRow, reading: Exclude<FieldReading, { kind: 'value' | 'clear' }>): Wrong {
  switch (reading.kind) {
    case 'wrong':
      return { message: `Custom field ${field.id} requires value.${fieldTypes[field.type].key}`, hint: reading.hint }
    case 'too long':
      return { message: `Custom field ${field.id} must be at most ${reading.max} characters` }
    case 'bad characters':
      return { message: `Custom field ${field.id} contains invalid characters` }
    case 'option':
      return wrongOption(field, reading.option)
  }
}

function wrongOption(field: FieldRow, option: string): Wrong {
  const offered = [...field.options.values()].filter(({ archived_at }) => archived_at === null)
  const hint = `one of ${offered
    .map(({ id, label }) => `${id} (${label})`)
    .slice(0, 20)
    .join(', ')}`
  return { message: `Invalid option for custom field ${field.id}: ${option.toWellFormed().slice(0, 100)}`, hint }
}
