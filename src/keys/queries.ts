import assert from 'node:assert/strict'
import { wireTime, wireTimeOrNull } from '../kernel/time.ts'
import type { Definitions } from '../storage/definitions.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

/** How a key is told. */
export interface KeyTelling {
  readonly wholeSeconds: boolean
}

/** Oldest first. */
export const keysOf = (database: Database, companyId: number): Promise<Row<'api_keys'>[]> =>
  database.find((db) => db.selectFrom('api_keys').selectAll().where('company_id', '=', companyId).orderBy('id'))

/** Whether it opens anything now. */
export const isInForce = ({ revoked_at, expires_at }: Row<'api_keys'>, now: number): boolean =>
  revoked_at === null && (expires_at === null || expires_at > now)

/** How many of a company's open anything now. */
export async function countInForce(database: Database, companyId: number, now: number): Promise<number> {
  const [row] = await database.find<{ total: number }>((db) =>
    db
      .selectFrom('api_keys')
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .where('company_id', '=', companyId)
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)])),
  )
  return row?.total ?? 0
}

/** A key as lists answer it: never the key itself, nor its digest. */
export function keyView(key: Row<'api_keys'>, { users }: Definitions, { wholeSeconds }: KeyTelling) {
  const user = users.get(key.user_id)
  assert(user !== undefined, `key ${key.id} has no user`)
  return {
    id: key.id,
    label: key.label,
    prefix: key.prefix,
    user_id: key.user_id,
    user_uuid: user.uuid,
    read_access: key.may_read,
    write_access: key.may_write,
    admin_access: key.may_administer,
    created_at: wireTime(key.created_at, wholeSeconds),
    last_used_at: wireTimeOrNull(key.last_used_at, wholeSeconds),
    expires_at: wireTimeOrNull(key.expires_at, wholeSeconds),
    revoked_at: wireTimeOrNull(key.revoked_at, wholeSeconds),
  }
}
