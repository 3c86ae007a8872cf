import { existsSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { type AccountRows, type AccountTables, inOrder } from '../moving/accounts.ts'
import type { AnyRow } from '../moving/digest.ts'

const tablesSql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"

/** The accounts in a file, which is opened for each use. */
export class SqliteAccountRows implements AccountRows {
  readonly #path: string

  /** @param path of `auth.db` */
  constructor(path: string) {
    this.#path = path
  }

  async read(): Promise<AccountTables | undefined> {
    if (!existsSync(this.#path)) return undefined
    return this.#with((db) => {
      const tables: Record<string, AnyRow[]> = {}
      db.exec('BEGIN')
      for (const name of namesIn(db)) tables[name] = db.prepare(`SELECT * FROM "${name}"`).all()
      db.exec('COMMIT')
      return Object.keys(tables).length === 0 ? undefined : tables
    })
  }

  async replace(tables: AccountTables): Promise<void> {
    this.#with((db) => {
      db.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE')
      for (const name of namesIn(db)) db.exec(`DELETE FROM "${name}"`)
      for (const name of inOrder(Object.keys(tables))) insert(db, name, tables[name] ?? [])
      db.exec('COMMIT')
    })
  }

  /** A transaction that is open when it fails ends with the connection. */
  #with<T>(use: (db: DatabaseSync) => T): T {
    const db = new DatabaseSync(this.#path, { timeout: 5_000 })
    try {
      return use(db)
    } finally {
      db.close()
    }
  }
}

const namesIn = (db: DatabaseSync): string[] =>
  db
    .prepare(tablesSql)
    .all()
    .map(({ name }) => String(name))

function insert(db: DatabaseSync, table: string, rows: readonly AnyRow[]): void {
  const columns = Object.keys(rows[0] ?? {})
  if (columns.length === 0) return
  const names = columns.map((name) => `"${name}"`).join(', ')
  const statement = db.prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => '?').join(', ')})`)
  for (const row of rows) statement.run(...columns.map((name) => row[name] as SQLInputValue))
}
