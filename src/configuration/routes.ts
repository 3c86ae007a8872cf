import * as contract from '../contract/configuration.ts'
import { digitsAsId, referenceFromText } from '../contract/forms.ts'
import { refuseUnknown } from '../http/body-reader.ts'
import { pageFrom } from '../http/pages.ts'
import { type Call, type Server, serve } from '../http/serve.ts'
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
import { changeTag, createTag, type Read, readTagChange, readTagCreation, tagView } from './tags.ts'
import { isListed, userView } from './users.ts'

type Query = Readonly<Record<string, string | undefined>>

/** The rows of a small list: all of them, or a page where one is asked for. */
function paged<T extends { readonly id: number }>(rows: Iterable<T>, query: Query): T[] {
  const all = [...rows].sort((left, right) => left.id - right.id)
  if (query['page'] === undefined && query['pageSize'] === undefined) return all
  const { page, pageSize } = pageFrom(query)
  return all.slice((page - 1) * pageSize, page * pageSize)
}

/** A row is asked for when it has each value that the query names, and is not archived unless that is asked for too. */
const isAsked = <R extends { readonly archived_at: number | null }>(
  row: R,
  query: Query,
  names: readonly (keyof R & string)[],
): boolean =>
  (query['archived'] !== undefined || row.archived_at === null) &&
  names.every((name) => query[name] === undefined || row[name] === query[name])

/** What was read of a body. Members that are not known are told, or refused where that is asked for. */
function known<T>({ value, ignored }: Read<T>, answer: Call['answer'], { strict }: Call['conditions']): T {
  answer.ignoredFields(ignored)
  refuseUnknown(ignored, strict)
  return value
}

const totalOf = (total: number): Record<string, string> => ({ 'x-total-count': String(total) })

export function configurationRoutes(server: Server, database: Database, config: Config): void {
  tagRoutes(server, database, config)
  fieldRoutes(server, database, config)

  serve(server, contract.listUsers, async ({ actor, query }) => {
    const { users } = await database.definitions(actor.companyId)
    const listed = [...users.all()].filter((user) => query['indirect'] !== undefined || isListed(user))
    const rows = paged(listed, query).map((user) => userView(user, config.wholeSeconds))
    return { body: rows, headers: totalOf(listed.length) }
  })
}

function tagRoutes(server: Server, database: Database, { wholeSeconds }: Config): void {
  serve(server, contract.listTags, async ({ actor, query }) => {
    const { tags } = await database.definitions(actor.companyId)
    const asked = [...tags.all()].filter((tag) => isAsked(tag, query, ['association', 'partner_type']))
    return { body: paged(asked, query).map((tag) => tagView(tag, wholeSeconds)), headers: totalOf(asked.length) }
  })

  serve(server, contract.createTag, async ({ actor, body, conditions, answer }) => {
    const value = known(readTagCreation(body), answer, conditions)
    return { body: (await database.transact(createTag(actor.companyId, value), conditions.once)).reply }
  })

  serve(server, contract.changeTag, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readTagChange(body), answer, conditions)
    const tag = referenceFromText(params['tagId'] ?? '')
    const work = changeTag(actor.companyId, tag, { ...value, wholeSeconds })
    return { body: (await database.transact(work, conditions.once)).reply }
  })
}

function fieldRoutes(server: Server, database: Database, { wholeSeconds }: Config): void {
  serve(server, contract.listFields, async ({ actor, query }) => {
    const { fields } = await database.definitions(actor.companyId)
    const asked = [...fields.all()].filter((field) => isAsked(field, query, ['category', 'partner_type']))
    const rows = paged(asked, query).map((field) => fieldView(field, wholeSeconds))
    return { body: rows, headers: totalOf(asked.length) }
  })

  serve(server, contract.createField, async ({ actor, body, conditions, answer }) => {
    const value = known(readFieldCreation(body), answer, conditions)
    return { body: (await database.transact(createField(actor.companyId, value), conditions.once)).reply }
  })

  serve(server, contract.changeField, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readFieldChange(body), answer, conditions)
    const field = referenceFromText(params['fieldId'] ?? '')
    const work = changeField(actor.companyId, field, { ...value, wholeSeconds })
    return { body: (await database.transact(work, conditions.once)).reply }
  })

  serve(server, contract.createOption, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readOptionCreation(body), answer, conditions)
    const field = referenceFromText(params['fieldId'] ?? '')
    return { body: (await database.transact(createOption(actor.companyId, field, value), conditions.once)).reply }
  })

  serve(server, contract.changeOption, async ({ actor, params, body, conditions, answer }) => {
    const value = known(readOptionChange(body), answer, conditions)
    const named = { field: referenceFromText(params['fieldId'] ?? ''), option: digitsAsId(params['optionId'] ?? '') }
    const work = changeOption(actor.companyId, named, { ...value, wholeSeconds })
    return { body: (await database.transact(work, conditions.once)).reply }
  })
}
