import type { Config } from '../kernel/config.ts'
import type { Vault } from '../kernel/vault.ts'
import { Accounts } from '../sign-in/accounts.ts'
import { openAccounts } from '../storage/accounts.ts'
import { placeOf } from './settings.ts'

/**
 * Who may sign in to a database.
 *
 * @param serving whether a server asks, whose main thread may not wait for another process
 */
export const accountsOf = (config: Config, vault: Vault, serving: boolean): Accounts =>
  new Accounts(() => openAccounts({ ...placeOf(config), serving }), vault.derive('cookies'))
