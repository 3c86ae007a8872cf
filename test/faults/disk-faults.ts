import { statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hold } from '../crash/check.ts'
import { prepareData } from '../crash/load.ts'
import { run, type ServerProcess, temporaryDirectory } from '../crash/server.ts'
import type { Fault, Told } from './fault.ts'
import { fullDiskHeals, fullDiskStops, type SmallDisk } from './full-disk.ts'

const canRun = (program: string, ...words: readonly string[]): boolean => run(program, ...words).status === 0

function missingLimits(): string | undefined {
  if (!canRun('bash', '-c', 'ulimit -S -f 1024')) return 'there is no bash, which sets a limit for a process'
  return canRun('prlimit', '--version') ? undefined : 'there is no prlimit of util-linux, which lifts a limit again'
}

/** Room for the write-ahead log beyond the size the database begins with, in KiB. */
const roomKib = 256

/**
 * A disk on which no file may grow beyond a limit. The limit is a soft one of the server's process: its writes
 * fail as they do on a full disk (EFBIG instead of ENOSPC). The write that reaches it is short.
 */
async function onLimitedFiles(body: (disk: SmallDisk) => Promise<Told>): Promise<Told> {
  const directory = temporaryDirectory()
  try {
    await prepareData(directory.path)
    const limitKib = Math.ceil(statSync(join(directory.path, 'waggle.db')).size / 1024) + roomKib
    return await body({
      data: directory.path,
      through: ['bash', '-c', `ulimit -S -f ${limitKib} && exec "$@"`, 'bash'],
      makeRoom: (server) => limit(server, 'unlimited'),
      takeLastRoom: (server) => limit(server, '4096'),
    })
  } finally {
    directory.remove()
  }
}

/** Sets how far the files of a running server may grow, in bytes; a soft limit, which may be raised again. */
function limit({ pid }: ServerProcess, bytes: string): void {
  const { status, stderr } = run('prlimit', '--pid', String(pid), `--fsize=${bytes}:`)
  hold(status === 0, `prlimit: ${stderr}`)
}

/** A file system of its own needs the right to mount one; as another user than root a namespace may give it. */
export const namespace: readonly string[] = [
  'unshare',
  '--mount',
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
]

/** Why no file system can be mounted here; undefined when one can. */
function missingMounts(): string | undefined {
  const [unshare = '', ...words] = namespace
  return canRun(unshare, ...words, 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir())
    ? undefined
    : 'unshare and mount are not here, or not allowed'
}

/** The program says what it saw; it is a process of its own, as only so it has mounts of its own. */
async function onFullFileSystem(): Promise<Told> {
  const program = fileURLToPath(new URL('./full-file-system.ts', import.meta.url))
  const [unshare = '', ...words] = namespace
  const { status, stdout, stderr } = run(unshare, ...words, process.execPath, program)
  hold(status === 0, stderr)
  return JSON.parse(stdout)
}

export const diskFaults: readonly Fault[] = [
  {
    name: 'full disk, by a limit',
    injected: `RLIMIT_FSIZE: files grow by ${roomKib} KiB, the last write is short; then the limit is lifted`,
    quick: true,
    missing: missingLimits,
    run: () => onLimitedFiles(fullDiskHeals),
  },
  {
    name: 'full disk, then SIGTERM',
    injected: 'RLIMIT_FSIZE: as above, and the last room is taken before the stop',
    quick: true,
    missing: missingLimits,
    run: () => onLimitedFiles(fullDiskStops),
  },
  {
    name: 'full file system',
    injected: 'a tmpfs of 8 MiB is full (ENOSPC); then a file of another is removed',
    quick: true,
    missing: missingMounts,
    run: onFullFileSystem,
  },
]
