import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { queryClient, waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { Confirm } from '../ui/dialog.tsx'
import { refreshLists } from './cache.ts'
import { nameOfLead } from './change.ts'
import type { ShownLead } from './members.ts'

/** What has to be typed, so that nobody is erased by a slip: the address, else what the lead is called. */
const typedFor = (lead: ShownLead): string => lead.email ?? nameOfLead(lead)

/** Asks before the person behind a lead is erased. @param gone called once that is done */
export function EraseDialog({
  lead,
  gone,
  close,
}: {
  readonly lead: ShownLead
  readonly gone: () => void
  readonly close: () => void
}) {
  const [typed, setTyped] = useState('')
  const wanted = typedFor(lead)
  const erase = async (): Promise<void> => {
    await waggle.leads.erase(lead.id)
    gone()
    queryClient.removeQueries({ queryKey: ['lead', lead.id] })
    refreshLists()
    say('The person behind the lead is erased.')
  }
  return (
    <Confirm
      title={`Erase ${nameOfLead(lead)}?`}
      action="Erase for good"
      isDanger
      isOff={typed.trim().toLowerCase() !== wanted.toLowerCase()}
      run={erase}
      close={close}
    >
      <p>
        The lead is deleted, and what is kept of the person is removed: contact, custom fields, and the whole history.
        Nobody can bring it back. Backups and those who were sent webhooks have what they have.
      </p>
      <TextInput
        label={`Type ${wanted} to go on`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        size="sm"
        mt="sm"
      />
    </Confirm>
  )
}
