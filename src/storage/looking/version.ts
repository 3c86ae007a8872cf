import { bringUp } from '../migration.ts'
import { type Finding, findingsOf } from './finding.ts'
import type { Looking } from './looking.ts'

const { ok, note, fault } = findingsOf('schema')

/** Whether the database has the tables of this program; only then its data can be looked at. */
export function versionFinding({
  steps,
  knownSteps,
  shown,
  kind,
}: Pick<Looking, 'steps' | 'knownSteps' | 'shown' | 'kind'>): Finding {
  if (steps === undefined) {
    return fault(`${shown} is a database, but not one of Waggle's.`, 'Name another with --data or --database-url.')
  }
  if (steps.length > knownSteps.length) {
    return fault(
      `The database has version ${steps.length}, and this program knows only up to ${knownSteps.length}.`,
      'Run the newer Waggle that made it, or restore a copy from before the upgrade.',
    )
  }
  if (!steps.every((name, at) => name === knownSteps[at])) {
    return fault(
      'The database was made by a Waggle that was never released, and its tables are not those of this one.',
      'Begin with an empty database, or go on with the Waggle that made it.',
    )
  }
  if (steps.length < knownSteps.length) {
    return note(
      `The database has version ${steps.length}; this program would bring it to ${knownSteps.length}, so its data was not looked at.`,
      bringUp[kind],
    )
  }
  return ok(`The database has version ${steps.length}, which is this program's.`)
}
