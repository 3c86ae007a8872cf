/** Who acts: a key, the user it names, and the company both belong to. */
export interface Actor {
  readonly companyId: number
  readonly userUuid: string
  readonly keyId: number
  /** The first characters of the key, for logs. */
  readonly keyPrefix: string
  readonly mayRead: boolean
  readonly mayWrite: boolean
  readonly mayAdminister: boolean
}
