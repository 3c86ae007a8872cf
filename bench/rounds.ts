import type { Load, Loading, Resident, Usage } from './messages.ts'
import type { GeneratorProcess, Loaded, WriterProcess } from './processes.ts'
import { changesIn } from './requests.ts'

/** What one round of one row measured. */
export interface Round extends Load, Resident {
  readonly cpuMicros: number
}

/** A PATCH that changed nothing wrote nothing, and would flatter the row: fewer than so many in all must. */
const changedShareMin = 0.99

/**
 * One round of one row; of a request that carries many changes each counts.
 *
 * @throws Error an answer was not 200, or a patch changed nothing
 */
export async function measure(
  generator: GeneratorProcess,
  server: Loaded,
  { keepsLog, ...loading }: Omit<Loading, 'port'> & { readonly keepsLog: boolean },
): Promise<Round> {
  const { round, changes } = await roundOf(server, () => generator.load(server, loading))
  const counted = { ...round, answers: round.answers * changesIn(loading.kind) }
  if (keepsLog && loading.kind !== 'get') assertChanged(counted, changes)
  return counted
}

/**
 * One round of changes without a server.
 *
 * @throws Error a patch changed nothing
 */
export async function measureWriter(writer: WriterProcess, seconds: number): Promise<Round> {
  const { round, changes } = await roundOf(writer, () => writer.write(seconds))
  assertChanged(round, changes)
  return round
}

function assertChanged({ answers }: Round, changes: number): void {
  if (changes >= changedShareMin * answers) return
  throw new Error(`${answers} patches were answered, but only ${changes} changes are in the log.`)
}

async function roundOf(used: { usage(): Promise<Usage> }, run: () => Promise<Load>) {
  const before = await used.usage()
  const load = await run()
  const { cpuMicros, changes, commits, ...resident } = await used.usage()
  const round: Round = { ...load, ...resident, cpuMicros: cpuMicros - before.cpuMicros }
  return { round, changes: changes - before.changes }
}
