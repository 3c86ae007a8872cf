import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hold } from '../crash/check.ts'
import { run, temporaryDirectory, until } from '../crash/server.ts'
import { checkHealed, type Fault, onServer, stopLoad, type Told, underLoad } from './fault.ts'

const source = fileURLToPath(new URL('./short-write.c', import.meta.url))
/** Writes that must have been short, so that each kind of them was. */
const shortWritesEnough = 1_000

const missingCompiler = (): string | undefined =>
  process.platform === 'linux' && run('cc', '--version').status === 0
    ? undefined
    : 'there is no C compiler (cc), or no LD_PRELOAD'

/** Writes that were cut short are continued where they ended, and nobody notices. */
async function writesAreShort(): Promise<Told> {
  const directory = temporaryDirectory()
  const library = join(directory.path, 'short-write.so')
  const tally = join(directory.path, 'tally')
  const shortWrites = (): number => (existsSync(tally) ? statSync(tally).size : 0)
  try {
    const { status, stderr } = run('cc', '-shared', '-fPIC', '-O1', '-o', library, source)
    hold(status === 0, `cc: ${stderr}`)
    return await onServer(
      async (ground) => {
        const { book, server } = ground
        const load = await underLoad(ground, 8)
        await until('enough writes were short', () => shortWrites() >= shortWritesEnough || !server.isRunning())
        await stopLoad(load)
        assert.equal(book.refused.length, 0, 'a change was refused though a short write can be continued')
        return checkHealed(ground, `${shortWrites()} short writes were continued`)
      },
      { settings: { LD_PRELOAD: library, SHORT_WRITES: tally } },
    )
  } finally {
    directory.remove()
  }
}

export const shortWrites: readonly Fault[] = [
  {
    name: 'short write',
    injected: 'a preloaded pwrite64 that writes a part only, two times of three',
    quick: true,
    missing: missingCompiler,
    run: writesAreShort,
  },
]
