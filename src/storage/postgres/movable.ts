import type pg from 'pg'
import type { AnyRow } from '../moving/digest.ts'
import { keyOf, type Movable, movedTables, pageSql } from '../moving/movable.ts'
import type { Write } from '../port.ts'
import { DatabaseRefused } from '../refused.ts'
import type { TableName } from '../tables.ts'
import { connectAlone, programName } from './connections.ts'
import { migrate } from './migrate.ts'
import { migrations } from './schema.ts'
import { statement, writing } from './statements.ts'

/** A database on PostgreSQL that no server uses. */
export class MovablePostgres implements Movable {
  readonly shown: string
  readonly #client: pg.Client

  private constructor(client: pg.Client, shown: string) {
    this.#client = client
    this.shown = shown
  }

  /** Brings the database to this program's version. */
  static async open(url: string, shown: string): Promise<MovablePostgres> {
    const client = await connectAlone(url)
    try {
      await migrate(client, migrations)
    } catch (error) {
      await client.end()
      throw error
    }
    return new MovablePostgres(client, shown)
  }

  async beginSnapshot(): Promise<void> {
    await this.#client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  }

  async endSnapshot(): Promise<void> {
    await this.#client.query('COMMIT')
  }

  async count(table: TableName): Promise<number> {
    return (await this.#client.query(`SELECT count(*) AS count FROM "${table}"`)).rows[0].count
  }

  async page(table: TableName, after: AnyRow | undefined, limit: number): Promise<AnyRow[]> {
    const key = after === undefined ? [] : keyOf(table).map((name) => after[name])
    const sql = pageSql(table, after === undefined, (at) => `$${at}`)
    return (await this.#client.query(statement(sql, [...key, limit]))).rows
  }

  async write(writes: readonly Write[]): Promise<void> {
    await this.#transaction(async () => {
      for (const one of writing(writes)) await this.#client.query(one)
    })
  }

  async settle(): Promise<void> {
    for (const table of movedTables) await this.#client.query(`ANALYZE "${table}"`)
  }

  async clear(): Promise<void> {
    await this.#transaction(async () => {
      await this.#client.query(`TRUNCATE ${movedTables.map((table) => `"${table}"`).join(', ')}`)
    })
  }

  async #transaction(body: () => Promise<void>): Promise<void> {
    await this.#client.query('BEGIN')
    try {
      await body()
      await this.#client.query('COMMIT')
    } catch (error) {
      await this.#client.query('ROLLBACK').catch(() => {})
      throw error
    }
  }

  async refuseServers(): Promise<void> {
    const { rows } = await this.#client.query(
      'SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
      [programName],
    )
    if (rows[0].count === 0) return
    throw new DatabaseRefused(`A Waggle is using ${this.shown}: ${rows[0].count} connections. Stop it, then move.`)
  }

  async close(): Promise<void> {
    await this.#client.end()
  }
}
