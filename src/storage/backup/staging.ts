import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseRefused } from '../refused.ts'
import { lockFile } from '../sqlite/lock.ts'
import { syncPath } from './files.ts'

/** In a data directory while it is restored, with the mark in it: what is there besides is not whole, and serves nobody. */
export const stagingName = 'restoring'
/**
 * The first that is in a folder of ours and the last: a folder without it is somebody else's, or empty. Whoever fills the
 * folder holds a lock on it.
 */
export const markName = 'not-complete'

/** Whether a restore into a directory was begun and not ended. */
export const isHalfRestored = (directory: string): boolean => existsSync(join(directory, stagingName, markName))

/** @throws DatabaseRefused a restore into the directory was begun and not ended */
export function refuseHalfRestored(directory: string): void {
  if (!isHalfRestored(directory)) return
  throw new DatabaseRefused(
    `${directory} is the target of a restore that is not complete. Run the same \`waggle restore\` again.`,
  )
}

/** A folder of ours that this process fills. */
export interface Staging {
  /** What is in it, without the mark. */
  names(): string[]
  /** Takes the mark away: what is in the folder stays. */
  complete(): void
  /** Removes the folder: once the mark is gone the restore is over. */
  end(): void
}

/**
 * Begins a folder of ours, or begins it anew.
 *
 * @throws DatabaseRefused one of that name is there, with something in it, and is not of us; or another process fills it
 */
export function beginStaging(staged: string): Staging {
  if (!existsSync(staged)) mkdirSync(staged, { mode: 0o700 })
  const mark = join(staged, markName)
  const isOurs = existsSync(mark)
  if (!isOurs && readdirSync(staged).length > 0) {
    throw new DatabaseRefused(`${staged} is there, and is not of a restore. Move it out of the directory.`)
  }
  if (!isOurs) writeFileSync(mark, '', { mode: 0o600, flush: true })
  const unlock = lockFile(mark)
  if (unlock === undefined) {
    throw new DatabaseRefused(`Another restore is using ${staged}. Let it end first, or name another --data.`)
  }
  const names = (): string[] => readdirSync(staged).filter((name) => name !== markName)
  const empty = (): void => {
    for (const name of names()) rmSync(join(staged, name), { recursive: true })
  }
  const complete = (): void => {
    unlock()
    rmSync(mark, { force: true })
  }
  empty()
  syncPath(staged)
  syncPath(join(staged, '..'))
  return {
    names,
    complete,
    end: () => {
      empty()
      complete()
      rmdirSync(staged)
    },
  }
}
