import { refuseUnknown } from '../http/body-reader.ts'
import { pageFrom } from '../http/pages.ts'
import type { Call } from '../http/serve.ts'
import type { Read } from './read-body.ts'

export type Query = Readonly<Record<string, string | undefined>>

/** The answer with a small list: all rows, or a page where one is asked for; how many there are in all is told beside. */
export function listed<R, V>(rows: readonly R[], query: Query, view: (row: R) => V) {
  const { page, pageSize } = pageFrom(query)
  const isPaged = query['page'] !== undefined || query['pageSize'] !== undefined
  const shown = isPaged ? rows.slice((page - 1) * pageSize, page * pageSize) : rows
  return { body: shown.map(view), headers: { 'x-total-count': String(rows.length) } }
}

/** Oldest first. */
export const byId = <R extends { readonly id: number }>(rows: Iterable<R>): R[] =>
  [...rows].sort((left, right) => left.id - right.id)

/** A row is asked for when it has each value that the query names, and is not archived unless that is asked for too. */
export const isAsked = <R extends { readonly archived_at: number | null }>(
  row: R,
  query: Query,
  names: readonly (keyof R & string)[],
): boolean =>
  (query['archived'] !== undefined || row.archived_at === null) &&
  names.every((name) => query[name] === undefined || row[name] === query[name])

/** What was read of a body. Members that are not known are told, or refused where that is asked for. */
export function known<T>({ value, ignored }: Read<T>, answer: Call['answer'], { strict }: Call['conditions']): T {
  answer.ignoredFields(ignored)
  refuseUnknown(ignored, strict)
  return value
}
