import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What `statfs` calls a file system that lives in memory, where a sync costs nothing. */
const tmpfsMagic = 0x01021994

/**
 * Runs a body with a directory on a disk, and removes it afterwards, at Ctrl+C too.
 *
 * @throws Error the temporary directory lives in memory
 */
export async function withDirectory(body: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-bench-'))
  const remove = (): void => rmSync(directory, { recursive: true, force: true })
  process.once('exit', remove)
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
  assertOnDisk(directory)
  await body(directory)
}

/** @throws Error the directory lives in memory */
export function assertOnDisk(directory: string): void {
  if (statfsSync(directory).type !== tmpfsMagic) return
  throw new Error(`${directory} lives in memory: name a directory on a disk, the temporary one with TMPDIR.`)
}
