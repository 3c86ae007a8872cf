import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DatabaseRefused } from '../refused.ts'
import { isBusy } from './faults.ts'

/**
 * Makes this process the only server of a directory, for its life. A lock of the operating system on
 * `server.lock`, a database of its own: it ends with the process, however that ends.
 *
 * @returns what gives the lock back
 * @throws DatabaseRefused another server holds it
 */
export function lockForServing(directory: string): () => void {
  const lock = new DatabaseSync(join(directory, 'server.lock'))
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    throw new DatabaseRefused(
      `Another Waggle server is using the data in ${directory}. Stop it first, or name another directory.`,
    )
  }
  return () => lock.close()
}
