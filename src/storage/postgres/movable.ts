import pg from 'pg'
import type { AccountRows } from '../moving/accounts.ts'
import type { AnyRow } from '../moving/digest.ts'
import { isThere, keyOf, type Movable, movedTables, pageSql } from '../moving/movable.ts'
import type { Write } from '../port.ts'
import { DatabaseRefused } from '../refused.ts'
import type { TableName } from '../tables.ts'
import { PostgresAccountRows } from './account-rows.ts'
import { connectAlone, programName } from './connections.ts'
import { isDistributed } from './distribute.ts'
import { migrate, refuseOtherVersion } from './migrate.ts'
import { migrations } from './schema.ts'
import { statement, writing } from './statements.ts'

/** "Wagm", as a number: held by who moves a database, or fills it, for as long as its connection lasts. */
const advisoryLock = 0x5761676d
/** How long to wait for it, in ms: the server takes a moment to notice that who had it was killed. */
const lockMsMax = 5_000
/** SQLSTATE of a lock that was not to be had in time. */
const lockNotAvailable = '55P03'

/** A database on PostgreSQL that no server uses. */
export class MovablePostgres implements Movable {
  readonly shown: string
  readonly accounts: AccountRows
  readonly #client: pg.Client

  private constructor(client: pg.Client, shown: string) {
    this.#client = client
    this.shown = shown
    this.accounts = new PostgresAccountRows(client)
  }

  /**
   * @param alone whether it is for this process alone, and brought to this program's version; else another version is
   *   refused
   * @param besides one that is open already: it must be another
   * @throws DatabaseRefused, and what kept the server from being reached
   */
  static async open(
    url: string,
    shown: string,
    { alone, besides }: { alone: boolean; besides?: MovablePostgres | undefined },
  ): Promise<MovablePostgres> {
    const client = await connectAlone(url)
    try {
      if (alone) {
        if (besides !== undefined) await refuseSame(client, shown, besides.#client)
        await lock(client, shown)
        await migrate(client, migrations)
      } else await refuseOtherVersion(client, migrations, shown)
    } catch (error) {
      await client.end()
      throw error
    }
    return new MovablePostgres(client, shown)
  }

  /** Where the tables are spread, each machine keeps a moment of its own: one for each connection to it. */
  async beginSnapshot(): Promise<void> {
    if (await isDistributed(this.#client)) {
      await this.#client.query("SELECT set_config('citus.max_adaptive_executor_pool_size', '1', false)")
    }
    await this.#client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  }

  async endSnapshot(): Promise<void> {
    await this.#client.query('COMMIT')
  }

  async count(table: TableName): Promise<number> {
    return (await this.#client.query(`SELECT count(*) AS count FROM "${table}"`)).rows[0].count
  }

  async page(table: TableName, after: AnyRow | undefined, limit: number): Promise<AnyRow[]> {
    const key = keyOf(table)
    const sql = pageSql(table, { key, isFirst: after === undefined }, (at) => `$${at}`)
    const behind = after === undefined ? [] : key.map((name) => after[name])
    return (await this.#client.query(statement(sql, [...behind, limit]))).rows
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
    throw new DatabaseRefused(`A Waggle is using ${this.shown}: ${rows[0].count} connections. Stop it first.`)
  }

  async close(): Promise<void> {
    await this.#client.end()
  }
}

/**
 * Asks the databases whether they are one, since an address can be written in many ways.
 *
 * @param other a connection that has the lock
 * @throws DatabaseRefused it has that of this database
 */
async function refuseSame(client: pg.Client, shown: string, other: pg.Client): Promise<void> {
  const { rows: own } = await other.query('SELECT pg_backend_pid() AS pid')
  const { rows: holders } = await client.query(
    `SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database AND datname = current_database()
     WHERE locktype = 'advisory' AND classid = 0 AND objid = $1 AND objsubid = 1 AND granted`,
    [advisoryLock],
  )
  if (holders.some(({ pid }) => pid === own[0].pid)) throw new DatabaseRefused(isThere(shown))
}

/** @throws DatabaseRefused another process has the lock */
async function lock(client: pg.Client, shown: string): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query("SELECT set_config('lock_timeout', $1, true)", [`${lockMsMax}ms`])
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]) // it outlasts the transaction
    await client.query('COMMIT')
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== lockNotAvailable) throw error
    throw new DatabaseRefused(
      `Another move, restore or rekey is using ${shown}. Let it end first, and run the same command again.`,
      { cause: error },
    )
  }
}
