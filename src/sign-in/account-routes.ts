import * as contract from '../contract/account.ts'
import { referenceFromText } from '../contract/forms.ts'
import { known } from '../http/body-reader.ts'
import { type Call, type Exchange, serve } from '../http/serve.ts'
import { endedSessionCookie, sessionIn } from '../http/session-cookie.ts'
import type { Actor } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTime } from '../kernel/time.ts'
import type { HeldSession, Person } from './accounts.ts'
import { changeSession, isSecure, originOf } from './answer.ts'
import { Attempts } from './attempts.ts'
import type { SignInParts } from './parts.ts'
import { hashOf } from './password-hash.ts'
import { refuseGuessable } from './password-rules.ts'
import { memberOf } from './people.ts'
import { readPasswordAgain, readPasswordChange } from './read-body.ts'

const personOf = ({ companyId, userUuid }: Actor): Person => ({ companyId, userUuid })

/** What people do with their own account, and administrators with the sessions of others. */
export function accountRoutes(parts: SignInParts): void {
  const { server, database, accounts, sessions, config } = parts
  const check = passwordCheck(parts)

  serve(server, contract.getAccount, async ({ actor }, exchange) => {
    const person = personOf(actor)
    const { id: currentId } = await currentOf(parts, exchange)
    const held = await accounts.sessionsOf(person)
    return {
      body: {
        has_password: await accounts.hasPassword(person),
        sessions: held.map((one) => told(one, { currentId, wholeSeconds: config.wholeSeconds })),
      },
    }
  })

  serve(server, contract.changePassword, async ({ actor, body, conditions, answer }, exchange) => {
    const { current, password } = known(readPasswordChange(body), answer, conditions)
    const person = personOf(actor)
    const member = await memberOf(database, person)
    if (member === undefined) throw new Refusal('invalid_key')
    if (!(await accounts.hasPassword(person))) throw new Refusal('no_password')
    await check(person, current, exchange)
    const { email, first_name: firstName, last_name: lastName } = member.user
    await refuseGuessable(password, { email, firstName, lastName, companyName: member.company.name })
    await accounts.setHash(person, await hashOf(password))
    sessions.forget(person)
    await beginAnew(parts, exchange, person)
    return { body: null }
  })

  sessionRoutes(parts, check)
}

/** Ending sessions: one's own, once the person has shown again who that is, and those of a user. */
function sessionRoutes(parts: SignInParts, check: PasswordCheck): void {
  const { server, database, accounts, sessions } = parts

  const ending = async (
    { actor, body, conditions, answer }: Call & { readonly actor: Actor },
    exchange: Exchange,
    end: (person: Person, currentId: string) => Promise<unknown>,
  ): Promise<{ body: null }> => {
    const person = personOf(actor)
    const hasPassword = await accounts.hasPassword(person)
    const sent = known(readPasswordAgain(body, hasPassword), answer, conditions)
    const { id, ageMs, value, secure } = await currentOf(parts, exchange)
    if (hasPassword) await check(person, sent ?? '', exchange)
    else if (ageMs > contract.recentSeconds * 1_000) throw new Refusal('sign_in_again')
    await end(person, id)
    sessions.forget(person)
    if ((await accounts.sessionOf(value)) === undefined) exchange.header('set-cookie', endedSessionCookie(secure))
    else if (hasPassword) await beginAnew(parts, exchange, person)
    return { body: null }
  }

  serve(server, contract.endSession, (call, exchange) =>
    ending(call, exchange, async (person) => {
      const isEnded = await accounts.endSession(person, call.params['sessionId'] ?? '')
      if (!isEnded) throw new Refusal('session_not_found')
    }),
  )

  serve(server, contract.endOtherSessions, (call, exchange) =>
    ending(call, exchange, (person, currentId) => accounts.endSessions(person, currentId)),
  )

  serve(server, contract.endUserSessions, async ({ actor: { companyId }, params }) => {
    const { users } = await database.definitions(companyId)
    const user = users.get(referenceFromText(params['userId'] ?? ''))
    if (user === undefined) throw new Refusal('user_not_found')
    const person = { companyId, userUuid: user.uuid }
    await accounts.endSessions(person)
    sessions.forget(person)
    return { body: null }
  })
}

type PasswordCheck = (person: Person, password: string, exchange: Exchange) => Promise<void>

/**
 * Whether it is the person's password; attempts that fail are bounded as those to sign in are.
 *
 * @returns what throws Refusal `password_refused`, `too_many_attempts`
 */
function passwordCheck({ accounts, clock }: SignInParts): PasswordCheck {
  const attempts = new Attempts(clock)
  return (person, password, { address }) =>
    attempts.bounded(person.userUuid, address, async () => {
      if (!(await accounts.isPassword(person, password))) throw new Refusal('password_refused')
    })
}

/** @throws Refusal `invalid_key` when the session of the request has just ended */
async function currentOf({ server, accounts }: SignInParts, { request }: Exchange) {
  const sent = sessionIn(request.headers.cookie, server.isSecure)
  const found = sent === undefined ? undefined : await accounts.sessionOf(sent.value)
  if (sent === undefined || found === undefined) throw new Refusal('invalid_key')
  return { ...sent, ...found }
}

/** A password that was given again begins the session anew, as signing in does. */
async function beginAnew(parts: SignInParts, exchange: Exchange, person: Person): Promise<void> {
  const value = await parts.accounts.beginSession(person, originOf(exchange))
  await changeSession(exchange, parts, { value, secure: isSecure(exchange, parts.server) })
}

const told = (
  { id, createdAt, usedAt, expiresAt, address, userAgent }: HeldSession,
  { currentId, wholeSeconds }: { readonly currentId: string; readonly wholeSeconds: boolean },
) => ({
  id,
  created_at: wireTime(createdAt, wholeSeconds),
  last_used_at: wireTime(usedAt, wholeSeconds),
  expires_at: wireTime(expiresAt, wholeSeconds),
  address: address === '' ? null : address,
  user_agent: userAgent === '' ? null : userAgent,
  current: id === currentId,
})
