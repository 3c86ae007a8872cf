import type { Work, Write } from '../storage/port.ts'
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

export const makeKey = (request: KeyRequest): Work<{ id: number }> => ({
  companyId: request.companyId,
  keys: {},
  ids: { api_keys: 1 },
  decide: (_, at) => {
    const id = at.nextId('api_keys')
    const row: Write = { kind: 'insert', table: 'api_keys', row: keyRow(request, id, at.now) }
    return { reply: { id }, writes: [row] }
  },
})

/** Revokes a key; the reply tells whether there was one to revoke. Twice is once. */
export const revokeKey = (companyId: number, keyId: number): Work<{ found: boolean }> => ({
  companyId,
  keys: { apiKey: keyId },
  decide: ({ apiKey }, { now }) => {
    if (apiKey === undefined) return { reply: { found: false }, writes: [] }
    if (apiKey.revoked_at !== null) return { reply: { found: true }, writes: [] }
    const key = { company_id: companyId, id: keyId }
    return { reply: { found: true }, writes: [{ kind: 'update', table: 'api_keys', key, set: { revoked_at: now } }] }
  },
})
