import * as contract from '../contract/configuration.ts'
import { digitsAsId, referenceFromText } from '../contract/forms.ts'
import * as ofUsers from '../contract/users.ts'
import { known } from '../http/body-reader.ts'
import { answerOf } from '../http/conditions.ts'
import { listed } from '../http/pages.ts'
import { type Server, serve } from '../http/serve.ts'
import type { Config } from '../kernel/config.ts'
import type { Database } from '../storage/port.ts'
import {
  changeField,
  changeOption,
  createField,
  createOption,
  fieldView,
  readFieldChange,
  readFieldCreation,
  readOptionChange,
  readOptionCreation,
} from './fields.ts'
import { byId, byPosition, isAsked } from './lists.ts'
import { partnerRoutes } from './partner-routes.ts'
import { readColouredChange } from './read-body.ts'
import { removalRoutes } from './remove-routes.ts'
import { changeTag, createTag, readTagCreation, tagView } from './tags.ts'
import { changeUser, createUser, isListed, readUserChange, readUserCreation, userView } from './users.ts'

export function configurationRoutes(server: Server, database: Database, config: Config): void {
  tagRoutes(server, database, config)
  fieldRoutes(server, database, config)
  partnerRoutes(server, database, config)
  removalRoutes(server, database)
  userRoutes(server, database, config)
}

function userRoutes(server: Server, database: Database, { wholeSeconds }: Config): void {
  serve(server, ofUsers.listUsers, async ({ actor, query }) => {
    const { users } = await database.definitions(actor.companyId)
    const asked = byId(users.all()).filter((user) => query['indirect'] !== undefined || isListed(user))
    return listed(asked, query, (user) => userView(user, wholeSeconds))
  })

  serve(server, ofUsers.createUser, async ({ actor, body, conditions, answer }) => {
    const value = known(readUserCreation(body), answer, conditions)
    return answerOf(await database.transact(createUser(actor.companyId, value), conditions.once))
  })

  serve(server, ofUsers.changeUser, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readUserChange(body), answer, conditions)
    const user = referenceFromText(params['userId'] ?? '')
    const work = changeUser(actor.companyId, user, { ...value, wholeSeconds })
    return answerOf(await database.transact(work, conditions.once))
  })
}

function tagRoutes(server: Server, database: Database, { wholeSeconds }: Config): void {
  serve(server, contract.listTags, async ({ actor, query }) => {
    const { tags } = await database.definitions(actor.companyId)
    const asked = byId(tags.all()).filter((tag) => isAsked(tag, query, ['association', 'partner_type']))
    return listed(asked, query, (tag) => tagView(tag, wholeSeconds))
  })

  serve(server, contract.createTag, async ({ actor, body, conditions, answer }) => {
    const value = known(readTagCreation(body), answer, conditions)
    return answerOf(await database.transact(createTag(actor.companyId, value), conditions.once))
  })

  serve(server, contract.changeTag, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readColouredChange(body), answer, conditions)
    const tag = referenceFromText(params['tagId'] ?? '')
    const work = changeTag(actor.companyId, tag, { ...value, wholeSeconds })
    return answerOf(await database.transact(work, conditions.once))
  })
}

function fieldRoutes(server: Server, database: Database, { wholeSeconds }: Config): void {
  serve(server, contract.listFields, async ({ actor, query }) => {
    const { fields } = await database.definitions(actor.companyId)
    const asked = byPosition(fields.all()).filter((field) => isAsked(field, query, ['category', 'partner_type']))
    return listed(asked, query, (field) => fieldView(field, wholeSeconds))
  })

  serve(server, contract.createField, async ({ actor, body, conditions, answer }) => {
    const value = known(readFieldCreation(body), answer, conditions)
    return answerOf(await database.transact(createField(actor.companyId, value), conditions.once))
  })

  serve(server, contract.changeField, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readFieldChange(body), answer, conditions)
    const field = referenceFromText(params['fieldId'] ?? '')
    const work = changeField(actor.companyId, field, { ...value, wholeSeconds })
    return answerOf(await database.transact(work, conditions.once))
  })

  serve(server, contract.createOption, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readOptionCreation(body), answer, conditions)
    const field = referenceFromText(params['fieldId'] ?? '')
    return answerOf(await database.transact(createOption(actor.companyId, field, value), conditions.once))
  })

  serve(server, contract.changeOption, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readOptionChange(body), answer, conditions)
    const named = { field: referenceFromText(params['fieldId'] ?? ''), option: digitsAsId(params['optionId'] ?? '') }
    const work = changeOption(actor.companyId, named, { ...value, wholeSeconds })
    return answerOf(await database.transact(work, conditions.once))
  })
}
