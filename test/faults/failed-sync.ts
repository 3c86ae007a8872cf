import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../src/storage/open.ts'
import { checkAnswers, checkDatabase } from '../crash/check.ts'
import { newBook, patchOnce, prepareData, startLoad } from '../crash/load.ts'
import { run, startServer, temporaryDirectory } from '../crash/server.ts'

/** How long the process may live after its first refusal, in ms. */
const endsWithinMs = 2_000

/** Why the failure of a sync cannot be tried here; undefined when it can. */
export function missingForFailedSync(): string | undefined {
  const [tracer = '', ...through] = failingFrom(1, '/dev/null')
  const { status, error } = run(tracer, ...through, 'true')
  if (error !== undefined) return 'strace is not on this machine'
  return status === 0 ? undefined : 'strace may not follow a process here'
}

/** Starts the program that follows, with every sync failing from the given one on; the trace tells each. */
const failingFrom = (sync: number, trace: string): readonly string[] => {
  const fault = `inject=fsync,fdatasync:error=EIO:when=${sync}+`
  return ['strace', '-D', '-f', '--seccomp-bpf', '-o', trace, '-e', 'trace=fsync,fdatasync', '-e', fault]
}

interface FailedSync {
  readonly acknowledged: number
  readonly refused: number
  /** From the first refusal to the end of the process. */
  readonly endedAfterMs: number
  /** Changes that stand though they were not acknowledged: their fate was unknown. */
  readonly standUnacknowledged: number
}

/**
 * Every sync after the first few fails, as on a disk that goes bad. Nobody knows then what is on it: nothing
 * more is acknowledged, the process ends by itself, and the next one reads the file anew.
 *
 * @param connections with one, each acknowledged change needs a sync of its own, which is counted
 * @param syncs that succeed before the first that fails
 */
export async function failedSyncStops(connections: number, syncs: number): Promise<FailedSync> {
  const directory = temporaryDirectory()
  await prepareData(directory.path)
  const trace = join(directory.path, 'syncs')
  const book = newBook()
  let server = await startServer(directory.path, failingFrom(syncs + 1, trace))
  try {
    const load = startLoad(server.url, book, connections)
    const ended = await server.ended
    const endedAt = performance.now()
    await load.over
    assert.deepEqual([ended.code, ended.signal, ended.err], [1, null, ''], 'it should end by itself, with code 1')

    const [first] = book.refused
    assert(first !== undefined, 'no request was refused: those that waited for the sync got no answer')
    for (const { status, body } of book.refused) {
      assert.deepEqual([status, body], [503, '{"error":"Service unavailable"}'])
    }
    const endedAfterMs = Math.round(endedAt - first.receivedAt)
    assert(endedAfterMs < endsWithinMs, `it lived on for ${endedAfterMs} ms after the sync that failed`)
    const later = book.acknowledged.find(({ sentAt }) => sentAt > first.receivedAt)
    assert(later === undefined, `a change that was sent after the first refusal was acknowledged: ${later?.number}`)
    const succeeded = readFileSync(trace, 'utf8').match(/ f(?:data)?sync\(\d+\) += 0/g)?.length ?? 0
    assert(succeeded <= syncs, `${succeeded} syncs succeeded, ${syncs} should have`)
    if (connections === 1) {
      const acknowledged = book.acknowledged.length
      assert(acknowledged <= succeeded, `${acknowledged} changes were acknowledged after ${succeeded} syncs`)
    }

    server = await startServer(directory.path)
    const checked = await checkDatabase(directory.path, book)
    await checkAnswers(server.url, checked)
    const acknowledged = book.acknowledged.length
    assert('version' in (await patchOnce(server.url, book)), 'the server that was started anew refuses changes')
    return {
      acknowledged,
      refused: book.refused.length,
      endedAfterMs,
      standUnacknowledged: checked.changes - acknowledged,
    }
  } finally {
    await server.end('SIGKILL')
    directory.remove()
  }
}

const sweepProgram = fileURLToPath(new URL('./sweep.ts', import.meta.url))

/** A sync that fails under a write that no request waits for stops the process as well. */
export async function failedSyncOfSweepStops(): Promise<void> {
  const directory = temporaryDirectory()
  try {
    await prepareData(directory.path)
    const database = await openDatabase({ directory: directory.path })
    const row = { company_id: 3, key: 'old', fingerprint: '', created_at: 0, reply: '{}', sequence: null }
    await database.load([{ kind: 'insert', table: 'idempotency_keys', row }])
    await database.close()
    const [tracer = '', ...through] = failingFrom(1, '/dev/null')
    const { stdout, stderr } = run(tracer, ...through, process.execPath, sweepProgram, directory.path)
    assert.equal(stderr, '')
    assert.match(stdout, /^refused: /m, 'the sweep should not have succeeded')
    assert.match(stdout, /^told to stop$/m, 'a sync failed under the sweep of idempotency keys, and the server goes on')
  } finally {
    directory.remove()
  }
}
