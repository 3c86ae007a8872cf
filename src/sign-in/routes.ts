import * as contract from '../contract/session.ts'
import { known } from '../http/body-reader.ts'
import { serve } from '../http/serve.ts'
import { endedSessionCookie, sessionIn } from '../http/session-cookie.ts'
import { Refusal } from '../kernel/refusal.ts'
import { foldedEmail } from '../storage/folded-email.ts'
import { accountRoutes } from './account-routes.ts'
import type { Origin, Person, SessionValue } from './accounts.ts'
import { answerSignedIn, originOf, setSession, tell } from './answer.ts'
import { Attempts } from './attempts.ts'
import { entryRoutes } from './entry-routes.ts'
import { Mailer } from './mail.ts'
import { oidcRoutes } from './oidc-routes.ts'
import type { SignInParts } from './parts.ts'
import { peopleOf } from './people.ts'
import { type Credentials, readCredentials } from './read-body.ts'

/** Signing in and out, who is signed in, and how people come to be able to. */
export function signInRoutes(parts: SignInParts): { close(): Promise<void> } {
  const { server, database, accounts, sessions, clock, config, sampleSignIn, onBackgroundError } = parts
  const { smtpUrl, smtpFrom } = config
  const mailer = smtpUrl === '' ? undefined : new Mailer({ smtpUrl, from: smtpFrom, onError: onBackgroundError })
  const oidcLabel = oidcRoutes(parts)
  const attempts = new Attempts(clock)

  serve(server, contract.consoleState, async () => ({
    body: {
      setup_needed: await accounts.isEmpty(),
      oidc: oidcLabel === undefined ? null : { label: oidcLabel },
      mail: mailer !== undefined,
      ...(sampleSignIn !== undefined && { sample_sign_in: sampleSignIn }),
    },
  }))

  serve(server, contract.signIn, async ({ body, conditions, answer }, exchange) => {
    const sent = known(readCredentials(body), answer, conditions)
    const begun = await attempts.bounded(foldedEmail(sent.email), exchange.address, () =>
      begin(parts, sent, originOf(exchange)),
    )
    return { body: await answerSignedIn(exchange, parts, begun) }
  })

  serve(server, contract.signOut, async (_, exchange) => {
    const session = sessionIn(exchange.request.headers.cookie, server.isSecure)
    if (session !== undefined) {
      await sessions.end(session.value)
      exchange.header('set-cookie', endedSessionCookie(session.secure))
    }
    return { body: null }
  })

  serve(server, contract.me, async ({ actor }, exchange) => {
    const session = actor.role === undefined ? undefined : sessionIn(exchange.request.headers.cookie, server.isSecure)
    if (session !== undefined && (await accounts.renew(session.value))) setSession(exchange, session)
    return { body: await tell(server, database, actor) }
  })

  entryRoutes({ ...parts, mailer })
  accountRoutes(parts)
  return { close: async () => mailer?.close() }
}

/**
 * Begins a session of whoever has the address and the password.
 *
 * @throws Refusal `sign_in_refused`; for an address that nobody has it takes as long
 */
async function begin(
  { database, accounts }: SignInParts,
  { email, password }: Credentials,
  from: Origin,
): Promise<{ person: Person; session: SessionValue }> {
  const people = await peopleOf(database, email)
  if (people.length === 0) await accounts.signIn(undefined, password)
  for (const person of people) {
    const session = await accounts.signIn(person, password, from)
    if (session !== undefined) return { person, session }
  }
  throw new Refusal('sign_in_refused')
}
