import { hash } from 'node:crypto'
import type { SessionLookUp } from '../http/authenticate.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../storage/port.ts'
import type { Accounts, Person, SessionValue } from './accounts.ts'
import { type Member, memberOf } from './people.ts'

/** A session that has ended, or whose user was disabled, is refused at most so many ms later. */
const trustedMs = 1_000
const cachedMax = 10_000
/** Characters of a person's uuid in the log: of the part that is random. */
const shownLength = 12

/** Who acts when a person is signed in. */
export const actorOf = ({ company, user, role }: Member): Actor => ({
  companyId: company.id,
  userUuid: user.uuid,
  keyId: null,
  shownAs: `user:${user.uuid.slice(-shownLength)}`,
  mayRead: true,
  mayWrite: true,
  mayAdminister: role === 'admin',
  role,
})

/** Finds who is signed in. A session that was good stays known for a second. */
export class Sessions {
  readonly #accounts: Accounts
  readonly #database: Database
  readonly #clock: Clock
  readonly #cache = new Map<string, { readonly actor: Actor; readonly until: number }>()
  /** Look-ups that run, so that many requests of a session whose second is over read once. */
  readonly #finding = new Map<string, Promise<Actor | undefined>>()
  #ends = 0

  constructor(accounts: Accounts, database: Database, clock: Clock) {
    this.#accounts = accounts
    this.#database = database
    this.#clock = clock
  }

  readonly lookUp: SessionLookUp = (value) => {
    const name = nameOf(value)
    const known = this.#cache.get(name)
    if (known !== undefined && known.until > this.#clock.elapsed()) return known.actor
    const running = this.#finding.get(name)
    if (running !== undefined) return running
    const found = this.#find(name, value).finally(() => {
      if (this.#finding.get(name) === found) this.#finding.delete(name)
    })
    this.#finding.set(name, found)
    return found
  }

  /** Ends a session, in this process at once. */
  async end(value: SessionValue): Promise<void> {
    await this.#accounts.end(value)
    this.#leaveRunning()
    this.#cache.delete(nameOf(value))
  }

  /** Forgets whose sessions were good: some of a person have ended. */
  forget({ companyId, userUuid }: Person): void {
    this.#leaveRunning()
    for (const [name, { actor }] of this.#cache) {
      if (actor.companyId === companyId && actor.userUuid === userUuid) this.#cache.delete(name)
    }
  }

  /** Look-ups that run may have read what has ended since: they answer those who wait for them, and nobody else. */
  #leaveRunning(): void {
    this.#ends += 1
    this.#finding.clear()
  }

  async #find(name: string, value: SessionValue): Promise<Actor | undefined> {
    this.#cache.delete(name)
    const ends = this.#ends
    const person = await this.#accounts.find(value)
    const member = person === undefined ? undefined : await memberOf(this.#database, person)
    if (member === undefined) return undefined
    const actor = actorOf(member)
    if (ends !== this.#ends) return actor
    if (this.#cache.size >= cachedMax) this.#cache.clear()
    this.#cache.set(name, { actor, until: this.#clock.elapsed() + trustedMs })
    return actor
  }
}

const nameOf = (value: SessionValue): string => hash('sha256', value, 'binary')
