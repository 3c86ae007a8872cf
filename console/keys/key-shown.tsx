import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Contract } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import { nameOfLead } from '../leads/change.ts'
import { Code } from '../ui/code.tsx'
import { Dialog, DialogEnd } from '../ui/dialog.tsx'
import { Secret } from '../ui/secret.tsx'
import { Time } from '../ui/time.tsx'
import { type FirstLead, firstSteps } from './first-steps.ts'
import classes from './make-key.module.css'

type Made = Contract['createKey']['reply'] & { readonly replaces?: { readonly expires_at: string } }

/** A new key, shown once, with a command to paste that shows it at work. */
export function KeyShown({
  made,
  title,
  close,
}: {
  readonly made: Made
  readonly title: string
  readonly close: () => void
}) {
  const { data: lead, isPending } = useQuery({
    queryKey: ['keys', 'first lead'],
    queryFn: async (): Promise<FirstLead | null> => (await waggle.leads.list({ pageSize: 1 })).rows[0] ?? null,
  })
  const { sentence, command } = firstSteps(made, lead ?? undefined, window.location.origin)
  return (
    <Dialog title={title} close={close} size={720} isKept>
      <Secret label={`Key ${made.label}`} text={made.key} />
      {made.replaces !== undefined && (
        <p className={classes['text']}>
          The old key opens until <Time at={made.replaces.expires_at} form="day" />,{' '}
          <Time at={made.replaces.expires_at} form="clock" /> (<Time at={made.replaces.expires_at} />
          ), and ends by itself.
        </p>
      )}
      {!isPending && (
        <>
          <p className={classes['hint']}>{sentence}</p>
          <Code label="the command" text={command} isWrapped />
          {lead != null && made.write_access && (
            <p className={classes['hint']}>
              Watch it change:{' '}
              <Link to="/leads/$leadId" params={{ leadId: String(lead.id) }} target="_blank">
                {nameOfLead(lead)} in a new tab
              </Link>
            </p>
          )}
        </>
      )}
      <DialogEnd>
        <Button onClick={close}>Done</Button>
      </DialogEnd>
    </Dialog>
  )
}
