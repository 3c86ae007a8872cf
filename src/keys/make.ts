import type { Fault } from '../contract/failures.ts'
import type { Reference } from '../contract/forms.ts'
import { keyLimits } from '../contract/keys.ts'
import { refuseMoreThan } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Definitions } from '../storage/definitions.ts'
import type { Work } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { digestOf, prefixOf } from './secret.ts'

export interface KeyRequest {
  readonly companyId: number
  readonly userId: number
  readonly label: string
  /** The key itself: only its digest and its first characters are kept. */
  readonly key: string
  readonly mayRead: boolean
  readonly mayWrite: boolean
  readonly mayAdminister: boolean
  /** Unix ms. */
  readonly expiresAt: number | null
}

/** A key that is to be made for a user who is looked up when it is. */
export type NewKey = Omit<KeyRequest, 'userId'> & { readonly user: Reference }

export function keyRow(request: KeyRequest, id: number, now: number): Row<'api_keys'> {
  return {
    company_id: request.companyId,
    id,
    user_id: request.userId,
    label: request.label,
    prefix: prefixOf(request.key),
    digest: digestOf(request.key),
    may_read: request.mayRead,
    may_write: request.mayWrite,
    may_administer: request.mayAdminister,
    created_at: now,
    last_used_at: null,
    expires_at: request.expiresAt,
    revoked_at: null,
  }
}

/**
 * Makes a key. Whoever administers may give any of the three switches, and there is nothing above them.
 *
 * @param present how many in force the company had a moment ago; two that are made at once may both count the same
 * @throws Refusal `invalid_body` when it has as many as it may, the user may not act, or the key has ended already
 */
export const makeKey = ({ user, ...request }: NewKey, present: number): Work<Row<'api_keys'>> => ({
  companyId: request.companyId,
  keys: {},
  ids: { api_keys: 1 },
  decide: (_, at) => {
    refuseMoreThan(keyLimits.keys, 'keys', present)
    const userId = actingUser(at.definitions, user)
    const faults: Fault[] = []
    if (userId === undefined) {
      const hint = 'a user of the company who is neither disabled nor indirect'
      faults.push({ path: '/user_id', message: `Invalid user ID: ${user}`, hint })
    }
    if (request.expiresAt !== null && request.expiresAt <= at.now) {
      faults.push({ path: '/expires_at', message: 'expires_at must be in the future' })
    }
    if (userId === undefined || faults.length > 0) throw new Refusal('invalid_body', { faults })
    const row = keyRow({ ...request, userId }, at.nextId('api_keys'), at.now)
    return { reply: row, writes: [{ kind: 'insert', table: 'api_keys', row }] }
  },
})

function actingUser({ users }: Definitions, reference: Reference): number | undefined {
  const user = users.get(reference)
  return user === undefined || user.disabled_at !== null || user.role === 'indirect' ? undefined : user.id
}
