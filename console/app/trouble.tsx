import { Button } from '@mantine/core'
import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { Empty } from '../ui/empty.tsx'
import { isSignedOut, sentenceOf } from './api.ts'

/** A page that could not be shown: why, and what to do now. */
export function Trouble({ error, reset }: ErrorComponentProps) {
  const { reset: resetQueries } = useQueryErrorResetBoundary()
  useEffect(() => resetQueries(), [resetQueries])
  if (isSignedOut(error)) {
    return (
      <Empty isPage title="You are signed out" action={<Link to="/sign-in">Sign in again</Link>}>
        The session has ended, or your account was changed. Nothing that was saved is lost.
      </Empty>
    )
  }
  return (
    <Empty isPage title="This page could not be shown" action={<Button onClick={reset}>Try again</Button>}>
      {sentenceOf(error)}
    </Empty>
  )
}

/** The same where no frame is around the page. */
export function WholeTrouble(props: ErrorComponentProps) {
  return (
    <main>
      <Trouble {...props} />
    </main>
  )
}

/** An address that leads nowhere. */
export function Lost() {
  return (
    <main>
      <Empty isPage title="Nothing is here" action={<Link to="/leads">Go to the leads</Link>}>
        The address is wrong, or what was here has been deleted.
      </Empty>
    </main>
  )
}
