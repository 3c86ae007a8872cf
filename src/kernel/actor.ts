import type { Role } from '../contract/roles.ts'

/** Who acts: a key, the user it names, and the company both belong to; or a user who is signed in. */
export interface Actor {
  readonly companyId: number
  readonly userUuid: string
  /** Null when a person is signed in. */
  readonly keyId: number | null
  /** For logs: the first characters of the key, or `user:` and the first ones of the person's uuid. */
  readonly shownAs: string
  readonly mayRead: boolean
  readonly mayWrite: boolean
  readonly mayAdminister: boolean
  /** Of a person who is signed in; it decides beside the three switches what is open. */
  readonly role?: Role
}
