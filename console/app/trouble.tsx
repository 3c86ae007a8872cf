import { Button } from '@mantine/core'
import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { WaggleError } from '../../sdk/index.ts'
import { Empty } from '../ui/empty.tsx'
import { isSignedOut, sentenceOf } from './api.ts'
import { isFailedLoad, readAnew } from './failed-load.ts'

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
  if (isFailedLoad(error)) return <Unloaded />
  // What is no refusal comes again from the same state; only a new page has another.
  const again = error instanceof WaggleError ? reset : () => window.location.reload()
  return (
    <Empty isPage title="This page could not be shown" action={<Button onClick={again}>Try again</Button>}>
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

/** A browser keeps what failed to load as failed: only a new page asks for it again. */
function Unloaded() {
  useEffect(() => void readAnew(), [])
  return (
    <Empty
      isPage
      title="A part of the console could not be loaded"
      action={<Button onClick={() => window.location.reload()}>Try again</Button>}
    >
      The server cannot be reached, or has been updated since this page was opened.
    </Empty>
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
