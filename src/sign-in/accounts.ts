import { createHmac, randomBytes } from 'node:crypto'
import { sessionsToldMax, userAgentMax } from '../contract/account.ts'
import { sessionSecondsMax } from '../contract/session.ts'
import { systemClock } from '../kernel/clock.ts'
import type { AccountStore } from '../storage/accounts.ts'
import type { Library } from './library.ts'
import { hashOf, isWeak } from './password-hash.ts'

/** A user of ours, as an account names it. */
export interface Person {
  readonly companyId: number
  readonly userUuid: string
}

/** The value of the cookie that carries a session: a token and its signature. */
export type SessionValue = string

/** From where a session is begun; texts are empty where that is not known. */
export interface Origin {
  readonly address: string
  readonly userAgent: string
}

/** A session of a person. Times are Unix ms. */
export interface HeldSession extends Origin {
  readonly id: string
  readonly createdAt: number
  /** To the hour. */
  readonly usedAt: number
  readonly expiresAt: number
}

/** A session as the library keeps it. */
interface SessionRow {
  readonly id: string
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly expiresAt: Date
  readonly ipAddress?: string | null
  readonly userAgent?: string | null
}

const nowhere: Origin = { address: '', userAgent: '' }
const sessionIdForm = /^[A-Za-z0-9]{1,64}$/

const cookieName = 'waggle.session_token'
/** Of an account with a password, in the library's words. */
const byPassword = 'credential'
/** Of an account that a provider has opened. */
const byProvider = 'oidc'
const tokenBytes = 24

/**
 * Who may sign in, by which password, and who is signed in: the only place that knows the library.
 *
 * An account is named by the uuid of its user and holds no address, name or role. These are read from our users, so that
 * what is changed there holds at once. Time is the wall clock's, as the library knows no other.
 */
export class Accounts {
  readonly #store: () => AccountStore
  readonly #secret: string
  #opened: Promise<{ readonly library: Library; readonly store: AccountStore }> | undefined

  /**
   * @param store opens the database; called when it is first needed
   * @param secret signs cookies
   */
  constructor(store: () => AccountStore, secret: string) {
    this.#store = store
    this.#secret = secret
  }

  /** Makes the tables where that is needed. */
  async open(): Promise<void> {
    await this.#library()
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined)
    await opened?.store.close()
  }

  /** Whether nobody can sign in yet. */
  async isEmpty(): Promise<boolean> {
    const { adapter } = await (await this.#library()).$context
    return (await adapter.count({ model: 'account' })) === 0
  }

  /**
   * Begins a session.
   *
   * @returns undefined when the password is wrong or there is no account; both take as long
   */
  async signIn(person: Person | undefined, password: string, from = nowhere): Promise<SessionValue | undefined> {
    const { api, $context } = await this.#library()
    try {
      const { headers, response } = await api.signInEmail({
        body: { email: addressOf(person), password },
        headers: new Headers(),
        returnHeaders: true,
      })
      await (await $context).internalAdapter.updateSession(response.token, keptOf(from))
      if (person !== undefined) await this.#strengthen(person, password)
      return sessionSet(headers)
    } catch (error) {
      if (isRefusal(error)) return undefined
      throw error
    }
  }

  /** Begins a session of a person whom a provider has told us of; no password is needed then, nor is one made. */
  async begin(person: Person, from: Origin): Promise<SessionValue> {
    const { internalAdapter } = await (await this.#library()).$context
    const userId = await this.#idOf(person)
    const accounts = await internalAdapter.findAccounts(userId)
    if (!accounts.some(({ providerId }) => providerId === byProvider)) {
      await internalAdapter.linkAccount({ userId, providerId: byProvider, accountId: person.userUuid })
    }
    return this.beginSession(person, from)
  }

  /** Begins a session of a person who has just shown who that is. */
  async beginSession(person: Person, from: Origin): Promise<SessionValue> {
    const { internalAdapter, secret } = await (await this.#library()).$context
    const { token } = await internalAdapter.createSession(await this.#idOf(person), false, keptOf(from))
    return encodeURIComponent(`${token}.${createHmac('sha256', secret).update(token).digest('base64')}`)
  }

  /** Who a session belongs to; undefined when it has ended. */
  async find(value: SessionValue): Promise<Person | undefined> {
    return (await this.#open(value))?.person
  }

  /** Which session of its person it is, and since when (ms); undefined when it has ended. */
  async sessionOf(value: SessionValue): Promise<{ id: string; ageMs: number } | undefined> {
    const found = await this.#open(value)
    return found && { id: found.session.id, ageMs: systemClock.now() - found.session.createdAt.getTime() }
  }

  async #open(value: SessionValue) {
    const { api } = await this.#library()
    const found = await api.getSession({ headers: headersWith(value), query: { disableRefresh: true } })
    if (found === null || endOf(found.session) <= systemClock.now()) return undefined
    const { companyId, userUuid } = found.user
    return { session: found.session, person: { companyId, userUuid } }
  }

  /** Where a person is signed in, the session that was used last first; at most {@link sessionsToldMax}. */
  async sessionsOf(person: Person): Promise<HeldSession[]> {
    const { adapter } = await (await this.#library()).$context
    const now = systemClock.now()
    const rows = await adapter.findMany<SessionRow>({
      model: 'session',
      where: [
        { field: 'userId', value: await this.#idOf(person) },
        { field: 'expiresAt', operator: 'gt', value: new Date(now) },
        { field: 'createdAt', operator: 'gt', value: new Date(now - sessionSecondsMax * 1_000) },
      ],
      sortBy: { field: 'updatedAt', direction: 'desc' },
      limit: sessionsToldMax,
    })
    return rows.map(heldOf)
  }

  /** Ends a session of a person. @returns whether there was one */
  async endSession(person: Person, id: string): Promise<boolean> {
    if (!sessionIdForm.test(id)) return false
    const ended = await this.#endWhere(person, [{ field: 'id', value: id }])
    return ended > 0
  }

  /** Ends all sessions of a person, but the one with this id if there is one. */
  async endSessions(person: Person, butId?: string): Promise<void> {
    await this.#endWhere(person, butId === undefined ? [] : [{ field: 'id', operator: 'ne', value: butId }])
  }

  async #endWhere(
    person: Person,
    where: readonly { readonly field: string; readonly operator?: 'ne'; readonly value: string }[],
  ): Promise<number> {
    const { adapter, internalAdapter } = await (await this.#library()).$context
    const found = await internalAdapter.findUserByEmail(addressOf(person))
    if (found === null) return 0
    return adapter.deleteMany({ model: 'session', where: [{ field: 'userId', value: found.user.id }, ...where] })
  }

  /**
   * Makes a session last as long as a new one, once an hour.
   *
   * @returns whether it did, so that its cookie should too
   */
  async renew(value: SessionValue): Promise<boolean> {
    const { api } = await this.#library()
    const { headers } = await api.getSession({ headers: headersWith(value), returnHeaders: true })
    return sessionSet(headers) !== undefined
  }

  async end(value: SessionValue): Promise<void> {
    const { api } = await this.#library()
    await api.signOut({ headers: headersWith(value) })
  }

  /** Whether a person has a password. */
  async hasPassword(person: Person): Promise<boolean> {
    const { internalAdapter } = await (await this.#library()).$context
    const found = await internalAdapter.findUserByEmail(addressOf(person), { includeAccounts: true })
    return found?.accounts.some(({ providerId }) => providerId === byPassword) ?? false
  }

  async isPassword(person: Person, password: string): Promise<boolean> {
    const { password: hasher, internalAdapter } = await (await this.#library()).$context
    const found = await internalAdapter.findUserByEmail(addressOf(person), { includeAccounts: true })
    const hash = found?.accounts.find(({ providerId }) => providerId === byPassword)?.password
    return typeof hash === 'string' && (await hasher.verify({ hash, password }))
  }

  /** Sets a person's password: all sessions end, and links that were made for it open nothing more. */
  async setPassword(person: Person, password: string): Promise<void> {
    await this.setHash(person, await hashOf(password))
  }

  /** The same with a password that was hashed before: this is not refused for want of room. */
  async setHash(person: Person, hash: string): Promise<void> {
    const { internalAdapter, adapter } = await (await this.#library()).$context
    const userId = await this.#idOf(person)
    if ((await internalAdapter.findCredentialAccount(userId)) === null) {
      await internalAdapter.linkAccount({ userId, providerId: byPassword, accountId: userId, password: hash })
    } else {
      await internalAdapter.updatePassword(userId, hash)
    }
    await internalAdapter.deleteUserSessions(userId)
    await adapter.deleteMany({ model: 'verification', where: [{ field: 'value', value: userId }] })
  }

  /** Removes what a person signs in with: password, sessions, links. Nothing is left to sign in to. */
  async remove(person: Person): Promise<void> {
    const { internalAdapter, adapter } = await (await this.#library()).$context
    const found = await internalAdapter.findUserByEmail(addressOf(person))
    if (found === null) return
    const userId = found.user.id
    await adapter.deleteMany({ model: 'verification', where: [{ field: 'value', value: userId }] })
    await adapter.deleteMany({ model: 'session', where: [{ field: 'userId', value: userId }] })
    await adapter.deleteMany({ model: 'account', where: [{ field: 'userId', value: userId }] })
    await adapter.deleteMany({ model: 'user', where: [{ field: 'id', value: userId }] })
  }

  /** Makes a link's token, with which a person sets a password for so long. It is kept hashed. */
  async makeLink(person: Person, lifeMs: number): Promise<{ token: string; expiresAt: number }> {
    const { internalAdapter } = await (await this.#library()).$context
    const token = randomBytes(tokenBytes).toString('base64url')
    const value = await this.#idOf(person)
    const expiresAt = systemClock.now() + lifeMs
    await internalAdapter.createVerificationValue({
      identifier: `link:${token}`,
      value,
      expiresAt: new Date(expiresAt),
    })
    return { token, expiresAt }
  }

  /** Whom a link is for, and until when (Unix ms); undefined when it opens nothing. */
  async linkOf(token: string): Promise<{ person: Person; expiresAt: number } | undefined> {
    const { internalAdapter } = await (await this.#library()).$context
    const found = await internalAdapter.findVerificationValue(`link:${token}`)
    if (found === null || found.expiresAt.getTime() <= systemClock.now()) return undefined
    const person = await this.#personOf(found.value)
    return person === undefined ? undefined : { person, expiresAt: found.expiresAt.getTime() }
  }

  /** Uses a link up. Of two at once one is told whom it is for, the other nothing. */
  async spendLink(token: string): Promise<Person | undefined> {
    const { internalAdapter } = await (await this.#library()).$context
    const used = await internalAdapter.consumeVerificationValue(`link:${token}`)
    return used === null ? undefined : this.#personOf(used.value)
  }

  /** Lets a code set the server up, for so long. It is kept hashed. */
  async addCode(code: string, lifeMs: number): Promise<void> {
    const { internalAdapter } = await (await this.#library()).$context
    const until = new Date(systemClock.now() + lifeMs)
    await internalAdapter.createVerificationValue({ identifier: `setup:${code}`, value: 'setup', expiresAt: until })
  }

  async isCode(code: string): Promise<boolean> {
    const { internalAdapter } = await (await this.#library()).$context
    const found = await internalAdapter.findVerificationValue(`setup:${code}`)
    return found !== null && found.expiresAt.getTime() > systemClock.now()
  }

  /** Uses a code up. Of two at once only one is told that it was good. */
  async spendCode(code: string): Promise<boolean> {
    const { internalAdapter } = await (await this.#library()).$context
    return (await internalAdapter.consumeVerificationValue(`setup:${code}`)) !== null
  }

  /** Removes sessions and links that have expired, if the database is open. */
  async sweep(): Promise<void> {
    const opened = await this.#opened
    if (opened === undefined) return
    const { adapter } = await opened.library.$context
    const where = [{ field: 'expiresAt', operator: 'lt' as const, value: new Date(systemClock.now()) }]
    await adapter.deleteMany({ model: 'session', where })
    await adapter.deleteMany({ model: 'verification', where })
  }

  /** Hashes a password anew that was hashed with less effort than is usual now. */
  async #strengthen(person: Person, password: string): Promise<void> {
    const { internalAdapter } = await (await this.#library()).$context
    const account = await internalAdapter.findCredentialAccount(await this.#idOf(person))
    if (account === null || !isWeak(account.password ?? '')) return
    await internalAdapter.updatePassword(account.userId, await hashOf(password))
  }

  /** Whom an account of the library belongs to. */
  async #personOf(userId: string): Promise<Person | undefined> {
    const { adapter } = await (await this.#library()).$context
    const where = [{ field: 'id', value: userId }]
    const found = await adapter.findOne<Person>({ model: 'user', where })
    return found === null ? undefined : { companyId: found.companyId, userUuid: found.userUuid }
  }

  /** The account's id in the library, which is made where there is none. */
  async #idOf(person: Person): Promise<string> {
    const { internalAdapter } = await (await this.#library()).$context
    const email = addressOf(person)
    const present = await internalAdapter.findUserByEmail(email)
    if (present !== null) return present.user.id
    const made = { ...person, email, name: person.userUuid, emailVerified: true }
    return (await internalAdapter.createUser(made, { method: 'server' })).id
  }

  async #library(): Promise<Library> {
    this.#opened ??= this.#begin()
    return (await this.#opened).library
  }

  async #begin(): Promise<{ library: Library; store: AccountStore }> {
    // It takes a third of a second to load, which commands and tests that need it not should not pay.
    const { openLibrary } = await import('./library.ts')
    const store = this.#store()
    try {
      return { store, library: await openLibrary(store, this.#secret) }
    } catch (error) {
      this.#opened = undefined
      await store.close()
      throw error
    }
  }
}

/** The library names accounts by address. Ours are in no mail system, and never change when a person's address does. */
const addressOf = (person: Person | undefined): string => `${person?.userUuid ?? 'nobody'}@users.waggle.invalid`

/** What is kept of where a session is begun. */
const keptOf = ({ address, userAgent }: Origin) => ({
  ipAddress: address,
  userAgent: userAgent.slice(0, userAgentMax),
})

/** When a session ends if it is used no more, Unix ms. */
const endOf = ({ createdAt, expiresAt }: Pick<SessionRow, 'createdAt' | 'expiresAt'>): number =>
  Math.min(expiresAt.getTime(), createdAt.getTime() + sessionSecondsMax * 1_000)

const heldOf = (row: SessionRow): HeldSession => ({
  id: row.id,
  createdAt: row.createdAt.getTime(),
  usedAt: row.updatedAt.getTime(),
  expiresAt: endOf(row),
  address: row.ipAddress ?? '',
  userAgent: row.userAgent ?? '',
})

const headersWith = (value: SessionValue): Headers => new Headers({ cookie: `${cookieName}=${value}` })

/** The session that an answer of the library sets; undefined when it sets none, or takes one away. */
function sessionSet(headers: Headers): SessionValue | undefined {
  const cookie = headers.getSetCookie().find((one) => one.startsWith(`${cookieName}=`))
  return cookie?.slice(cookieName.length + 1).split(';', 1)[0] || undefined
}

/** Whether the library refused what it was given; everything else is a fault. */
const isRefusal = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === 401
