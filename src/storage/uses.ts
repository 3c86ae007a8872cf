import { type RawBuilder, sql } from 'kysely'
import type { Database } from './port.ts'

/** What leads may use of a company's definitions. */
export type Used =
  | { readonly kind: 'tag'; readonly id: number }
  | { readonly kind: 'field'; readonly id: number }
  | { readonly kind: 'option'; readonly fieldId: number; readonly id: number }

/** The rows of a view that tell of a use. A value of options is a number, or a list of them, in JSON. */
function rowsOf(used: Used): {
  readonly view: RawBuilder<{ company_id: number }>
  readonly isUse: RawBuilder<boolean>
} {
  if (used.kind === 'tag') return { view: sql`lead_tag`, isUse: sql`tag_id = ${used.id}` }
  const view = sql<{ company_id: number }>`lead_custom_value`
  if (used.kind === 'field') return { view, isUse: sql`custom_field_id = ${used.id}` }
  const listed = sql`replace(replace(replace(CAST(value AS text), '[', ','), ']', ','), ' ', '')`
  const isUse = sql<boolean>`custom_field_id = ${used.fieldId} AND ',' || ${listed} || ',' LIKE ${`%,${used.id},%`}`
  return { view, isUse }
}

/** How many leads of a company use it, those that are deleted too. All of them are gone through. */
export async function countUses(database: Database, companyId: number, used: Used): Promise<number> {
  const { view, isUse } = rowsOf(used)
  const [row] = await database.find<{ total: number }>((db) =>
    db
      .selectFrom(view.as('used'))
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where('used.company_id', '=', companyId)
      .where(isUse),
  )
  return row?.total ?? 0
}
