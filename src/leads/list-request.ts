import { isStorable, type Reference, referenceFromText } from '../contract/forms.ts'
import { contactMembers, sources, statuses } from '../contract/lead-members.ts'
import { fillable, listViews, patchMembers, searchMax } from '../contract/leads.ts'
import { smallLetters } from '../kernel/small-letters.ts'
import { timeFrom } from '../kernel/time.ts'
import type { Definitions, Directory } from '../storage/definitions.ts'
import type { Condition, ListRequest } from '../storage/lead-list.ts'
import { fieldsIn } from './list-fields.ts'
import { cursorIn, orderIn } from './list-order.ts'
import { elementsMax, type Query, refuse, sentIn } from './list-query.ts'

/**
 * Reads what a list is asked for.
 *
 * @throws Refusal `invalid_query` naming the parameter
 * @see docs/behaviour.md §17 Lists of leads
 */
export function readListRequest(query: Query, definitions: Definitions): ListRequest {
  const order = orderIn(query, definitions)
  return { conditions: readConditions(query, definitions), order, cursor: cursorIn(query, order) }
}

/**
 * Reads the filters of a list alone.
 *
 * @throws Refusal `invalid_query` naming the parameter
 */
export function readConditions(query: Query, definitions: Definitions): Condition[] {
  const { tags, users } = definitions
  const conditions = [
    statusIn(query, 'status'),
    unless(statusIn(query, 'status_not')),
    hasOneOf('tags', idsIn(query, 'tags', tags)),
    unless(hasOneOf('tags', idsIn(query, 'tags_not', tags))),
    hasOneOf('assigned_users', idsIn(query, 'users', users)),
    unless(hasOneOf('assigned_users', idsIn(query, 'users_not', users))),
    assignment(query),
    viewIn(query),
    searchIn(query, definitions),
    ...contactMembers.map((member): Condition | undefined => {
      const needle = needleIn(query, member)
      return needle === undefined ? undefined : { kind: 'holds', member, needle }
    }),
    ...filledIn(query, 'set', true),
    ...filledIn(query, 'empty', false),
    sourceIn(query),
    createdBy(query, definitions),
    ...fieldsIn(query, definitions),
    within(query, 'created'),
    within(query, 'updated'),
  ]
  return conditions.filter((condition) => condition !== undefined)
}

const unless = (condition: Condition | undefined): Condition | undefined => condition && { kind: 'not', condition }

/** Names in a comma list, each of them one of those that there are. */
function namesIn<T extends string>(query: Query, name: string, all: readonly T[]): readonly T[] | undefined {
  const names = sentIn(query, name)
    ?.split(',')
    .map((one) => one.trim())
  if (names?.some((sent) => !all.some((one) => one === sent))) refuse(name, `some of ${all.join(', ')}`)
  return names && all.filter((one) => names.includes(one))
}

/**
 * The members of which a history tells changes; undefined is any.
 *
 * @throws Refusal `invalid_query`
 */
export const membersIn = (query: Query): readonly string[] | undefined =>
  namesIn<string>(query, 'member', [...patchMembers, 'archived'])

function statusIn(query: Query, name: string): Condition | undefined {
  const found = namesIn(query, name, statuses)
  return found && { kind: 'status', statuses: found }
}

const filledIn = (query: Query, name: 'set' | 'empty', is: boolean): Condition[] =>
  (namesIn(query, name, fillable) ?? []).map((of) => ({ kind: 'filled', of, is }))

function sourceIn(query: Query): Condition | undefined {
  const found = namesIn(query, 'source', sources)
  return found && { kind: 'source', sources: found }
}

function createdBy(query: Query, { users }: Definitions): Condition | undefined {
  const ids = idsIn(query, 'created_by', users)
  return ids && { kind: 'created by', users: ids }
}

/** From a time on, and before another. */
function within(query: Query, what: 'created' | 'updated'): Condition | undefined {
  const [since, before] = [timeIn(query, `${what}_since`), timeIn(query, `${what}_before`)]
  if (since === undefined && before === undefined) return undefined
  return {
    kind: 'within',
    of: `${what}_at`,
    min: since ?? Number.NEGATIVE_INFINITY,
    max: (before ?? Number.POSITIVE_INFINITY) - 1,
  }
}

function timeIn(query: Query, name: string): number | undefined {
  const text = sentIn(query, name)
  return text === undefined ? undefined : (timeFrom(text) ?? refuse(name, 'an ISO 8601 time'))
}

/** A text to look for, in small letters. */
function needleIn(query: Query, name: string): string | undefined {
  const sent = sentIn(query, name)
  const needle = sent === undefined ? undefined : smallLetters(sent)
  if (needle !== undefined && (needle.length > searchMax || !isStorable(needle)))
    refuse(name, `at most ${searchMax} characters`)
  return needle
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
  const needle = needleIn(query, 'search')
  if (needle === undefined) return undefined
  const named = [...users.all()].filter(({ email, first_name, last_name }) =>
    [email, `${first_name ?? ''} ${last_name ?? ''}`].some((text) => smallLetters(text).includes(needle)),
  )
  return { kind: 'search', needle, users: named.map(({ id }) => id) }
}
