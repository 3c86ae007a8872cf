import type { LeadCounts } from '../../sdk/index.ts'
import { statuses, statusLabels } from '../ui/status.tsx'
import type { BulkChange } from './bulk.ts'
import { wordsOf } from './editors/value.tsx'
import { type Definitions, heldValue, isSame, type MemberValue, type ShownLead } from './members.ts'

/** So many leads are so now. */
interface FormerValue {
  readonly words: string
  readonly count: number
}

/** What a change will do: what the leads have now, and how many are left as they are. */
export interface Preview {
  readonly former: readonly FormerValue[]
  readonly same: number
}

/** Of leads that were seen. */
export function previewOf(leads: readonly ShownLead[], change: BulkChange, definitions: Definitions): Preview {
  if (change.kind === 'delete') return { former: [], same: 0 }
  const counts = new Map<string, number>()
  let same = 0
  for (const lead of leads) {
    const value = heldValue(lead, change.member)
    if (isSame(value, nextOf(value, change))) same += 1
    else {
      const words = wordsOf(change.member, value, definitions, lead) || 'Empty'
      counts.set(words, (counts.get(words) ?? 0) + 1)
    }
  }
  const former = [...counts].map(([words, count]) => ({ words, count }))
  return { former: former.toSorted((one, other) => other.count - one.count), same }
}

const idsOf = (value: MemberValue): readonly number[] => (typeof value === 'object' && value !== null ? value : [])

/** What a member holds after the change. */
function nextOf(value: MemberValue, change: Exclude<BulkChange, { kind: 'delete' }>): MemberValue {
  if (change.kind === 'set') return change.to
  const held = idsOf(value)
  if (change.kind === 'remove') return held.filter((id) => !change.ids.includes(id))
  return [...held, ...change.ids.filter((id) => !held.includes(id))]
}

/** Of all leads of a list, by what the server counts; undefined where it counts nothing of the member. */
export function previewOfCounts(counts: LeadCounts, change: BulkChange, definitions: Definitions): Preview | undefined {
  if (change.kind === 'delete') return undefined
  if (change.member === 'status') {
    const to = change.kind === 'set' ? change.to : undefined
    const former = statuses
      .filter((status) => status !== to && counts.status[status] > 0)
      .map((status) => ({ words: statusLabels[status], count: counts.status[status] }))
    const same = statuses.reduce((sum, status) => sum + (status === to ? counts.status[status] : 0), 0)
    return { former: former.toSorted((one, other) => other.count - one.count), same }
  }
  const [id, ...more] = change.kind === 'set' ? [] : change.ids
  if (id === undefined || more.length > 0) return undefined
  const have = (change.member === 'tags' ? counts.tags : counts.users)[String(id)] ?? 0
  const words = wordsOf(change.member, [id], definitions)
  const [yes, no] = [`With ${words}`, `Without ${words}`]
  return change.kind === 'add'
    ? { former: [{ words: no, count: counts.total - have }], same: have }
    : { former: [{ words: yes, count: have }], same: counts.total - have }
}
