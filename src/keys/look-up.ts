import { hash } from 'node:crypto'
import type { LookUp } from '../http/authenticate.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../storage/port.ts'
import { digestOf } from './secret.ts'

/** A revoked key is refused at most so many ms later. */
const trustedMs = 1_000
const cachedMax = 10_000

interface Known {
  readonly actor: Actor
  readonly until: number
}

/**
 * Finds who a key belongs to, by its digest. Keys that were good stay known for a second.
 *
 * @param onUse told each key that opens
 */
export function keyLookUp(
  database: Database,
  clock: Clock,
  onUse: (key: { companyId: number; keyId: number }) => void,
): LookUp {
  const cache = new Map<string, Known>()
  /** Look-ups that run, so that many requests of a key whose second is over read once. */
  const finding = new Map<string, Promise<Actor | undefined>>()

  const find = async (name: string, digest: Buffer): Promise<Actor | undefined> => {
    cache.delete(name)
    const key = await database.read('api_keys', { digest })
    if (key === undefined || key.revoked_at !== null) return undefined
    const now = clock.now()
    if (key.expires_at !== null && key.expires_at <= now) return undefined
    const company = await database.read('companies', { id: key.company_id })
    const user = await database.read('users', { company_id: key.company_id, id: key.user_id })
    if (company === undefined || user === undefined || company.suspended_at !== null) return undefined
    const actor: Actor = {
      companyId: key.company_id,
      userUuid: user.uuid,
      keyId: key.id,
      shownAs: key.prefix,
      mayRead: key.may_read,
      mayWrite: key.may_write,
      mayAdminister: key.may_administer,
    }
    if (cache.size >= cachedMax) cache.clear()
    const trusted = key.expires_at === null ? trustedMs : Math.min(trustedMs, key.expires_at - now)
    cache.set(name, { actor, until: clock.elapsed() + trusted })
    onUse({ companyId: key.company_id, keyId: key.id })
    return actor
  }

  return (key) => {
    const name = hash('sha256', key, 'binary')
    const known = cache.get(name)
    if (known !== undefined && known.until > clock.elapsed()) return known.actor
    const running = finding.get(name)
    if (running !== undefined) return running
    const found = find(name, digestOf(key)).finally(() => finding.delete(name))
    finding.set(name, found)
    return found
  }
}
