import { createHash } from 'node:crypto'
import { closeSync, constants, createReadStream, fsyncSync, openSync, statSync } from 'node:fs'
import { chmod, copyFile } from 'node:fs/promises'
import { hasCode } from '../directory.ts'

export interface FileDigest {
  readonly bytes: number
  /** 64 hexadecimal digits. */
  readonly sha256: string
}

/** No connection of this process may have the file open: closing it here would drop that one's locks. */
export async function digestOfFile(path: string): Promise<FileDigest> {
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) digest.update(chunk)
  return { bytes: statSync(path).size, sha256: digest.digest('hex') }
}

export const isSameFile = (left: FileDigest | undefined, right: FileDigest): boolean =>
  left?.bytes === right.bytes && left.sha256 === right.sha256

/** Copies a file for its owner alone, and onto the disk. The target must not be there. */
export async function copyOwn(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  await chmod(to, 0o600)
  syncPath(to)
}

/** Waits until a file, or which names a directory has, is on the disk; Windows syncs no directories. */
export function syncPath(path: string): void {
  const isDirectory = statSync(path).isDirectory()
  if (isDirectory && process.platform === 'win32') return
  const descriptor = openSync(path, isDirectory ? 'r' : 'r+') // Windows syncs what may be written
  try {
    fsyncSync(descriptor)
  } catch (error) {
    // Some file systems, as of other machines, do not sync directories: theirs need none, or cannot be helped.
    if (!isDirectory || !hasCode(error, 'EINVAL')) throw error
  } finally {
    closeSync(descriptor)
  }
}
