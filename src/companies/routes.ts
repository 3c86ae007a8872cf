import * as contract from '../contract/company.ts'
import { known } from '../http/body-reader.ts'
import { answerOf } from '../http/conditions.ts'
import { type Server, serve, signalOf } from '../http/serve.ts'
import type { Config } from '../kernel/config.ts'
import { readListRequest } from '../leads/list-request.ts'
import type { Database } from '../storage/port.ts'
import { companyView, readCompanyChange, renameCompany } from './rename.ts'

export function companyRoutes(server: Server, database: Database, { wholeSeconds }: Config): void {
  serve(server, contract.getCompany, async ({ actor }, exchange) => {
    const definitions = await database.definitions(actor.companyId)
    // The index of lists knows how many there are, and counts no rows.
    const all = { ...readListRequest({}, definitions), page: 1, pageSize: 1 }
    const { total } = await database.leadPage(actor.companyId, all, signalOf(exchange))
    const users = [...definitions.users.all()].filter(
      ({ disabled_at, role }) => disabled_at === null && role !== 'indirect',
    )
    return { body: { ...companyView(definitions.company, wholeSeconds), leads: total, users: users.length } }
  })

  serve(server, contract.changeCompany, async ({ actor, body, conditions, answer }) => {
    const change = known(readCompanyChange(body), answer, conditions)
    const work = renameCompany(actor.companyId, change, { wholeSeconds })
    return answerOf(await database.transact(work, conditions.once))
  })
}
