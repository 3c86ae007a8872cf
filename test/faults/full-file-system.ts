import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { prepareData } from '../crash/load.ts'
import { run, temporaryDirectory } from '../crash/server.ts'
import { fullDiskHeals } from './full-disk.ts'

/**
 * A program of its own, for a mount namespace of its own: fills a small file system in memory until there is no
 * space (ENOSPC), makes room by removing a file that is not the server's, and prints what it was told as JSON.
 */
const directory = temporaryDirectory()
const mounted = run('mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', directory.path)
if (mounted.status !== 0) throw new Error(`mount: ${mounted.stderr}`)
try {
  await prepareData(directory.path)
  const filler = join(directory.path, 'filler')
  const { bavail, bsize } = statfsSync(directory.path)
  writeFileSync(filler, new Uint8Array(bavail * bsize - 512 * 1024))
  const told = await fullDiskHeals({
    data: directory.path,
    through: [],
    makeRoom: () => rmSync(filler),
  })
  console.log(JSON.stringify(told))
} finally {
  run('umount', directory.path)
  directory.remove()
}
