import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GeneratorProcess, ServerProcess, waggleServer } from './processes.ts'
import type { Kind } from './requests.ts'

const kinds = ['patch', 'status'] as const satisfies readonly Kind[]

/** Syncs of the disk for each PATCH, and how they were counted. */
export interface Syncs {
  readonly perPatch: Readonly<Record<(typeof kinds)[number], number>>
  readonly how: string
}

const warmUpSeconds = 1

/**
 * Counts syncs in a run of its own, so that counting slows no row of the table.
 *
 * Where strace is at hand these are the calls the kernel saw, those of checkpoints included; a filter in the
 * kernel lets all other calls pass untouched. Elsewhere the commits are counted, each of which syncs once.
 */
export async function countSyncs(
  directory: string,
  generator: GeneratorProcess,
  { connections, seconds }: { connections: number; seconds: number },
): Promise<Syncs> {
  const trace = join(directory, 'syncs.trace')
  const options = ['-f', '-qq', '--seccomp-bpf', '-e', 'trace=fsync,fdatasync', '-ttt', '-o', trace]
  const traced = spawnSync('strace', [...options, 'true']).status === 0
  const server = await ServerProcess.start(
    waggleServer,
    traced ? [directory] : [directory, 'count-commits'],
    traced ? { under: ['strace', ...options] } : {},
  )
  const spans = new Map<Kind, { from: number; to: number; commits: number; answers: number }>()
  for (const kind of kinds) {
    await generator.load(server, { kind, connections, seconds: warmUpSeconds })
    const before = await server.usage()
    const from = Date.now() / 1000
    const { answers } = await generator.load(server, { kind, connections, seconds })
    const to = Date.now() / 1000
    spans.set(kind, { from, to, answers, commits: (await server.usage()).commits - before.commits })
  }
  await server.stop()

  const calls = traced ? syncTimes(readFileSync(trace, 'utf8')) : []
  const perPatch = (kind: Kind): number => {
    const { from = 0, to = 0, commits = 0, answers = 1 } = spans.get(kind) ?? {}
    return (traced ? calls.filter((at) => at >= from && at <= to).length : commits) / answers
  }
  return {
    perPatch: { patch: perPatch('patch'), status: perPatch('status') },
    how: traced
      ? 'fsync and fdatasync calls that the kernel saw (strace), checkpoints included, in a run of its own'
      : 'commits, each of which syncs once, checkpoints left out (strace is not at hand), in a run of its own',
  }
}

/** When each call began, in Unix seconds: a line is `pid time fdatasync(…`. */
const syncTimes = (trace: string): number[] =>
  Array.from(trace.matchAll(/^\d+ +(\d+\.\d+) f(?:data)?sync\(/gm), ([, at]) => Number(at))
