import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../../src/storage/open.ts'
import { hold } from '../crash/check.ts'
import { prepareData, startLoad } from '../crash/load.ts'
import { run, temporaryDirectory, until } from '../crash/server.ts'
import { checkNext, type Fault, type Ground, onServer, type Told, underLoad } from './fault.ts'
import { inject, missingTracer } from './trace.ts'

/** How long the process may live after its first refusal, in ms. */
const endsWithinMs = 2_000

/** Starts the program that follows, with every sync failing from the given one on; the trace tells each. */
const failingFrom = (sync: number, trace: string): readonly string[] => {
  const fault = `inject=fsync,fdatasync:error=EIO:when=${sync}+`
  return ['strace', '-D', '-f', '--seccomp-bpf', '-o', trace, '-e', 'trace=fsync,fdatasync', '-e', fault]
}

/** The process ends by itself, soon, and acknowledges nothing that came after the first refusal. */
async function checkStopped({ data, book, server }: Ground): Promise<Told> {
  const ended = await server.ended
  const endedAt = performance.now()
  assert.deepEqual([ended.code, ended.signal, ended.err], [1, null, ''], 'it should end by itself, with code 1')
  const [first] = book.refused
  assert(first !== undefined, 'no request was refused: those that waited for the sync got no answer')
  const later = book.acknowledged.find(({ sentAt }) => sentAt > first.receivedAt)
  assert(later === undefined, `a change that was sent after the first refusal was acknowledged: ${later?.number}`)
  const livedMs = Math.round(endedAt - first.receivedAt)
  assert(livedMs < endsWithinMs, `it lived on for ${livedMs} ms after the sync that failed`)
  return checkNext(
    { data, book },
    `stopped with code 1 ${livedMs} ms after its first refusal; the next start recovered`,
  )
}

/**
 * Every sync after the first few fails, as on a disk that goes bad. Nobody knows then what is on it: nothing
 * more is acknowledged, the process ends by itself, and the next one reads the file anew.
 *
 * @param connections with one, each acknowledged change needs a sync of its own, which is counted
 * @param syncs that succeed in each thread before the first that fails
 */
async function syncsFailFrom(connections: number, syncs: number): Promise<Told> {
  const traces = temporaryDirectory()
  const trace = join(traces.path, 'syncs')
  try {
    return await onServer(
      async (ground) => {
        const { book, server } = ground
        const load = startLoad(server.url, book, connections)
        await until('it has stopped', () => !server.isRunning())
        await load.over
        const told = await checkStopped(ground)
        // strace counts each kind of call of each thread. Of one that others interrupted, the end stands in a line of its own.
        const calls = [
          ...readFileSync(trace, 'utf8').matchAll(/^(\d+ ).*?(f(?:data)?sync)(?:\(\d+| resumed>)\) += 0/gm),
        ]
        const succeeded = calls.length
        for (const [which, alike] of Map.groupBy(calls, ([, thread = '', call = '']) => thread + call)) {
          assert(alike.length <= syncs, `${alike.length} of ${which} succeeded, ${syncs} should have`)
        }
        assert(
          connections > 1 || told.acknowledged <= succeeded,
          `${told.acknowledged} changes were acknowledged after ${succeeded} syncs`,
        )
        return told
      },
      { through: failingFrom(syncs + 1, trace) },
    )
  } finally {
    traces.remove()
  }
}

/**
 * One sync fails under load, and every later one succeeds again, which proves nothing: the system forgets what it
 * could not write.
 *
 * @param graceMs how long after the call changes may still be acknowledged whose own sync succeeded
 */
const oneSyncFails = (file: string, graceMs: number): Promise<Told> =>
  onServer(async (ground) => {
    const { data, book, server } = ground
    const load = await underLoad(ground, 32)
    const fault = await inject(server.pid, {
      calls: 'fsync,fdatasync',
      what: 'error=EIO:when=1',
      files: [join(data, file)],
    })
    await until('a sync has failed', () => fault.times().length > 0 || !server.isRunning())
    const goesOn = book.acknowledged.length + 2_000
    await until('it has stopped or goes on', () => !server.isRunning() || book.acknowledged.length >= goesOn)
    await fault.end()
    hold(!server.isRunning(), `the server goes on though a sync of ${file} failed`)
    await load.over
    const failedAt = (fault.times()[0] ?? 0) - performance.timeOrigin
    const later = book.acknowledged.find(({ sentAt }) => sentAt > failedAt + graceMs)
    assert(later === undefined, `a change that was sent after the sync that failed was acknowledged: ${later?.number}`)
    return checkStopped(ground)
  })

const sweepProgram = fileURLToPath(new URL('./sweep.ts', import.meta.url))

/** A sync that fails under a write that no request waits for stops the process as well. */
async function syncOfSweepFails(): Promise<Told> {
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
    return { acknowledged: 0, refused: 0, unanswered: 0, unheard: 0, outcome: 'told to stop' }
  } finally {
    directory.remove()
  }
}

/** A stop tells the main thread, which may answer what it holds; docs/behaviour.md §8 gives the process a second. */
const checkpointGraceMs = 1_000

export const syncFaults: readonly Fault[] = [
  {
    name: 'EIO on sync, one connection',
    injected: 'strace: every fsync and fdatasync from the 26th on fails with EIO',
    quick: true,
    missing: missingTracer,
    run: () => syncsFailFrom(1, 25),
  },
  {
    name: 'EIO on sync, 32 connections',
    injected: 'strace: every fsync and fdatasync from the 61st on fails with EIO',
    quick: true,
    missing: missingTracer,
    run: () => syncsFailFrom(32, 60),
  },
  {
    name: 'EIO on one sync of the log',
    injected: 'strace: one fsync or fdatasync of the log fails with EIO, later ones succeed',
    quick: true,
    missing: missingTracer,
    run: () => oneSyncFails('waggle.db-wal', 0),
  },
  {
    name: 'EIO on one sync of a checkpoint',
    injected: 'strace: one fsync or fdatasync of the database file fails with EIO, later ones succeed',
    quick: false,
    missing: missingTracer,
    run: () => oneSyncFails('waggle.db', checkpointGraceMs),
  },
  {
    name: 'EIO on sync of a sweep',
    injected: 'strace: every fsync and fdatasync fails with EIO while old idempotency keys are removed',
    quick: true,
    missing: missingTracer,
    run: syncOfSweepFails,
  },
]
