import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { NamedLeads, Write } from '../port.ts'
import { type ColumnKind, columnsOf, type Row, type TableName, type Tables, tables } from '../tables.ts'

/** Builds statements and never runs them: running is this folder's own business. */
export const builder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})
/** The same for tables that are named at run time. */
const anyTable = builder as unknown as Kysely<Record<string, Record<string, unknown>>>

type Plain = Record<string, unknown>
type Encode = (value: unknown) => SQLInputValue

const encoders: Record<ColumnKind, Encode> = {
  integer: (value) => value as number | null,
  text: (value) => value as string | null,
  bytes: (value) => value as Uint8Array | null,
  flag: (value) => (value === null ? null : value === true ? 1 : 0),
  json: (value) => (value === null ? null : JSON.stringify(value)),
}

const kindsOf = (table: TableName): Record<string, { readonly kind: ColumnKind }> => tables[table]
const kindOf = (table: TableName, column: string): ColumnKind => kindsOf(table)[column]?.kind ?? 'text'

type Decode = (value: unknown) => unknown

const decoders: Partial<Record<ColumnKind, Decode>> = {
  flag: (value) => value === 1,
  json: (value) => (typeof value === 'string' ? JSON.parse(value) : value),
}

/** How columns are read that are not kept as they are, by name: a name has one kind in all tables. */
const decoded = new Map<string, Decode>()
for (const columns of Object.values<Readonly<Record<string, { readonly kind: ColumnKind }>>>(tables)) {
  for (const [name, { kind }] of Object.entries(columns)) {
    const decode = decoders[kind]
    if (decode !== undefined) decoded.set(name, decode)
  }
}

export type RowOf = (values: readonly unknown[]) => Plain

/**
 * Makes rows of the values of these columns. All rows get one shape, by a function that is made for it: what SQLite's
 * binding makes by itself, and members that are set by name, are several times slower.
 *
 * @param names of columns, or what a list calls its values
 */
export const rowMaker = (names: readonly string[]): RowOf =>
  makerOf(
    names,
    names.map((name) => decoded.get(name)),
  )

/** The same for columns that are told with their kinds: those of a table as it was in another release. */
export const rowMakerOf = (columns: Readonly<Record<string, ColumnKind>>): RowOf =>
  makerOf(
    Object.keys(columns),
    Object.values(columns).map((kind) => decoders[kind]),
  )

function makerOf(names: readonly string[], decode: readonly (Decode | undefined)[]): RowOf {
  const members = names.map((name, index) => {
    const value = decode[index] === undefined ? `values[${index}]` : `decode[${index}](values[${index}])`
    return `${JSON.stringify(name)}: ${value}`
  })
  return new Function('decode', `return (values) => ({ ${members.join(', ')} })`)(decode)
}

type Binder = (values: Plain, keys: Plain) => SQLInputValue[]

/** The values that a statement takes, in binding order: members of `values`, then of `keys`. Made as {@link rowMaker}'s are. */
function binder(table: TableName, valueNames: readonly string[], keyNames: readonly string[]): Binder {
  const encode = [...valueNames, ...keyNames].map((name) => encoders[kindOf(table, name)])
  const members = [...valueNames.map((name) => `values.${name}`), ...keyNames.map((name) => `keys.${name}`)]
  const encoded = members.map((member, index) => `encode[${index}](${member})`)
  return new Function('encode', `return (values, keys) => [${encoded.join(', ')}]`)(encode)
}

/** The binding answers arrays when asked to; its types do not say so. */
const asArrays = (rows: unknown): readonly (readonly unknown[])[] => rows as readonly (readonly unknown[])[]

interface Writer {
  readonly statement: StatementSync
  readonly bound: Binder
}
interface Reader extends Writer {
  readonly rowOf: RowOf
}

/** Tables whose rows have a company and an id. */
type NumberedTable = { [T in TableName]: 'company_id' | 'id' extends keyof Row<T> ? T : never }[TableName]

const none: Plain = {}

/** The statements of one connection: each is built and prepared once for its table and columns, then only bound. */
export class Statements {
  readonly #db: DatabaseSync
  readonly #writers = new Map<string, Writer>()
  readonly #readers = new Map<string, Reader>()
  readonly #byId = new Map<TableName, Reader>()
  #byEmail: Omit<Reader, 'bound'> | undefined
  #writes = 0

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** Runs one write; a key that names no row is a bug, as the row was read under the lock. */
  write(write: Write): void {
    const values: Plain = write.kind === 'insert' ? write.row : write.kind === 'update' ? write.set : none
    const keys: Plain = write.kind === 'insert' ? none : write.key
    const { statement, bound } = this.#writer(write, values, keys)
    this.#writes += 1
    const { changes } = statement.run(...bound(values, keys))
    if (changes !== 1) throw new Error(`${write.kind} of ${write.table} changed ${changes} rows`)
  }

  /** Runs a statement that writes; tells how many rows it changed. */
  run(statement: StatementSync, ...bound: SQLInputValue[]): number {
    this.#writes += 1
    return Number(statement.run(...bound).changes)
  }

  /** How many statements that write were run so far. */
  get writes(): number {
    return this.#writes
  }

  /** One row by the columns of a unique key. */
  get<T extends TableName>(table: T, key: Partial<Row<T>>): Row<T> | undefined {
    const { statement, rowOf, bound } = this.#reader(table, key)
    const values = statement.get(...bound(none, key)) as unknown as readonly unknown[] | undefined
    return (values === undefined ? undefined : rowOf(values)) as Row<T> | undefined
  }

  /** A company's row by its id: as {@link get}, without building a key for each. */
  byId<T extends NumberedTable>(table: T, companyId: number, id: number): Row<T> | undefined {
    const reader = this.#byId.get(table) ?? this.#reader(table, { company_id: 0, id: 0 })
    this.#byId.set(table, reader)
    const values = reader.statement.get(companyId, id) as unknown as readonly unknown[] | undefined
    return (values === undefined ? undefined : reader.rowOf(values)) as Row<T> | undefined
  }

  /** Leads by what names them; each name is a few steps down an index, in this process. */
  named(
    company_id: number,
    { ids = [], uuids = [], externalIds = [], emails = [], ofEmailMax = 0 }: NamedLeads,
  ): Row<'leads'>[] {
    const found = [
      ...ids.map((id) => this.byId('leads', company_id, id)),
      ...uuids.map((uuid) => this.get('leads', { company_id, uuid })),
      ...externalIds.map((external_id) => this.get('leads', { company_id, external_id })),
    ].filter((row) => row !== undefined)
    if (emails.length === 0) return found
    this.#byEmail ??= this.#emailReader()
    const { statement, rowOf } = this.#byEmail
    for (const email of emails) {
      found.push(...(asArrays(statement.all(company_id, email, ofEmailMax)).map(rowOf) as Row<'leads'>[]))
    }
    return found
  }

  #emailReader(): Omit<Reader, 'bound'> {
    const columns = columnsOf('leads')
    const statement = this.#db.prepare(
      `SELECT ${columns.join(', ')} FROM leads ` +
        'WHERE company_id = ? AND lower(email) = ? AND archived_at IS NULL ORDER BY id LIMIT ?',
    )
    statement.setReturnArrays(true)
    return { statement, rowOf: rowMaker(columns) }
  }

  /** All rows that have these values. */
  all<T extends TableName>(table: T, key: Partial<Row<T>>): Row<T>[] {
    const { statement, rowOf, bound } = this.#reader(table, key)
    return asArrays(statement.all(...bound(none, key))).map(rowOf) as Row<T>[]
  }

  #writer({ kind, table }: Write, values: Plain, keys: Plain): Writer {
    // A row has all columns of its table; only updates and keys differ.
    const name =
      kind === 'insert' ? table : `${kind} ${table} ${Object.keys(values).join()} ${Object.keys(keys).join()}`
    const present = this.#writers.get(name)
    if (present !== undefined) return present
    const valueNames = kind === 'insert' ? columnsOf(table) : Object.keys(values)
    const keyNames = Object.keys(keys)
    const { sql } = compiled(kind, table, valueNames, keyNames)
    const made: Writer = {
      statement: this.#db.prepare(sql),
      bound: binder(table, valueNames, keyNames),
    }
    this.#writers.set(name, made)
    return made
  }

  #reader(table: TableName, key: Plain): Reader {
    const keyNames = Object.keys(key)
    const name = `${table} ${keyNames.join()}`
    const present = this.#readers.get(name)
    if (present !== undefined) return present
    const columns = columnsOf(table)
    let query = anyTable.selectFrom(table).select(columns)
    for (const column of keyNames) query = query.where(column, '=', 0)
    const statement = this.#db.prepare(query.compile().sql)
    statement.setReturnArrays(true)
    const made: Reader = {
      statement,
      bound: binder(table, [], keyNames),
      rowOf: rowMaker(columns),
    }
    this.#readers.set(name, made)
    return made
  }
}

/** The statement of a write, with a placeholder for each value, in the order of `values`, then `keys`. */
function compiled(
  kind: Write['kind'],
  table: TableName,
  values: readonly string[],
  keys: readonly string[],
): { sql: string } {
  const placeholders = Object.fromEntries(values.map((name) => [name, 0]))
  if (kind === 'insert') return anyTable.insertInto(table).values(placeholders).compile()
  if (kind === 'update') {
    let update = anyTable.updateTable(table).set(placeholders)
    for (const column of keys) update = update.where(column, '=', 0)
    return update.compile()
  }
  let gone = anyTable.deleteFrom(table)
  for (const column of keys) gone = gone.where(column, '=', 0)
  return gone.compile()
}
