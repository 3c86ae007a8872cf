import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { shownBytes } from '../../kernel/shown.ts'
import { syncPath } from '../backup/files.ts'
import { DatabaseRefused } from '../refused.ts'
import { isDiskFault } from './faults.ts'

/**
 * Puts a whole copy of a database beside it, before it is brought to a version. It is written under another name and gets
 * its own when it is whole and on the disk. A copy that is there already stays: beside one that holds something else the
 * new one is `waggle-before-v<N>-2.db`, and so on.
 *
 * Nobody else may make one meanwhile: whoever calls holds the lock for writing, on another connection, as VACUUM INTO is
 * refused inside a transaction.
 *
 * @throws DatabaseRefused there is no room for it
 */
export function copyBefore(path: string, version: number): void {
  const directory = dirname(path)
  const unfinished = join(directory, `waggle-before-v${version}.unfinished`)
  removeUnfinished(unfinished)
  const source = new DatabaseSync(path)
  try {
    source.prepare('VACUUM INTO ?').run(unfinished)
    syncPath(unfinished)
  } catch (error) {
    removeUnfinished(unfinished)
    if (!isDiskFault(error)) throw error
    throw new DatabaseRefused(
      `The copy of ${path} that is made before it is brought to version ${version} could not be written: ` +
        `${error instanceof Error ? error.message : String(error)}. It needs up to ${shownBytes(statSync(path).size)} ` +
        'beside it. Nothing was changed; make room, and do the same again.',
      { cause: error },
    )
  } finally {
    source.close()
  }
  const named = (suffix: string): string => join(directory, `waggle-before-v${version}${suffix}.db`)
  let copy = named('')
  for (let at = 2; existsSync(copy) && !isSame(copy, unfinished); at += 1) copy = named(`-${at}`)
  renameSync(unfinished, copy)
  syncPath(directory)
}

/** With what SQLite may have left beside it. */
function removeUnfinished(path: string): void {
  for (const suffix of ['', '-journal']) rmSync(`${path}${suffix}`, { force: true })
}

/** The same database is copied to the same bytes. */
function isSame(one: string, other: string): boolean {
  if (statSync(one).size !== statSync(other).size) return false
  const files = [openSync(one, 'r'), openSync(other, 'r')] as const
  const [left, right] = [Buffer.alloc(1 << 20), Buffer.alloc(1 << 20)]
  try {
    for (;;) {
      const read = readSync(files[0], left)
      if (read !== readSync(files[1], right) || !left.subarray(0, read).equals(right.subarray(0, read))) return false
      if (read === 0) return true
    }
  } finally {
    for (const file of files) closeSync(file)
  }
}
