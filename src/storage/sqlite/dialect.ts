import { sql } from 'kysely'
import type { Dialect } from '../dialect.ts'

/** The name of a function that each connection for lists has: SQLite's own know no letters but those of ASCII. */
export const holdsFunction = 'waggle_holds'

/** @returns 1 when one of the texts holds the needle, whatever the case */
export const holds = (needle: unknown, ...texts: unknown[]): number =>
  texts.some((text) => typeof text === 'string' && text.toLowerCase().includes(String(needle))) ? 1 : 0

const path = (fieldId: number): string => `$."${fieldId}".value`
const columns = (names: readonly string[]) => sql.join(names.map((name) => sql.ref(name)))

export const dialect: Dialect = {
  holds: (needle, names) => sql`${sql.raw(holdsFunction)}(${needle}, ${columns(names)})`,
  hasOneOf: (column, ids) =>
    sql`EXISTS (SELECT 1 FROM json_each(${sql.ref(column)}) AS one WHERE one.value IN (${sql.join(ids)}))`,
  isEmpty: (column) => sql`${sql.ref(column)} = '[]'`,
  fieldIs: (fieldId, value) =>
    sql`json_extract(custom_fields, ${path(fieldId)}) = ${typeof value === 'boolean' ? Number(value) : value}`,
  fieldHasOneOf: (fieldId, options) =>
    sql`EXISTS (SELECT 1 FROM json_each(custom_fields, ${path(fieldId)}) AS one WHERE one.value IN (${sql.join(options)}))`,
  fieldHolds: (fieldId, needle) =>
    sql`${sql.raw(holdsFunction)}(${needle}, json_extract(custom_fields, ${path(fieldId)}))`,
}
