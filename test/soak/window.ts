/** What was seen of a server for a few seconds. */
export interface Window {
  /** When it ended, in seconds after the load began. */
  readonly at: number
  readonly seconds: number
  /** Counts the servers that ran on the data: the first is 1. */
  readonly life: number
  readonly residentMib: number
  readonly descriptors: number
  /** Bytes of the write-ahead log, in MiB. */
  readonly logMib: number
  /** Changes that their webhook has not told yet. */
  readonly backlog: number
  readonly acknowledged: number
  readonly refused: number
  readonly unanswered: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** What went wrong in it or shortly before; empty when nothing did. */
  readonly trouble: string
}

/** A value that should not grow, and how much more than in the beginning is no growth yet. */
interface Measure {
  readonly name: string
  readonly unit: string
  readonly of: (window: Window) => number
  /** The end may have so many times what the beginning had, and so much more. */
  readonly times: number
  readonly plus: number
}

const measures: readonly Measure[] = [
  { name: 'memory', unit: 'MiB', of: ({ residentMib }) => residentMib, times: 1.2, plus: 128 },
  { name: 'descriptors', unit: '', of: ({ descriptors }) => descriptors, times: 1, plus: 8 },
  { name: 'write-ahead log', unit: 'MiB', of: ({ logMib }) => logMib, times: 1.5, plus: 8 },
  { name: 'webhook backlog', unit: 'changes', of: ({ backlog }) => backlog, times: 1.5, plus: 5_000 },
  { name: 'p99', unit: 'ms', of: ({ p99Ms }) => p99Ms, times: 2, plus: 20 },
]

export interface Judged {
  readonly name: string
  readonly unit: string
  readonly first: number
  readonly last: number
  readonly most: number
  readonly isFlat: boolean
}

/** The share of a server's life in which it warms up. */
const warmUp = 0.1
/** Quiet windows that the beginning and the end need at the least. */
const windowsMin = 2

/**
 * Compares the first quarter of the last server's life, after its warm-up, to the last quarter: medians of the windows
 * in which nothing went wrong.
 *
 * @throws Error when there are too few of them
 */
export function judge(windows: readonly Window[]): Judged[] {
  const ofLife = windows.filter(({ life }) => life === windows.at(-1)?.life)
  const quiet = ofLife.slice(Math.ceil(ofLife.length * warmUp)).filter(({ trouble }) => trouble === '')
  const quarter = Math.floor(quiet.length / 4)
  if (quarter < windowsMin) {
    throw new Error(`${quiet.length} windows without trouble are too few to judge: let it run longer`)
  }
  return measures.map(({ name, unit, of, times, plus }) => {
    const first = median(quiet.slice(0, quarter).map(of))
    const last = median(quiet.slice(-quarter).map(of))
    const most = first * times + plus
    return { name, unit, first, last, most, isFlat: last <= most }
  })
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** A share of the values is not above it; 0 when there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}
