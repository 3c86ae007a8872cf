import { threadId } from 'node:worker_threads'
import { afterAll, describe } from 'vitest'
import { openDatabase } from '../../src/storage/open.ts'
import { type Cluster, startCluster, withClient } from './cluster.ts'

/** Where `test/run.ts` says that a server runs for all test files; without it each begins its own. */
export const sharedVariable = 'WAGGLE_TEST_POSTGRES_URL'

/** Where `test/run.ts` says why there is none. */
export const missingVariable = 'WAGGLE_TEST_POSTGRES_MISSING'
export const isPostgresMissing = process.env[missingVariable] !== undefined

/** As `describe`, for what PostgreSQL alone has; `npm test` tells when it is missing. */
export const describeOnPostgres = describe.skipIf(isPostgresMissing)

/** A database for one test. */
export interface TestDatabase {
  readonly url: string
  /** Gives it back: it is emptied, and another test gets it. */
  release(): Promise<void>
}

let server: Promise<{ url(database: string): string }> | undefined
/** The server of this file alone. */
let own: Cluster | undefined
// vitest ends its processes by a signal, so what cluster.ts does at their exit is not done. Only a module that it runs
// itself has an `env`; scripts have none, also those that a test begins and that inherit what says VITEST.
if ('env' in import.meta) afterAll(() => own?.stop())

const free: string[] = []
let made = 0

async function begun(): Promise<{ url(database: string): string }> {
  const shared = process.env[sharedVariable]
  if (shared !== undefined) return { url: (database) => new URL(database, shared).href }
  const cluster = await startCluster()
  own = cluster
  return { url: (database) => cluster.url(database) }
}

/** An empty database with all tables: making one takes ten times as long as emptying one that another test has left. */
export async function testDatabase(): Promise<TestDatabase> {
  server ??= begun()
  const { url } = await server
  const name = free.pop() ?? (await make(url))
  return {
    url: url(name),
    release: async () => {
      await empty(url(name))
      free.push(name)
    },
  }
}

/** A database without any table; it is removed when it is given back. */
export async function emptyDatabase(): Promise<TestDatabase> {
  server ??= begun()
  const { url } = await server
  const name = newName()
  await withClient(url('postgres'), (client) => client.query(`CREATE DATABASE ${name}`))
  return {
    url: url(name),
    release: async () => {
      await withClient(url('postgres'), (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`))
    },
  }
}

function newName(): string {
  made += 1
  return `waggle_${process.pid}_${threadId}_${made}`
}

async function make(url: (database: string) => string): Promise<string> {
  const name = newName()
  await withClient(url('postgres'), (client) => client.query(`CREATE DATABASE ${name}`))
  await (await openDatabase({ directory: '', url: url(name) })).close()
  return name
}

const empty = (url: string): Promise<unknown> =>
  withClient(url, async (client) => {
    // A connection that was dropped may still be in a transaction that holds its locks.
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    const { rows } = await client.query(
      "SELECT string_agg(oid::regclass::text, ', ') AS tables FROM pg_class WHERE relkind = 'r' AND " +
        "relnamespace IN (current_schema()::regnamespace, to_regnamespace('waggle_auth')) AND relname <> 'migrations'",
    )
    return client.query(`TRUNCATE ${rows[0].tables}`)
  })
