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
  /** The most that was resident so far (MB are 10⁶ bytes), and the pages of files in what was at the end. */
  readonly residentMaxMegabytes: number
  readonly residentFileMegabytes: number
  /** To the raw server in the same round; null where the load is another. */
  readonly ratioToRaw: number | null
  /** The load generator's share of one CPU, the highest of all rounds. */
  readonly generatorShare: number
  /** The longest pause of the load generator's event loop in all rounds. */
  readonly generatorLoopMaxMs: number
}

interface RowOptions {
  /** Absent where the load is another. */
  readonly rawRounds?: readonly Round[]
  readonly syncsPerPatch?: number | undefined
}

export function rowOf(
  { name, about }: Pick<Row, 'name' | 'about'>,
  rounds: readonly Round[],
  { rawRounds, syncsPerPatch }: RowOptions,
): Row {
  const last = rounds.at(-1)
  return {
    name,
    about,
    requestsPerSecond: Math.round(median(rounds.map(rate))),
    p50Ms: rounded(median(rounds.map(({ p50Ms }) => p50Ms)), 2),
    p99Ms: rounded(median(rounds.map(({ p99Ms }) => p99Ms)), 2),
    maxMs: rounded(Math.max(...rounds.map(({ maxMs }) => maxMs)), 1),
    cpuMicrosPerRequest: rounded(median(rounds.map(({ cpuMicros, answers }) => cpuMicros / answers)), 1),
    syncsPerPatch: syncsPerPatch === undefined ? null : rounded(syncsPerPatch, 4),
    residentMaxMegabytes: megabytes(last?.residentMaxBytes ?? 0),
    residentFileMegabytes: megabytes(last?.residentFileBytes ?? 0),
    ratioToRaw: rawRounds === undefined ? null : ratioOf(rounds, rawRounds),
    generatorShare: rounded(Math.max(...rounds.map(({ generatorShare }) => generatorShare)), 2),
    generatorLoopMaxMs: rounded(Math.max(...rounds.map(({ generatorLoopMaxMs }) => generatorLoopMaxMs)), 1),
  }
}

export const rate = ({ answers, seconds }: Pick<Round, 'answers' | 'seconds'>): number => answers / seconds

/** The median of the ratios of two rows, each taken within its round. */
export const ratioOf = (rounds: readonly Round[], others: readonly Round[]): number =>
  rounded(median(rounds.map((round, index) => rate(round) / rate(others[index] ?? round))), 3)

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
  return (lower + upper) / 2
}

export const rounded = (value: number, places: number): number => Number(value.toFixed(places))
const megabytes = (bytes: number): number => Math.round(bytes / 1e6)
export const mostMegabytes = (rounds: readonly Round[]): number =>
  megabytes(Math.max(...rounds.map(({ residentMaxBytes }) => residentMaxBytes)))

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
  ['a second', ({ requestsPerSecond }) => String(requestsPerSecond)],
  ['p50 ms', ({ p50Ms }) => p50Ms.toFixed(2)],
  ['p99 ms', ({ p99Ms }) => p99Ms.toFixed(2)],
  ['max ms', ({ maxMs }) => maxMs.toFixed(1)],
  ['CPU µs each', ({ cpuMicrosPerRequest }) => cpuMicrosPerRequest.toFixed(1)],
  ['syncs/PATCH', ({ syncsPerPatch }) => (syncsPerPatch === null ? '–' : syncsPerPatch.toFixed(4))],
  ['MB', ({ residentMaxMegabytes }) => String(residentMaxMegabytes)],
  ['of files', ({ residentFileMegabytes }) => String(residentFileMegabytes)],
  ['ratio to raw', ({ ratioToRaw }) => (ratioToRaw === null ? '–' : ratioToRaw.toFixed(2))],
  ['load CPU', ({ generatorShare }) => `${Math.round(generatorShare * 100)} %`],
]

/** The rows as a table. */
export const tableOf = (rows: readonly Row[]): string =>
  textTable([columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => cell(row)))])

/** Lines of cells as a table: names to the left, figures to the right; the first line is its head. */
export function textTable(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  const padded = lines.map((line) =>
    line.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))),
  )
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  const [head, ...body] = padded.map((line) => line.join('  '))
  return [head, rule, ...body].join('\n')
}
