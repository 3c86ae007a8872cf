import { Refusal } from '../kernel/refusal.ts'
import { transactAsRead } from '../storage/as-read.ts'
import type { Database, Work } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

type Ending = Pick<Row<'api_keys'>, 'id' | 'expires_at'>

/**
 * Ends a key for good. Twice is once.
 *
 * A company keeps an admin key as long as it would have had one: the last is not revoked, nor one beside others that end
 * before it. So nobody locks a company out who meant to tidy up.
 *
 * @throws Refusal `key_not_found`, `last_admin_key`
 */
export async function revoke(database: Database, companyId: number, keyId: number): Promise<void> {
  await transactAsRead(database, companyId, async () => {
    const admins = await database.find((db) =>
      db
        .selectFrom('api_keys')
        .select(['id', 'expires_at'])
        .where('company_id', '=', companyId)
        .where('may_administer', '=', true)
        .where('revoked_at', 'is', null),
    )
    return revokeKey(companyId, keyId, admins)
  })
}

/**
 * A change of definitions, so that of two revocations at a time the second one sees the first.
 *
 * @param admins the admin keys that are not revoked
 */
const revokeKey = (companyId: number, keyId: number, admins: readonly Ending[]): Work<null> => ({
  companyId,
  keys: { apiKey: keyId },
  changesDefinitions: true,
  decide: ({ apiKey }, { now }) => {
    if (apiKey === undefined) throw new Refusal('key_not_found')
    if (apiKey.revoked_at !== null) return { reply: null, writes: [] }
    const end = endOf(apiKey)
    const isKept = admins.some((other) => other.id !== keyId && endOf(other) > now && endOf(other) >= end)
    if (apiKey.may_administer && end > now && !isKept) throw new Refusal('last_admin_key')
    const key = { company_id: companyId, id: keyId }
    return { reply: null, writes: [{ kind: 'update', table: 'api_keys', key, set: { revoked_at: now } }] }
  },
})

const endOf = ({ expires_at }: Pick<Ending, 'expires_at'>): number => expires_at ?? Number.POSITIVE_INFINITY
