import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Navigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { oidcFailures } from '../../src/contract/oidc.ts'
import { waggle } from '../app/api.ts'
import type { Search } from '../app/search.ts'
import { useAct } from '../ui/act.ts'
import { Fault } from '../ui/fault.tsx'
import classes from './card.module.css'
import { Card } from './card.tsx'
import { textIn } from './form.ts'

/** Where a person goes after signing in: a place of the console, and never another site. */
const placeOf = (to: string | undefined): string =>
  to?.startsWith('/') === true && !/^\/[/\\]/.test(to) ? `/console${to}` : '/console/leads'

/** Why the provider has signed nobody in, when a person comes back from there so. */
const failureOf = ({ failed, reason }: Search): string | undefined =>
  failed === 'oidc' ? Object.entries(oidcFailures).find(([name]) => name === reason)?.[1] : undefined

export function SignInPage() {
  const { ended } = useSearch({ from: '__root__' })
  const [hasForgotten, setForgotten] = useState(false)
  const { data: state } = useQuery({ queryKey: ['state'], queryFn: () => waggle.session.state() })
  if (state?.setup_needed === true) return <Navigate to="/setup" />
  if (hasForgotten) return <Forgot hasMail={state?.mail === true} back={() => setForgotten(false)} />
  return (
    <Card title="Sign in">
      {ended === 'session' && (
        <p role="status">
          You are signed out: the session has ended. What was saved is kept; a change that was under way has stopped.
        </p>
      )}
      <SignInForm forgot={() => setForgotten(true)} />
      {state?.oidc && <ProviderLink label={state.oidc.label} />}
      {state?.sample_sign_in && (
        <p>
          Sample workspace: <code>{state.sample_sign_in.email}</code> with <code>{state.sample_sign_in.password}</code>
        </p>
      )}
    </Card>
  )
}

function SignInForm({ forgot }: { readonly forgot: () => void }) {
  const search = useSearch({ from: '__root__' })
  const { run, isBusy, fault } = useAct()
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const body = { email: textIn(form, 'email'), password: textIn(form, 'password') }
    if (await run(() => waggle.session.signIn(body))) window.location.assign(placeOf(search['to']))
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <TextInput label="E-mail" name="email" type="email" autoComplete="username" required autoFocus size="sm" />
      <PasswordInput label="Password" name="password" autoComplete="current-password" required size="sm" my="sm" />
      <Fault>{fault ?? failureOf(search)}</Fault>
      <Button type="submit" fullWidth size="sm" mt="md" loading={isBusy}>
        Sign in
      </Button>
      <button type="button" className={classes['quiet']} onClick={forgot}>
        Forgot your password?
      </button>
    </form>
  )
}

/** To the provider that the server is set to, and by it back to where the person was going. */
function ProviderLink({ label }: { readonly label: string }) {
  const { to } = useSearch({ from: '__root__' })
  const query = to === undefined ? '' : `?${new URLSearchParams({ to })}`
  return (
    <Button component="a" href={`/api/console/oidc${query}`} variant="default" fullWidth size="sm">
      Continue with {label}
    </Button>
  )
}

interface ForgotProps {
  readonly hasMail: boolean
  readonly back: () => void
}

/** A link by mail where the server sends mail; else who can make one. */
function Forgot({ hasMail, back }: ForgotProps) {
  const [isSent, setSent] = useState(false)
  const { run, isBusy, fault } = useAct()
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault()
    const email = textIn(new FormData(event.currentTarget), 'email')
    if (await run(() => waggle.session.forgot({ email }))) setSent(true)
  }
  return (
    <Card title="A new password">
      {!hasMail && <p>This server sends no mail. An admin of your company can make a link for you, under Users.</p>}
      {isSent && <p role="status">If the address is one of a user, a link is on its way. It works for an hour.</p>}
      {hasMail && !isSent && (
        <form onSubmit={(event) => void submit(event)}>
          <TextInput
            label="E-mail"
            name="email"
            type="email"
            autoComplete="username"
            required
            autoFocus
            size="sm"
            mb="sm"
          />
          <Fault>{fault}</Fault>
          <Button type="submit" fullWidth size="sm" mt="md" loading={isBusy}>
            Send a link
          </Button>
        </form>
      )}
      <button type="button" className={classes['quiet']} onClick={back}>
        Back to signing in
      </button>
    </Card>
  )
}
