import { randomInt } from 'node:crypto'
import { beginCompany } from '../companies/begin.ts'
import { createUser } from '../configuration/users.ts'
import type { Clock } from '../kernel/clock.ts'
import { type Random, systemRandom } from '../kernel/random.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Database } from '../storage/port.ts'
import type { Accounts, Person } from './accounts.ts'
import { hashOf } from './password-hash.ts'
import { refuseGuessable } from './password-rules.ts'
import { memberOf, peopleOf } from './people.ts'

/** Without letters and digits that look alike: 32 of them, so that a code has 40 bits. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const codeLength = 8
const codeLifeMs = 86_400_000

/** Who is to be the first to sign in. */
export interface FirstPerson {
  readonly code: string
  readonly email: string
  readonly password: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly companyName: string | null
}

/** A code as it is looked up, however it was typed. */
const bare = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '')

/**
 * A new code that sets the server up within a day, as `XXXX-XXXX`.
 *
 * @returns undefined when somebody can sign in already
 */
export async function newSetupCode(accounts: Accounts): Promise<string | undefined> {
  if (!(await accounts.isEmpty())) return undefined
  const code = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  await accounts.addCode(code, codeLifeMs)
  return `${code.slice(0, codeLength / 2)}-${code.slice(codeLength / 2)}`
}

/** Makes the first person who can sign in, one request after the other. */
export class Setup {
  readonly #database: Database
  readonly #accounts: Accounts
  readonly #clock: Clock
  readonly #random: Random
  #running: Promise<unknown> = Promise.resolve()

  constructor(database: Database, accounts: Accounts, clock: Clock, random: Random = systemRandom) {
    this.#database = database
    this.#accounts = accounts
    this.#clock = clock
    this.#random = random
  }

  /** @throws Refusal `setup_done`, `code_refused`, `email_taken` */
  setUp(first: FirstPerson): Promise<Person> {
    const done = this.#running.then(() => this.#setUp(first))
    this.#running = done.catch(() => undefined)
    return done
  }

  async #setUp(first: FirstPerson): Promise<Person> {
    const accounts = this.#accounts
    if (!(await accounts.isEmpty())) throw new Refusal('setup_done')
    const code = bare(first.code)
    if (!(await accounts.isCode(code))) throw new Refusal('code_refused')
    await refuseGuessable(first.password, first)
    const hash = await hashOf(first.password) // before the code is used up: there may be no room for it
    const person = await this.#admin(first)
    // Another server on the same database may have been quicker.
    if (!(await accounts.spendCode(code))) throw new Refusal('code_refused')
    await accounts.setHash(person, hash)
    return person
  }

  /** The administrator with the address, of a new company where there is none. */
  async #admin({ email, firstName, lastName, companyName }: FirstPerson): Promise<Person> {
    const database = this.#database
    for (const person of await peopleOf(database, email)) {
      if ((await memberOf(database, person))?.role === 'admin') return person
    }
    const [company] = await database.find((db) => db.selectFrom('companies').select('id').orderBy('id').limit(1))
    if (company === undefined) {
      const begun = { name: companyName ?? 'My company', email, firstName, lastName }
      await database.load(beginCompany(begun, this.#clock.now(), this.#random))
      const [admin] = await peopleOf(database, email)
      if (admin === undefined) throw new Error('the first user is not there')
      return admin
    }
    const row = { email, role: 'admin' as const, first_name: firstName, last_name: lastName }
    const work = createUser(company.id, { ...row, position: null, color: null })
    const { reply } = await database.transact(work)
    return { companyId: company.id, userUuid: reply.uuid }
  }
}
