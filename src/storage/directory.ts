import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** As `mkdir -p`, for its owner only. Node's own recursive form never ends where a file system takes no folders. */
export function makeDirectory(path: string): void {
  if (existsSync(path)) return
  makeDirectory(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

/** Whether a directory holds an embedded database. */
export const holdsDatabase = (directory: string): boolean => existsSync(join(directory, 'waggle.db'))
