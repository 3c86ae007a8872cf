import type pg from 'pg'
import { type Migration, otherVersion } from '../migration.ts'
import { DatabaseRefused } from '../refused.ts'

/** The versions of PostgreSQL that the tests run on, from and to. */
const versionMin = 15
/** "Wagg", as a number: processes that begin at the same time bring a database up to date one after the other. */
const advisoryLock = 0x57616767

/**
 * Brings a database to the newest version, each step in a transaction of its own, recorded in `migrations`.
 *
 * @throws DatabaseRefused the server is too old or keeps texts in another coding; the database is newer than this program,
 *   was made by steps that were never released, or holds tables of something else
 */
export async function migrate(client: pg.ClientBase, steps: readonly Migration[]): Promise<void> {
  await refuseServer(client)
  await client.query('SELECT set_config($1, $2, false), set_config($3, $2, false)', [
    'lock_timeout',
    '0',
    'statement_timeout',
  ])
  await client.query('SELECT pg_advisory_lock($1)', [advisoryLock])
  try {
    const found = await namesIn(client)
    if (found.length > steps.length) {
      throw new DatabaseRefused(
        `The database has version ${found.length}, but this Waggle knows only up to ${steps.length}. ` +
          'Start the newer Waggle that made it, or restore a copy from before the upgrade.',
      )
    }
    if (!found.every((name, at) => name === steps[at]?.name)) {
      throw new DatabaseRefused(
        'The database was made by a Waggle that was never released, and its tables are not those of this one. ' +
          'Start with an empty database, or go on with the Waggle that made it.',
      )
    }
    for (let at = found.length; at < steps.length; at += 1) await apply(client, steps, at)
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [advisoryLock])
  }
}

/**
 * Leaves the database as it is.
 *
 * @throws DatabaseRefused it has not the newest version
 */
export async function refuseOtherVersion(
  client: pg.ClientBase,
  steps: readonly Migration[],
  shown: string,
): Promise<void> {
  const found = await namesIn(client)
  if (found.length === 0) throw new DatabaseRefused(`There is no database of Waggle's in ${shown}.`)
  if (found.length === steps.length && found.every((name, at) => name === steps[at]?.name)) return
  throw new DatabaseRefused(otherVersion(shown, { found: found.length, known: steps.length, kind: 'postgresql' }))
}

async function apply(client: pg.ClientBase, steps: readonly Migration[], at: number): Promise<void> {
  const step = steps[at]
  if (step === undefined) return
  await client.query('BEGIN')
  try {
    if (at === 0) {
      await client.query(
        'CREATE TABLE migrations (version bigint PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
      )
    }
    await client.query(step.sql)
    await client.query('INSERT INTO migrations (version, name) VALUES ($1, $2)', [at + 1, step.name])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

async function refuseServer(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query(
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version, " +
      "current_setting('server_encoding') AS coding",
  )
  const { number, version, coding } = rows[0]
  if (number < versionMin * 10_000) {
    throw new DatabaseRefused(`The server is PostgreSQL ${version}; Waggle needs ${versionMin} or newer.`)
  }
  if (coding !== 'UTF8') {
    throw new DatabaseRefused(`The database keeps texts as ${coding}; Waggle needs one that was made with UTF8.`)
  }
}

/** The names of the steps that were taken; none in an empty database. */
async function namesIn(client: pg.ClientBase): Promise<string[]> {
  const { rows: tables } = await client.query(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')",
  )
  if (tables.length === 0) return []
  if (
    !tables.some(({ relname }) => relname === 'migrations') ||
    !tables.some(({ relname }) => relname === 'company_log')
  ) {
    throw new DatabaseRefused("The database holds tables that are not Waggle's. Give Waggle a database of its own.")
  }
  const { rows } = await client.query('SELECT name FROM migrations ORDER BY version')
  return rows.map(({ name }) => name)
}
