import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import type { Write } from '../port.ts'
import { type ColumnKind, columnsOf, primaryKeys, type TableName, type Tables, tables } from '../tables.ts'

/** Builds statements and never runs them. */
export const builder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** A statement; the server keeps it under its name once it has seen it. */
export interface Statement {
  readonly name?: string
  readonly text: string
  readonly values: unknown[]
}

/**
 * Said once on a connection for batches. A batch finds few rows in large tables, each by its whole key. The planner does
 * not know how few; where statistics are missing or old, as behind a load, it would rather read all rows of a company.
 *
 * @see https://www.postgresql.org/docs/current/runtime-config-query.html
 */
export const steadyPlans =
  "SELECT set_config(name, 'off', false) FROM unnest(ARRAY['enable_seqscan', 'enable_bitmapscan', 'enable_hashjoin', " +
  "'enable_mergejoin', 'enable_material', 'jit']) AS name " +
  "UNION ALL SELECT set_config('plan_cache_mode', 'force_generic_plan', false)"

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
const kindOf = (table: TableName, column: string): ColumnKind => kindsOf(table)[column]?.kind ?? 'text'
/** Columns whose values must be spelled for JSON, which has no bytes. */
const bytesOf = (table: TableName): readonly string[] => bytesColumns[table] ?? []
const bytesColumns: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries<Readonly<Record<string, { readonly kind: ColumnKind }>>>(tables).map(([table, columns]) => [
    table,
    Object.keys(columns).filter((column) => columns[column]?.kind === 'bytes'),
  ]),
)

const quoted = (name: string): string => `"${name}"`
const list = (names: readonly string[], of: (name: string) => string = quoted): string => names.map(of).join(', ')

const named = new Map<string, string>()
/** How many statements a connection may keep; more are sent without a name. */
const namesMax = 500

/** The statement under its name; the same text has the same name on every connection. */
export function statement(text: string, values: unknown[]): Statement {
  let name = named.get(text)
  if (name === undefined) {
    if (named.size >= namesMax) return { text, values }
    name = `waggle_${named.size + 1}`
    named.set(text, name)
  }
  return { name, text, values }
}

/** Rows by the columns of a key. */
export function selectBy(table: TableName, key: Plain): Statement {
  const names = Object.keys(key)
  const where = names.map((name, index) => `${quoted(name)} = $${index + 1}`).join(' AND ')
  const text = `SELECT ${list(columnsOf(table))} FROM ${quoted(table)} WHERE ${where}`
  return statement(text, Object.values(key))
}

/** Rows by one column. */
export function selectIn(table: TableName, column: string, ids: readonly number[]): Statement {
  const [only] = ids
  const where = ids.length === 1 ? '= $1' : '= ANY($1::bigint[])'
  const text = `SELECT ${list(columnsOf(table))} FROM ${quoted(table)} WHERE ${quoted(column)} ${where}`
  return statement(text, [ids.length === 1 ? only : ids])
}

/**
 * Companies' rows of the log in the order of their ids, locked: whoever locks several does it in the same order.
 *
 * Of one company the statements here name it, so that a database which is spread over machines asks one of them.
 */
export function lock(companyIds: readonly number[]): Statement {
  const columns = list(columnsOf('company_log'))
  if (companyIds.length === 1) {
    return statement(`SELECT ${columns} FROM company_log WHERE company_id = $1 FOR UPDATE`, [companyIds[0]])
  }
  const text = `SELECT ${columns} FROM company_log WHERE company_id = ANY($1::bigint[]) ORDER BY company_id FOR UPDATE`
  return statement(text, [companyIds])
}

/** Rows by their company and a second column of their key. */
export function selectPairs(
  table: TableName,
  column: string,
  pairs: readonly (readonly [companyId: number, key: unknown])[],
): Statement {
  const type = typeOf[kindOf(table, column)]
  const keys = pairs.map(([, key]) => key)
  const company = onlyOne(pairs.map(([companyId]) => companyId))
  if (company !== undefined) {
    const where = `company_id = $1 AND ${quoted(column)} = ANY($2::${type}[])`
    return statement(`SELECT ${list(columnsOf(table))} FROM ${quoted(table)} WHERE ${where}`, [company, keys])
  }
  const text =
    `SELECT ${list(columnsOf(table), (name) => `found.${quoted(name)}`)} ` +
    `FROM unnest($1::bigint[], $2::${type}[]) AS wanted (company_id, key) ` +
    `JOIN ${quoted(table)} AS found ON found.company_id = wanted.company_id AND found.${quoted(column)} = wanted.key`
  return statement(text, [pairs.map(([companyId]) => companyId), keys])
}

/** A company's leads by their e-mail addresses, so many of each at the most; deleted ones are left out. */
export function selectByEmails(companyId: number, emails: readonly string[], most: number): Statement {
  const columns = columnsOf('leads')
  const text =
    `SELECT ${list(columns, (name) => `found.${quoted(name)}`)} FROM unnest($2::text[]) AS wanted (email) ` +
    `CROSS JOIN LATERAL (SELECT ${list(columns)} FROM leads WHERE company_id = $1 ` +
    'AND lower(email COLLATE "C") = wanted.email AND archived_at IS NULL ORDER BY id LIMIT $3) AS found'
  return statement(text, [companyId, emails, most])
}

const onlyOne = (values: readonly unknown[]): unknown =>
  values.every((one) => one === values[0]) ? values[0] : undefined

/** Writes of one kind on one table with the same columns. */
interface Group {
  readonly kind: Write['kind']
  readonly table: TableName
  readonly columns: readonly string[]
  /** Of the key, as far as it is in the rows. */
  readonly keys: readonly string[]
  readonly rows: Plain[]
}

/**
 * Statements that carry out the writes in their order, as few as may be: in one statement no row is touched twice, as
 * nobody could say which change it shows, and no name passes from row to row.
 */
export function writing(writes: readonly Write[]): Statement[] {
  const company = onlyOne(writes.map((write) => keyOf(write)['company_id']))
  const rounds: Map<string, Group>[] = []
  const lastRound = new Map<string, number>()
  for (const write of writes) {
    const identity = identityOf(write)
    let round = (lastRound.get(identity) ?? -1) + 1
    const names = namesOf(write)
    for (const name of names) round = Math.max(round, (lastRound.get(name) ?? -1) + 1)
    for (const name of names) lastRound.set(name, round)
    lastRound.set(identity, round)
    const groups = rounds[round] ?? new Map<string, Group>()
    rounds[round] = groups
    addTo(groups, write, company !== undefined)
  }
  return rounds.map((groups) => together([...groups.values()], company))
}

const keyOf = (write: Write): Plain => (write.kind === 'insert' ? write.row : write.key)

const noNames: readonly string[] = []
const namesOf = (write: Write): readonly string[] =>
  write.kind === 'delete' || write.names === undefined
    ? noNames
    : write.names.map((name) => `${write.table} named ${name}`)

function identityOf(write: Write): string {
  const key = keyOf(write)
  const names: readonly string[] = primaryKeys[write.table]
  return `${write.table} ${names.map((name) => key[name]).join(' ')}`
}

/** @param ofOne all writes are of one company, which the statement names itself */
function addTo(groups: Map<string, Group>, write: Write, ofOne: boolean): void {
  const { kind, table } = write
  const name = kind === 'update' ? `${kind} ${table} ${Object.keys(write.set).join()}` : `${kind} ${table}`
  let group = groups.get(name)
  if (group === undefined) {
    const rest = (names: readonly string[]) => (ofOne ? names.filter((one) => one !== 'company_id') : names)
    const columns = kind === 'insert' ? rest(columnsOf(table)) : kind === 'update' ? Object.keys(write.set) : []
    group = { kind, table, columns, keys: kind === 'insert' ? [] : rest(primaryKeys[table]), rows: [] }
    groups.set(name, group)
  }
  group.rows.push(rowOf(write, group.keys))
}

/** What a write hands over: its values, and its key under names of their own. */
function rowOf(write: Write, keys: readonly string[]): Plain {
  if (write.kind === 'insert') return inJson(write.table, write.row)
  const row: Record<string, unknown> = write.kind === 'update' ? { ...inJson(write.table, write.set) } : {}
  const key: Plain = write.key
  for (const name of keys) row[`key_${name}`] = key[name]
  return row
}

function inJson(table: TableName, row: Plain): Plain {
  const bytes = bytesOf(table)
  if (bytes.length === 0) return row
  const spelled: Record<string, unknown> = { ...row }
  for (const name of bytes) {
    const value = row[name]
    if (value instanceof Uint8Array) spelled[name] = `\\x${Buffer.from(value).toString('hex')}`
  }
  return spelled
}

/** One statement for all groups. It fails, and with it the transaction, when a group has not changed each of its rows. */
function together(groups: readonly Group[], company: unknown): Statement {
  const values: unknown[] = groups.map(({ rows }) => JSON.stringify(rows))
  values.push(groups.reduce((sum, { rows }) => sum + rows.length, 0))
  const total = `$${values.length}::bigint`
  if (company !== undefined) values.push(company)
  const named = company === undefined ? undefined : `$${values.length}::bigint`
  const parts = groups.map((group, index) => `w${index} AS (${setForm(group, index, named)} RETURNING 1)`)
  const counted = groups.map((_, index) => `(SELECT count(*) FROM w${index})`).join(' + ')
  const text = `WITH ${parts.join(', ')} SELECT 1 / (${counted} = ${total})::int AS "all rows were there"`
  return statement(text, values)
}

/**
 * True of every id. The planner takes a range for a small part, and so the rows given for few: it looks each of them up by
 * its key, where it would otherwise go through all rows of a company that it believes to be small.
 */
const isFew = (id: string): string => `${id} BETWEEN 0 AND ${Number.MAX_SAFE_INTEGER}`

/** @param company how the statement names it, when all rows are of one */
function setForm({ kind, table, columns, keys }: Group, index: number, company: string | undefined): string {
  const typed = [
    ...columns.map((name) => `${quoted(name)} ${typeOf[kindOf(table, name)]}`),
    ...keys.map((name) => `${quoted(`key_${name}`)} ${typeOf[kindOf(table, name)]}`),
  ]
  const rows = `json_to_recordset($${index + 1}::json) AS given (${typed.join(', ')})`
  if (kind === 'insert') {
    const into = company === undefined ? list(columns) : `company_id, ${list(columns)}`
    const from = company === undefined ? list(columns) : `${company}, ${list(columns)}`
    return `INSERT INTO ${quoted(table)} (${into}) SELECT ${from} FROM ${rows}`
  }
  const conditions = keys.map((name) => `present.${quoted(name)} = given.${quoted(`key_${name}`)}`)
  if (company !== undefined) conditions.unshift(`present.company_id = ${company}`)
  for (const name of keys)
    if (kindOf(table, name) === 'integer') conditions.push(isFew(`given.${quoted(`key_${name}`)}`))
  const where = conditions.join(' AND ')
  if (kind === 'delete') return `DELETE FROM ${quoted(table)} AS present USING ${rows} WHERE ${where}`
  const set = list(columns, (name) => `${quoted(name)} = given.${quoted(name)}`)
  return `UPDATE ${quoted(table)} AS present SET ${set} FROM ${rows} WHERE ${where}`
}
