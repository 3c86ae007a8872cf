import { digitsAsId } from '../contract/forms.ts'
import * as contract from '../contract/keys.ts'
import { known } from '../http/body-reader.ts'
import { answerOf } from '../http/conditions.ts'
import { listed } from '../http/pages.ts'
import { type Server, serve } from '../http/serve.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Config } from '../kernel/config.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTime } from '../kernel/time.ts'
import type { Database } from '../storage/port.ts'
import { makeKey } from './make.ts'
import { countInForce, isInForce, keysOf, keyView } from './queries.ts'
import { readKeyChange, readNewKey, readRotation } from './read-body.ts'
import { renameKey } from './rename.ts'
import { revoke } from './revoke.ts'
import { rotateKey } from './rotate.ts'
import { newKey } from './secret.ts'

/** No key has this number. */
const none = 0
const idIn = ({ keyId }: Readonly<Record<string, string | undefined>>): number => digitsAsId(keyId ?? '') ?? none

export function keyRoutes(server: Server, database: Database, config: Config, clock: Clock): void {
  serve(server, contract.listKeys, async ({ actor, query }) => {
    const [keys, definitions] = await Promise.all([
      keysOf(database, actor.companyId),
      database.definitions(actor.companyId),
    ])
    const asked = query['revoked'] === undefined ? keys.filter((key) => isInForce(key, clock.now())) : keys
    return listed(asked, query, (key) => keyView(key, definitions, config))
  })

  serve(server, contract.createKey, async ({ actor, body, conditions, answer }) => {
    const { user = actor.userUuid, ...sent } = known(readNewKey(body), answer, conditions)
    if (sent.mayAdminister && !actor.mayAdminister) throw new Refusal('admin_access_required')
    const { companyId } = actor
    const key = newKey()
    const present = await countInForce(database, companyId, clock.now())
    const { reply } = await database.transact(makeKey({ ...sent, companyId, user, key }, present))
    return { body: { ...keyView(reply, await database.definitions(companyId), config), key } }
  })

  serve(server, contract.changeKey, async ({ actor, params, body, conditions, answer }) => {
    const label = known(readKeyChange(body), answer, conditions)
    await refuseAdminKey(database, actor, idIn(params))
    const work = renameKey({ companyId: actor.companyId, keyId: idIn(params) }, label, config)
    return answerOf(await database.transact(work, conditions.once))
  })

  serve(server, contract.revokeKey, async ({ actor, params }) => {
    await refuseAdminKey(database, actor, idIn(params))
    await revoke(database, actor.companyId, idIn(params))
    return { body: null }
  })

  serve(server, contract.rotateKey, async ({ actor, params, body, conditions, answer }) => {
    const overlapMs = known(readRotation(body), answer, conditions)
    const { companyId } = actor
    const [key, keyId] = [newKey(), idIn(params)]
    await refuseAdminKey(database, actor, keyId)
    const present = await countInForce(database, companyId, clock.now())
    const { reply } = await database.transact(rotateKey({ companyId, keyId, key, overlapMs }, present))
    const view = keyView(reply.row, await database.definitions(companyId), config)
    const replaces = { id: keyId, expires_at: wireTime(reply.oldEndsAt, config.wholeSeconds) }
    return { body: { ...view, key, replaces } }
  })
}

/**
 * Who may not administer changes no key that may. A key never gets that switch later, so it can be read beforehand.
 *
 * @throws Refusal `admin_access_required`
 */
async function refuseAdminKey(database: Database, actor: Actor, keyId: number): Promise<void> {
  if (actor.mayAdminister) return
  const key = await database.read('api_keys', { company_id: actor.companyId, id: keyId })
  if (key?.may_administer === true) throw new Refusal('admin_access_required')
}
