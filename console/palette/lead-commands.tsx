import { IconArrowsMaximize, IconCircleDot, IconHash, IconLink, IconTag, IconUser } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { copied } from '../app/copied.ts'
import { useMay, useSession } from '../app/session.ts'
import { nameOfLead } from '../leads/change.ts'
import type { ShownLead } from '../leads/members.ts'
import type { Entry } from './entry.ts'
import { icon } from './icon.ts'
import { useLeadAnswers } from './lead-answers.tsx'

/** What can be done with a lead. */
export function useLeadCommands(lead: ShownLead | undefined): readonly Entry[] {
  const changes = useLeadChanges(lead)
  const navigate = useNavigate()
  if (lead === undefined) return []
  const group = nameOfLead(lead)
  const here = `${window.location.origin}/console/leads/${lead.id}`
  return [
    ...changes,
    {
      id: 'open-page',
      group,
      label: 'Open as a page',
      icon: <IconArrowsMaximize {...icon} />,
      run: () => navigate({ to: '/leads/$leadId', params: { leadId: String(lead.id) } }),
    },
    {
      id: 'copy-link',
      group,
      label: 'Copy link',
      icon: <IconLink {...icon} />,
      run: () => copied(here, 'The link is copied.'),
    },
    {
      id: 'copy-id',
      group,
      label: 'Copy id',
      detail: String(lead.id),
      icon: <IconHash {...icon} />,
      run: () => copied(String(lead.id), 'The id is copied.'),
    },
  ]
}

/** Changes of a lead, for whoever may make them: each as a question, and each answer by its own name. */
function useLeadChanges(lead: ShownLead | undefined): readonly Entry[] {
  const may = useMay('updateLead')
  const { user: me } = useSession()
  const answersFor = useLeadAnswers()
  if (lead === undefined || !may) return []
  const { status, users, tags, toggleUser } = answersFor(lead)
  const group = nameOfLead(lead)
  const isMine = lead.assigned_users.some(({ id }) => id === me.id)
  const ask = (title: string, entries: readonly Entry[]): Entry['run'] => {
    const step = { title: `${title}: ${group}`, placeholder: `${title} …`, entries: () => entries }
    return () => step
  }
  return [
    {
      id: 'set-status',
      group,
      label: 'Set status …',
      icon: <IconCircleDot {...icon} />,
      run: ask('Set status', status),
    },
    { id: 'assign', group, label: 'Assign to …', icon: <IconUser {...icon} />, run: ask('Assign to', users) },
    {
      id: 'assign-me',
      group,
      label: isMine ? 'Take me off' : 'Assign to me',
      words: 'unassign',
      icon: <IconUser {...icon} />,
      run: () => toggleUser(me.id),
    },
    { id: 'tag', group, label: 'Add or remove a tag …', icon: <IconTag {...icon} />, run: ask('Tag', tags) },
    ...typedFor(status, 'Set status', 'Set status'),
    ...typedFor(users, 'Assign to', 'Take off'),
    ...typedFor(tags, 'Add tag', 'Remove tag'),
  ]
}

/** Answers that can be typed at once: "qualified" finds "Set status: Qualified". */
const typedFor = (entries: readonly Entry[], title: string, titleOfChosen: string): readonly Entry[] =>
  entries.map((entry) => ({
    ...entry,
    label: `${entry.isChecked === true ? titleOfChosen : title}: ${entry.label}`,
    words: [entry.label, entry.words].filter(Boolean).join(' '),
    isTypedFor: true,
  }))
