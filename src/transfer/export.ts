import type { Format } from '../contract/transfer.ts'
import { Refusal } from '../kernel/refusal.ts'
import { leadView } from '../leads/state.ts'
import type { AskedPage, ListRequest } from '../storage/lead-list.ts'
import { type LeadPage, listLeads } from '../storage/list-leads.ts'
import type { Database } from '../storage/port.ts'
import { headerLine, leadLine } from './columns.ts'
import { Names } from './labels.ts'

/** Leads that are read together. */
const pageSizeMax = 500
/** Of the first page; the size of others goes by what came before. */
const firstPageSize = 50
/** What a page should come to, in characters. */
const pageChars = 1024 * 1024

/**
 * All leads of a list, in its order, page by page: as a table that spreadsheets read, or as one JSON object a line, each as
 * GET of the lead answers it. A lead that is there from beginning to end comes once, whatever is changed meanwhile: of
 * one that is sorted by what is changed, see docs/behaviour.md §17.
 */
export async function* exportLeads(
  database: Database,
  companyId: number,
  {
    list,
    format,
    wholeSeconds,
  }: { readonly list: ListRequest; readonly format: Format; readonly wholeSeconds: boolean },
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const names = new Names(await database.definitions(companyId))
  if (format === 'csv') yield headerLine(names)
  let { cursor } = list
  let pageSize = firstPageSize
  for (;;) {
    const page = await pageOf(database, companyId, { ...list, cursor, page: 1, pageSize }, signal)
    if (page === 'refused') {
      pageSize = Math.ceil(pageSize / 4)
      continue
    }
    const { rows, next } = page
    const lines = rows.map((lead) =>
      format === 'csv' ? leadLine(lead, names) : `${JSON.stringify(leadView(lead, names.definitions, wholeSeconds))}\n`,
    )
    const text = lines.join('')
    if (text !== '') yield text
    if (next === undefined) return
    cursor = next
    pageSize = text.length > pageChars ? Math.ceil(pageSize / 2) : Math.min(2 * pageSize, pageSizeMax)
  }
}

/** A page of which the database may refuse to answer so much at once; one lead alone is then thrown as it is. */
async function pageOf(
  database: Database,
  companyId: number,
  asked: AskedPage,
  signal: AbortSignal | undefined,
): Promise<LeadPage | 'refused'> {
  try {
    return await listLeads(database, companyId, asked, signal)
  } catch (error) {
    if (error instanceof Refusal && asked.pageSize > 1) return 'refused'
    throw error
  }
}
