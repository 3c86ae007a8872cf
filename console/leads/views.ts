import { queryOptions } from '@tanstack/react-query'
import type { Contract } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import type { Search } from '../app/search.ts'
import { columnIds, usualColumns } from './columns.ts'
import { type LeadQuery, leadQueryOf, listParameters } from './queries.ts'

export type SavedView = Contract['listViews']['reply'][number]

/** A way to look at the list of leads, under a name: one that everybody has, or one that was saved. */
export interface View {
  /** As the address names it in `saved`; empty for all leads. */
  readonly id: string
  readonly name: string
  readonly query: LeadQuery
  /** Undefined where the person's own choice counts. */
  readonly columns: readonly string[] | undefined
  readonly saved?: SavedView
}

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  queryFn: async ({ signal }) => (await waggle.views.list({ signal })).rows,
  staleTime: 60_000,
})

/** The views of a person: those that everybody has, then those that were saved as a table. */
export const allViews = (userId: number, saved: readonly SavedView[]): readonly View[] => [
  { id: '', name: 'All leads', query: {}, columns: undefined },
  {
    id: 'open',
    name: 'My open',
    query: leadQueryOf({ status: 'new,contacted,qualified', users: String(userId) }),
    columns: undefined,
  },
  ...saved.filter(({ layout }) => layout === 'table').map(shownView),
]

const shownView = (saved: SavedView): View => ({
  id: String(saved.id),
  name: saved.name,
  query: queryIn(saved.query),
  columns: saved.columns.length > 0 ? saved.columns : undefined,
  saved,
})

/** What a view asks of the list. Others may have saved it in another form: lists and objects become their texts. */
function queryIn(query: Readonly<Record<string, unknown>>): LeadQuery {
  const texts = listParameters.map((name) => [name, textOf(query[name])])
  return leadQueryOf(Object.fromEntries(texts.filter(([, text]) => text !== '')))
}

function textOf(value: unknown): string {
  if (value === undefined || value === null || value === false) return ''
  if (value === true) return '1'
  if (typeof value !== 'object') return String(value)
  if (!Array.isArray(value) || value.some((one) => typeof one === 'object')) return JSON.stringify(value)
  return value.join(',')
}

/** The view that an address is of; the first where it names none that is there. */
export const viewOf = (search: Search, views: readonly View[]): View | undefined =>
  views.find(({ id }) => id === (search['saved'] ?? '')) ?? views[0]

/** The address of a view. */
export const searchOf = ({ id, query }: View): Search => ({ ...query, ...(id !== '' && { saved: id }) })

/** Whether the address asks for something else than the view. */
export const isChanged = (search: Search, { query, columns, saved }: View): boolean =>
  JSON.stringify(leadQueryOf(search)) !== JSON.stringify(query) ||
  (saved !== undefined && search['columns'] !== undefined && search['columns'] !== (columns ?? []).join(','))

/** The same view as it is meant to be: what was changed is gone, the open lead stays. */
export const asMeant = (search: Search, view: View): Search => ({
  ...searchOf(view),
  ...(search['lead'] !== undefined && { lead: search['lead'] }),
})

const kept = 'waggle.columns'

/** The columns that the person has chosen in this browser, for views that are not saved. */
export function keptColumns(): readonly string[] {
  const own = columnIds(localStorage.getItem(kept) ?? '')
  return own.length > 0 ? own : usualColumns
}

export const keepColumns = (ids: readonly string[]): void => localStorage.setItem(kept, ids.join(','))
