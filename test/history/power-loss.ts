import { existsSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { run, until } from '../crash/server.ts'

/** The file in which SQLite keeps what was committed and not yet brought to the database file. */
const logName = 'waggle.db-wal'

const syncDelayUs = 2_000

/** Why a loss of power cannot be tried here; undefined when it can. */
export function missingForPowerLoss(): string | undefined {
  const [tracer = '', ...through] = tracedTo('/dev/null')
  const { status, error } = run(tracer, ...through, 'true')
  if (error !== undefined) return 'strace is not on this machine'
  return status === 0 ? undefined : 'strace may not follow a process here'
}

/**
 * Starts the program that follows, and writes down what it writes and syncs. Syncs take longer, so that a kill finds
 * much that is not synced, and clients have time to ask for it.
 */
export const tracedTo = (trace: string): readonly string[] => [
  ...['strace', '-D', '-f', '-y', '--seccomp-bpf', '-s', '0', '-o', trace],
  ...['-e', 'trace=pwrite64,fsync,fdatasync', '-e', `inject=fsync,fdatasync:delay_enter=${syncDelayUs}`],
]

/**
 * Makes of a killed process a machine that lost its power: what the log was given behind its last sync is gone. A
 * sync counts that has returned, and for what was written before it was called. Pages of the database file are left:
 * they may be on the disk, and what they were brought from is in the log, or was synced before.
 *
 * @param pid the process that was killed, as its trace names it
 * @returns bytes that were lost
 */
export async function loseUnsynced(directory: string, { trace, pid }: { trace: string; pid: number }): Promise<number> {
  const killed = new RegExp(`^${pid} +\\+\\+\\+ killed`, 'm')
  await until('the trace has ended', () => killed.test(readFileSync(trace, 'utf8')))
  const from = firstUnsynced(readFileSync(trace, 'utf8'))
  const log = join(directory, logName)
  rmSync(join(directory, 'waggle.db-shm'), { force: true })
  if (from === undefined || !existsSync(log)) return 0
  const lost = Math.max(0, statSync(log).size - from)
  if (lost > 0) truncateSync(log, from)
  return lost
}

/**
 * The first byte of the log that was written and not synced; undefined when all was.
 *
 * @param trace lines of strace, in the order in which calls began, or went on: `pid call(fd<path>, …) = result`
 */
export function firstUnsynced(trace: string): number | undefined {
  let unsynced: number[] = []
  /** Of a sync that has not returned, by its thread: how many of the unsynced it is for. */
  const syncing = new Map<string, number>()
  for (const line of trace.split('\n')) {
    const thread = /^\d+/.exec(line)?.[0] ?? ''
    const returned = / = 0(?: \(DELAYED\))?$/.test(line)
    if (line.includes('sync resumed>')) {
      const count = syncing.get(thread)
      if (count !== undefined && returned) unsynced = syncedUpTo(count)
      syncing.delete(thread)
      continue
    }
    if (!line.includes(`/${logName}>`)) continue
    const offset = /pwrite64\(.*, \d+, (\d+)(?:\)| <)/.exec(line)?.[1]
    if (offset !== undefined) unsynced.push(Number(offset))
    else if (!/ f(?:data)?sync\(/.test(line)) throw new Error(`what does the trace tell? ${line}`)
    else if (returned) unsynced = syncedUpTo(unsynced.length)
    else syncing.set(thread, unsynced.length)
  }
  return unsynced.length === 0 ? undefined : Math.min(...unsynced)

  /** Other threads that sync have that much less to do. */
  function syncedUpTo(count: number): number[] {
    for (const [thread, other] of syncing) syncing.set(thread, Math.max(0, other - count))
    return unsynced.slice(count)
  }
}
