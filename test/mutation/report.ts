/** What a run tells of the mutants of a file: the part of the report's schema (version 2) that is used. */
interface Mutant {
  readonly mutatorName: string
  readonly replacement?: string
  readonly status:
    | 'Killed'
    | 'Timeout'
    | 'Survived'
    | 'NoCoverage'
    | 'Ignored'
    | 'RuntimeError'
    | 'CompileError'
    | 'Pending'
  /** Lines and columns from 1. */
  readonly location: { readonly start: Place; readonly end: Place }
}

interface Place {
  readonly line: number
  readonly column: number
}

interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>
}

export interface FileReport {
  readonly file: string
  readonly killed: number
  /** One line each: where, and what became what. */
  readonly survived: readonly string[]
}

const detected: ReadonlySet<string> = new Set(['Killed', 'Timeout'])
const undetected: ReadonlySet<string> = new Set(['Survived', 'NoCoverage'])

export function reportOf(report: Report): FileReport[] {
  return Object.entries(report.files).map(([file, { source, mutants }]) => ({
    file,
    killed: mutants.filter(({ status }) => detected.has(status)).length,
    survived: mutants
      .filter(({ status }) => undetected.has(status))
      .toSorted((left, right) => left.location.start.line - right.location.start.line)
      .map((mutant) => lineOf(file, source, mutant)),
  }))
}

function lineOf(file: string, source: string, { mutatorName, replacement, status, location }: Mutant): string {
  const { start, end } = location
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const last = lines.pop() ?? ''
  const text = [...lines, last.slice(0, end.column - 1)].join('\n').slice(start.column - 1)
  const short = (code: string): string => {
    const line = code.replace(/\s+/g, ' ')
    return line.length > 100 ? `${line.slice(0, 100)}…` : line
  }
  const uncovered = status === 'NoCoverage' ? ' (no test comes here)' : ''
  return `${file}:${start.line}:${start.column} ${mutatorName}${uncovered}: ${short(text)} → ${short(replacement ?? '')}`
}

/** Writes the survivors, then a row for each file. */
export function tell(reports: readonly FileReport[]): void {
  for (const { survived } of reports) for (const line of survived) console.log(line)
  console.log(`\n${'file'.padEnd(32)}  mutants  killed  survived   score`)
  for (const { file, killed, survived } of reports) {
    const mutants = killed + survived.length
    const score = mutants === 0 ? '–' : `${((100 * killed) / mutants).toFixed(1)} %`
    const numbers = [String(mutants).padStart(7), String(killed).padStart(6), String(survived.length).padStart(8)]
    console.log(`${file.padEnd(32)}  ${numbers.join('  ')}  ${score.padStart(6)}`)
  }
}
