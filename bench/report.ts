import { arch, cpus, platform, totalmem } from 'node:os'
import type { Round } from './rounds.ts'

/** A row of the table: medians of its rounds. */
export interface Row {
  readonly name: string
  readonly about: string
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** The slowest answer of all rounds. */
  readonly maxMs: number
  readonly cpuMicrosPerRequest: number
  readonly syncsPerPatch: number | null
  readonly residentMebibytes: number
  /** To the raw server in the same round. */
  readonly ratioToRaw: number
}

export function rowOf(
  { name, about }: Pick<Row, 'name' | 'about'>,
  rounds: readonly Round[],
  rawRounds: readonly Round[],
  syncsPerPatch: number | undefined,
): Row {
  const ratios = rounds.map((round, index) => rate(round) / rate(rawRounds[index] ?? round))
  return {
    name,
    about,
    requestsPerSecond: Math.round(median(rounds.map(rate))),
    p50Ms: rounded(median(rounds.map(({ p50Ms }) => p50Ms)), 2),
    p99Ms: rounded(median(rounds.map(({ p99Ms }) => p99Ms)), 2),
    maxMs: rounded(Math.max(...rounds.map(({ maxMs }) => maxMs)), 1),
    cpuMicrosPerRequest: rounded(median(rounds.map(({ cpuMicros, answers }) => cpuMicros / answers)), 1),
    syncsPerPatch: syncsPerPatch === undefined ? null : rounded(syncsPerPatch, 4),
    residentMebibytes: Math.round((rounds.at(-1)?.residentBytes ?? 0) / 1_048_576),
    ratioToRaw: rounded(median(ratios), 3),
  }
}

export const rate = ({ answers, seconds }: Pick<Round, 'answers' | 'seconds'>): number => answers / seconds

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
  return (lower + upper) / 2
}

const rounded = (value: number, places: number): number => Number(value.toFixed(places))

/** What the figures depend on; it names neither the host nor a path. */
export const machine = () => ({
  cpus: cpus().length,
  model: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGibibytes: Math.round(totalmem() / 1_073_741_824),
  node: process.versions.node,
  sqlite: process.versions['sqlite'] ?? 'unknown',
  platform: `${platform()} ${arch()}`,
})

const columns: readonly [title: string, cell: (row: Row) => string][] = [
  ['', ({ about }) => about],
  ['requests/s', ({ requestsPerSecond }) => String(requestsPerSecond)],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(2)],
  ['p99 ms', ({ p99Ms }) => p99Ms.toFixed(2)],
  ['max ms', ({ maxMs }) => maxMs.toFixed(1)],
  ['CPU µs/request', ({ cpuMicrosPerRequest }) => cpuMicrosPerRequest.toFixed(1)],
  ['syncs/PATCH', ({ syncsPerPatch }) => (syncsPerPatch === null ? '–' : syncsPerPatch.toFixed(4))],
  ['MiB', ({ residentMebibytes }) => String(residentMebibytes)],
  ['ratio to raw', ({ ratioToRaw }) => ratioToRaw.toFixed(2)],
]

/** The rows as a table: names to the left, figures to the right. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => cell(row)))]
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const padded = lines.map((line) =>
    line.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))),
  )
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  const [head, ...body] = padded.map((line) => line.join('  '))
  return [head, rule, ...body].join('\n')
}
