import type { Load } from './messages.ts'
import type { GeneratorProcess, ServerProcess } from './processes.ts'
import type { Kind } from './requests.ts'

/** What one round of one row measured. */
export interface Round extends Load {
  readonly cpuMicros: number
  readonly residentBytes: number
}

/** A PATCH that changed nothing wrote nothing, and would flatter the row: fewer than so many in all must. */
const changedShareMin = 0.99

/**
 * One round of one row.
 *
 * @throws Error an answer was not 200, or a patch changed nothing
 */
export async function measure(
  generator: GeneratorProcess,
  server: ServerProcess,
  { kind, seconds, keepsLog }: { kind: Kind; seconds: number; keepsLog: boolean },
): Promise<Round> {
  const before = await server.usage()
  const load = await generator.load(server, kind, seconds)
  const after = await server.usage()
  const changes = after.changes - before.changes
  if (keepsLog && kind !== 'get' && changes < changedShareMin * load.answers) {
    throw new Error(`${load.answers} patches were answered, but only ${changes} changes are in the log.`)
  }
  return { ...load, cpuMicros: after.cpuMicros - before.cpuMicros, residentBytes: after.residentBytes }
}
