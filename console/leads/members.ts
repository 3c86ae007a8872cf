import type { CustomField, Lead, LeadPatch, Tag, User } from '../../sdk/index.ts'
import { type ContactMember, contactMembers, type Status } from '../../src/contract/lead-members.ts'

/** A member of a lead that a person can change: one of the API's, or a custom field by its id. */
export type Member = ContactMember | 'external_id' | 'status' | 'assignedUsers' | 'tags' | `field:${number}`

/** What a member holds, in a form that can be compared: a text, a number, a flag, an option's id, or ids. */
export type MemberValue = string | number | boolean | null | readonly number[]

/** A lead as the console shows it: a row of a list, or a whole one. */
export type ShownLead = Omit<Lead, 'custom_fields' | 'status'> & {
  readonly status: Status
  readonly custom_fields?: Lead['custom_fields'] | undefined
}

export type FieldType = CustomField['type']

/** The member of a custom value on the wire, for each type of field. */
export const valueKeys = {
  text: 'text',
  textarea: 'text',
  number: 'number',
  date: 'date',
  boolean: 'boolean',
  select: 'select',
  multi_select: 'multi_select',
} as const satisfies Record<FieldType, string>

/** What a company defines, for names and colours of ids. */
export interface Definitions {
  readonly tags: readonly Tag[]
  readonly users: readonly User[]
  readonly fields: readonly CustomField[]
}

export interface MemberChange {
  readonly member: Member
  readonly from: MemberValue
  readonly to: MemberValue
}

type Target = Pick<MemberChange, 'member' | 'to'>

export const memberLabels: Readonly<Record<Exclude<Member, `field:${number}`>, string>> = {
  company_name: 'Company',
  first_name: 'First name',
  last_name: 'Last name',
  email: 'E-mail',
  phone_number: 'Phone',
  status: 'Status',
  assignedUsers: 'Assigned to',
  tags: 'Tags',
  external_id: 'External id',
}

/** The members that every lead has, in the order in which they are told. */
export const plainMembers: readonly Exclude<Member, `field:${number}`>[] = [
  'status',
  'company_name',
  'first_name',
  'last_name',
  'email',
  'phone_number',
  'assignedUsers',
  'tags',
  'external_id',
]

export const fieldMember = (id: number): Member => `field:${id}`

const isFieldMember = (member: Member): member is `field:${number}` => member.startsWith('field:')

export const fieldIdOf = (member: Member): number | undefined =>
  isFieldMember(member) ? Number(member.slice('field:'.length)) : undefined

export function fieldOf(member: Member, { fields }: Pick<Definitions, 'fields'>): CustomField | undefined {
  const id = fieldIdOf(member)
  return id === undefined ? undefined : fields.find((field) => field.id === id)
}

export const labelOf = (member: Member, definitions: Pick<Definitions, 'fields'>): string =>
  isFieldMember(member) ? (fieldOf(member, definitions)?.label ?? `Field ${fieldIdOf(member)}`) : memberLabels[member]

const isContact = (member: Member): member is ContactMember => contactMembers.some((one) => one === member)

/** What a member of a lead holds; null when it is empty. */
export function heldValue(lead: ShownLead, member: Member): MemberValue {
  if (isContact(member)) return lead[member]
  if (member === 'external_id') return lead.external_id
  if (member === 'status') return lead.status
  if (member === 'assignedUsers') return lead.assigned_users.map(({ id }) => id)
  if (member === 'tags') return lead.tags.map(({ id }) => id)
  const held = lead.custom_fields?.find(({ id }) => id === fieldIdOf(member))
  return held === undefined ? null : asValue(held.value[valueKeys[held.type]])
}

const asValue = (value: unknown): MemberValue => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return Array.isArray(value) ? value.map(Number) : null
}

const isList = (value: MemberValue): value is readonly number[] => Array.isArray(value)

/** Sets are the same in any order, as the server sees it; everything else to the letter. */
export function isSame(one: MemberValue, other: MemberValue): boolean {
  if (!isList(one) || !isList(other)) return one === other
  return one.length === other.length && one.every((id) => other.includes(id))
}

/** The body of an Update Lead that sets these members. */
export function patchOf(changes: readonly Target[], definitions: Pick<Definitions, 'fields'>): LeadPatch {
  const plain = changes.filter(({ member }) => !isFieldMember(member))
  const custom = changes.flatMap(({ member, to }) => {
    const field = fieldOf(member, definitions)
    if (field === undefined) return []
    const value = to === null ? null : { [valueKeys[field.type]]: to }
    return [{ customFieldId: field.id, type: field.type, value }]
  })
  return {
    ...Object.fromEntries(plain.map(({ member, to }) => [member, to])),
    ...(custom.length > 0 && { customFields: custom }),
  }
}

/** The lead as it will be, shown before the server has answered. */
export const applied = <L extends ShownLead>(lead: L, changes: readonly Target[], definitions: Definitions): L =>
  changes.reduce((held, change) => appliedOne(held, change, definitions), lead)

function appliedOne<L extends ShownLead>(lead: L, { member, to }: Target, definitions: Definitions): L {
  const ids = isList(to) ? to : []
  if (member === 'tags') return { ...lead, tags: pick(ids, lead.tags, definitions.tags) }
  if (member === 'assignedUsers') return { ...lead, assigned_users: pick(ids, lead.assigned_users, definitions.users) }
  const field = fieldOf(member, definitions)
  if (field === undefined) return { ...lead, [member]: to }
  const others = (lead.custom_fields ?? []).filter(({ id }) => id !== field.id)
  if (to === null) return { ...lead, custom_fields: others }
  const { id, label, type } = field
  const value = { id, label, type, value: { [valueKeys[type]]: to }, custom_field_value_id: 0 }
  return { ...lead, custom_fields: [...others, value] }
}

/** What the ids name: as it stands on the lead, else as it is defined. */
const pick = <Held extends { readonly id: number }>(
  ids: readonly number[],
  held: readonly Held[],
  defined: readonly Held[],
): Held[] => ids.flatMap((id) => held.find((one) => one.id === id) ?? defined.find((one) => one.id === id) ?? [])
