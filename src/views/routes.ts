import { referenceFromText } from '../contract/forms.ts'
import * as contract from '../contract/views.ts'
import { known } from '../http/body-reader.ts'
import { answerOf } from '../http/conditions.ts'
import { type Server, serve } from '../http/serve.ts'
import type { Config } from '../kernel/config.ts'
import type { Database } from '../storage/port.ts'
import { changeView, createView, deleteView, presentOf, viewIdOf, viewsOf, viewTold } from './change.ts'
import { readView } from './read-body.ts'

export function viewRoutes(server: Server, database: Database, { wholeSeconds }: Config): void {
  serve(server, contract.listViews, async ({ actor }) => ({
    body: (await viewsOf(database, actor)).map((view) => viewTold(view, wholeSeconds)),
  }))

  serve(server, contract.createView, async ({ actor, body, conditions, answer }) => {
    const { name = '', ...more } = known(readView(body, 'needed'), answer, conditions)
    const present = presentOf(await viewsOf(database, actor), actor)
    const work = createView(actor, { name, ...more }, present, { wholeSeconds })
    return answerOf(await database.transact(work, conditions.once))
  })

  serve(server, contract.changeView, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readView(body, 'when sent'), answer, conditions)
    const viewId = await viewIdOf(database, actor.companyId, referenceFromText(params['viewId'] ?? ''))
    const present = presentOf(value.shared === true ? await viewsOf(database, actor) : [], actor)
    const work = changeView(actor, viewId, value, { present, wholeSeconds })
    return answerOf(await database.transact(work, conditions.once))
  })

  serve(server, contract.deleteView, async ({ actor, params }) => {
    const viewId = await viewIdOf(database, actor.companyId, referenceFromText(params['viewId'] ?? ''))
    await database.transact(deleteView(actor, viewId))
    return { body: null }
  })
}
