import assert from 'node:assert/strict'
import { isOpenTo } from '../contract/roles.ts'
import { sessionSeconds } from '../contract/session.ts'
import { ownOrigin } from '../http/origin.ts'
import type { Exchange, Server } from '../http/serve.ts'
import { type SessionSent, sessionCookie, sessionIn } from '../http/session-cookie.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Database } from '../storage/port.ts'
import type { Origin, Person } from './accounts.ts'
import { memberOf, needed } from './people.ts'
import { actorOf, type Sessions } from './sessions.ts'

/** Whether the browser that asks came over https. */
export const isSecure = ({ request }: Exchange, { publicUrl }: Server): boolean =>
  ownOrigin(request.headers, publicUrl).startsWith('https:')

/** From where it is asked. */
export const originOf = ({ address, request }: Exchange): Origin => ({
  address,
  userAgent: request.headers['user-agent'] ?? '',
})

export function setSession(exchange: Exchange, { value, secure }: SessionSent): void {
  exchange.header('set-cookie', sessionCookie(value, { secure, maxAgeSeconds: sessionSeconds }))
}

/** Who acts, as `me` tells it. */
export async function tell(server: Server, database: Database, actor: Actor): Promise<unknown> {
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

/** Gives a browser a session in place of the one that it had, which ends. */
export async function changeSession(
  exchange: Exchange,
  { server, sessions }: { readonly server: Server; readonly sessions: Sessions },
  session: SessionSent,
): Promise<void> {
  const before = sessionIn(exchange.request.headers.cookie, server.isSecure)
  if (before !== undefined) await sessions.end(before.value)
  setSession(exchange, session)
}

/**
 * Begins a session in the browser that asks.
 *
 * @returns what `me` tells of the person
 * @throws Refusal `sign_in_refused` when that one may not sign in any more
 */
export async function answerSignedIn(
  exchange: Exchange,
  parts: { readonly server: Server; readonly database: Database; readonly sessions: Sessions },
  { person, session }: { readonly person: Person; readonly session: string },
): Promise<unknown> {
  const { server, database } = parts
  const member = needed(await memberOf(database, person))
  await changeSession(exchange, parts, { value: session, secure: isSecure(exchange, server) })
  return tell(server, database, actorOf(member))
}
