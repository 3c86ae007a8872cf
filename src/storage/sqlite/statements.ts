import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Write } from '../port.ts'
import { type ColumnKind, type Row, type TableName, type Tables, tables } from '../tables.ts'

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
const columnsOf = (table: TableName): readonly string[] => Object.keys(tables[table])
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
 * Makes rows of the values of these columns. All rows get one shape: what SQLite's binding makes by itself is slow to
 * read and to copy.
 */
export function rowMaker(names: readonly string[]): RowOf {
  const columns = names.map((name) => ({ name, decode: decoded.get(name) }))
  const blank: Plain = Object.fromEntries(names.map((name) => [name, null]))
  return (values) => {
    const row = { ...blank }
    let index = 0
    for (const { name, decode } of columns) {
      const value = values[index]
      index += 1
      row[name] = decode === undefined ? value : decode(value)
    }
    return row
  }
}

/** The binding answers arrays when asked to; its types do not say so. */
const asArrays = (rows: unknown): readonly (readonly unknown[])[] => rows as readonly (readonly unknown[])[]

interface Writer {
  readonly statement: StatementSync
  /** In binding order: members of `row` or `set`, then of `key`. */
  readonly values: readonly string[]
  readonly keys: readonly string[]
  readonly encode: readonly Encode[]
}
interface Reader {
  readonly statement: StatementSync
  readonly keys: readonly string[]
  readonly encode: readonly Encode[]
  readonly rowOf: RowOf
}

const none: Plain = {}

/** The statements of one connection: each is built and prepared once for its table and columns, then only bound. */
export class Statements {
  readonly #db: DatabaseSync
  readonly #writers = new Map<string, Writer>()
  readonly #readers = new Map<string, Reader>()
  #writes = 0

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  /** Runs one write; a key that names no row is a bug, as the row was read under the lock. */
  write(write: Write): void {
    const values: Plain = write.kind === 'insert' ? write.row : write.kind === 'update' ? write.set : none
    const keys: Plain = write.kind === 'insert' ? none : write.key
    const writer = this.#writer(write, values, keys)
    const bound: SQLInputValue[] = []
    for (const name of writer.values) bound.push((writer.encode[bound.length] as Encode)(values[name]))
    for (const name of writer.keys) bound.push((writer.encode[bound.length] as Encode)(keys[name]))
    this.#writes += 1
    const { changes } = writer.statement.run(...bound)
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
    const { statement, rowOf, bound } = this.#reading(table, key)
    const values = statement.get(...bound) as unknown as readonly unknown[] | undefined
    return (values === undefined ? undefined : rowOf(values)) as Row<T> | undefined
  }

  /** All rows that have these values. */
  all<T extends TableName>(table: T, key: Partial<Row<T>>): Row<T>[] {
    const { statement, rowOf, bound } = this.#reading(table, key)
    return asArrays(statement.all(...bound)).map(rowOf) as Row<T>[]
  }

  #reading(table: TableName, key: Plain) {
    const { statement, rowOf, keys, encode } = this.#reader(table, key)
    return { statement, rowOf, bound: keys.map((name, index) => (encode[index] as Encode)(key[name])) }
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
      values: valueNames,
      keys: keyNames,
      encode: [...valueNames, ...keyNames].map((column) => encoders[kindOf(table, column)]),
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
      rowOf: rowMaker(columns),
      keys: keyNames,
      encode: keyNames.map((column) => encoders[kindOf(table, column)]),
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
