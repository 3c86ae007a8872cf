import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { waggle } from '../app/api.ts'
import { useAct } from '../ui/act.ts'
import { Fault } from '../ui/fault.tsx'
import { Card } from './card.tsx'
import { passwordHint, textIn } from './form.ts'

/** Makes the first person who can sign in, with the code that the server has printed. */
export function SetUpPage() {
  const { data: state } = useQuery({ queryKey: ['state'], queryFn: () => waggle.session.state() })
  const { run, isBusy, fault } = useAct()
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const body = {
      code: textIn(form, 'code'),
      email: textIn(form, 'email'),
      password: textIn(form, 'password'),
      first_name: textIn(form, 'first'),
      last_name: textIn(form, 'last'),
      company_name: textIn(form, 'company'),
    }
    if (await run(() => waggle.session.setUp(body))) window.location.assign('/console/leads')
  }
  if (state?.setup_needed === false) {
    return (
      <Card title="Already set up">
        <p>Somebody can sign in here already, so the code is not needed any more.</p>
        <Link to="/sign-in">Sign in</Link>
      </Card>
    )
  }
  return (
    <Card title="Set up Waggle">
      <p>
        The server printed a code when it started, such as <code>K7QM-2XPA</code>. With it you become its first admin.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <TextInput label="Code" name="code" autoComplete="one-time-code" required autoFocus size="sm" />
        <TextInput label="Company" name="company" autoComplete="organization" size="sm" mt="sm" />
        <TextInput label="First name" name="first" autoComplete="given-name" size="sm" mt="sm" />
        <TextInput label="Last name" name="last" autoComplete="family-name" size="sm" mt="sm" />
        <TextInput label="E-mail" name="email" type="email" autoComplete="username" required size="sm" mt="sm" />
        <PasswordInput
          label="Password"
          description={passwordHint}
          name="password"
          autoComplete="new-password"
          required
          size="sm"
          mt="sm"
          mb="sm"
        />
        <Fault>{fault}</Fault>
        <Button type="submit" fullWidth size="sm" mt="md" loading={isBusy}>
          Set up
        </Button>
      </form>
    </Card>
  )
}
