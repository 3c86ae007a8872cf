import { resolve } from 'node:path'
import { holdsDatabase } from '../directory.ts'
import { shownDatabase } from '../open.ts'
import { CompactPostgres } from '../postgres/compact.ts'
import { DatabaseRefused } from '../refused.ts'
import { CompactSqlite } from '../sqlite/compact.ts'
import type { Compacting } from './compacting.ts'

/**
 * Opens a database for its space. The embedded one is held until it is closed: no server can begin on it.
 *
 * @throws DatabaseRefused there is none; a server runs on the embedded one; it cannot be reached
 */
export async function openCompacting(place: { readonly directory: string; readonly url: string }): Promise<Compacting> {
  if (place.url !== '') {
    const shown = shownDatabase(place.url)
    try {
      return await CompactPostgres.open(place.url, shown)
    } catch (error) {
      const reason = error instanceof Error ? error.message || String(error) : String(error)
      throw new DatabaseRefused(`The database ${shown} cannot be used: ${reason}.`, { cause: error })
    }
  }
  const directory = resolve(place.directory)
  if (!holdsDatabase(directory)) throw new DatabaseRefused(`There is no database in ${directory}.`)
  return new CompactSqlite(directory)
}
