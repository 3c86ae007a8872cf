import { isDeepStrictEqual } from 'node:util'
import type { UserRow } from '../../src/storage/definitions.ts'
import { type Integration, isJson, type Json, type Lead, type Logged, type Model, told, type Webhook } from './model.ts'
import { type KeyName, keyIdOf } from './world.ts'

/** The server and the model say different things. */
export class Disagreement extends Error {
  override readonly name = 'Disagreement'
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 3_000)

/** @throws Disagreement */
export function agree(what: string, is: unknown, should: unknown): void {
  if (isDeepStrictEqual(is, should)) return
  throw new Disagreement(`${what}\n  should be ${shown(should)}\n  but is    ${shown(is)}`)
}

/** @throws Disagreement */
export function holds(condition: boolean, what: string, is: unknown): void {
  if (!condition) throw new Disagreement(`${what}, but is ${shown(is)}`)
}

export const listOf = (value: unknown, what: string): readonly Json[] => {
  holds(Array.isArray(value), `${what} is a list`, value)
  return Array.isArray(value) ? value.filter(isJson) : []
}

/** A lead as a list answers it, `total` apart (docs/behaviour.md §11). */
function rowOf({ definitions }: Model, lead: Lead): Json {
  const { seed, contact, status, updatedAt } = lead
  return {
    id: seed.id,
    uuid: seed.uuid,
    created_at: new Date(seed.created_at).toISOString(),
    updated_at: updatedAt,
    source: seed.source,
    ...contact,
    status,
    partner_type: seed.partner_type,
    company_id: seed.company_id,
    created_by_user_id: seed.created_by_user_id,
    campaign_id: seed.campaign_id,
    campaign_title: null,
    external_id: lead.externalId,
    tags: lead.tags.map((id) => {
      const tag = definitions.tags.get(id)
      return { id, label: tag?.label, background_color: tag?.background_color, text_color: tag?.text_color }
    }),
    assigned_users: lead.users.map((id) => {
      const { email, first_name, last_name, color } = definitions.users.get(id) ?? {}
      return { id, email, first_name, last_name, color, profile_image_id: null, profile_image_uuid: null }
    }),
    partnership_leads: [],
    campaign_partners: [],
    lead_deals: [],
  }
}

const byId = (left: Json, right: Json): number => Number(left['id']) - Number(right['id'])

/** The whole lead as it was answered; ids of custom values that were not known yet are learned. */
export function agreeLead(model: Model, lead: Lead, answered: unknown): void {
  holds(isJson(answered), 'the answer is a lead', answered)
  if (!isJson(answered)) return
  const rows = listOf(answered['custom_fields'], 'custom_fields').toSorted(byId)
  for (const { id, custom_field_value_id: own } of rows) {
    const held = lead.values.get(Number(id))
    const place = `${lead.seed.id} ${id}`
    if (held === undefined || typeof own !== 'number') continue
    holds((model.valueIds.get(own) ?? place) === place, 'a custom_field_value_id is of one value only', own)
    if (held.id === undefined) holds(!model.valueIds.has(own), 'a value after a clear has a new id', own)
    model.valueIds.set(own, place)
    held.id ??= own
  }
  const values = [...lead.values].toSorted(([left], [right]) => left - right)
  const custom_fields = values.map(([id, held]) => {
    const { label, type } = model.definitions.fields.get(id) ?? { label: '', type: 'text' as const }
    return { id, label, type, value: told(type, held.value), custom_field_value_id: held.id }
  })
  agree(`lead ${lead.seed.id}`, { ...answered, custom_fields: rows }, { ...rowOf(model, lead), custom_fields })
}

/**
 * A page of the list, newest first.
 *
 * @param whole whether the rows have custom values, each then judged as the lead by itself
 */
export function agreeLeads(
  model: Model,
  fitting: readonly Lead[],
  { page, pageSize, whole }: { page: number; pageSize: number; whole: boolean },
  answered: unknown,
): void {
  const total = fitting.length
  const sorted = fitting.toSorted(
    ({ seed: left }, { seed: right }) => right.created_at - left.created_at || right.id - left.id,
  )
  const shown = sorted.slice((page - 1) * pageSize, page * pageSize)
  if (!whole) {
    agree(
      'the list of leads',
      answered,
      shown.map((lead) => ({ total, ...rowOf(model, lead) })),
    )
    return
  }
  const rows = listOf(answered, 'the list of leads')
  agree(
    'the leads of the list',
    rows.map((row) => [row['id'], row['total']]),
    shown.map(({ seed }) => [seed.id, total]),
  )
  for (const [index, lead] of shown.entries()) {
    const { total: _, ...row } = rows[index] ?? {}
    agreeLead(model, lead, row)
  }
}

/** Lines of a lead's history, newest first. */
export function agreeHistory(model: Model, lines: readonly Logged[], answered: unknown): void {
  const rows = listOf(answered, 'the history')
  const prefixes = rows.map(({ actor }) => (isJson(actor) && isJson(actor['key']) ? actor['key']['prefix'] : undefined))
  const should = lines.map((line, index) => ({
    sequence: line.sequence,
    version: line.version,
    event: line.name,
    at: line.at,
    actor: actorOf(model, line, prefixes[index]),
    request_id: line.requestId,
    changes: line.changes,
    names: namesIn(model, line.changes),
  }))
  agree('the history', rows, should)
}

function actorOf(model: Model, { keyId }: Logged, prefix: unknown): Json {
  if (keyId === undefined) return { user_uuid: null, user: null, key: null }
  const names = Object.keys(model.world.keys) as KeyName[]
  const label = names.find((name) => keyIdOf(model.world, name) === keyId) ?? 'full'
  const secret = model.world.keys[label]
  holds(
    typeof prefix === 'string' && prefix.length < 12 && secret.startsWith(prefix),
    'the prefix is the key’s',
    prefix,
  )
  const user = model.definitions.users.get(model.world.idOf(31))
  return { user_uuid: user?.uuid, user: user === undefined ? null : personOf(user), key: { id: keyId, label, prefix } }
}

const personOf = ({ id, uuid, email, first_name, last_name }: UserRow): Json => ({
  id,
  uuid,
  email,
  first_name,
  last_name,
})

/** What the numbers in changes stand for: those before, then those that are new. */
function namesIn({ definitions: { tags, users, fields } }: Model, changes: Logged['changes']): Json {
  const both = (member: string): number[] => {
    const { old, new: next } = changes[member] ?? { old: [], new: [] }
    return [...new Set([old, next].flatMap((ids) => (Array.isArray(ids) ? ids : [])))]
  }
  const valued = [changes['customFields']?.old, changes['customFields']?.new].map((values) =>
    listOf(values ?? [], 'values'),
  )
  return {
    tags: both('tags').flatMap((id) => {
      const tag = tags.get(id)
      if (tag === undefined) return []
      const { label, background_color, text_color } = tag
      return { id, label, background_color, text_color }
    }),
    users: both('assignedUsers').flatMap((id) => {
      const user = users.get(id)
      return user === undefined ? [] : personOf(user)
    }),
    customFields: (valued[0] ?? []).flatMap(({ customFieldId: id }) => {
      const field = fields.get(Number(id))
      if (field === undefined) return []
      const values = valued
        .flatMap((side) => side.filter((one) => one['customFieldId'] === id))
        .map(({ value }) => value)
      const numbers = values.flatMap((value) => (isJson(value) ? Object.values(value).flat() : []))
      const options = [...new Set(numbers)].flatMap((one) => field.options.get(Number(one)) ?? [])
      return { id, label: field.label, type: field.type, options: options.map(({ id, label }) => ({ id, label })) }
    }),
  }
}

const creatorOf = ({ world, definitions }: Model): string | undefined => definitions.users.get(world.idOf(31))?.uuid

/** Elements of the feed; of a lead's newest line the state is the lead as it stands. */
export function agreeFeed(model: Model, lines: readonly Logged[], answered: unknown): void {
  const rows = listOf(answered, 'the feed')
  const bare = rows.map(({ lead: _, ...row }) => row)
  const should = lines.map((line) => ({
    sequence: line.sequence,
    at: Date.parse(line.at),
    company_uuid: model.definitions.company.uuid,
    user_uuid: line.keyId === undefined ? '00000000-0000-0000-0000-000000000000' : creatorOf(model),
    event_id: line.name,
    changed_fields: Object.keys(line.changes),
    changes: line.changes,
  }))
  agree('the feed', bare, should)
  for (const [index, { leadId, version }] of lines.entries()) {
    const lead = model.leads.get(leadId)
    const state = rows[index]?.['lead']
    if (lead?.version === version && isJson(state)) agreeState(model, lead, state)
  }
}

/** The lead inside an event (docs/behaviour.md §10). */
function agreeState({ definitions }: Model, lead: Lead, state: Json): void {
  const values = listOf(state['custom_fields'], 'custom_fields').map(({ uuid, value }) => ({ uuid, value }))
  const { id, uuid, external_id, status, updated_at, tags, company_name, email, phone_number, first_name, last_name } =
    state
  const users = listOf(state['assigned_users'], 'assigned_users').map((user) => user['uuid'])
  const is = {
    id,
    uuid,
    external_id,
    status,
    updated_at,
    tags,
    company_name,
    email,
    phone_number,
    first_name,
    last_name,
    users,
    values,
  }
  agree('the lead inside its newest event', is, {
    ...{ id: lead.seed.id, uuid: lead.seed.uuid, status: lead.status, updated_at: Date.parse(lead.updatedAt) },
    ...lead.contact,
    external_id: lead.externalId,
    tags: lead.tags.map((one) => ({ uuid: definitions.tags.get(one)?.uuid, label: definitions.tags.get(one)?.label })),
    users: lead.users.map((one) => definitions.users.get(one)?.uuid),
    values: [...lead.values]
      .toSorted(([left], [right]) => left - right)
      .map(([one, { value }]) => {
        const field = definitions.fields.get(one)
        return { uuid: field?.uuid, value: told(field?.type ?? 'text', value) }
      }),
  })
}

/** Times of an endpoint, and how its secrets stand, are looked at but not foreseen. */
export function agreeWebhook(model: Model, webhook: Webhook, answered: unknown): void {
  holds(isJson(answered), 'the answer is an endpoint', answered)
  if (!isJson(answered)) return
  const { created_at: _, updated_at: __, old_secret_until: until, next_attempt_at: next, ...is } = answered
  holds((until !== null) === webhook.rotated, `old_secret_until is ${webhook.rotated ? 'a time' : 'null'}`, until)
  const { cursor, replayUntil, integration } = webhook
  const open = [...webhook.deliveries].filter(([sequence, arrived]) => sequence <= cursor && !arrived)
  const waits = webhook.state === 'active' && [...webhook.deliveries.values()].includes(false)
  holds((next !== null) === waits, `next_attempt_at is ${waits ? 'a time' : 'null'}`, next)
  agree(`endpoint ${webhook.id}`, is, {
    id: webhook.id,
    uuid: webhook.uuid,
    integration: integration.uuid,
    integration_name: integration.name,
    url: webhook.url,
    events: webhook.events,
    fields: webhook.fields,
    description: webhook.description,
    state: webhook.state,
    reason: null,
    sequence: cursor,
    backlog: model.sequence - cursor,
    undelivered: open.length,
    expired: 0,
    replaying_until: replayUntil > cursor ? replayUntil : null,
    failing_since: null,
    last_attempt_at: null,
    last_status: null,
    last_delivered_at: null,
  })
}

export function agreeWebhooks(model: Model, answered: unknown): void {
  const rows = listOf(answered, 'the list of endpoints')
  agree(
    'the ids of the endpoints',
    rows.map(({ id }) => id),
    model.webhooks.map(({ id }) => id),
  )
  for (const [index, webhook] of model.webhooks.entries()) agreeWebhook(model, webhook, rows[index])
}

export function agreeIntegrations(integrations: readonly Integration[], answered: unknown): void {
  const rows = listOf(answered, 'the list of integrations').map(({ created_at: _, ...row }) => row)
  const should = integrations.map(({ id, uuid, name, configuration, hasApiKey, hasSettings }) => ({
    ...{ id, uuid, name, configuration },
    has_api_key: hasApiKey,
    has_external_settings: hasSettings,
  }))
  agree('the list of integrations', rows, should)
}
