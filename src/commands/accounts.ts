import { randomBytes } from 'node:crypto'
import type { Config } from '../kernel/config.ts'
import type { Vault } from '../kernel/vault.ts'
import { Accounts } from '../sign-in/accounts.ts'
import { openAccounts } from '../storage/accounts.ts'
import { placeOf } from './settings.ts'

const secretBytes = 32

/**
 * Who may sign in to a database.
 *
 * @param serving whether a server asks, whose main thread may not wait for another process
 */
export const accountsOf = (config: Config, vault: Vault, serving: boolean): Accounts =>
  new Accounts(() => openAccounts({ ...placeOf(config), serving }), vault.derive('cookies'))

/** Makes the tables of who may sign in, where they are not there. */
export async function makeAccounts(place: Parameters<typeof openAccounts>[0]): Promise<void> {
  // Nobody signs in here, so the secret signs nothing.
  const accounts = new Accounts(() => openAccounts(place), randomBytes(secretBytes).toString('base64'))
  try {
    await accounts.open()
  } finally {
    await accounts.close()
  }
}
