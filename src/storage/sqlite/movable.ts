import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { AccountRows } from '../moving/accounts.ts'
import type { AnyRow } from '../moving/digest.ts'
import { keyOf, type Movable, movedTables, pageSql } from '../moving/movable.ts'
import type { Write } from '../port.ts'
import { columnsOf, type TableName } from '../tables.ts'
import { SqliteAccountRows } from './account-rows.ts'
import { rowMaker, Statements } from './statements.ts'

/** Ids are unique in the file and order its rows; with the company in front each page would sort the whole table. */
const orderOf = (table: TableName): readonly string[] =>
  keyOf(table).join() === 'company_id,id' ? ['id'] : keyOf(table)

/** An embedded database whose file nobody serves. */
export class MovableSqlite implements Movable {
  readonly shown: string
  readonly accounts: AccountRows
  /** Of the file. */
  readonly path: string
  readonly #db: DatabaseSync
  readonly #statements: Statements
  readonly #unlock: () => void

  /**
   * @param onOpen called first, with the connection
   * @param unlock gives the directory free for servers
   */
  constructor(
    path: string,
    shown: string,
    { onOpen, unlock }: { onOpen: (db: DatabaseSync) => void; unlock: () => void },
  ) {
    this.shown = shown
    this.path = path
    this.accounts = new SqliteAccountRows(join(dirname(path), 'auth.db'))
    this.#unlock = unlock
    this.#db = new DatabaseSync(path)
    try {
      this.#db.exec('PRAGMA busy_timeout = 5000')
      onOpen(this.#db)
      this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF')
    } catch (error) {
      this.#db.close()
      throw error
    }
    this.#statements = new Statements(this.#db)
  }

  async beginSnapshot(): Promise<void> {
    this.#db.exec('BEGIN')
  }

  async endSnapshot(): Promise<void> {
    this.#db.exec('COMMIT')
  }

  async count(table: TableName): Promise<number> {
    return Number(this.#db.prepare(`SELECT count(*) AS count FROM "${table}"`).get()?.['count'])
  }

  async page(table: TableName, after: AnyRow | undefined, limit: number): Promise<AnyRow[]> {
    const key = orderOf(table)
    const statement = this.#db.prepare(pageSql(table, { key, isFirst: after === undefined }, () => '?'))
    statement.setReturnArrays(true)
    const behind = after === undefined ? [] : key.map((name) => after[name] as string | number)
    const rowOf = rowMaker(columnsOf(table))
    return (statement.all(...behind, limit) as unknown as readonly unknown[][]).map(rowOf)
  }

  async write(writes: readonly Write[]): Promise<void> {
    this.#transaction(() => {
      for (const write of writes) this.#statements.write(write)
    })
  }

  /** Every statement names its index by what it asks for; there is nothing to know. */
  async settle(): Promise<void> {}

  async clear(): Promise<void> {
    this.#transaction(() => {
      for (const table of movedTables) this.#db.exec(`DELETE FROM "${table}"`)
    })
  }

  #transaction(body: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      body()
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  /** The lock of the directory is held: none can run. */
  async refuseServers(): Promise<void> {}

  async close(): Promise<void> {
    this.#db.close()
    this.#unlock()
  }
}
