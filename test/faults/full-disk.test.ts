import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { prepareData } from '../crash/load.ts'
import { endAll, run, type ServerProcess, temporaryDirectory } from '../crash/server.ts'
import { fullDiskHeals, fullDiskStops, type SmallDisk } from './full-disk.ts'

afterAll(endAll)

const canRun = (program: string, ...words: readonly string[]): boolean => run(program, ...words).status === 0

const missing = [
  ...(canRun('bash', '-c', 'ulimit -S -f 1024') ? [] : ['bash, which sets a limit for a process']),
  ...(canRun('prlimit', '--version') ? [] : ['prlimit of util-linux, which lifts it again']),
]
/** Part of a test's name, so that a test that is left out says why. */
const needs = missing.length === 0 ? '' : ` (NOT RUN, this machine has no ${missing.join(', no ')})`

/** Room for the write-ahead log beyond the size the database begins with, in KiB. */
const roomKib = 256

/**
 * A disk on which no file may grow beyond a limit. The limit is a soft one of the server's process: its writes
 * fail as they do on a full disk (EFBIG instead of ENOSPC).
 */
async function limitedFiles(): Promise<SmallDisk> {
  const directory = temporaryDirectory()
  onTestFinished(directory.remove)
  await prepareData(directory.path)
  const limitKib = Math.ceil(statSync(join(directory.path, 'waggle.db')).size / 1024) + roomKib
  return {
    data: directory.path,
    through: ['bash', '-c', `ulimit -S -f ${limitKib} && exec "$@"`, 'bash'],
    makeRoom: (server) => limit(server, 'unlimited'),
    takeLastRoom: (server) => limit(server, '4096'),
  }
}

/** Sets how far the files of a running server may grow, in bytes; a soft limit, which may be raised again. */
function limit({ pid }: ServerProcess, bytes: string): void {
  const { status, stderr } = run('prlimit', '--pid', String(pid), `--fsize=${bytes}:`)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
}

test.skipIf(missing.length > 0)(
  `a full disk refuses changes with 503 and changes nothing; with room the same process goes on${needs}`,
  async () => {
    const { kept, refused } = await fullDiskHeals(await limitedFiles())
    expect(kept).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(0)
  },
  60_000,
)

test.skipIf(missing.length > 0)(
  `a server whose disk is full stops in order${needs}`,
  async () => {
    await fullDiskStops(await limitedFiles())
  },
  60_000,
)
