import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isDirectory } from '../directory.ts'
import { isLocked } from '../sqlite/lock.ts'
import { markName } from './staging.ts'

/** Between the name of a backup and six letters, while it is written. */
export const unfinishedInfix = '.unfinished-'

const folderName = /\.unfinished-[A-Za-z0-9]{6}$/
const ourFile = /^(?:(?:waggle|auth)\.db(?:-wal|-shm|-journal)?|server\.lock|secret\.key|backup\.json|not-complete)$/

/** What a backup left that was killed. */
export interface Unfinished {
  readonly path: string
  /** When it was written last, Unix ms. */
  readonly at: number
  /** Undefined where this user may not look into it. */
  readonly bytes: number | undefined
}

/** Folders in a directory that backups left: those that a process is writing are not among them. */
export function unfinishedIn(directory: string): Unfinished[] {
  if (!isDirectory(directory)) return []
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && folderName.test(entry.name))
    .map(({ name }) => leftIn(join(directory, name)))
    .filter((left) => left !== undefined)
}

function leftIn(path: string): Unfinished | undefined {
  const folder = statSync(path, { throwIfNoEntry: false })
  if (folder === undefined) return undefined // it got its name meanwhile
  try {
    const names = readdirSync(path)
    if (!names.every((name) => ourFile.test(name)) || isLocked(join(path, markName))) return undefined
    const files = names
      .map((name) => statSync(join(path, name), { throwIfNoEntry: false }))
      .filter((one) => one !== undefined)
    return {
      path,
      at: Math.max(folder.mtimeMs, ...files.map(({ mtimeMs }) => mtimeMs)),
      bytes: files.reduce((sum, { size }) => sum + size, 0),
    }
  } catch {
    return existsSync(path) ? { path, at: folder.mtimeMs, bytes: undefined } : undefined
  }
}
