import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Some leads of a company, without columns yet, in no order. The ids stand in a table of their own, which a cross join reads
 * first: an engine that does not know how many leads a company has would else go through all of them.
 */
export const leadsByIds = (db: Kysely<Tables>, companyId: number, ids: readonly number[]) =>
  db
    .selectFrom(
      sql<{ column1: number }>`(VALUES ${sql.join(ids.map((id) => sql`(CAST(${id} AS bigint))`))})`.as('asked'),
    )
    .crossJoin('leads')
    .where('leads.company_id', '=', companyId)
    .whereRef('leads.id', '=', 'asked.column1')
