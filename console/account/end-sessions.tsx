import { Button, PasswordInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { textIn } from '../sign-in/form.ts'
import { useAct } from '../ui/act.ts'
import { Dialog, DialogEnd } from '../ui/dialog.tsx'
import { browserName } from './browser-name.ts'
import classes from './page.module.css'
import { type HeldSession, refreshAccount } from './queries.ts'

/** Ends a session, or all but this one, once the person has given the password again. */
export function EndSessions({
  ended,
  hasPassword,
  close,
}: {
  readonly ended: HeldSession | 'others'
  readonly hasPassword: boolean
  readonly close: () => void
}) {
  const { run, isBusy, fault } = useAct()
  const name = ended === 'others' ? 'all other sessions' : browserName(ended.user_agent)
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const body = hasPassword ? { password: textIn(new FormData(event.currentTarget), 'password') } : {}
    const isDone = await run(async () => {
      if (ended === 'others') await waggle.session.endOthers(body)
      else await waggle.session.end(ended.id, body)
      await refreshAccount()
    })
    if (!isDone) return
    close()
    say(ended === 'others' ? 'All other sessions have ended.' : 'The session has ended.')
  }
  return (
    <Dialog title={`End ${name}?`} close={close} size={440}>
      <form className={classes['dialog']} onSubmit={(event) => void submit(event)}>
        <p>
          {ended === 'others'
            ? 'You are signed out everywhere but in this browser, at once.'
            : 'You are signed out there, at once.'}
          {!hasPassword && ' As you have no password, this works within ten minutes of signing in.'}
        </p>
        {hasPassword && (
          <PasswordInput
            label="Your password"
            name="password"
            autoComplete="current-password"
            required
            data-autofocus
          />
        )}
        <DialogEnd why={fault}>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            {ended === 'others' ? 'End all others' : 'End session'}
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  )
}
