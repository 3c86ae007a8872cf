import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DatabaseRefused } from '../refused.ts'
import { isBusy } from './faults.ts'

/**
 * Locks a file for this process alone, which makes it where it is not there. It is a lock of the operating system on an
 * empty database: it ends with the process, however that ends. Who else opens and closes the file here drops it.
 *
 * @returns what gives the lock back; undefined when somebody holds it
 */
export function lockFile(path: string): (() => void) | undefined {
  const lock = new DatabaseSync(path)
  try {
    lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if (!isBusy(error)) throw error
    return undefined
  }
  return () => {
    if (lock.isOpen) lock.close()
  }
}

/** Whether somebody holds the lock on a file; nothing is written, and nothing held up. */
export function isLocked(path: string): boolean {
  if (!existsSync(path)) return false
  const looked = new DatabaseSync(path, { readOnly: true })
  try {
    looked.prepare('SELECT count(*) FROM sqlite_schema').get()
    return false
  } catch (error) {
    if (isBusy(error)) return true
    throw error
  } finally {
    looked.close()
  }
}

/**
 * Makes this process the only server of a directory, for its life, with a lock on `server.lock`.
 *
 * @returns what gives the lock back
 * @throws DatabaseRefused another server holds it
 */
export function lockForServing(directory: string): () => void {
  const unlock = lockFile(join(directory, 'server.lock'))
  if (unlock !== undefined) return unlock
  throw new DatabaseRefused(
    `Another Waggle server is using the data in ${directory}. Stop it first, or name another directory.`,
  )
}
