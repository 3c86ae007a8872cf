import { refuseMoved } from '../moving/movable.ts'
import { DatabaseRefused } from '../refused.ts'
import { type Finding, findingsOf } from './finding.ts'
import type { Looking } from './looking.ts'

/** Whether the database serves: it is neither half of a move or of a restored backup, nor has its data gone elsewhere. */
export async function movedFindings(looking: Pick<Looking, 'shown' | 'read'>): Promise<Finding[]> {
  const { ok, fault } = findingsOf('moved')
  try {
    await refuseMoved(looking.shown, (name) => looking.read('meta', { name }))
    return [ok('The database is complete, and its data has not moved elsewhere.')]
  } catch (error) {
    if (!(error instanceof DatabaseRefused)) throw error
    return [fault(error.message, 'No server begins on it as it is.')]
  }
}
