import { type Kysely, sql } from 'kysely'
import type { Tables } from './tables.ts'

/**
 * Some leads of a company, without columns yet, in no order. The ids stand in a table of their own: with `id IN (…)` beside
 * the company an engine that does not know how many leads a company has goes through all of them.
 */
export const leadsByIds = (db: Kysely<Tables>, companyId: number, ids: readonly number[]) =>
  db
    .selectFrom(
      sql<{ column1: number }>`(VALUES ${sql.join(ids.map((id) => sql`(CAST(${id} AS bigint))`))})`.as('asked'),
    )
    .innerJoin('leads', (join) => join.on('leads.company_id', '=', companyId).onRef('leads.id', '=', 'asked.column1'))
