import { onTestFinished } from 'vitest'
import { isPostgresMissing, testDatabase } from '../postgres/databases.ts'
import { temporaryDirectory } from './program.ts'

/** Where a database is, for commands (`args`) and for the test; a data directory comes with both kinds. */
export interface Placed {
  readonly args: string[]
  readonly data: string
  readonly url: string
}

/** How each kind of database is named to a command. */
export const databases: [name: string, make: () => Promise<Placed>][] = [
  ['the embedded database', async () => placed('')],
  ...(isPostgresMissing ? [] : [['PostgreSQL', onPostgres] as [string, () => Promise<Placed>]]),
]

async function onPostgres(): Promise<Placed> {
  const { url, release } = await testDatabase()
  onTestFinished(release)
  return placed(url)
}

/** @param url empty for the embedded database */
export function placed(url: string): Placed {
  const data = temporaryDirectory()
  return { data, url, args: ['--data', data, ...(url === '' ? [] : ['--database-url', url])] }
}
