import type { Server } from '../http/serve.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Config } from '../kernel/config.ts'
import type { Database } from '../storage/port.ts'
import type { Accounts } from './accounts.ts'
import type { Mailer } from './mail.ts'
import type { Credentials } from './read-body.ts'
import type { Sessions } from './sessions.ts'

/** What the routes of signing in are built of. */
export interface SignInParts {
  readonly server: Server
  readonly database: Database
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly clock: Clock
  /** What the sample's user signs in with, when it may be told to everybody. */
  readonly sampleSignIn?: Credentials | undefined
  readonly config: Pick<
    Config,
    'wholeSeconds' | 'smtpUrl' | 'smtpFrom' | 'oidcIssuer' | 'oidcClientId' | 'oidcClientSecret' | 'oidcLabel'
  >
  /** Told why a mail could not be sent. */
  readonly onBackgroundError: (error: unknown) => void
}

/** The same, and what sends mail; absent where none is sent. */
export interface EntryParts extends SignInParts {
  readonly mailer: Mailer | undefined
}
