import { referenceFromText } from '../contract/forms.ts'
import type { Pipeline } from '../contract/stages.ts'
import * as ofStages from '../contract/stages.ts'
import * as contract from '../contract/tiers.ts'
import { known } from '../http/body-reader.ts'
import { answerOf } from '../http/conditions.ts'
import { listed } from '../http/pages.ts'
import { type Server, serve } from '../http/serve.ts'
import type { Config } from '../kernel/config.ts'
import type { Database } from '../storage/port.ts'
import { categoryView, changeCategory, createCategory, readCategoryChange, readCategoryCreation } from './categories.ts'
import { byId, isAsked } from './lists.ts'
import { readColouredChange } from './read-body.ts'
import {
  changeStage,
  changeStages,
  createStage,
  readStageChange,
  readStageChanges,
  readStageCreation,
  stagesOf,
  stageView,
} from './stages.ts'
import { changeTier, createTier, readTierCreation, tierView } from './tiers.ts'

/** What partnerships and deals are sorted by: tiers, categories and stages. */
export function partnerRoutes(server: Server, database: Database, config: Config): void {
  tierRoutes(server, database, config)
  categoryRoutes(server, database, config)
  stageRoutes(server, database, config, 'partner', {
    list: ofStages.listPartnerStages,
    create: ofStages.createPartnerStage,
    change: ofStages.changePartnerStage,
  })
  partnerStagesRoute(server, database)
  stageRoutes(server, database, config, 'lead_deal', {
    list: ofStages.listLeadDealStages,
    create: ofStages.createLeadDealStage,
    change: ofStages.changeLeadDealStage,
  })
}

function tierRoutes(server: Server, database: Database, { wholeSeconds }: Config): void {
  serve(server, contract.listTiers, async ({ actor, query }) => {
    const { tiers } = await database.definitions(actor.companyId)
    const asked = byId(tiers.all()).filter((tier) => isAsked(tier, query, ['partner_type']))
    return listed(asked, query, (tier) => tierView(tier, wholeSeconds))
  })

  serve(server, contract.createTier, async ({ actor, body, conditions, answer }) => {
    const value = known(readTierCreation(body), answer, conditions)
    return answerOf(await database.transact(createTier(actor.companyId, value), conditions.once))
  })

  serve(server, contract.changeTier, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readColouredChange(body), answer, conditions)
    const tier = referenceFromText(params['tierId'] ?? '')
    const work = changeTier(actor.companyId, tier, { ...value, wholeSeconds })
    return answerOf(await database.transact(work, conditions.once))
  })
}

function categoryRoutes(server: Server, database: Database, { wholeSeconds }: Config): void {
  serve(server, contract.listCategories, async ({ actor, query }) => {
    const { categories } = await database.definitions(actor.companyId)
    const asked = byId(categories.all()).filter((category) => isAsked(category, query, ['partner_type']))
    return listed(asked, query, (category) => categoryView(category, wholeSeconds))
  })

  serve(server, contract.createCategory, async ({ actor, body, conditions, answer }) => {
    const value = known(readCategoryCreation(body), answer, conditions)
    return answerOf(await database.transact(createCategory(actor.companyId, value), conditions.once))
  })

  serve(server, contract.changeCategory, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readCategoryChange(body), answer, conditions)
    const category = referenceFromText(params['categoryId'] ?? '')
    const work = changeCategory(actor.companyId, category, { ...value, wholeSeconds })
    return answerOf(await database.transact(work, conditions.once))
  })
}

interface StageOperations {
  readonly list: typeof ofStages.listPartnerStages | typeof ofStages.listLeadDealStages
  readonly create: typeof ofStages.createPartnerStage | typeof ofStages.createLeadDealStage
  readonly change: typeof ofStages.changePartnerStage | typeof ofStages.changeLeadDealStage
}

/** What stages of both pipelines have. */
function stageRoutes(
  server: Server,
  database: Database,
  { wholeSeconds }: Config,
  pipeline: Pipeline,
  { list, create, change }: StageOperations,
): void {
  serve(server, list, async ({ actor, query }) => {
    const stages = stagesOf(await database.definitions(actor.companyId), pipeline)
    const asked = stages.filter((stage) => isAsked(stage, query, ['partner_type']))
    return listed(asked, query, (stage) => stageView(stage, wholeSeconds))
  })

  serve(server, create, async ({ actor, body, conditions, answer }) => {
    const value = known(readStageCreation(pipeline, body), answer, conditions)
    return answerOf(await database.transact(createStage(actor.companyId, value), conditions.once))
  })

  serve(server, change, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readStageChange(pipeline, body), answer, conditions)
    const stage = { pipeline, reference: referenceFromText(params['stageId'] ?? '') } as const
    const work = changeStage(actor.companyId, stage, { ...value, wholeSeconds })
    return answerOf(await database.transact(work, conditions.once))
  })
}

/** Stages of partnerships are changed together too, as documented. */
function partnerStagesRoute(server: Server, database: Database): void {
  serve(server, ofStages.changePartnerStages, async ({ actor, body, conditions, answer }) => {
    const changes = known(readStageChanges('partner', body), answer, conditions)
    return answerOf(await database.transact(changeStages(actor.companyId, 'partner', changes), conditions.once))
  })
}
