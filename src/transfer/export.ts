import type { Format } from '../contract/transfer.ts'
import { leadView } from '../leads/state.ts'
import type { ListRequest } from '../storage/lead-list.ts'
import { listLeads } from '../storage/list-leads.ts'
import type { Database } from '../storage/port.ts'
import { headerLine, leadLine } from './columns.ts'
import { Names } from './labels.ts'

const pageSize = 500

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
  for (;;) {
    const { rows, next } = await listLeads(database, companyId, { ...list, cursor, page: 1, pageSize }, signal)
    const lines = rows.map((lead) =>
      format === 'csv' ? leadLine(lead, names) : `${JSON.stringify(leadView(lead, names.definitions, wholeSeconds))}\n`,
    )
    if (lines.length > 0) yield lines.join('')
    if (next === undefined) return
    cursor = next
  }
}
