import { textTable } from './report.ts'

/** A figure that a run is judged by. */
interface Goal {
  readonly name: string
  readonly about: string
  readonly better: 'more' | 'less'
  readonly unit: '×' | 'ms' | 'MB'
  readonly required: number
  /** Near what a machine allows; absent where the required figure is all that is asked for. */
  readonly wished?: number
}

const times = { better: 'more', unit: '×' } as const
const share = { better: 'less', unit: '×' } as const
const atMostMb = { better: 'less', unit: 'MB', required: 256 } as const

/** What each run measures, what only `--large`, `--lists` or `--postgres` does, and what stands beside other servers. */
const goals = {
  standard: [
    { name: 'patchToRaw', about: 'PATCH / raw node:http', ...times, required: 0.45, wished: 0.6 },
    { name: 'batchToSingle', about: 'PATCH / one transaction for each request', ...times, required: 5, wished: 8 },
    { name: 'besideReadsToAlone', about: 'PATCH beside heavy reads / alone', ...times, required: 0.85, wished: 0.95 },
    { name: 'oneConnectionToBare', about: 'PATCH on one connection / bare commits', ...times, required: 0.8 },
    { name: 'manyToPatch', about: 'changes in batches / PATCH', ...times, required: 3 },
    { name: 'residentMegabytes', about: 'resident memory under load', ...atMostMb },
  ],
  large: [
    { name: 'manyToFewLeads', about: 'PATCH, many leads / few leads', ...times, required: 0.7, wished: 0.85 },
    { name: 'worstPauseMs', about: 'worst pause, many leads', better: 'less', unit: 'ms', required: 25, wished: 10 },
    {
      name: 'besideReadsToAloneMany',
      about: 'PATCH beside heavy reads / alone, many leads',
      ...times,
      required: 0.85,
      wished: 0.95,
    },
    { name: 'residentFewMegabytes', about: 'resident memory under load, few leads', ...atMostMb },
    { name: 'residentManyMegabytes', about: 'resident memory under load, many leads', ...atMostMb },
  ],
  lists: [
    {
      name: 'worstManyToFew',
      about: 'the slowest kind of list, many leads / few leads',
      ...share,
      required: 2.5,
      wished: 1.5,
    },
    { name: 'searchToScan', about: 'search / a scan with LIKE, many leads', ...share, required: 0.25, wished: 0.2 },
    { name: 'indexedToNone', about: 'PATCH, all indexes kept / none', ...times, required: 0.85 },
  ],
  consoles: [{ name: 'watchedToAlone', about: 'PATCH with ten consoles / without', ...times, required: 0.9 }],
  imports: [{ name: 'importToBare', about: 'import / bare inserts of the same rows', ...times, required: 0.5 }],
  postgres: [
    { name: 'oneToNine', about: 'one company: write path / nine statements', ...times, required: 7 },
    { name: 'oneToOneStatement', about: 'one company: write path / one statement', ...times, required: 1.6 },
    { name: 'manyToNine', about: 'many companies: write path / nine statements', ...times, required: 7 },
    { name: 'manyToOneStatement', about: 'many companies: write path / one statement', ...times, required: 1.6 },
    { name: 'twoProcessesOne', about: 'one company: two processes / one', ...times, required: 0.9 },
    { name: 'twoProcessesMany', about: 'many companies: two processes / one', ...times, required: 0.9 },
  ],
  peers: [
    { name: 'toDirectus', about: 'PATCH / Directus', ...times, required: 60 },
    { name: 'toStrapi', about: 'PATCH / Strapi', ...times, required: 60 },
    { name: 'p99ToDirectus', about: 'p99 / that of Directus', ...share, required: 0.1 },
    { name: 'p99ToStrapi', about: 'p99 / that of Strapi', ...share, required: 0.1 },
    { name: 'residentToDirectus', about: 'resident memory under load / Directus', ...share, required: 0.6 },
    { name: 'residentToStrapi', about: 'resident memory under load / Strapi', ...share, required: 0.6 },
  ],
} as const satisfies Record<string, readonly Goal[]>

type Part = keyof typeof goals
/** What a part of the bench measured, by the goals it is judged by. */
export type Measured<P extends Part> = Readonly<Record<(typeof goals)[P][number]['name'], number>>

/** A goal with what was measured of it. */
interface Judged extends Goal {
  readonly measured: number
  readonly verdict: 'missed' | 'met' | 'wished figure met'
}

export function judge<P extends Part>(part: P, measured: Measured<P>): Judged[] {
  const figures = new Map(Object.entries<number>(measured))
  return goals[part].map((goal: Goal) => {
    const value = figures.get(goal.name) ?? Number.NaN
    return { ...goal, measured: value, verdict: verdictOf(goal, value) }
  })
}

function verdictOf({ better, required, wished }: Goal, value: number): Judged['verdict'] {
  const meets = (figure: number): boolean => (better === 'more' ? value >= figure : value <= figure)
  if (wished !== undefined && meets(wished)) return 'wished figure met'
  return meets(required) ? 'met' : 'missed'
}

/** The goals as a table: each with its required and its wished figure beside it. */
export function goalsTable(all: readonly Judged[]): string {
  const line = ({ about, better, unit, measured, required, wished, verdict }: Judged): string[] => {
    const bound = (figure: number | undefined): string =>
      figure === undefined ? '–' : `${better === 'more' ? '≥' : '≤'} ${figure} ${unit}`
    return [about, `${measured} ${unit}`, bound(required), bound(wished), verdict]
  }
  return textTable([['', 'measured', 'required', 'wished', ''], ...all.map(line)])
}
