import { keyLimits } from '../contract/keys.ts'
import { refuseMoreThan } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Work } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { digestOf, prefixOf } from './secret.ts'

export interface Rotation {
  readonly companyId: number
  /** Of the key that is to be replaced. */
  readonly keyId: number
  /** The new key itself: only its digest and its first characters are kept. */
  readonly key: string
  /** For how long the old key still opens. */
  readonly overlapMs: number
}

/**
 * Makes a key in place of one, with its label, user, switches and end. The old one ends by itself after the overlap, or when
 * it would have anyway.
 *
 * @param present how many in force the company had a moment ago; two that are made at once may both count the same
 * @throws Refusal `key_not_found`; `key_ended` when there is nothing to go on with; `invalid_body` when the company has as
 *   many as it may
 */
export const rotateKey = (
  { companyId, keyId, key, overlapMs }: Rotation,
  present: number,
): Work<{ row: Row<'api_keys'>; oldEndsAt: number }> => ({
  companyId,
  keys: { apiKey: keyId },
  ids: { api_keys: 1 },
  decide: ({ apiKey: old }, at) => {
    if (old === undefined) throw new Refusal('key_not_found')
    const end = old.expires_at ?? Number.POSITIVE_INFINITY
    if (old.revoked_at !== null || end <= at.now) throw new Refusal('key_ended')
    refuseMoreThan(keyLimits.keys, 'keys', present)
    const oldEndsAt = Math.min(end, at.now + overlapMs)
    const made = { prefix: prefixOf(key), digest: digestOf(key), created_at: at.now, last_used_at: null }
    const row: Row<'api_keys'> = { ...old, id: at.nextId('api_keys'), ...made }
    const place = { company_id: companyId, id: keyId }
    return {
      reply: { row, oldEndsAt },
      writes: [
        { kind: 'insert', table: 'api_keys', row },
        { kind: 'update', table: 'api_keys', key: place, set: { expires_at: oldEndsAt } },
      ],
    }
  },
})
