import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** The name of a function that each connection for lists has: SQLite's own fold no letters but those of ASCII. */
export const holdsFunction = 'waggle_holds'

/** @returns 1 when the text holds the needle, whatever the case */
export const holds = (needle: unknown, text: unknown): number =>
  typeof text === 'string' && text.toLowerCase().includes(String(needle)) ? 1 : 0

/** A function of ours costs ten times as much a row, so it is asked only for what it alone can do. */
const within = (needle: string, text: RawBuilder<unknown>): RawBuilder<boolean> =>
  /^[\x20-\x7e]*$/.test(needle)
    ? sql`instr(lower(${text}), ${needle}) > 0`
    : sql`${sql.raw(holdsFunction)}(${needle}, ${text})`

const path = (fieldId: number): string => `$."${fieldId}".value`

export const dialect: Dialect = {
  holds: (needle, names) => within(needle, sql`concat_ws(char(10), ${sql.join(names.map((name) => sql.ref(name)))})`),
  hasOneOf: (column, ids) =>
    sql`EXISTS (SELECT 1 FROM json_each(${sql.ref(column)}) AS one WHERE one.value IN (${sql.join(ids)}))`,
  isEmpty: (column) => sql`${sql.ref(column)} = '[]'`,
  hasField: (fieldId) => sql`json_type(custom_fields, ${`$."${fieldId}"`}) IS NOT NULL`,
  fieldIs: (fieldId, value) =>
    sql`json_extract(custom_fields, ${path(fieldId)}) = ${typeof value === 'boolean' ? Number(value) : value}`,
  fieldHasOneOf: (fieldId, options) =>
    sql`EXISTS (SELECT 1 FROM json_each(custom_fields, ${path(fieldId)}) AS one WHERE one.value IN (${sql.join(options)}))`,
  fieldHolds: (fieldId, needle) => within(needle, sql`json_extract(custom_fields, ${path(fieldId)})`),
}
