import { say } from '../app/say.ts'
import { nameOfLead, useChangeLead } from '../leads/change.ts'
import { tagChoices, userChoices } from '../leads/editors/choices.ts'
import { heldValue, type Member, type MemberValue, type ShownLead } from '../leads/members.ts'
import { useDefinitions } from '../leads/queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import { type Status, StatusMark, statuses, statusLabels } from '../ui/status.tsx'
import type { Entry } from './entry.ts'
import classes from './palette.module.css'

/** What a lead's status, people and tags can be set to, as answers to the question. */
export interface LeadAnswers {
  readonly status: readonly Entry[]
  readonly users: readonly Entry[]
  readonly tags: readonly Entry[]
  readonly toggleUser: (id: number) => Promise<void>
}

export function useLeadAnswers(): (lead: ShownLead) => LeadAnswers {
  const definitions = useDefinitions()
  const changeLead = useChangeLead()
  return (lead) => {
    const group = nameOfLead(lead)
    const set = async (member: Member, to: MemberValue): Promise<void> => {
      const outcome = await changeLead(lead.id, [{ member, from: heldValue(lead, member), to }])
      if (outcome.kind === 'refused') say(`${group} was not changed. ${outcome.why}`, 'failed')
    }
    const assigned = lead.assigned_users.map(({ id }) => id)
    const tagged = lead.tags.map(({ id }) => id)
    const toggleUser = (id: number): Promise<void> => set('assignedUsers', toggled(assigned, id))
    return {
      toggleUser,
      status: statuses.map((status) => ({
        id: `status ${status}`,
        group,
        label: statusLabels[status],
        icon: <Dot status={status} />,
        isChecked: lead.status === status,
        run: () => set('status', status),
      })),
      users: userChoices(definitions, assigned).map(({ key, label, note }) => ({
        id: `assign ${key}`,
        group,
        label,
        words: definitions.users.find(({ id }) => id === key)?.email,
        detail: note,
        icon: definitions.users.flatMap((user) =>
          user.id === key ? [<Avatar key={key} user={user} size={18} />] : [],
        ),
        isChecked: assigned.includes(key),
        run: () => toggleUser(key),
      })),
      tags: tagChoices(definitions, tagged).map(({ key, label, note }) => ({
        id: `tag ${key}`,
        group,
        label,
        detail: note,
        icon: <Mark color={definitions.tags.find(({ id }) => id === key)?.background_color} />,
        isChecked: tagged.includes(key),
        run: () => set('tags', toggled(tagged, key)),
      })),
    }
  }
}

const toggled = (ids: readonly number[], id: number): readonly number[] =>
  ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]

/** The mark of a status; its word stands beside. */
const Dot = ({ status }: { readonly status: Status }) => (
  <span className={classes['dot']} aria-hidden>
    <StatusMark status={status} />
  </span>
)

const Mark = ({ color }: { readonly color: string | undefined }) => (
  <span className={classes['mark']} style={{ background: color }} aria-hidden />
)
