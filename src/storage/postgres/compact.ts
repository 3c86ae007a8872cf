import type pg from 'pg'
import { shownBytes } from '../../kernel/shown.ts'
import type { Compacted, Compacting } from '../compacting/compacting.ts'
import { movedTables } from '../moving/movable.ts'
import { DatabaseRefused } from '../refused.ts'
import { connectAlone } from './connections.ts'

/** From this size on a table is worth the wait for its lock, in bytes. */
const worthBytesMin = 100 * 1024 * 1024
/** A row's head and its place in the page, in bytes (postgresql.org/docs, Database Page Layout). */
const rowOverheadBytes = 28

/** A database on PostgreSQL; servers go on beside it. */
export class CompactPostgres implements Compacting {
  readonly shown: string
  readonly #client: pg.Client

  private constructor(client: pg.Client, shown: string) {
    this.#client = client
    this.shown = shown
  }

  static async open(url: string, shown: string): Promise<CompactPostgres> {
    return new CompactPostgres(await connectAlone(url), shown)
  }

  async hasAccounts(): Promise<boolean> {
    const { rows } = await this.#client.query("SELECT to_regclass('waggle_auth.session') IS NOT NULL AS has")
    return rows[0].has
  }

  async giveBack(onBegin: (name: string) => void): Promise<Compacted[]> {
    const { rows } = await this.#client.query(
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND (relnamespace = to_regnamespace('waggle_auth')
         OR relnamespace = current_schema()::regnamespace AND relname = ANY($1)) ORDER BY 1`,
      [movedTables],
    )
    const compacted: Compacted[] = []
    for (const { name } of rows) {
      onBegin(name)
      const bytesBefore = await this.#bytesOf(name)
      try {
        await this.#client.query(`VACUUM (ANALYZE) ${name}`)
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new DatabaseRefused(`${this.shown} refused VACUUM of ${name}: ${reason}.`, { cause })
      }
      compacted.push({ name, bytesBefore, bytesAfter: await this.#bytesOf(name) })
    }
    return compacted
  }

  async #bytesOf(table: string): Promise<number> {
    const { rows } = await this.#client.query('SELECT pg_total_relation_size($1::regclass) AS bytes', [table])
    return rows[0].bytes
  }

  /** By what the statistics say of rows and their width; they are new. */
  async advice(): Promise<string[]> {
    const { rows } = await this.#client.query(
      `SELECT c.relname AS name, pg_relation_size(c.oid) AS bytes, greatest(c.reltuples, 0) AS rows,
         coalesce(sum(s.avg_width * (1 - s.null_frac)), 0)::float8 AS width
       FROM pg_class c LEFT JOIN pg_stats s ON s.schemaname = current_schema() AND s.tablename = c.relname
       WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname = ANY($1)
       GROUP BY c.oid ORDER BY 1`,
      [movedTables],
    )
    return [
      'Room inside the tables is used again by new rows; the files get smaller at their ends only.',
      ...rows.flatMap(({ name, bytes, rows: count, width }) => {
        const unused = unusedBytes({ bytes, rows: count, width })
        return isWorthFull(bytes, unused) ? [fullAdvice(name, bytes, unused)] : []
      }),
    ]
  }

  async close(): Promise<void> {
    await this.#client.end()
  }
}

/** About how much of a table's own file holds no row, in bytes. */
export const unusedBytes = (table: { bytes: number; rows: number; width: number }): number =>
  Math.max(0, Math.round(table.bytes - table.rows * (table.width + rowOverheadBytes)))

export const isWorthFull = (bytes: number, unused: number): boolean => bytes >= worthBytesMin && unused > bytes / 2

const fullAdvice = (name: string, bytes: number, unused: number): string =>
  `${name} takes ${shownBytes(bytes)}, about ${shownBytes(unused)} of it unused. To give them ` +
  `to the disk: VACUUM FULL ${name}; in psql. Changes wait meanwhile, and the disk must hold the rest of it twice.`
