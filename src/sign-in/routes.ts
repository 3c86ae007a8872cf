import assert from 'node:assert/strict'
import { isOpenTo } from '../contract/roles.ts'
import * as contract from '../contract/session.ts'
import { known } from '../http/body-reader.ts'
import { ownOrigin } from '../http/origin.ts'
import { type Exchange, type Server, serve } from '../http/serve.ts'
import { endedSessionCookie, type SessionSent, sessionCookie, sessionIn } from '../http/session-cookie.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { foldedEmail } from '../storage/folded-email.ts'
import type { Database } from '../storage/port.ts'
import type { Accounts, Person, SessionValue } from './accounts.ts'
import { Attempts } from './attempts.ts'
import { memberOf, needed, peopleOf } from './people.ts'
import { type Credentials, readCredentials } from './read-body.ts'
import { actorOf, type Sessions } from './sessions.ts'

export interface SignInParts {
  readonly database: Database
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly clock: Clock
  /** What the sample's user signs in with, when it may be told to everybody. */
  readonly sampleSignIn?: Credentials | undefined
}

/** Signing in and out, and who is signed in. */
export function signInRoutes(server: Server, parts: SignInParts): void {
  const { database, accounts, sessions, clock, sampleSignIn } = parts
  const attempts = new Attempts(clock)

  serve(server, contract.consoleState, async () => ({
    body: {
      setup_needed: await accounts.isEmpty(),
      oidc: null,
      mail: false,
      ...(sampleSignIn !== undefined && { sample_sign_in: sampleSignIn }),
    },
  }))

  serve(server, contract.signIn, async ({ body, conditions, answer }, exchange) => {
    const sent = known(readCredentials(body), answer, conditions)
    const address = exchange.request.socket.remoteAddress ?? ''
    const { person, session } = await attempts.bounded(foldedEmail(sent.email), address, () =>
      begin(database, accounts, sent),
    )
    const member = needed(await memberOf(database, person))
    setSession(exchange, { value: session, secure: isSecure(exchange, server) })
    return { body: await tell(server, database, actorOf(member)) }
  })

  serve(server, contract.signOut, async (_, exchange) => {
    const session = sessionIn(exchange.request.headers.cookie)
    if (session !== undefined) {
      await sessions.end(session.value)
      exchange.header('set-cookie', endedSessionCookie(session.secure))
    }
    return { body: null }
  })

  serve(server, contract.me, async ({ actor }, exchange) => {
    const session = actor.role === undefined ? undefined : sessionIn(exchange.request.headers.cookie)
    if (session !== undefined && (await accounts.renew(session.value))) setSession(exchange, session)
    return { body: await tell(server, database, actor) }
  })
}

/**
 * Begins a session of whoever has the address and the password.
 *
 * @throws Refusal `sign_in_refused`; for an address that nobody has it takes as long
 */
async function begin(
  database: Database,
  accounts: Accounts,
  { email, password }: Credentials,
): Promise<{ person: Person; session: SessionValue }> {
  const people = await peopleOf(database, email)
  if (people.length === 0) await accounts.signIn(undefined, password)
  for (const person of people) {
    const session = await accounts.signIn(person, password)
    if (session !== undefined) return { person, session }
  }
  throw new Refusal('sign_in_refused')
}

/** Whether the browser that asks came over https. */
const isSecure = ({ request }: Exchange, { publicUrl }: Server): boolean =>
  ownOrigin(request.headers, publicUrl).startsWith('https:')

function setSession(exchange: Exchange, { value, secure }: SessionSent): void {
  exchange.header('set-cookie', sessionCookie(value, { secure, maxAgeSeconds: contract.sessionSeconds }))
}

/** Who acts, as `me` tells it. */
async function tell(server: Server, database: Database, actor: Actor): Promise<unknown> {
  const { companyId, keyId, role } = actor
  const { company, users } = await database.definitions(companyId)
  const user = users.get(actor.userUuid)
  assert(user !== undefined, `the user ${actor.userUuid} is gone`)
  const key = keyId === null ? undefined : await database.read('api_keys', { company_id: companyId, id: keyId })
  return {
    company: { id: company.id, uuid: company.uuid, name: company.name },
    user: {
      id: user.id,
      uuid: user.uuid,
      email: user.email,
      first_name: user.first_name,
      last_name: user.last_name,
      role: user.role,
      color: user.color,
    },
    key: key === undefined ? null : { id: key.id, label: key.label },
    permissions: { read: actor.mayRead, write: actor.mayWrite, admin: actor.mayAdminister },
    operations: server.operations
      .filter((one) => (role === undefined ? switchedOn(actor, one.access) : isOpenTo(role, one)))
      .map(({ id }) => id),
  }
}

const switchedOn = ({ mayRead, mayWrite, mayAdminister }: Actor, access: string): boolean =>
  access === 'public' || { read: mayRead, write: mayWrite, admin: mayAdminister }[access] === true
