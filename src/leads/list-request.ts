import { fieldTypes, readFieldValue } from '../contract/fields.ts'
import { isObject, isStorable, type Reference, referenceFromJson, referenceFromText } from '../contract/forms.ts'
import { statuses } from '../contract/lead-members.ts'
import { listViews, searchMax, sortTypes } from '../contract/leads.ts'
import { Refusal } from '../kernel/refusal.ts'
import { timeFrom } from '../kernel/time.ts'
import type { Definitions, Directory, FieldRow } from '../storage/definitions.ts'
import type { Condition, Cursor, ExactCursor, ListRequest } from '../storage/lead-list.ts'

type Query = Readonly<Record<string, string | undefined>>

/** Elements of a comma list or a JSON list that are looked at, at the most. */
const elementsMax = 100

const refuse = (name: string, hint?: string): never => {
  const fault = { path: `/${name}`, message: `Invalid ${name}`, ...(hint !== undefined && { hint }) }
  throw new Refusal('invalid_query', { faults: [fault] })
}

/** A parameter; blank is as absent. */
const sentIn = (query: Query, name: string): string | undefined => {
  const text = query[name]?.trim()
  return text === '' ? undefined : text
}

/**
 * Reads what a list is asked for.
 *
 * @throws Refusal `invalid_query` naming the parameter
 * @see docs/behaviour.md §17 Lists of leads
 */
export function readListRequest(query: Query, definitions: Definitions): ListRequest {
  const conditions: Condition[] = []
  const add = (condition: Condition | undefined): void => {
    if (condition !== undefined) conditions.push(condition)
  }
  add(statusIn(query))
  add(hasOneOf('tags', idsIn(query, 'tags', definitions.tags)))
  add(hasOneOf('assigned_users', idsIn(query, 'users', definitions.users)))
  add(assignment(query))
  add(viewIn(query))
  add(searchIn(query, definitions))
  conditions.push(...fieldsIn(query, definitions))
  add(updatedSince(query))
  const byStatus = sortIn(query)
  return { conditions, byStatus, cursor: cursorIn(query, byStatus !== undefined) }
}

function statusIn(query: Query): Condition | undefined {
  const names = sentIn(query, 'status')
    ?.split(',')
    .map((name) => name.trim())
  if (names === undefined) return undefined
  const found = statuses.filter((status) => names.includes(status))
  if (names.some((name) => !statuses.some((status) => status === name)))
    refuse('status', `some of ${statuses.join(', ')}`)
  return { kind: 'status', statuses: found }
}

function idsIn(
  query: Query,
  name: string,
  directory: Directory<{ id: number; uuid: string }>,
): readonly number[] | undefined {
  const texts = sentIn(query, name)?.split(',')
  if (texts === undefined) return undefined
  if (texts.length > elementsMax) refuse(name, `at most ${elementsMax} ids`)
  return texts.flatMap((text) => idOf(referenceFromText(text.trim()) ?? refuse(name, 'ids in a comma list'), directory))
}

/** A number is taken as it is, found or not; a uuid that is not known is no id. */
const idOf = (reference: Reference, directory: Directory<{ id: number; uuid: string }>): number[] => {
  if (typeof reference === 'number') return [reference]
  const row = directory.get(reference)
  return row === undefined ? [] : [row.id]
}

const hasOneOf = (column: 'tags' | 'assigned_users', ids: readonly number[] | undefined): Condition | undefined =>
  ids === undefined ? undefined : ids.length === 0 ? { kind: 'never' } : { kind: 'has', column, ids }

function assignment(query: Query): Condition | undefined {
  const [assigned, unassigned] = [isSet(query, 'assigned'), isSet(query, 'unassigned')]
  return assigned === unassigned ? undefined : { kind: 'assigned', is: assigned }
}

function isSet(query: Query, name: string): boolean {
  const text = sentIn(query, name)?.toLowerCase()
  if (text === undefined || text === '0' || text === 'false') return false
  return text === '1' || text === 'true' || refuse(name, '1 or 0')
}

function viewIn(query: Query): Condition | undefined {
  const sent = sentIn(query, 'view')
  if (sent === undefined) return undefined
  const view = listViews.find((one) => one === sent) ?? refuse('view', `one of ${listViews.join(', ')}`)
  // Leads are not shared by this version: none was received or sent.
  return view === 'received' || view === 'sent' ? { kind: 'never' } : { kind: view }
}

function searchIn(query: Query, { users }: Definitions): Condition | undefined {
  const needle = sentIn(query, 'search')?.toLowerCase()
  if (needle === undefined) return undefined
  if (needle.length > searchMax || !isStorable(needle)) refuse('search', `at most ${searchMax} characters`)
  const named = [...users.all()].filter(({ email, first_name, last_name }) =>
    [email, `${first_name ?? ''} ${last_name ?? ''}`].some((text) => text.toLowerCase().includes(needle)),
  )
  return { kind: 'search', needle, users: named.map(({ id }) => id) }
}

/** The elements of a parameter that holds a JSON list of objects. */
function listIn(query: Query, name: string, hint: string): readonly Record<string, unknown>[] {
  const text = sentIn(query, name)
  if (text === undefined) return []
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    refuse(name, hint)
  }
  if (!Array.isArray(list) || list.length > elementsMax || !list.every(isObject)) return refuse(name, hint)
  return list
}

function fieldsIn(query: Query, { fields }: Definitions): Condition[] {
  const hint = 'JSON such as [{"id":5,"value":{"number":150000}}]'
  return listIn(query, 'customFields', hint).map((one): Condition => {
    const reference = referenceFromJson(one['id']) ?? refuse('customFields', hint)
    const field = fields.get(reference)
    if (field === undefined || field.category !== 'lead') return { kind: 'never' }
    return fieldCondition(field, one['value']) ?? refuse('customFields', hint)
  })
}

/** Texts are looked for within the value, options among those that are set; all else must be the same. */
function fieldCondition({ id, type }: FieldRow, sent: unknown): Condition | undefined {
  const reading = readFieldValue(type, sent)
  if (reading.kind !== 'value') return undefined
  const { value } = reading
  if (typeof value === 'object') return { kind: 'field has', id, options: value }
  if (typeof value === 'boolean' || fieldTypes[type].options) return { kind: 'field has', id, options: [Number(value)] }
  if (fieldTypes[type].key === 'text') return { kind: 'field holds', id, needle: String(value).toLowerCase() }
  return { kind: 'field is', id, value }
}

function updatedSince(query: Query): Condition | undefined {
  const text = sentIn(query, 'updated_since')
  if (text === undefined) return undefined
  return { kind: 'updated since', at: timeFrom(text) ?? refuse('updated_since', 'an ISO 8601 time') }
}

function sortIn(query: Query): ListRequest['byStatus'] {
  const hint = 'JSON such as [{"type":"status","asc":true}]'
  const list = listIn(query, 'sort', hint)
  for (const { type, asc = true } of list) {
    if (!sortTypes.some((one) => one === type) || typeof asc !== 'boolean') refuse('sort', hint)
  }
  const [first] = list // one that comes again orders nothing any more
  return first === undefined ? undefined : first['asc'] === false ? 'descending' : 'ascending'
}

/** A cursor as `X-Next-Cursor` tells it. */
export const cursorText = ({ rank, createdAt, id }: ExactCursor): string =>
  `${rank === undefined ? '' : `s${rank}.`}${createdAt}.${id}`

const exact = /^(?:s(\d)\.)?(\d{1,15})\.([1-9]\d{0,15})$/

function cursorIn(query: Query, isSorted: boolean): Cursor | undefined {
  const text = sentIn(query, 'cursor')
  if (text === undefined) return undefined
  const [, rank, createdAt, id] = exact.exec(text) ?? []
  if (createdAt !== undefined) {
    if ((rank !== undefined) !== isSorted) refuse('cursor', 'one of a list in the same order')
    return {
      kind: 'exact',
      rank: rank === undefined ? undefined : Number(rank),
      createdAt: Number(createdAt),
      id: Number(id),
    }
  }
  const before = timeFrom(text) ?? refuse('cursor', 'an ISO 8601 time, or what X-Next-Cursor told')
  if (isSorted) refuse('cursor', 'with sort only what X-Next-Cursor told, or page')
  return { kind: 'time', before }
}
