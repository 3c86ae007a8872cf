import type pg from 'pg'
import { type AccountRows, type AccountTables, inOrder } from '../moving/accounts.ts'
import type { AnyRow } from '../moving/digest.ts'

/** Where the tables stand: a schema of their own. */
export const accountSchema = 'waggle_auth'

/** The accounts in a schema beside the data, on the connection that reads or writes these. */
export class PostgresAccountRows implements AccountRows {
  readonly #client: pg.Client

  constructor(client: pg.Client) {
    this.#client = client
  }

  async read(): Promise<AccountTables | undefined> {
    const names = await this.#names()
    if (names.length === 0) return undefined
    const tables: Record<string, AnyRow[]> = {}
    for (const name of names) {
      const { rows } = await this.#client.query(`SELECT * FROM ${accountSchema}."${name}"`)
      tables[name] = rows.map(plainRow)
    }
    return tables
  }

  async replace(tables: AccountTables): Promise<void> {
    await this.#client.query('BEGIN')
    try {
      for (const name of inOrder(await this.#names()).toReversed()) {
        await this.#client.query(`DELETE FROM ${accountSchema}."${name}"`)
      }
      for (const name of inOrder(Object.keys(tables))) await this.#insert(name, tables[name] ?? [])
      await this.#client.query('COMMIT')
    } catch (error) {
      await this.#client.query('ROLLBACK').catch(() => {})
      throw error
    }
  }

  async #insert(table: string, rows: readonly AnyRow[]): Promise<void> {
    const columns = Object.keys(rows[0] ?? {})
    if (columns.length === 0) return
    const names = columns.map((name) => `"${name}"`).join(', ')
    const places = columns.map((_, at) => `$${at + 1}`).join(', ')
    const text = `INSERT INTO ${accountSchema}."${table}" (${names}) VALUES (${places})`
    for (const row of rows) await this.#client.query({ text, values: columns.map((name) => row[name]) })
  }

  async #names(): Promise<string[]> {
    const { rows } = await this.#client.query(
      "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = to_regnamespace($1) ORDER BY relname",
      [accountSchema],
    )
    return rows.map(({ name }) => String(name))
  }
}

/** As the embedded database keeps it: times as texts, truth as a number. */
const plainRow = (row: AnyRow): AnyRow =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]))

function plainValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'boolean' ? Number(value) : value
}
