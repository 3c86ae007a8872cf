import { Button } from '@mantine/core'
import { useState } from 'react'
import type { User } from '../../sdk/index.ts'
import { waggle } from '../app/api.ts'
import { useAct } from '../ui/act.ts'
import { Copy } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Fault } from '../ui/fault.tsx'
import { nameOf } from '../ui/name.ts'
import { Time } from '../ui/time.tsx'
import classes from './page.module.css'

type Made = Awaited<ReturnType<typeof waggle.users.makeLink>>

/** A link with which a user sets a password: made when it is asked for, and shown this once. */
export function SignInLink({ user, close }: { readonly user: User; readonly close: () => void }) {
  const [made, setMade] = useState<Made>()
  const { run, isBusy, fault } = useAct()
  const make = (): Promise<boolean> => run(async () => setMade(await waggle.users.makeLink(user.id)))
  return (
    <Dialog title={`Link for ${nameOf(user)}`} close={close} isKept={made !== undefined}>
      <div className={classes['form']}>
        {made === undefined ? (
          <>
            <p style={{ margin: 0 }}>
              With the link {nameOf(user)} sets a password and is signed in. It works once. Whoever has it can do the
              same, so give it to nobody else.
            </p>
            <Fault>{fault}</Fault>
            <div className={classes['buttons']}>
              <Button variant="default" onClick={close}>
                Not now
              </Button>
              <Button loading={isBusy} onClick={() => void make()}>
                Make the link
              </Button>
            </div>
          </>
        ) : (
          <>
            <p style={{ margin: 0 }} role="status">
              {made.mailed ? `It was sent to ${user.email}. ` : 'This server sends no mail: give it to them yourself. '}
              It is shown this once and ends on <Time at={made.expires_at} form="day" />.
            </p>
            <Copy value={made.url} label="Copy the link" />
            <div className={classes['buttons']}>
              <Button onClick={close}>Done</Button>
            </div>
          </>
        )}
      </div>
    </Dialog>
  )
}
