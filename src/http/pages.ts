import { pageSizeMax } from '../contract/leads.ts'

const pageSizeDefault = 10

/** `page` (from 1) and `pageSize` of a query that was checked; above the maximum counts as the maximum. */
export function pageFrom(query: Readonly<Record<string, string | undefined>>): { page: number; pageSize: number } {
  const pageSize = Math.min(Number(query['pageSize'] ?? pageSizeDefault), pageSizeMax)
  // Beyond any list, and small enough that an offset stays an exact integer.
  const page = Math.min(Number(query['page'] ?? 1), Math.floor(Number.MAX_SAFE_INTEGER / pageSizeMax))
  return { page, pageSize }
}

/** The answer with a small list: all rows, or a page where one is asked for; how many there are in all is told beside. */
export function listed<R, V>(
  rows: readonly R[],
  query: Readonly<Record<string, string | undefined>>,
  view: (row: R) => V,
) {
  const { page, pageSize } = pageFrom(query)
  const isPaged = query['page'] !== undefined || query['pageSize'] !== undefined
  const shown = isPaged ? rows.slice((page - 1) * pageSize, page * pageSize) : rows
  return { body: shown.map(view), headers: { 'x-total-count': String(rows.length) } }
}
