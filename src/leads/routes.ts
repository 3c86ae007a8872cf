import { type Reference, referenceFromText } from '../contract/forms.ts'
import * as batch from '../contract/lead-batch.ts'
import * as elements from '../contract/lead-elements.ts'
import { leadHistory as historyOf } from '../contract/lead-history.ts'
import * as life from '../contract/lead-life.ts'
import * as contract from '../contract/leads.ts'
import { pageFrom } from '../http/pages.ts'
import { type Server, serve, signalOf } from '../http/serve.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Config } from '../kernel/config.ts'
import { Refusal } from '../kernel/refusal.ts'
import { listLeads } from '../storage/list-leads.ts'
import type { Database, Outcome } from '../storage/port.ts'
import { deleteLead, restoreLead } from './archive.ts'
import { changeLeads } from './batch.ts'
import { readBatch } from './batch-request.ts'
import { createLead, readCreation } from './create.ts'
import { changeElement, type Element } from './elements.ts'
import { cursorText } from './list-order.ts'
import { membersIn, readConditions, readListRequest } from './list-request.ts'
import { readPatch } from './patch.ts'
import { findLead, isOwnCompany, leadHistory, leadIdOf } from './queries.ts'
import { leadRow, leadView } from './state.ts'
import { updateLead } from './update.ts'

type Params = Readonly<Record<string, string | undefined>>

export function leadRoutes(server: Server, database: Database, config: Config): void {
  const { wholeSeconds } = config
  serve(server, contract.updateLead, async ({ actor, params, body, requestId, conditions, answer }) => {
    const patch = readPatch(body)
    answer.ignoredFields(patch.ignored)
    const leadId = await leadIdOf(database, actor.companyId, referenceOf(params, actor))
    const representation = conditions.representation && actor.mayRead
    const options = { ...conditions, actor, requestId, representation, wholeSeconds }
    const outcome = await database.transact(updateLead(actor.companyId, leadId, patch, options), conditions.once)
    // A reply given before may hold the whole lead, but this key may be another.
    const whole = actor.mayRead ? outcome.reply.whole : null
    return { body: whole ?? outcome.reply.receipt, headers: changeHeaders(outcome, whole !== null) }
  })

  serve(server, contract.getLead, async ({ actor, params }) => {
    const lead = await findLead(database, actor.companyId, referenceOf(params, actor))
    const definitions = await database.definitions(actor.companyId)
    return { body: leadView(lead, definitions, wholeSeconds), headers: { etag: etag(lead.version) } }
  })

  serve(server, contract.listLeads, async ({ actor, params, query }, exchange) => {
    if (!isOwnCompany(params, actor)) throw new Refusal('not_found')
    const userId = query['userId']
    const definitions = await database.definitions(actor.companyId)
    if (userId !== undefined && definitions.users.get(Number(userId)) === undefined) throw new Refusal('foreign_user')
    const asked = { ...readListRequest(query, definitions), ...pageFrom(query) }
    const { total, rows, next } = await listLeads(database, actor.companyId, asked, signalOf(exchange))
    const headers = {
      'x-total-count': String(total),
      ...(next !== undefined && nextHeaders(contract.listLeads.path, query, cursorText(asked.order, next))),
    }
    const view = query['include'] === 'custom_fields' ? leadView : leadRow
    return { body: rows.map((lead) => ({ total, ...view(lead, definitions, wholeSeconds) })), headers }
  })

  serve(server, contract.countLeads, async ({ actor, params, query }, exchange) => {
    if (!isOwnCompany(params, actor)) throw new Refusal('not_found')
    const conditions = readConditions(query, await database.definitions(actor.companyId))
    const { tags, users, ...counts } = await database.leadCounts(actor.companyId, conditions, signalOf(exchange))
    return { body: { ...counts, tags: Object.fromEntries(tags), users: Object.fromEntries(users) } }
  })

  serve(server, contract.listLeadIds, async ({ actor, params, query }, exchange) => {
    if (!isOwnCompany(params, actor)) throw new Refusal('not_found')
    const list = readListRequest(query, await database.definitions(actor.companyId))
    const asked = { ...list, page: 1, pageSize: contract.leadIdsMax }
    const { next, ...body } = await database.leadPage(actor.companyId, asked, signalOf(exchange))
    return { body, headers: next === undefined ? {} : { 'x-next-cursor': cursorText(list.order, next) } }
  })

  serve(server, historyOf, async ({ actor, params, query }) => {
    const lead = await findLead(database, actor.companyId, referenceOf(params, actor))
    const before = Number(query['cursor'] ?? Number.MAX_SAFE_INTEGER)
    const { pageSize } = pageFrom(query)
    const members = membersIn(query)
    const { rows, next } = await leadHistory(database, lead, { before, pageSize, members, wholeSeconds })
    return { body: rows, headers: next === undefined ? {} : { 'x-next-cursor': String(next) } }
  })

  lifeRoutes(server, database, config)
  elementRoutes(server, database, config)
}

function lifeRoutes(server: Server, database: Database, { wholeSeconds, requiredFields }: Config): void {
  serve(server, life.createLead, async ({ actor, params, body, requestId, conditions, answer }) => {
    if (!isOwnCompany(params, actor)) throw new Refusal('not_found')
    const creation = readCreation(body)
    answer.ignoredFields(creation.ignored)
    const options = { actor, requestId, strict: conditions.strict, requiresFields: requiredFields }
    const outcome = await database.transact(createLead(actor.companyId, creation, options), conditions.once)
    const { id, uuid } = outcome.reply
    const headers = { ...changeHeaders(outcome), location: `/api/v1/leads/${id}` }
    return { body: { id, uuid, partnershipLeadId: null }, headers }
  })

  serve(server, batch.changeLeads, async ({ actor, params, body, requestId, conditions, answer }) => {
    if (!isOwnCompany(params, actor)) throw new Refusal('not_found')
    const request = readBatch(body, conditions.strict)
    const options = { ...conditions, actor, requestId, requiresFields: requiredFields, wholeSeconds }
    const { results, replayed } = await changeLeads(database, actor.companyId, request, options)
    answer.ignoredFields([...request.ignored])
    const succeeded = results.filter(({ status }) => status < 300).length
    const headers: Record<string, string> = replayed ? { 'idempotency-replayed': 'true' } : {}
    return { body: { results, succeeded, failed: results.length - succeeded }, headers }
  })

  serve(server, life.deleteLead, async ({ actor, params, requestId, conditions }) => {
    const leadId = await leadIdOf(database, actor.companyId, referenceOf(params, actor))
    const work = deleteLead(actor.companyId, leadId, { actor, requestId, ifMatch: conditions.ifMatch })
    return { body: null, headers: changeHeaders(await database.transact(work, conditions.once)) }
  })

  serve(server, life.restoreLead, async ({ actor, params, requestId, conditions }) => {
    const leadId = await leadIdOf(database, actor.companyId, referenceOf(params, actor))
    const work = restoreLead(actor.companyId, leadId, { actor, requestId, wholeSeconds })
    const outcome = await database.transact(work, conditions.once)
    return { body: outcome.reply.whole, headers: changeHeaders(outcome) }
  })
}

/** Single tags and assigned users. */
function elementRoutes(server: Server, database: Database, { wholeSeconds }: Config): void {
  const serveElement = (
    operation: (typeof elements)[keyof typeof elements],
    element: (params: Params) => Element,
  ): void =>
    serve(server, operation, async ({ actor, params, requestId, conditions }) => {
      const leadId = await leadIdOf(database, actor.companyId, referenceOf(params, actor))
      const options = { ...conditions, actor, requestId, strict: false, representation: false, wholeSeconds }
      const work = changeElement(actor.companyId, leadId, element(params), options)
      const outcome = await database.transact(work, conditions.once)
      return { body: outcome.reply.receipt, headers: changeHeaders(outcome) }
    })
  const named = (member: Element['member'], text: string | undefined, isIn: boolean): Element => ({
    member,
    reference: referenceFromText(text ?? ''),
    isIn,
  })
  serveElement(elements.addTag, ({ tagId }) => named('tags', tagId, true))
  serveElement(elements.removeTag, ({ tagId }) => named('tags', tagId, false))
  serveElement(elements.assignUser, ({ userId }) => named('assignedUsers', userId, true))
  serveElement(elements.unassignUser, ({ userId }) => named('assignedUsers', userId, false))
}

/** Where the next page is, by its cursor. */
function nextHeaders(path: string, query: Params, cursor: string): Record<string, string> {
  const next = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && name !== 'page' && name !== 'cursor') next.append(name, value)
  }
  next.append('cursor', cursor)
  return { 'x-next-cursor': cursor, link: `<${path}?${next}>; rel="next"` }
}

/** The lead that a path names; undefined when it names none, or another company. */
const referenceOf = (params: Params, actor: Actor): Reference | undefined =>
  isOwnCompany(params, actor) ? referenceFromText(params['leadId'] ?? '') : undefined

const etag = (version: number): string => `"v${version}"`

const changeHeaders = (
  { reply, sequence, replayed }: Outcome<{ readonly version: number }>,
  whole = false,
): Record<string, string> => ({
  etag: etag(reply.version),
  ...(sequence !== undefined && { 'x-waggle-sequence': String(sequence) }),
  ...(replayed && { 'idempotency-replayed': 'true' }),
  ...(whole && { 'preference-applied': 'return=representation' }),
})
