import { StorageFault } from '../engine.ts'

/** SQLite's result codes that the engine tells apart (sqlite.org/rescode.html). */
const busy = 5
const ioError = 10
const full = 13
const ioErrorOnSync = 1034
const ioErrorOnDirectorySync = 1290

/** SQLite's extended result code of an error, or undefined for an error of another kind. */
export function resultCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

export const isSqliteError = (error: unknown): boolean => resultCode(error) !== undefined

const primary = (error: unknown): number => (resultCode(error) ?? 0) & 0xff

export const isBusy = (error: unknown): boolean => primary(error) === busy

/** The disk refused: nothing to do with the work that met it. */
export const isDiskFault = (error: unknown): boolean => primary(error) === full || primary(error) === ioError

/** After a failed sync nobody knows what is on the disk, and a second sync may lie. */
export const isSyncFault = (error: unknown): boolean => {
  const code = resultCode(error)
  return code === ioErrorOnSync || code === ioErrorOnDirectorySync
}

export function storageFault(cause: unknown): StorageFault {
  const what = cause instanceof Error ? cause.message : String(cause)
  return new StorageFault(`The database refused a commit: ${what}`, { cause, fateUnknown: isSyncFault(cause) })
}
