import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { Write } from '../port.ts'
import { type ColumnKind, primaryKeys, type TableName, type Tables, tables } from '../tables.ts'

/** Builds statements and never runs them. */
export const builder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** A statement that the server keeps under a name once it has seen it. */
export interface Statement {
  readonly name: string
  readonly text: string
  readonly values: unknown[]
}

type Plain = Readonly<Record<string, unknown>>

const typeOf: Record<ColumnKind, string> = {
  integer: 'bigint',
  text: 'text',
  bytes: 'bytea',
  flag: 'boolean',
  // Its text as it was sent: where the column is jsonb, the assignment makes it that.
  json: 'json',
}

const kindsOf = (table: TableName): Readonly<Record<string, { readonly kind: ColumnKind }>> => tables[table]
const columnsOf = (table: TableName): readonly string[] => Object.keys(tables[table])
const kindOf = (table: TableName, column: string): ColumnKind => kindsOf(table)[column]?.kind ?? 'text'
/** Whether a value must be spelled for JSON, which has no bytes. */
const bytesOf = (table: TableName, columns: readonly string[]): readonly string[] =>
  columns.filter((column) => kindOf(table, column) === 'bytes')

const quoted = (name: string): string => `"${name}"`
const list = (names: readonly string[], of: (name: string) => string = quoted): string => names.map(of).join(', ')

const named = new Map<string, string>()
/** How many statements a connection may keep; more are sent without a name. */
const namesMax = 500

/** The statement under its name; the same text has the same name on every connection. */
export function statement(text: string, values: unknown[]): Statement | Omit<Statement, 'name'> {
  let name = named.get(text)
  if (name === undefined) {
    if (named.size >= namesMax) return { text, values }
    name = `waggle_${named.size + 1}`
    named.set(text, name)
  }
  return { name, text, values }
}

/** Rows by the columns of a key. */
export function selectBy(table: TableName, key: Plain): Statement | Omit<Statement, 'name'> {
  const names = Object.keys(key)
  const where = names.map((name, index) => `${quoted(name)} = $${index + 1}`).join(' AND ')
  const text = `SELECT ${list(columnsOf(table))} FROM ${quoted(table)} WHERE ${where}`
  return statement(text, Object.values(key))
}

/** Companies' rows of the log in the order of their ids, locked: whoever locks several does it in the same order. */
export const lock = (companyIds: readonly number[]): Statement | Omit<Statement, 'name'> =>
  statement(
    `SELECT ${list(columnsOf('company_log'))} FROM company_log WHERE company_id = ANY($1::bigint[]) ORDER BY company_id FOR UPDATE`,
    [companyIds],
  )

/** Rows of companies by a second column of their key. */
export function selectPairs(
  table: TableName,
  column: string,
  companyIds: readonly number[],
  keys: readonly unknown[],
): Statement | Omit<Statement, 'name'> {
  const type = typeOf[kindOf(table, column)]
  const text =
    `SELECT ${list(columnsOf(table), (name) => `found.${quoted(name)}`)} ` +
    `FROM unnest($1::bigint[], $2::${type}[]) AS wanted (company_id, key) ` +
    `JOIN ${quoted(table)} AS found ON found.company_id = wanted.company_id AND found.${quoted(column)} = wanted.key`
  return statement(text, [companyIds, keys])
}

/** Writes of one kind on one table with the same columns. */
interface Group {
  readonly head: Write
  readonly columns: readonly string[]
  readonly rows: Plain[]
}

/**
 * Statements that carry out the writes in their order, as few as may be: in one statement no row is touched twice, as
 * nobody could say which change it shows.
 */
export function writing(writes: readonly Write[]): (Statement | Omit<Statement, 'name'>)[] {
  const rounds: Map<string, Group>[] = []
  const lastRound = new Map<string, number>()
  for (const write of writes) {
    const identity = identityOf(write)
    const round = (lastRound.get(identity) ?? -1) + 1
    lastRound.set(identity, round)
    rounds[round] ??= new Map()
    addTo(rounds[round], write)
  }
  return rounds.map((groups) => together([...groups.values()]))
}

function identityOf(write: Write): string {
  const key: Plain = write.kind === 'insert' ? write.row : write.key
  const names: readonly string[] = primaryKeys[write.table]
  if (names.length === 1) return `${write.table} ${key[names[0] ?? '']}`
  return `${write.table} ${names.map((name) => key[name]).join(' ')}`
}

function addTo(groups: Map<string, Group>, write: Write): void {
  const columns =
    write.kind === 'insert' ? columnsOf(write.table) : write.kind === 'update' ? Object.keys(write.set) : []
  const name = write.kind === 'insert' ? `insert ${write.table}` : `${write.kind} ${write.table} ${columns.join()}`
  const group = groups.get(name) ?? { head: write, columns, rows: [] }
  groups.set(name, group)
  group.rows.push(rowOf(write))
}

/** What a write hands over: its values, and its key under names of their own. */
function rowOf(write: Write): Plain {
  if (write.kind === 'insert') return inJson(write.table, write.row)
  const row: Record<string, unknown> = write.kind === 'update' ? { ...inJson(write.table, write.set) } : {}
  const key: Plain = write.key
  for (const name of primaryKeys[write.table]) row[`key_${name}`] = key[name]
  return row
}

function inJson(table: TableName, row: Plain): Plain {
  const bytes = bytesOf(table, Object.keys(row))
  if (bytes.length === 0) return row
  const spelled: Record<string, unknown> = { ...row }
  for (const name of bytes) {
    const value = row[name]
    if (value instanceof Uint8Array) spelled[name] = `\\x${Buffer.from(value).toString('hex')}`
  }
  return spelled
}

/** One statement for all groups. It fails, and with it the transaction, when a group has not changed each of its rows. */
function together(groups: readonly Group[]): Statement | Omit<Statement, 'name'> {
  const parts = groups.map((group, index) => `w${index} AS (${setForm(group, index)} RETURNING 1)`)
  const counted = groups.map((_, index) => `(SELECT count(*) FROM w${index})`).join(' + ')
  const total = groups.reduce((sum, { rows }) => sum + rows.length, 0)
  const text = `WITH ${parts.join(', ')} SELECT 1 / (${counted} = $${groups.length + 1}::bigint)::int AS "all rows were there"`
  return statement(text, [...groups.map(({ rows }) => JSON.stringify(rows)), total])
}

function setForm({ head: { kind, table }, columns }: Group, index: number): string {
  const keys: readonly string[] = kind === 'insert' ? [] : primaryKeys[table]
  const typed = [
    ...columns.map((name) => `${quoted(name)} ${typeOf[kindOf(table, name)]}`),
    ...keys.map((name) => `${quoted(`key_${name}`)} ${typeOf[kindOf(table, name)]}`),
  ]
  const rows = `json_to_recordset($${index + 1}::json) AS given (${typed.join(', ')})`
  const where = keys.map((name) => `present.${quoted(name)} = given.${quoted(`key_${name}`)}`).join(' AND ')
  if (kind === 'insert') {
    return `INSERT INTO ${quoted(table)} (${list(columns)}) SELECT ${list(columns)} FROM ${rows}`
  }
  if (kind === 'delete') return `DELETE FROM ${quoted(table)} AS present USING ${rows} WHERE ${where}`
  const set = list(columns, (name) => `${quoted(name)} = given.${quoted(name)}`)
  return `UPDATE ${quoted(table)} AS present SET ${set} FROM ${rows} WHERE ${where}`
}
