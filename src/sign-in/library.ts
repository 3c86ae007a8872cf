import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { passwordLimits, sessionSeconds } from '../contract/session.ts'
import type { AccountStore } from '../storage/accounts.ts'
import { hashOf, isOf } from './password-hash.ts'

/** A session that is used is noted so, and goes on, once in so many seconds. */
const noteUseSeconds = 3_600

/** How the library is set. Nothing of its own router is served: what we call are its functions. */
const optionsOf = (store: AccountStore, secret: string) => ({
  appName: 'Waggle',
  // Only links of its own would begin with it, and none is made.
  baseURL: 'http://waggle.invalid',
  secrets: [{ version: 1, value: secret }],
  database: store.database,
  telemetry: { enabled: false },
  logger: { disabled: true },
  emailAndPassword: {
    enabled: true,
    disableSignUp: true,
    minPasswordLength: passwordLimits.min,
    // It counts halves of pairs; ours is a bound of characters.
    maxPasswordLength: 2 * passwordLimits.max,
    revokeSessionsOnPasswordReset: true,
    password: { hash: hashOf, verify: isOf },
  },
  session: { expiresIn: sessionSeconds, updateAge: noteUseSeconds },
  // A copy of the database opens nothing: links are kept hashed, and a cookie is signed with the secret.
  verification: { storeIdentifier: 'hashed' as const },
  user: {
    additionalFields: {
      companyId: { type: 'number' as const, required: true, input: false },
      userUuid: { type: 'string' as const, required: true, input: false },
    },
  },
  // Addresses are those that Waggle tells, which knows its proxies.
  advanced: { cookiePrefix: 'waggle', useSecureCookies: false, ipAddress: { disableIpTracking: true } },
})

const make = (store: AccountStore, secret: string) => betterAuth(optionsOf(store, secret))
export type Library = ReturnType<typeof make>

/** The library over a store, whose tables it makes or changes first where that is needed. */
export async function openLibrary(store: AccountStore, secret: string): Promise<Library> {
  await store.alone(async () => (await getMigrations(optionsOf(store, secret))).runMigrations())
  return make(store, secret)
}
