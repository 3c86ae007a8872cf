import { queryClient, waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { TypedConfirm } from '../ui/typed-confirm.tsx'
import { refreshLists } from './cache.ts'
import { nameOfLead } from './change.ts'
import type { ShownLead } from './members.ts'

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
  const erase = async (): Promise<void> => {
    await waggle.leads.erase(lead.id)
    gone()
    queryClient.removeQueries({ queryKey: ['lead', lead.id] })
    refreshLists()
    say('The person behind the lead is erased.')
  }
  return (
    <TypedConfirm
      title={`Erase ${nameOfLead(lead)}?`}
      wanted={lead.email ?? nameOfLead(lead)}
      action="Erase for good"
      run={erase}
      close={close}
    >
      <p>
        The lead is deleted, and what is kept of the person is removed: contact, custom fields, and the whole history.
        Nobody can bring it back. Backups and receivers of webhooks still hold what they were given.
      </p>
    </TypedConfirm>
  )
}
