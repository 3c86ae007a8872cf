import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

const fieldValue = (fieldId: number): RawBuilder<unknown> => sql`(custom_fields -> ${String(fieldId)}::text -> 'value')`
const within = (needle: string, searched: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql`position(${needle}::text IN lower(${searched})) > 0`

/** Letters beyond ASCII are folded as the database's locale does. */
export const dialect: Dialect = {
  holds: (needle, names) =>
    sql`(${sql.join(
      names.map((name) => within(needle, sql`coalesce(${sql.ref(name)}, '')`)),
      sql` OR `,
    )})`,
  hasOneOf: (column, ids) =>
    sql`(${sql.join(
      ids.map((id) => sql`${sql.ref(column)} @> ${String(id)}::jsonb`),
      sql` OR `,
    )})`,
  isEmpty: (column) => sql`${sql.ref(column)} = '[]'::jsonb`,
  hasField: (fieldId) => sql`(custom_fields -> ${String(fieldId)}::text) IS NOT NULL`,
  fieldIs: (fieldId, value) => sql`${fieldValue(fieldId)} = ${JSON.stringify(value)}::jsonb`,
  fieldHasOneOf: (fieldId, options) =>
    sql`(${sql.join(
      options.map((id) => sql`${fieldValue(fieldId)} @> ${String(id)}::jsonb`),
      sql` OR `,
    )})`,
  fieldHolds: (fieldId, needle) => within(needle, sql`coalesce(${fieldValue(fieldId)} #>> '{}', '')`),
}
