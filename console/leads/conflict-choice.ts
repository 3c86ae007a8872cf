import { heldValue, isSame, type Member, type MemberChange, type ShownLead } from './members.ts'

export type Choice = 'mine' | 'theirs'

/** Changes of members that hold neither what the person saw nor what the person wants. */
export const contested = (stored: ShownLead, changes: readonly MemberChange[]): MemberChange[] =>
  changes.filter(({ member, from, to }) => {
    const value = heldValue(stored, member)
    return !isSame(value, from) && !isSame(value, to)
  })

/**
 * The changes that stand after the person's choice, from what is stored now, so that they are asked about once.
 *
 * Members that nobody else has changed are not chosen: they are as the person wants them.
 */
export function chosenOf(
  stored: ShownLead,
  changes: readonly MemberChange[],
  choice: (member: Member) => Choice,
): MemberChange[] {
  const disputed = contested(stored, changes)
  return changes.flatMap((change) => {
    if (!disputed.includes(change)) return [change]
    return choice(change.member) === 'mine' ? [{ ...change, from: heldValue(stored, change.member) }] : []
  })
}
