import assert from 'node:assert/strict'
import { join } from 'node:path'
import { prepareData } from '../crash/load.ts'
import { run, startServer, temporaryDirectory } from '../crash/server.ts'
import { namespace } from './disk-faults.ts'
import type { Fault, Told } from './fault.ts'

/** Starts the program that follows where one path can only be read, also by root. */
const reading = (path: string): readonly string[] => [
  ...namespace,
  'bash',
  '-c',
  'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"',
  path,
]

function missingReadOnly(): string | undefined {
  const directory = temporaryDirectory()
  const [unshare = '', ...words] = reading(directory.path)
  const { status } = run(unshare, ...words, 'true')
  directory.remove()
  return status === 0 ? undefined : 'unshare, mount or bash is not here, or not allowed'
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

/** A start on data that cannot be written ends with a sentence that says so. */
async function startIsRefused(path: (data: string) => string, hasServed: boolean): Promise<Told> {
  const directory = temporaryDirectory()
  try {
    await prepareData(directory.path)
    if (hasServed) await (await startServer(directory.path)).end('SIGTERM')
    const started = await startServer(directory.path, reading(path(directory.path))).catch(asError)
    if (!(started instanceof Error)) {
      await started.end('SIGKILL')
      assert.fail('it serves, though it cannot write')
    }
    const said = /"code":(\d+),"signal":null,"err":"(.*)"\}$/s.exec(started.message)
    assert(said !== null, started.message)
    assert.notEqual(said[1], '0', 'it should end with another code than 0')
    assert.match(said[2] ?? '', /^waggle: [^\n]*(?:writable|read-only|readonly)[^\n]*\\n$/, 'it should say why')
    return {
      acknowledged: 0,
      refused: 0,
      unanswered: 0,
      unheard: 0,
      outcome: `ended with code ${said[1]} and said why`,
    }
  } finally {
    directory.remove()
  }
}

export const readOnlyFaults: readonly Fault[] = [
  {
    name: 'read-only directory',
    injected: 'the data directory is mounted read-only before the start',
    quick: true,
    missing: missingReadOnly,
    run: () => startIsRefused((data) => data, true),
  },
  {
    name: 'read-only file, first start',
    injected: 'waggle.db is mounted read-only before the first start',
    quick: false,
    missing: missingReadOnly,
    run: () => startIsRefused((data) => join(data, 'waggle.db'), false),
  },
  {
    name: 'read-only file',
    injected: 'waggle.db is mounted read-only before a later start',
    quick: false,
    missing: missingReadOnly,
    run: () => startIsRefused((data) => join(data, 'waggle.db'), true),
  },
]
