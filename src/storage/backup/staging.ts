import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseRefused } from '../refused.ts'
import { syncPath } from './files.ts'

/** In a data directory while it is restored, with the mark in it: what is there besides is not whole, and serves nobody. */
export const stagingName = 'restoring'
/** The first that is in a folder of ours and the last: a folder without it is somebody else's, or empty. */
const markName = 'not-complete'

/** Whether a restore into a directory was begun and not ended. */
export const isHalfRestored = (directory: string): boolean => existsSync(join(directory, stagingName, markName))

/** @throws DatabaseRefused a restore into the directory was begun and not ended */
export function refuseHalfRestored(directory: string): void {
  if (!isHalfRestored(directory)) return
  throw new DatabaseRefused(
    `${directory} is the target of a restore that is not complete. Run the same \`waggle restore\` again.`,
  )
}

/**
 * Begins a folder of ours, or begins it anew.
 *
 * @throws DatabaseRefused one of that name is there, with something in it, and is not of a restore
 */
export function beginStaging(staged: string): void {
  if (!existsSync(staged)) mkdirSync(staged, { mode: 0o700 })
  if (!existsSync(join(staged, markName)) && readdirSync(staged).length > 0) {
    throw new DatabaseRefused(`${staged} is there, and is not of a restore. Move it out of the directory.`)
  }
  empty(staged)
  writeFileSync(join(staged, markName), '', { mode: 0o600, flush: true })
  syncPath(staged)
  syncPath(join(staged, '..'))
}

/** Removes a folder of ours: once the mark is gone the restore is over. */
export function endStaging(staged: string): void {
  empty(staged)
  rmSync(join(staged, markName), { force: true })
  rmdirSync(staged)
}

/** Names in a folder of ours, without the mark. */
export const stagedIn = (staged: string): string[] => readdirSync(staged).filter((name) => name !== markName)

function empty(staged: string): void {
  for (const name of stagedIn(staged)) rmSync(join(staged, name), { recursive: true })
}
