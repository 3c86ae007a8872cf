import { type Definitions, fieldMember, type Member, memberLabels } from './members.ts'

/** What a column shows that nobody can change. */
export type Fact = 'created_at' | 'updated_at' | 'source' | 'created_by' | 'id'

/** A column of the table of leads. */
export interface Column {
  /** As the address and saved views name it: a member, a fact, `name`, or a custom field such as `field:5`. */
  readonly id: string
  readonly label: string
  /** In px, until the person has changed it. */
  readonly width: number
  /** What the list is sorted by; absent where it cannot be. */
  readonly sort?: { readonly type: string; readonly id?: number }
  /** What it shows and changes; several stand in one cell, and are changed in turn. Empty for a fact. */
  readonly members: readonly Member[]
  readonly fact?: Fact
  readonly align?: 'end'
  /** How the two directions of its order are told. */
  readonly order: keyof typeof orderWords
}

/** What comes first, ascending and descending. */
const orderWords = {
  text: ['A to Z', 'Z to A'],
  number: ['lowest first', 'highest first'],
  time: ['oldest first', 'newest first'],
  status: ['New to Lost', 'Lost to New'],
} as const

/** The first one stays in sight while the table is scrolled sideways. */
const ownColumns: readonly Column[] = [
  column('company_name', 220),
  {
    id: 'name',
    label: 'Contact',
    width: 150,
    sort: { type: 'name' },
    members: ['first_name', 'last_name'],
    order: 'text',
  },
  column('status', 116, { order: 'status' }),
  unsorted(column('assignedUsers', 120)),
  unsorted(column('tags', 190)),
  column('email', 220),
  column('phone_number', 150),
  fact('updated_at', 'Changed', 112),
  fact('created_at', 'Created', 112),
  column('first_name', 130),
  column('last_name', 130),
  column('external_id', 130),
  fact('source', 'Source', 120, { sort: { type: 'source' }, order: 'text' }),
  unsorted(fact('created_by', 'Created by', 140)),
  unsorted(fact('id', 'Number', 84, { align: 'end' })),
]

/** Shown until the person chooses. */
export const usualColumns: readonly string[] = [
  'company_name',
  'name',
  'status',
  'assignedUsers',
  'tags',
  'email',
  'phone_number',
  'updated_at',
]

function column(member: Exclude<Member, `field:${number}`>, width: number, more: Partial<Column> = {}): Column {
  return {
    id: member,
    label: memberLabels[member],
    width,
    sort: { type: member },
    members: [member],
    order: 'text',
    ...more,
  }
}

function fact(name: Fact, label: string, width: number, more: Partial<Column> = {}): Column {
  return { id: name, label, width, sort: { type: name }, members: [], fact: name, order: 'time', ...more }
}

function unsorted({ sort: _sort, ...rest }: Column): Column {
  return rest
}

/** Every column that there is: the API's members first, then the custom fields of leads in their order. */
export const allColumns = ({ fields }: Pick<Definitions, 'fields'>): readonly Column[] => [
  ...ownColumns,
  ...fields
    .filter(({ category, archived_at }) => category === 'lead' && archived_at === null)
    .map((field): Column => {
      const isNumber = field.type === 'number'
      return {
        id: fieldMember(field.id),
        label: field.label,
        width: isNumber ? 110 : 160,
        sort: { type: 'field', id: field.id },
        members: [fieldMember(field.id)],
        order: isNumber ? 'number' : field.type === 'date' ? 'time' : 'text',
        ...(isNumber && { align: 'end' }),
      }
    }),
]

/** The columns of these names, in this order; the first column is always there. Names of none are passed over. */
export function columnsOf(ids: readonly string[], all: readonly Column[]): readonly Column[] {
  const [first] = all
  const rest = ids.flatMap((id) => all.find((one) => one.id === id && one !== first) ?? [])
  return first === undefined ? rest : [first, ...new Set(rest)]
}

/** The names of columns in an address or a saved view: a comma list. */
export const columnIds = (text: string): readonly string[] => text.split(',').filter(Boolean)

/** Whether rows must carry custom values. */
export const needFields = (columns: readonly Column[]): boolean =>
  columns.some(({ members }) => members.some((member) => member.startsWith('field:')))

/** One part of an order, as the API writes it. */
export interface SortPart {
  readonly type: string
  readonly id?: number
  readonly asc: boolean
}

/** The order in an address; what cannot be read orders nothing. */
export function readSort(text: string | undefined): readonly SortPart[] {
  if (text === undefined || text === '') return []
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return []
  }
  return Array.isArray(read) ? read.flatMap(sortPart) : []
}

function sortPart(value: unknown): SortPart[] {
  if (typeof value !== 'object' || value === null || !('type' in value) || typeof value.type !== 'string') return []
  const asc = !('asc' in value) || value.asc !== false
  return 'id' in value && typeof value.id === 'number'
    ? [{ type: value.type, id: value.id, asc }]
    : [{ type: value.type, asc }]
}

export const writeSort = (parts: readonly SortPart[]): string => (parts.length === 0 ? '' : JSON.stringify(parts))

const isOf = ({ sort }: Column, part: SortPart): boolean => sort?.type === part.type && sort.id === part.id

/** How a column takes part in an order; undefined when it does not. */
export const directionOf = (column: Column, parts: readonly SortPart[]): 'ascending' | 'descending' | undefined => {
  const part = parts.find((one) => isOf(column, one))
  return part === undefined ? undefined : part.asc ? 'ascending' : 'descending'
}

/**
 * The order once a column's head has been pressed: ascending, then descending, then as before.
 *
 * @param adds whether it comes behind what is sorted by already, and does not take its place
 */
export function nextSort(column: Column, parts: readonly SortPart[], adds: boolean): readonly SortPart[] {
  if (column.sort === undefined) return parts
  const was = parts.find((part) => isOf(column, part))
  const others = adds ? parts.filter((part) => !isOf(column, part)) : []
  if (was === undefined) return [...others, { ...column.sort, asc: true }]
  return was.asc ? [...others, { ...column.sort, asc: false }] : others
}

/** The order in words: `Company, A to Z`. */
export const sortWords = (parts: readonly SortPart[], all: readonly Column[]): string =>
  parts
    .flatMap((part) => {
      const found = all.find((one) => isOf(one, part))
      return found === undefined ? [] : [`${found.label}, ${orderWords[found.order][part.asc ? 0 : 1]}`]
    })
    .join('; then ')
