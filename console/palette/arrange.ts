import type { Entry } from './entry.ts'
import { ranked, scores } from './rank.ts'

export interface Group {
  readonly name: string
  readonly entries: readonly Entry[]
}

/** So many entries are drawn at most: whoever wants another types more. */
const shownMax = 60
/** So many commands stand on top as the ones used last, while nothing is typed. */
const usedLastMax = 3

/**
 * What the palette shows, in groups: as given while nothing is typed, with what was used last on top; else what matches,
 * a group by its best entry.
 *
 * @param leads found by the server for what is typed; they stand behind commands that begin with it
 */
export function arranged({
  entries,
  leads,
  typed,
  recent,
}: {
  readonly entries: readonly Entry[]
  readonly leads: readonly Entry[]
  readonly typed: string
  readonly recent: readonly string[]
}): readonly Group[] {
  if (typed.trim() === '') {
    const offered = entries.filter(({ isTypedFor }) => isTypedFor !== true)
    const used = recent.flatMap((id) => offered.find((entry) => entry.id === id) ?? []).slice(0, usedLastMax)
    const usedLast = used.map((entry) => ({ ...entry, group: 'Used last' }))
    return grouped([...usedLast, ...offered.filter((entry) => !used.includes(entry))].slice(0, shownMax))
  }
  const matching = ranked(entries, typed, recent)
  const before = matching.filter(({ score }) => score >= scores.words)
  const behind = matching.filter(({ score }) => score < scores.words)
  const inOrder = [...before.map(({ entry }) => entry), ...leads, ...behind.map(({ entry }) => entry)]
  return grouped(inOrder.slice(0, shownMax))
}

function grouped(entries: readonly Entry[]): readonly Group[] {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const group = groups.get(entry.group)
    if (group === undefined) groups.set(entry.group, [entry])
    else group.push(entry)
  }
  return [...groups].map(([name, ofGroup]) => ({ name, entries: ofGroup }))
}
