import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PostgresDialect } from 'kysely'
import { makeDirectory } from './directory.ts'
import { accountSchema } from './postgres/account-rows.ts'
import { commandName, poolOf, programName } from './postgres/connections.ts'

const connectionsMax = 4
/** Held while tables are made, so that processes that begin at once do not make them twice. */
const making = 7_237_842
/** How long a command waits for the server's write, in ms; the server itself never waits. */
const commandWaitMs = 2_000

/** The database of who may sign in: apart from all other data, on connections of its own. */
export interface AccountStore {
  /** As the library that keeps accounts takes it. */
  readonly database:
    | DatabaseSync
    | { readonly dialect: PostgresDialect; readonly type: 'postgres'; readonly schemaName: string; transaction: true }
  /** Runs a task that no other process may run at the same time. */
  alone<T>(task: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Opens the accounts that belong to a database: `auth.db` in its directory, or the schema `waggle_auth` beside it.
 *
 * @param serving whether a server asks, whose main thread may not wait for another process
 */
export function openAccounts(place: {
  readonly directory: string
  readonly url?: string | undefined
  readonly serving?: boolean
}): AccountStore {
  const { directory, url = '', serving = false } = place
  return url === '' ? inFile(directory, serving) : inSchema(url, serving)
}

function inFile(directory: string, serving: boolean): AccountStore {
  makeDirectory(directory)
  const database = new DatabaseSync(join(directory, 'auth.db'), { timeout: serving ? 0 : commandWaitMs })
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON',
  )
  return { database, alone: (task) => task(), close: async () => database.close() }
}

function inSchema(url: string, serving: boolean): AccountStore {
  const pool = poolOf(url, connectionsMax, serving ? programName : commandName)
  return {
    database: {
      dialect: new PostgresDialect({ pool }),
      type: 'postgres',
      schemaName: accountSchema,
      transaction: true,
    },
    alone: async (task) => {
      const client = await pool.connect()
      try {
        await client.query('SELECT pg_advisory_lock($1)', [making])
        return await task()
      } finally {
        await client.query('SELECT pg_advisory_unlock($1)', [making]).catch(() => {})
        client.release()
      }
    },
    close: () => pool.end(),
  }
}
