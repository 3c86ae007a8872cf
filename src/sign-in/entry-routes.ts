import { referenceFromText } from '../contract/forms.ts'
import * as contract from '../contract/session.ts'
import { known } from '../http/body-reader.ts'
import { ownOrigin } from '../http/origin.ts'
import { serve } from '../http/serve.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTime } from '../kernel/time.ts'
import { foldedEmail } from '../storage/folded-email.ts'
import { answerSignedIn, originOf } from './answer.ts'
import { Attempts } from './attempts.ts'
import { makeLink } from './links.ts'
import type { EntryParts } from './parts.ts'
import { hashOf } from './password-hash.ts'
import { refuseGuessable } from './password-rules.ts'
import { memberOf, peopleOf } from './people.ts'
import { readForgot, readSetUp, readToken, readWelcome } from './read-body.ts'
import { Setup } from './setup.ts'

/** How people come to be able to sign in: the first one by a code, others by links. */
export function entryRoutes(parts: EntryParts): void {
  const { server, database, accounts, sessions, clock } = parts
  const setup = new Setup(database, accounts, clock)
  const attempts = new Attempts(clock)

  serve(server, contract.setUp, async ({ body, conditions, answer }, exchange) => {
    const first = known(readSetUp(body), answer, conditions)
    const person = await attempts.bounded('setup', exchange.address, () => setup.setUp(first))
    const session = await accounts.beginSession(person, originOf(exchange))
    return { body: await answerSignedIn(exchange, parts, { person, session }) }
  })

  serve(server, contract.readLink, async ({ body, conditions, answer }, exchange) => {
    const token = known(readToken(body), answer, conditions)
    const { company, user, expiresAt } = await attempts.bounded(token, exchange.address, () => readLink(parts, token))
    return {
      body: {
        company: { name: company.name },
        email: user.email,
        first_name: user.first_name,
        last_name: user.last_name,
        expires_at: wireTime(expiresAt, parts.config.wholeSeconds),
      },
    }
  })

  serve(server, contract.welcome, async ({ body, conditions, answer }, exchange) => {
    const { token, password } = known(readWelcome(body), answer, conditions)
    const { user, company } = await attempts.bounded(token, exchange.address, () => readLink(parts, token))
    const { email, first_name: firstName, last_name: lastName } = user
    await refuseGuessable(password, { email, firstName, lastName, companyName: company.name })
    const hash = await hashOf(password) // before the link is used up: there may be no room for it
    const person = await accounts.spendLink(token)
    if (person === undefined) throw new Refusal('link_ended')
    await accounts.setHash(person, hash)
    sessions.forget(person)
    const session = await accounts.beginSession(person, originOf(exchange))
    return { body: await answerSignedIn(exchange, parts, { person, session }) }
  })

  linkRoutes(parts)
}

/** Whom a link is for, and until when; `link_ended` also when that user may not sign in now. */
async function readLink({ accounts, database }: EntryParts, token: string) {
  const link = await accounts.linkOf(token)
  const member = link === undefined ? undefined : await memberOf(database, link.person)
  if (link === undefined || member === undefined) throw new Refusal('link_ended')
  return { ...member, expiresAt: link.expiresAt }
}

/** Who makes links: an administrator for others, and whoever reads the mail of an address. */
function linkRoutes(parts: EntryParts): void {
  const { server, database, clock, mailer } = parts
  const asked = new Attempts(clock)

  serve(server, contract.makeLink, async ({ actor, params }, { request }) => {
    const { users } = await database.definitions(actor.companyId)
    const user = users.get(referenceFromText(params['userId'] ?? ''))
    if (user === undefined) throw new Refusal('user_not_found')
    const member = await memberOf(database, { companyId: actor.companyId, userUuid: user.uuid })
    if (member === undefined) throw new Refusal('cannot_sign_in')
    const { url, expiresAt, mailed } = await makeLink(parts, member, ownOrigin(request.headers, server.publicUrl))
    return { body: { url, expires_at: wireTime(expiresAt, parts.config.wholeSeconds), mailed } }
  })

  serve(server, contract.forgot, async ({ body, conditions, answer }, exchange) => {
    const email = known(readForgot(body), answer, conditions)
    if (mailer === undefined) throw new Refusal('no_mail')
    asked.count(foldedEmail(email), exchange.address)
    // Whoever asks is answered before anything is looked up, so that not even the time tells.
    mailer.sendLater(sendLinks(parts, email))
    return { body: null }
  })
}

async function sendLinks(parts: EntryParts, email: string): Promise<void> {
  for (const person of await peopleOf(parts.database, email)) {
    const member = await memberOf(parts.database, person)
    if (member !== undefined) await makeLink(parts, member, parts.server.publicUrl)
  }
}
