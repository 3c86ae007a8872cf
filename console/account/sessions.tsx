import { Button } from '@mantine/core'
import { useState } from 'react'
import { Head } from '../settings/head.tsx'
import { Time } from '../ui/time.tsx'
import { browserName } from './browser-name.ts'
import { EndSessions } from './end-sessions.tsx'
import classes from './page.module.css'
import type { HeldSession } from './queries.ts'

interface Props {
  readonly sessions: readonly HeldSession[]
  readonly hasPassword: boolean
}

/** Where the person is signed in: this browser first. */
export function SessionsSection({ sessions, hasPassword }: Props) {
  const [ended, setEnded] = useState<HeldSession | 'others'>()
  const others = sessions.filter(({ current }) => !current)
  const shown = [...sessions.filter(({ current }) => current), ...others]
  const actions = others.length > 0 && (
    <Button variant="default" onClick={() => setEnded('others')}>
      End all others
    </Button>
  )
  return (
    <section aria-label="Sessions">
      <Head title="Where you are signed in" actions={actions}>
        End what you do not know, and then change your password. When a session was used last is known to the hour.
      </Head>
      <ul className={classes['sessions']}>
        {shown.map((session) => (
          <Row key={session.id} session={session} end={() => setEnded(session)} />
        ))}
      </ul>
      {ended !== undefined && <EndSessions ended={ended} hasPassword={hasPassword} close={() => setEnded(undefined)} />}
    </section>
  )
}

function Row({ session, end }: { readonly session: HeldSession; readonly end: () => void }) {
  const { address, user_agent, created_at, last_used_at, expires_at, current } = session
  const name = browserName(user_agent)
  return (
    <li className={classes['session']}>
      <div className={classes['what']}>
        <div className={classes['name']} title={user_agent ?? undefined}>
          {name}
          {current && <span className={classes['here']}>This browser</span>}
        </div>
        <div className={classes['when']}>
          {address !== null && <span>{address}</span>}
          <span>
            Signed in <Time at={created_at} />
          </span>
          {!current && (
            <span>
              Used <Time at={last_used_at} />
            </span>
          )}
          <span>
            Ends <Time at={expires_at} form="day" />
          </span>
        </div>
      </div>
      {!current && (
        <Button variant="default" aria-label={`End ${name}${address === null ? '' : `, ${address}`}`} onClick={end}>
          End
        </Button>
      )}
    </li>
  )
}
