import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { heldLead } from '../leads/cache.ts'
import type { ShownLead } from '../leads/members.ts'
import { leadQuery } from '../leads/queries.ts'

/** The lead that commands are about: the one that is open, else the card or row that has the focus. */
export function useSubject(): ShownLead | undefined {
  const [focused] = useState(focusedLead)
  const { lead } = useSearch({ from: '__root__' })
  const { leadId } = useParams({ strict: false })
  const id = Number(leadId ?? focused ?? lead)
  const isLead = Number.isSafeInteger(id) && id > 0
  const { data } = useQuery({ ...leadQuery(id), enabled: isLead })
  return isLead ? (data ?? heldLead(id)) : undefined
}

/** Parts that show a lead name it in `data-lead`. */
const focusedLead = (): string | undefined =>
  document.activeElement?.closest<HTMLElement>('[data-lead]')?.dataset['lead']
