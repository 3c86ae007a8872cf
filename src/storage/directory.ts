import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { DatabaseRefused } from './refused.ts'

/** Whether an error of the operating system is one of these, such as `ENOENT`. */
export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))

export const isDirectory = (path: string): boolean => existsSync(path) && statSync(path).isDirectory()

/**
 * As `mkdir -p`, for its owner only. Node's own recursive form never ends where a file system takes no folders.
 *
 * @throws DatabaseRefused a file is in the way
 */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) return
  if (existsSync(path)) throw new DatabaseRefused(`${path} is a file. Name a directory.`)
  makeDirectory(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

/** Whether a path is a directory or something in it, whatever links lead there; it need not be there. */
export function isWithin(directory: string, path: string): boolean {
  const way = relative(realOf(resolve(directory)), realOf(resolve(path)))
  return !isAbsolute(way) && way.split(sep)[0] !== '..'
}

const realOf = (path: string): string =>
  existsSync(path) || dirname(path) === path ? realpathSync(path) : join(realOf(dirname(path)), basename(path))

/** Whether two paths lead to one file, through whatever links; false where nothing is. */
export function isOneFile(left: string, right: string): boolean {
  if (!existsSync(left) || !existsSync(right)) return false
  const [one, other] = [statSync(left, { bigint: true }), statSync(right, { bigint: true })]
  return one.dev === other.dev && one.ino === other.ino
}

/**
 * Whether a directory holds an embedded database.
 *
 * @throws DatabaseRefused there may be one, but this user must not look
 */
export function holdsDatabase(directory: string): boolean {
  const path = join(resolve(directory), 'waggle.db')
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch (error) {
    if (!hasCode(error, 'EACCES')) return false
    throw new DatabaseRefused(`This user may not read ${path}. Run the command as the user of the server.`)
  }
}

/** Whether a file beside an embedded database is a copy from before an upgrade, by its name. */
export const isCopyBefore = (name: string): boolean => /^waggle-before-v\d+(-\d+)?\.db$/.test(name)
