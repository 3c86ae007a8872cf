import { pageSizeMax } from '../contract/leads.ts'

const pageSizeDefault = 10

/** `page` (from 1) and `pageSize` of a query that was checked; above the maximum counts as the maximum. */
export function pageFrom(query: Readonly<Record<string, string | undefined>>): { page: number; pageSize: number } {
  const pageSize = Math.min(Number(query['pageSize'] ?? pageSizeDefault), pageSizeMax)
  // Beyond any list, and small enough that an offset stays an exact integer.
  const page = Math.min(Number(query['page'] ?? 1), Math.floor(Number.MAX_SAFE_INTEGER / pageSizeMax))
  return { page, pageSize }
}
