import type { AskedPage, Page } from './lead-list.ts'
import { leadsByIds } from './leads-by-ids.ts'
import type { Database } from './port.ts'
import type { Row } from './tables.ts'

export interface LeadPage extends Page {
  readonly rows: readonly Row<'leads'>[]
}

/** How often a page is found anew because one of its leads was changed between its finding and its reading. */
const triesMax = 3

/**
 * A page of a company's leads that are not archived, and how many there are in all.
 *
 * @param signal ends it when nobody waits for it any more
 */
export async function listLeads(
  database: Database,
  companyId: number,
  asked: AskedPage,
  signal?: AbortSignal,
): Promise<LeadPage> {
  for (let tries = 1; ; tries += 1) {
    const { total, ids, next, sequence } = await database.leadPage(companyId, asked, signal)
    if (ids.length === 0) return { total, rows: [], next }
    const found = await database.find<Row<'leads'>>((db) => leadsByIds(db, companyId, ids).selectAll('leads'))
    if (tries < triesMax && found.some(({ last_sequence }) => last_sequence > sequence)) continue
    const byId = new Map(found.map((row) => [row.id, row]))
    const rows = ids.flatMap((id) => byId.get(id) ?? [])
    return { total, rows, next }
  }
}
