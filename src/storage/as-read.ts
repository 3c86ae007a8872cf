import { unavailable } from '../kernel/refusal.ts'
import type { Definitions } from './definitions.ts'
import type { Database, Idempotency, Outcome, Work } from './port.ts'

const triesMax = 3

/** Definitions were changed between the reads of a work and its decision. */
class Superseded extends Error {
  override readonly name = 'Superseded'
}

/**
 * Commits a work that rests on lists, which no decision can read under the lock. It counts only if no definitions of the
 * company have changed since before they were read; else they are read anew.
 *
 * @param prepare reads what it needs, and makes the work; the definitions are those it is decided with
 * @throws Refusal what the work throws; `unavailable` when definitions changed at every try
 */
export async function transactAsRead<T>(
  database: Database,
  companyId: number,
  prepare: (definitions: Definitions) => Promise<Work<T>>,
  once?: Idempotency,
): Promise<Outcome<T>> {
  let superseded: unknown
  for (let tries = 0; tries < triesMax; tries += 1) {
    const definitions = await database.definitions(companyId)
    const work = await prepare(definitions)
    const asRead: Work<T> = {
      ...work,
      decide: (facts, at) => {
        if (at.definitions.version !== definitions.version) throw new Superseded()
        return work.decide(facts, at)
      },
    }
    try {
      return await database.transact(asRead, once)
    } catch (error) {
      if (!(error instanceof Superseded)) throw error
      superseded = error
    }
  }
  throw unavailable(superseded)
}
