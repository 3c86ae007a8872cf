import { Button, PasswordInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { waggle } from '../app/api.ts'
import { say } from '../app/say.ts'
import { useSession } from '../app/session.ts'
import { Head } from '../settings/head.tsx'
import { passwordHint, textIn } from '../sign-in/form.ts'
import { useAct } from '../ui/act.ts'
import { Fault } from '../ui/fault.tsx'
import classes from './page.module.css'
import { refreshAccount } from './queries.ts'

/** Changes the password by the old one. */
export function PasswordSection({ hasPassword }: { readonly hasPassword: boolean }) {
  return (
    <section aria-label="Password">
      <Head title="Password">
        {hasPassword
          ? 'A new password signs you out everywhere else.'
          : 'You have none here: you sign in with your company’s provider. An admin can make a link that sets one, under Settings, Users.'}
      </Head>
      {hasPassword && <PasswordForm />}
    </section>
  )
}

function PasswordForm() {
  const { user } = useSession()
  const { run, isBusy, fault } = useAct()
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const { currentTarget: form } = event
    const sent = new FormData(form)
    const body = { current_password: textIn(sent, 'current'), password: textIn(sent, 'new') }
    const isDone = await run(async () => {
      await waggle.session.changePassword(body)
      await refreshAccount()
    })
    if (!isDone) return
    form.reset()
    say('Your password is changed, and you are signed out everywhere else.')
  }
  return (
    <form className={classes['form']} onSubmit={(event) => void submit(event)}>
      <input type="hidden" name="email" autoComplete="username" value={user.email} readOnly />
      <PasswordInput label="Current password" name="current" autoComplete="current-password" required />
      <PasswordInput label="New password" description={passwordHint} name="new" autoComplete="new-password" required />
      <Fault>{fault}</Fault>
      <div>
        <Button type="submit" loading={isBusy}>
          Change password
        </Button>
      </div>
    </form>
  )
}
