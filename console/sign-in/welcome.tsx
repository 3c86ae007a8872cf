import { Button, PasswordInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { sentenceOf, waggle } from '../app/api.ts'
import { useAct } from '../ui/act.ts'
import { Fault } from '../ui/fault.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Card } from './card.tsx'
import { passwordHint, textIn } from './form.ts'

/** Where a link of an invitation, or for a new password, leads: it sets the password and signs in. */
export function WelcomePage() {
  const { token = '' } = useSearch({ from: '__root__' })
  const { data: link, error } = useQuery({
    queryKey: ['link', token],
    queryFn: () => waggle.session.readLink({ token }),
    retry: false,
  })
  const { run, isBusy, fault } = useAct()
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const password = textIn(new FormData(event.currentTarget), 'password')
    if (await run(() => waggle.session.welcome({ token, password }))) window.location.assign('/console/leads')
  }
  if (error !== null) {
    return (
      <Card title="This link has ended">
        <p>{sentenceOf(error)}. Ask an admin of your company for a new one, or sign in if you have a password.</p>
        <Link to="/sign-in">Sign in</Link>
      </Card>
    )
  }
  return (
    <Card title={link === undefined ? 'Welcome' : `Welcome to ${link.company.name}`}>
      {link === undefined ? (
        <Skeleton lines={3} />
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <p>Choose a password for {link.email}.</p>
          <input type="hidden" name="email" autoComplete="username" value={link.email} readOnly />
          <PasswordInput
            label="Password"
            description={passwordHint}
            name="password"
            autoComplete="new-password"
            required
            autoFocus
            size="sm"
            mt="sm"
            mb="sm"
          />
          <Fault>{fault}</Fault>
          <Button type="submit" fullWidth size="sm" mt="md" loading={isBusy}>
            Set the password and sign in
          </Button>
        </form>
      )}
    </Card>
  )
}
