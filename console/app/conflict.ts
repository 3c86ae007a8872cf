import { useSyncExternalStore } from 'react'
import type { Definitions, MemberChange, ShownLead } from '../leads/members.ts'

/** Members of a lead that somebody else has changed since the person saw them. */
export interface Conflict {
  /** Of no two conflicts the same. */
  readonly id: number
  readonly stored: ShownLead
  /** All that the person wants to change, also what nobody else has touched. */
  readonly changes: readonly MemberChange[]
  readonly definitions: Definitions
  /** Takes the answer: the changes that shall stand; none keeps what is stored. */
  readonly settle: (changes: readonly MemberChange[]) => void
}

let count = 0
let asked: readonly Conflict[] = []
const listeners = new Set<() => void>()

function set(next: readonly Conflict[]): void {
  asked = next
  for (const listener of listeners) listener()
}

/** Shows yours, theirs and the original, and waits for the person's choice. */
export const askConflict = (
  stored: ShownLead,
  changes: readonly MemberChange[],
  definitions: Definitions,
): Promise<readonly MemberChange[]> =>
  new Promise((resolve) => {
    count += 1
    const conflict: Conflict = {
      id: count,
      stored,
      changes,
      definitions,
      settle: (chosen) => {
        set(asked.filter((one) => one !== conflict))
        resolve(chosen)
      },
    }
    set([...asked, conflict])
  })

/** The conflict to be settled now; one after the other. */
export const useConflict = (): Conflict | undefined =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => asked[0],
  )
