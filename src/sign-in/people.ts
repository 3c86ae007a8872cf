import type { Role } from '../contract/roles.ts'
import { givenRoles } from '../contract/users.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { UserRow } from '../storage/definitions.ts'
import { foldedEmail } from '../storage/folded-email.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { Person } from './accounts.ts'

/** A user who may be signed in, and the company as it stands. */
export interface Member {
  readonly company: Row<'companies'>
  readonly user: UserRow
  readonly role: Role
}

/** Users of one address that are looked at: one in each company, and few people work for several. */
const ofAddressMax = 5

/** The role of a user who may sign in; undefined for one who is disabled or comes with a partner. */
export const roleOf = ({ role, disabled_at }: UserRow): Role | undefined =>
  disabled_at === null ? givenRoles.find((one) => one === role) : undefined

/** The user that an account names, as our tables have it now; undefined when that one may not sign in. */
export async function memberOf(database: Database, { companyId, userUuid }: Person): Promise<Member | undefined> {
  const company = await database.read('companies', { id: companyId })
  if (company === undefined || company.suspended_at !== null) return undefined
  const user = (await database.definitions(companyId)).users.get(userUuid)
  const role = user === undefined ? undefined : roleOf(user)
  return user === undefined || role === undefined ? undefined : { company, user, role }
}

/** Who has an address and may sign in, in the order of companies. The case of A to Z means nothing. */
export async function peopleOf(database: Database, email: string): Promise<Person[]> {
  const wanted = foldedEmail(email)
  const rows = await database.find((db) =>
    db
      .selectFrom('users')
      .selectAll()
      .where((eb) => eb(eb.fn<string>('lower', ['email']), '=', eb.fn<string>('lower', [eb.val(email)])))
      .orderBy('company_id')
      .limit(2 * ofAddressMax),
  )
  return rows
    .filter((user) => foldedEmail(user.email) === wanted && roleOf(user) !== undefined)
    .slice(0, ofAddressMax)
    .map(({ company_id, uuid }) => ({ companyId: company_id, userUuid: uuid }))
}

/** @throws Refusal `sign_in_refused` when there is none: who asks learns no more than that */
export function needed<T>(found: T | undefined): T {
  if (found === undefined) throw new Refusal('sign_in_refused')
  return found
}
