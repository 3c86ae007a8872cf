import type { Accounts } from '../sign-in/accounts.ts'
import { roleOf } from '../sign-in/people.ts'
import type { Credentials } from '../sign-in/read-body.ts'
import type { Database } from '../storage/port.ts'
import { companyIds, userIds } from './definitions.ts'

/** The password of the sample's administrator. It is published, as the sample's keys are. */
const password = 'honey for everyone'

/**
 * What opens the console of a sample workspace: its administrator gets a password where there is none.
 *
 * @returns undefined once it opens nothing, as somebody has set another password or disabled the user
 */
export async function sampleSignIn(database: Database, accounts: Accounts): Promise<Credentials | undefined> {
  const user = (await database.definitions(companyIds.main)).users.get(userIds.admin)
  if (user === undefined || roleOf(user) === undefined) return undefined
  const person = { companyId: companyIds.main, userUuid: user.uuid }
  if (!(await accounts.hasPassword(person))) await accounts.setPassword(person, password)
  return (await accounts.isPassword(person, password)) ? { email: user.email, password } : undefined
}
