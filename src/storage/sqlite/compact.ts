import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { shownBytes } from '../../kernel/shown.ts'
import type { Compacted, Compacting } from '../compacting/compacting.ts'
import { isCopyBefore } from '../directory.ts'
import { DatabaseRefused } from '../refused.ts'
import { lockForServing } from './lock.ts'

/** What must be left on the disk beside what is written, in bytes. */
const spareBytes = 16 * 1024 * 1024

/** The embedded database in its directory, which no server can use meanwhile. */
export class CompactSqlite implements Compacting {
  readonly shown: string
  readonly #unlock: () => void

  /** @throws DatabaseRefused a server runs */
  constructor(directory: string) {
    this.shown = directory
    try {
      this.#unlock = lockForServing(directory)
    } catch (cause) {
      if (!(cause instanceof DatabaseRefused)) throw cause
      throw new DatabaseRefused(
        `A Waggle server is using the data in ${directory}, and beside it the file cannot be written anew. Stop the ` +
          'server, run the same command again, and start the server. What has had its time it removes by itself.',
        { cause },
      )
    }
  }

  async hasAccounts(): Promise<boolean> {
    return existsSync(join(this.shown, 'auth.db'))
  }

  async giveBack(onBegin: (name: string) => void): Promise<Compacted[]> {
    const names = ['waggle.db', 'auth.db'].filter((name) => existsSync(join(this.shown, name)))
    return names.map((name) => {
      onBegin(name)
      return writeAnew(this.shown, name)
    })
  }

  async advice(): Promise<string[]> {
    return readdirSync(this.shown)
      .filter(isCopyBefore)
      .map(
        (name) =>
          `${name} is a copy from before an upgrade and still holds what was emptied here. Remove it when you trust the new version.`,
      )
  }

  async close(): Promise<void> {
    this.#unlock()
  }
}

/**
 * Writes a file anew without its unused pages, so that nothing of what was removed is left in it. One transaction: a crash
 * leaves the file as it was, or done.
 */
function writeAnew(directory: string, name: string): Compacted {
  const path = join(directory, name)
  const bytesBefore = sizeOf(path)
  const db = new DatabaseSync(path)
  try {
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
    refuseLittleRoom(db, directory, name)
    // What is written beside the file stays on its disk, of which the room is known; by itself it would go to /var/tmp.
    db.exec(`PRAGMA temp_store = FILE; PRAGMA temp_store_directory = '${directory.replaceAll("'", "''")}'`)
    db.exec('VACUUM')
    const { busy } = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() ?? {}
    if (busy !== 0) throw new Error('another process has it open')
  } catch (cause) {
    if (cause instanceof DatabaseRefused) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DatabaseRefused(
      `${path} could not be written anew: ${reason}. Nothing is lost. Look at it with: waggle doctor`,
      { cause },
    )
  } finally {
    db.exec("PRAGMA temp_store_directory = ''")
    db.close()
  }
  return { name, bytesBefore, bytesAfter: sizeOf(path) }
}

/** The file with the log beside it, in bytes. */
const sizeOf = (path: string): number =>
  [path, `${path}-wal`].reduce((sum, one) => sum + (statSync(one, { throwIfNoEntry: false })?.size ?? 0), 0)

function refuseLittleRoom(db: DatabaseSync, directory: string, name: string): void {
  const pragma = (what: string): number => Number(Object.values(db.prepare(`PRAGMA ${what}`).get() ?? {})[0])
  const usedBytes = (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
  const { bavail, bsize } = statfsSync(directory)
  const refusal = littleRoom(join(directory, name), usedBytes, bavail * bsize)
  if (refusal !== undefined) throw refusal
}

/** Why there is not enough room: what is in use is written twice, beside the file and into its log. */
export function littleRoom(path: string, usedBytes: number, freeBytes: number): DatabaseRefused | undefined {
  const needed = 2 * usedBytes + spareBytes
  if (freeBytes >= needed) return undefined
  return new DatabaseRefused(
    `Writing ${path} anew takes ${shownBytes(needed)} of the disk meanwhile, and ${shownBytes(freeBytes)} are free. ` +
      'Make room, or move the directory to a larger disk.',
  )
}
