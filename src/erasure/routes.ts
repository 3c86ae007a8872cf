import * as contract from '../contract/erasure.ts'
import { referenceFromText } from '../contract/forms.ts'
import { type Server, serve } from '../http/serve.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Config } from '../kernel/config.ts'
import { wireTime } from '../kernel/time.ts'
import { isOwnCompany, leadIdOf } from '../leads/queries.ts'
import type { Accounts } from '../sign-in/accounts.ts'
import type { Sessions } from '../sign-in/sessions.ts'
import type { Database } from '../storage/port.ts'
import { eraseLeads } from './lead.ts'
import { eraseUser } from './user.ts'

/** Erasing the person behind a lead, and a user. */
export function erasureRoutes({
  server,
  database,
  accounts,
  sessions,
  clock,
  config: { wholeSeconds },
}: {
  readonly server: Server
  readonly database: Database
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly clock: Clock
  readonly config: Pick<Config, 'wholeSeconds'>
}): void {
  serve(server, contract.eraseLead, async ({ actor, params, requestId }) => {
    const { companyId } = actor
    const reference = isOwnCompany(params, actor) ? referenceFromText(params['leadId'] ?? '') : undefined
    const leadId = await leadIdOf(database, companyId, reference)
    const [erased] = await eraseLeads(database, companyId, [leadId], { actor, requestId, clock })
    if (erased === undefined) throw new Error('nothing was erased')
    const { id, uuid, erasedAt } = erased
    return { body: { id, uuid, erased_at: wireTime(erasedAt, wholeSeconds) } }
  })

  serve(server, contract.eraseUser, async ({ actor: { companyId }, params }) => {
    const reference = referenceFromText(params['userId'] ?? '')
    const body = await eraseUser({ database, accounts, clock }, companyId, reference, wholeSeconds)
    sessions.forget({ companyId, userUuid: body.uuid })
    return { body }
  })
}
