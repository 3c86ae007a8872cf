import { linkSeconds } from '../contract/session.ts'
import type { Accounts } from './accounts.ts'
import type { Mailer } from './mail.ts'
import type { Member } from './people.ts'

export interface LinkParts {
  readonly accounts: Accounts
  /** Absent where no mail is sent. */
  readonly mailer?: Mailer | undefined
}

/** A link with which somebody sets a password. */
export interface PasswordLink {
  readonly url: string
  /** Unix ms. */
  readonly expiresAt: number
  readonly mailed: boolean
}

/**
 * Makes a link, and sends it where mail is sent. It invites who has no password yet, and lets others set a new one.
 *
 * @param origin what its address begins with
 */
export async function makeLink(
  { accounts, mailer }: LinkParts,
  { company, user }: Member,
  origin: string,
): Promise<PasswordLink> {
  const person = { companyId: company.id, userUuid: user.uuid }
  const isReset = await accounts.hasPassword(person)
  const seconds = isReset ? linkSeconds.reset : linkSeconds.invitation
  const { token, expiresAt } = await accounts.makeLink(person, seconds * 1_000)
  const url = `${origin}/console/welcome?token=${token}`
  const mailed =
    mailer !== undefined &&
    (await mailer.send(isReset ? resetMail(user.email, url) : inviting(user.email, { company: company.name, url })))
  return { url, expiresAt, mailed }
}

const inviting = (to: string, { company, url }: { company: string; url: string }) => ({
  to,
  subject: `You are invited to the leads of ${company}`,
  text: `You can sign in to the leads of ${company}. Choose a password here, within 7 days:\n\n${url}\n`,
})

const resetMail = (to: string, url: string) => ({
  to,
  subject: 'A new password',
  text:
    `Choose a new password here, within an hour:\n\n${url}\n\n` +
    'If you did not ask for it, leave this mail alone: your password stays as it is.\n',
})
