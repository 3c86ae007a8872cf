import type { Load } from './messages.ts'
import type { GeneratorProcess, ServerProcess } from './processes.ts'
import { median, rate, rounded } from './report.ts'
import { historyLeads } from './requests.ts'
import type { Round } from './rounds.ts'

/** The heavy reads that run beside PATCH: as many lists as histories. */
const readsPerSecond = 8
const readConnections = 2
const historySeconds = 1

/** What the reads of all rounds saw. */
export interface ReadsSeen {
  readonly wantedPerSecond: number
  /** The fewest of all rounds: fewer than wanted when an answer took longer than its turn. */
  readonly perSecond: number
  readonly p50Ms: number
  readonly maxMs: number
}

/** Gives the leads that are read over and over a long history. */
export async function makeHistories(
  generator: GeneratorProcess,
  server: ServerProcess,
  connections: number,
): Promise<void> {
  await generator.load(server, { kind: 'patch', connections, seconds: historySeconds, leads: historyLeads })
}

/** Runs a round while a generator of its own reads a deep page of the list and long histories in turn. */
export async function besideReads(
  reader: GeneratorProcess,
  server: ServerProcess,
  { seconds, run }: { seconds: number; run: () => Promise<Round> },
): Promise<{ round: Round; reads: Load }> {
  const loading = { kind: 'reads', connections: readConnections, perSecond: readsPerSecond, seconds } as const
  const [reads, round] = await Promise.all([reader.load(server, loading), run()])
  return { round, reads }
}

export const readsSeen = (rounds: readonly Load[]): ReadsSeen => ({
  wantedPerSecond: readsPerSecond,
  perSecond: rounded(Math.min(...rounds.map(rate)), 1),
  p50Ms: rounded(median(rounds.map(({ p50Ms }) => p50Ms)), 1),
  maxMs: rounded(Math.max(...rounds.map(({ maxMs }) => maxMs)), 1),
})

export const aboutReads = ({ wantedPerSecond, perSecond, p50Ms, maxMs }: ReadsSeen): string =>
  `heavy reads: ${perSecond} a second (${wantedPerSecond} wanted), deep pages and histories; ` +
  `p50 ${p50Ms} ms, slowest ${maxMs} ms`
