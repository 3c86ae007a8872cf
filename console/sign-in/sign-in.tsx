import { Alert, Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { sentenceOf, waggle } from '../app/api.ts'
import { Card } from './card.tsx'

/** Where a person goes after signing in: a place of the console, and never another site. */
const placeOf = (to: string | undefined): string =>
  to?.startsWith('/') === true && !to.startsWith('//') ? `/console${to}` : '/console/leads'

export function SignInPage() {
  const { to } = useSearch({ from: '__root__' })
  const { data: state } = useQuery({ queryKey: ['state'], queryFn: () => waggle.session.state() })
  const [fault, setFault] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setFault(undefined)
    try {
      await waggle.session.signIn({ email: String(form.get('email')), password: String(form.get('password')) })
      window.location.assign(placeOf(to))
    } catch (error) {
      setFault(sentenceOf(error))
      setBusy(false)
    }
  }
  return (
    <Card title="Sign in">
      <form onSubmit={(event) => void submit(event)}>
        <TextInput label="E-mail" name="email" type="email" autoComplete="username" required autoFocus size="sm" />
        <PasswordInput label="Password" name="password" autoComplete="current-password" required size="sm" mt="sm" />
        {fault !== undefined && (
          <Alert color="red" mt="sm" role="alert">
            {fault}
          </Alert>
        )}
        <Button type="submit" fullWidth size="sm" mt="md" loading={isBusy}>
          Sign in
        </Button>
      </form>
      {state?.sample_sign_in && (
        <p>
          Sample workspace: <code>{state.sample_sign_in.email}</code> with <code>{state.sample_sign_in.password}</code>
        </p>
      )}
    </Card>
  )
}
