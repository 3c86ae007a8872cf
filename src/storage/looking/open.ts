import { resolve } from 'node:path'
import { refuseHalfRestored } from '../backup/staging.ts'
import { shownDatabase } from '../open.ts'
import { LookPostgres } from '../postgres/look.ts'
import { DatabaseRefused } from '../refused.ts'
import { LookSqlite } from '../sqlite/look.ts'
import type { Looking } from './looking.ts'

/**
 * Opens a database to be looked at, beside a server or without one.
 *
 * @throws DatabaseRefused there is none; it cannot be read or reached; a restore into it is not complete
 */
export async function openLooking(place: { readonly directory: string; readonly url: string }): Promise<Looking> {
  if (place.url === '') {
    const directory = resolve(place.directory)
    refuseHalfRestored(directory)
    return new LookSqlite(directory)
  }
  const shown = shownDatabase(place.url)
  try {
    return await LookPostgres.open(place.url, shown)
  } catch (error) {
    if (error instanceof DatabaseRefused) throw error
    const reason = error instanceof Error ? error.message || String(error) : String(error)
    throw new DatabaseRefused(`The database ${shown} cannot be reached: ${reason}.`, { cause: error })
  }
}
