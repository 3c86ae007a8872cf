import { withClient } from '../postgres/cluster.ts'
import { isPostgresMissing, testDatabase } from '../postgres/databases.ts'
import { isOnPostgres, temporaryDirectory, until } from './server.ts'

/** Where a database is that a test fills: its directory, or its address on PostgreSQL. */
export interface Site {
  readonly at: string
  remove(): Promise<void>
}

/** As the program is told of it. */
export const placeOf = (at: string): { directory: string; url?: string } =>
  isOnPostgres(at) ? { directory: '', url: at } : { directory: at }

async function embedded(): Promise<Site> {
  const { path, remove } = temporaryDirectory()
  return { at: path, remove: async () => remove() }
}

async function onPostgres(): Promise<Site> {
  const { url, release } = await testDatabase()
  return { at: url, remove: release }
}

/** Every crash is tried on each of these. */
export const sites: readonly (readonly [name: string, make: () => Promise<Site>])[] = [
  ['the embedded database', embedded],
  ...(isPostgresMissing ? [] : [['PostgreSQL', onPostgres] as const]),
]

/** What a process that was killed had sent has been carried out, or never will be. */
export async function leftAlone(at: string): Promise<void> {
  if (!isOnPostgres(at)) return
  const others = 'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()'
  await withClient(at, async (client) => {
    let count: number | null = 1
    const look = async (): Promise<void> => {
      count = (await client.query(others)).rowCount
      if (count !== 0) setTimeout(look, 5)
    }
    await look()
    await until('the server has ended the connections of a process that is gone', () => count === 0)
  })
}
