import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { movedTables } from '../../../src/storage/moving/movable.ts'
import { openDatabase } from '../../../src/storage/open.ts'
import { isPostgresMissing, testDatabase } from '../../postgres/databases.ts'

/** Where a database is, as the commands take it. */
export interface Place {
  readonly directory: string
  readonly url: string
}

/** An empty directory for one test. */
export function directory(): Place {
  const path = mkdtempSync(join(tmpdir(), 'waggle-move-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return { directory: path, url: '' }
}

/** An empty database for one test, with a directory beside it. */
export async function onPostgres(): Promise<Place> {
  const { url, release } = await testDatabase()
  onTestFinished(release)
  return { directory: directory().directory, url }
}

/** Each kind of place. */
export const placesOf: [name: string, make: () => Promise<Place>][] = [
  ['the embedded database', async () => directory()],
  ...(isPostgresMissing ? [] : [['PostgreSQL', onPostgres] as [string, typeof onPostgres]]),
]

/** All rows of all tables, in one order. */
export async function rowsIn(place: Place): Promise<Record<string, unknown[]>> {
  const database = await openDatabase(place)
  try {
    const all: Record<string, unknown[]> = {}
    for (const table of movedTables) {
      const rows = await database.find((db) => db.selectFrom(table).selectAll())
      all[table] = rows.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1))
    }
    return all
  } finally {
    await database.close()
  }
}
