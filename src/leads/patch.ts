import type { Fault } from '../contract/failures.ts'
import { type FieldType, isFieldType } from '../contract/fields.ts'
import {
  codePoints,
  emailHint,
  isEmail,
  isObject,
  isStorable,
  type Reference,
  referenceFromElement,
  referenceFromJson,
} from '../contract/forms.ts'
import { type ContactMember, contactLimits, contactMembers, type Status, statuses } from '../contract/lead-members.ts'
import { externalIdMax, listLimits, patchMembers } from '../contract/leads.ts'
import { Refusal } from '../kernel/refusal.ts'

/** A custom value as it was sent: the field is not looked up yet. */
export interface SentValue {
  readonly field: Reference
  /** The type the client names; `unknown` when there is no such type. */
  readonly type: FieldType | 'unknown' | undefined
  readonly value: unknown
}

/** A patch whose shape is right. Absent members stay as they are; what ids mean is not known yet. */
export interface LeadPatch {
  readonly contact: Readonly<Partial<Record<ContactMember, string | null>>>
  readonly externalId: string | null | undefined
  readonly status: Status | undefined
  readonly assignedUsers: readonly Reference[] | undefined
  readonly tags: readonly Reference[] | undefined
  readonly customFields: readonly SentValue[] | undefined
  /** Members of the body that are not known. */
  readonly ignored: readonly string[]
}

const known: ReadonlySet<string> = new Set(patchMembers)

/**
 * Reads the body of Update Lead: shape, limits, forms of ids. No database.
 *
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault of the shape
 * @see docs/behaviour.md §3 The body, §4 Contact members, §5, §6
 */
export function readPatch(body: unknown): LeadPatch {
  if (!isObject(body)) throw new Refusal('body_not_object')
  const faults: Fault[] = []
  const patch = readMembers(body, faults)
  if (faults.length > 0) throw new Refusal('invalid_body', { faults })
  return patch
}

/**
 * The members of a patch that a body holds.
 *
 * @param faults every fault of the shape is added here
 */
export function readMembers(body: Readonly<Record<string, unknown>>, faults: Fault[]): LeadPatch {
  const contact: Partial<Record<ContactMember, string | null>> = {}
  for (const member of contactMembers) {
    if (!Object.hasOwn(body, member)) continue
    const read = readContact(member, body[member])
    if (typeof read === 'object' && read !== null) faults.push(read)
    else contact[member] = read
  }
  const externalId = readExternalId(body, faults)
  const status = Object.hasOwn(body, 'status') ? statuses.find((option) => option === body['status']) : undefined
  if (Object.hasOwn(body, 'status') && status === undefined) {
    faults.push({ path: '/status', message: `Invalid status. Options: ${statuses.join(', ')}` })
  }
  return {
    contact,
    externalId,
    status,
    assignedUsers: readIds(body, 'assignedUsers', 'assignedUsers must be an array of user IDs', faults),
    tags: readIds(body, 'tags', 'tags must be an array of tag IDs', faults),
    customFields: readValues(body, faults),
    ignored: Object.keys(body).filter((name) => !known.has(name)),
  }
}

const blankToNull = (text: string): string | null => (text === '' ? null : text)

function readContact(member: ContactMember, sent: unknown): string | null | Fault {
  const text = readText(member, sent, contactLimits[member])
  if (member === 'email' && typeof text === 'string' && !isEmail(text)) {
    return { path: '/email', message: 'Invalid email', hint: emailHint }
  }
  return text
}

/** A text without the white space around it; null when nothing is left. */
export function readText(member: string, sent: unknown, max: number): string | null | Fault {
  if (sent === null) return null
  const path = `/${member}`
  if (typeof sent !== 'string') return { path, message: `${member} must be a string` }
  if (!isStorable(sent)) return { path, message: `${member} contains invalid characters` }
  const text = sent.trim()
  if (text.length > max && codePoints(text) > max)
    return { path, message: `${member} must be at most ${max} characters` }
  return blankToNull(text)
}

function readExternalId(body: Readonly<Record<string, unknown>>, faults: Fault[]): string | null | undefined {
  if (!Object.hasOwn(body, 'external_id')) return undefined
  const read = readText('external_id', body['external_id'], externalIdMax)
  if (typeof read !== 'object' || read === null) return read
  faults.push(read)
  return undefined
}

function readIds(
  body: Readonly<Record<string, unknown>>,
  member: 'assignedUsers' | 'tags',
  message: string,
  faults: Fault[],
): readonly Reference[] | undefined {
  const list = listOf(body, member, message, faults)
  if (list === undefined) return undefined
  const ids: Reference[] = []
  for (const [index, element] of list.entries()) {
    const id = referenceFromElement(element)
    if (id !== undefined) ids.push(id)
    else
      faults.push({ path: `/${member}/${index}`, message, hint: 'an id, digits, a uuid, or an object with id or uuid' })
  }
  return ids
}

/** An array within its bound, or undefined: absent, or a fault is told. */
function listOf(
  body: Readonly<Record<string, unknown>>,
  member: keyof typeof listLimits,
  message: string,
  faults: Fault[],
): readonly unknown[] | undefined {
  if (!Object.hasOwn(body, member)) return undefined
  const path = `/${member}`
  const list = body[member]
  const max = listLimits[member]
  if (!Array.isArray(list)) faults.push({ path, message })
  else if (list.length > max) faults.push({ path, message: `${member} must have at most ${max} elements` })
  else return list
  return undefined
}

function readValues(body: Readonly<Record<string, unknown>>, faults: Fault[]): readonly SentValue[] | undefined {
  const list = listOf(body, 'customFields', 'customFields must be an array', faults)
  if (list === undefined) return undefined
  const values: SentValue[] = []
  for (const [index, element] of list.entries()) {
    const read = readValue(index, element)
    if ('message' in read) faults.push(read)
    else values.push(read)
  }
  return values
}

function readValue(index: number, element: unknown): SentValue | Fault {
  const place = `customFields[${index}]`
  const path = `/customFields/${index}`
  if (!isObject(element)) return { path, message: `${place} must be an object` }
  const idMember = Object.hasOwn(element, 'customFieldId') ? element['customFieldId'] : undefined
  const field = referenceFromJson(idMember)
  if (field === undefined) {
    return {
      path: `${path}/customFieldId`,
      message: `${place}.customFieldId is required`,
      hint: 'the id of a custom field, as a number, digits or a uuid',
    }
  }
  const type = Object.hasOwn(element, 'type') ? (element['type'] ?? undefined) : undefined
  if (type !== undefined && typeof type !== 'string') {
    return { path: `${path}/type`, message: `${place}.type must be a string` }
  }
  const value = Object.hasOwn(element, 'value') ? element['value'] : undefined
  return { field, type: type === undefined ? undefined : namedType(type), value }
}

/** A name of no type stays a name: the definition answers it with the type the field has. */
const namedType = (name: string): FieldType | 'unknown' => (isFieldType(name) ? name : 'unknown')
