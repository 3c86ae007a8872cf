import type { CustomField } from '../../sdk/index.ts'
import { statuses } from '../../src/contract/lead-members.ts'
import type { Search } from '../app/search.ts'
import { shownDate } from '../ui/date.ts'
import { nameOf } from '../ui/name.ts'
import { shownNumber } from '../ui/number.ts'
import { statusLabels } from '../ui/status-labels.ts'
import { type Definitions, memberLabels } from './members.ts'
import { filterParameters } from './queries.ts'

/** What is asked of a member of leads. Bounds are included; days are of the viewer's calendar. */
export type Condition =
  | { readonly kind: 'any'; readonly values: readonly string[] }
  | { readonly kind: 'none'; readonly values: readonly string[] }
  | { readonly kind: 'holds'; readonly text: string }
  | { readonly kind: 'range'; readonly min?: string; readonly max?: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'set' }

export type ConditionKind = Condition['kind']

/** What can be chosen from, by the text that stands in the address. */
interface Choice {
  readonly value: string
  readonly label: string
  /** Of a tag, a CSS colour. */
  readonly color?: string
}

/** A filter: how it is told, what may be asked, and where it stands in the address. */
export interface Filter {
  /** A parameter of the list, or a custom field such as `field:5`. */
  readonly id: string
  readonly label: string
  /** What may be asked of it; the first is offered first. */
  readonly kinds: readonly ConditionKind[]
  /** What a bound is. */
  readonly bound?: 'number' | 'day'
  /** Whether only one value can be asked for. */
  readonly single?: true
  readonly choices?: readonly Choice[]
  readonly read: (search: Search) => Condition | undefined
  /** The parameters that ask for it; undefined takes it away. */
  readonly write: (search: Search, condition: Condition | undefined) => Search
}

const listOf = (text: string | undefined): readonly string[] => (text ?? '').split(',').filter(Boolean)

/** The search with these parameters; an empty text takes one away. */
export function withParameters(search: Search, parameters: Readonly<Record<string, string>>): Search {
  const next = { ...search, ...parameters }
  return Object.fromEntries(Object.entries(next).filter(([, text]) => text !== ''))
}

/** What `empty` and `set` name, with or without a member. */
function fillWritten(
  search: Search,
  member: string,
  kind: ConditionKind | undefined,
): Readonly<Record<string, string>> {
  const of = (name: 'empty' | 'set'): string => {
    const others = listOf(search[name]).filter((one) => one !== member)
    return (kind === name ? [...others, member] : others).join(',')
  }
  return { empty: of('empty'), set: of('set') }
}

function fillRead(search: Search, member: string): Condition | undefined {
  if (listOf(search['empty']).includes(member)) return { kind: 'empty' }
  return listOf(search['set']).includes(member) ? { kind: 'set' } : undefined
}

type Own = Omit<Filter, 'read' | 'write'>

/** Some of a few values; where `not` may stand behind the parameter, none of them too. */
const chosen = (own: Own & { readonly fills?: string }): Filter => ({
  ...own,
  read: (search) => {
    const any = listOf(search[own.id])
    if (any.length > 0) return { kind: 'any', values: any }
    const none = own.kinds.includes('none') ? listOf(search[`${own.id}_not`]) : []
    if (none.length > 0) return { kind: 'none', values: none }
    return own.fills === undefined ? undefined : fillRead(search, own.fills)
  },
  write: (search, condition) =>
    withParameters(search, {
      [own.id]: condition?.kind === 'any' ? condition.values.join(',') : '',
      ...(own.kinds.includes('none') && {
        [`${own.id}_not`]: condition?.kind === 'none' ? condition.values.join(',') : '',
      }),
      ...(own.fills !== undefined && fillWritten(search, own.fills, condition?.kind)),
    }),
})

/** A text that a member holds, or whether it holds any. */
const worded = (own: Own): Filter => ({
  ...own,
  read: (search) => {
    const text = search[own.id]
    if (own.kinds.includes('holds') && text) return { kind: 'holds', text }
    return fillRead(search, own.id)
  },
  write: (search, condition) =>
    withParameters(search, {
      ...(own.kinds.includes('holds') && { [own.id]: condition?.kind === 'holds' ? condition.text : '' }),
      ...fillWritten(search, own.id, condition?.kind),
    }),
})

/** Days between which something was. The API has points in time, the end not included; the person has days of here. */
const dated = (own: Own): Filter => ({
  ...own,
  read: (search) => {
    const min = dayOf(search[`${own.id}_since`], 0)
    const max = dayOf(search[`${own.id}_before`], -1)
    if (min === undefined && max === undefined) return undefined
    return { kind: 'range', ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
  },
  write: (search, condition) => {
    const { min, max } = condition?.kind === 'range' ? condition : {}
    return withParameters(search, {
      [`${own.id}_since`]: startOf(min, 0),
      [`${own.id}_before`]: startOf(max, 1),
    })
  },
})

/** The instant at which a day, or the one so many days later, begins here. */
function startOf(day: string | undefined, later: number): string {
  const [year, month, date] = (day ?? '').split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) return ''
  const at = new Date(year, month - 1, date + later)
  return Number.isNaN(at.getTime()) ? '' : at.toISOString()
}

/** The day of here on which a time is, shifted by whole days: that before an end which is not included. */
function dayOf(time: string | undefined, shift: number): string | undefined {
  const at = new Date(Date.parse(time ?? ''))
  if (Number.isNaN(at.getTime())) return undefined
  // An end in the middle of a day still belongs to that day.
  if (shift < 0) at.setMilliseconds(at.getMilliseconds() - 1)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

const sourceLabels = {
  manual: 'Entered by hand',
  campaign: 'Campaign',
  partnership: 'Partnership',
  integration: 'Integration',
  lead_submission_form: 'Form',
} as const

export const sourceLabel = (source: keyof typeof sourceLabels): string => sourceLabels[source]

const choicesOf = (labels: Readonly<Record<string, string>>): Choice[] =>
  Object.entries(labels).map(([value, label]) => ({ value, label }))

/** Every filter that there is: an entry each, custom fields of leads too. */
export function allFilters({ tags, users, fields }: Definitions): readonly Filter[] {
  const people = users.map((user) => ({ value: String(user.id), label: nameOf(user) }))
  const leadTags = tags
    .filter(({ association }) => association === 'lead')
    .map(({ id, label, background_color }) => ({ value: String(id), label, color: background_color }))
  const inWords = ['holds', 'empty', 'set'] as const
  return [
    chosen({
      id: 'status',
      label: memberLabels.status,
      kinds: ['any', 'none'],
      choices: statuses.map((value) => ({ value, label: statusLabels[value] })),
    }),
    assigned({
      id: 'users',
      label: memberLabels.assignedUsers,
      kinds: ['any', 'none', 'empty', 'set'],
      choices: people,
    }),
    chosen({
      id: 'tags',
      label: memberLabels.tags,
      kinds: ['any', 'none', 'empty', 'set'],
      choices: leadTags,
      fills: 'tags',
    }),
    worded({ id: 'company_name', label: memberLabels.company_name, kinds: inWords }),
    worded({ id: 'first_name', label: memberLabels.first_name, kinds: inWords }),
    worded({ id: 'last_name', label: memberLabels.last_name, kinds: inWords }),
    worded({ id: 'email', label: memberLabels.email, kinds: inWords }),
    worded({ id: 'phone_number', label: memberLabels.phone_number, kinds: inWords }),
    worded({ id: 'external_id', label: memberLabels.external_id, kinds: ['empty', 'set'] }),
    dated({ id: 'created', label: 'Created', kinds: ['range'], bound: 'day' }),
    dated({ id: 'updated', label: 'Changed', kinds: ['range'], bound: 'day' }),
    chosen({ id: 'source', label: 'Source', kinds: ['any'], choices: choicesOf(sourceLabels) }),
    chosen({ id: 'created_by', label: 'Created by', kinds: ['any'], choices: people }),
    chosen({
      id: 'view',
      label: 'Kind',
      kinds: ['any'],
      single: true,
      choices: choicesOf({ reseller: 'Of a reseller', campaigns: 'Of a campaign' }),
    }),
    ...fields.filter(({ category, archived_at }) => category === 'lead' && archived_at === null).map(custom),
  ]
}

/** Assigned users have switches of their own for "anybody" and "nobody". */
const assigned = (own: Own): Filter => {
  const base = chosen(own)
  return {
    ...base,
    read: (search) => {
      if (search['unassigned'] === '1' && search['assigned'] !== '1') return { kind: 'empty' }
      if (search['assigned'] === '1' && search['unassigned'] !== '1') return { kind: 'set' }
      return base.read(search) ?? fillRead(search, 'users')
    },
    write: (search, condition) =>
      withParameters(base.write(search, condition), {
        assigned: condition?.kind === 'set' ? '1' : '',
        unassigned: condition?.kind === 'empty' ? '1' : '',
        ...fillWritten(search, 'users', undefined),
      }),
  }
}

/** What the list's `customFields` has of one field. */
type FieldEntry = Readonly<Record<string, unknown>>

const isEntry = (value: unknown): value is FieldEntry => typeof value === 'object' && value !== null

function entriesOf(search: Search): readonly FieldEntry[] {
  try {
    const read: unknown = JSON.parse(search['customFields'] ?? '[]')
    return Array.isArray(read) ? read.filter(isEntry) : []
  } catch {
    return []
  }
}

/** How each type of field is asked for: what may be asked, and the value as the API writes it. */
const fieldKinds = {
  text: { kinds: ['holds', 'empty', 'set'] },
  textarea: { kinds: ['holds', 'empty', 'set'] },
  number: { kinds: ['range', 'empty', 'set'], bound: 'number' },
  date: { kinds: ['range', 'empty', 'set'], bound: 'day' },
  boolean: { kinds: ['any', 'empty', 'set'], single: true },
  select: { kinds: ['any', 'empty', 'set'], single: true },
  multi_select: { kinds: ['any', 'empty', 'set'] },
} as const satisfies Record<CustomField['type'], Pick<Filter, 'kinds' | 'bound' | 'single'>>

function custom(field: CustomField): Filter {
  const { id, label, type } = field
  const choices =
    type === 'boolean'
      ? choicesOf({ true: 'Yes', false: 'No' })
      : (field.options ?? []).map((option) => ({ value: String(option.id), label: option.label }))
  return {
    id: `field:${id}`,
    label,
    ...fieldKinds[type],
    ...(choices.length > 0 && { choices }),
    read: (search) => {
      const entry = entriesOf(search).find((one) => one['id'] === id)
      return entry && readEntry(entry)
    },
    write: (search, condition) => {
      const others = entriesOf(search).filter((one) => one['id'] !== id)
      const all = condition === undefined ? others : [...others, { id, ...entryFor(field, condition) }]
      return withParameters(search, { customFields: all.length === 0 ? '' : JSON.stringify(all) })
    },
  }
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String)

function readEntry(entry: FieldEntry): Condition | undefined {
  const { value, min, max, empty } = entry
  if (typeof empty === 'boolean') return { kind: empty ? 'empty' : 'set' }
  if (min != null || max != null)
    return { kind: 'range', ...(min != null && { min: String(min) }), ...(max != null && { max: String(max) }) }
  if (!isEntry(value)) return undefined
  const [name, held] = Object.entries(value)[0] ?? []
  if (name === undefined || held == null) return undefined
  if (name === 'text' || name === 'textarea') return { kind: 'holds', text: String(held) }
  if (name === 'number' || name === 'date') return { kind: 'range', min: String(held), max: String(held) }
  return { kind: 'any', values: texts(held) }
}

function entryFor({ type }: CustomField, condition: Condition): FieldEntry {
  if (condition.kind === 'empty' || condition.kind === 'set') return { empty: condition.kind === 'empty' }
  if (condition.kind === 'holds') return { value: { text: condition.text } }
  if (condition.kind === 'range') {
    const bound = (text: string): unknown => (type === 'number' ? Number(text) : text)
    const { min, max } = condition
    return { ...(min !== undefined && { min: bound(min) }), ...(max !== undefined && { max: bound(max) }) }
  }
  const [first] = condition.values
  if (type === 'boolean') return { value: { boolean: first === 'true' } }
  if (type === 'select') return { value: { select: Number(first) } }
  return { value: { multi_select: condition.values.map(Number) } }
}

const or = new Intl.ListFormat('en', { type: 'disjunction' })
const and = new Intl.ListFormat('en', { type: 'conjunction' })

/** What a filter asks, behind its name: `is New or Contacted`. */
export function conditionWords(
  { choices = [], bound }: Pick<Filter, 'choices' | 'bound'>,
  condition: Condition,
): string {
  if (condition.kind === 'empty') return 'is empty'
  if (condition.kind === 'set') return 'is set'
  if (condition.kind === 'holds') return `contains “${condition.text}”`
  if (condition.kind === 'range') return rangeWords(condition, bound)
  const names = condition.values.map((value) => choices.find((one) => one.value === value)?.label ?? value)
  return condition.kind === 'any' ? `is ${or.format(names)}` : `is not ${or.format(names)}`
}

function rangeWords({ min, max }: { min?: string; max?: string }, bound: Filter['bound']): string {
  const shown = (text: string): string => (bound === 'day' ? shownDate(text) : shownNumber(Number(text)))
  if (min !== undefined && min === max) return `is ${shown(min)}`
  if (min !== undefined && max !== undefined) return `from ${shown(min)} to ${shown(max)}`
  if (min !== undefined) return bound === 'day' ? `since ${shown(min)}` : `at least ${shown(min)}`
  return bound === 'day' ? `until ${shown(max ?? '')}` : `at most ${shown(max ?? '')}`
}

/** All that narrows the list, in one sentence for who hears it. */
export function filterSentence(search: Search, filters: readonly Filter[]): string {
  const parts = filters.flatMap((filter) => {
    const condition = filter.read(search)
    return condition === undefined ? [] : [`${filter.label} ${conditionWords(filter, condition)}`]
  })
  if (search['search']) parts.unshift(`the text “${search['search']}” is found`)
  return parts.length === 0 ? 'All leads are shown.' : `Leads are shown where ${and.format(parts)}.`
}

/** Whether anything narrows the list. */
export const isNarrowed = (search: Search): boolean => filterParameters.some((name) => search[name])

/** The address without what narrows the list. */
export const cleared = (search: Search): Search =>
  Object.fromEntries(Object.entries(search).filter(([name]) => !filterParameters.some((one) => one === name)))
