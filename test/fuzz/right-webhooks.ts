import { eventNames } from '../../src/contract/events.ts'
import { agree, agreeIntegrations, agreeWebhook, agreeWebhooks, holds, listOf } from './compare.ts'
import { type Integration, isJson, type Json, type Kept, type Model, newWebhook, type Webhook } from './model.ts'
import { bodyOf, type Draft, type Plan, type Scene } from './request.ts'
import {
  agreeIgnored,
  aLead,
  carrying,
  draftOf,
  freshKey,
  namesOf,
  never,
  textsOf,
  withUnknown,
} from './right-leads.ts'
import { type Hooks, once, pick, sampleOf } from './schema.ts'

const served = (scene: Scene, id: string) => scene.served.get(id) ?? never()

/** What a request that is not foreseen in full is answered with at least. */
const plan = (draft: Draft, status: number, judge: Plan['right']['judge']): Plan => ({
  draft,
  right: { status, judge },
})

const aWebhook = ({ model, draw }: Scene): Webhook => pick(draw, model.webhooks)
const webhookNames = (webhook: Webhook): readonly string[] => namesOf(webhook.id, webhook.uuid)

function replace(model: Model, webhook: Webhook, set: Partial<Webhook>): Webhook {
  const changed = { ...webhook, ...set }
  model.webhooks = model.webhooks.map((one) => (one.id === webhook.id ? changed : one))
  return changed
}

const idsOf = (body: unknown): { id: number; uuid: string } => {
  const { id, uuid } = isJson(body) ? body : {}
  holds(typeof id === 'number' && typeof uuid === 'string', 'the answer has both ids', body)
  return { id: Number(id), uuid: String(uuid) }
}

export const listIntegrations = (scene: Scene): Plan =>
  plan(draftOf(scene, served(scene, 'listIntegrations').operation, {}), 200, (_, body) =>
    agreeIntegrations(scene.model.integrations, body),
  )

export const listWebhooks = (scene: Scene): Plan =>
  plan(draftOf(scene, served(scene, 'listWebhooks').operation, {}), 200, (_, body) => agreeWebhooks(scene.model, body))

/** So many are made in one sequence at the most, so that no list grows long. */
const madeMax = 8

export function createIntegration(scene: Scene): Plan {
  const { model, draw, pools } = scene
  const repeatable = [...model.kept].filter(([, { method }]) => method === 'POST')
  if (repeatable.length > 0 && once(draw, 3)) return repeated(scene, pick(draw, repeatable))
  if (model.integrations.length >= madeMax) return listIntegrations(scene)
  const { operation, body: schema } = served(scene, 'createIntegration')
  const hooks: Hooks = {
    '/name': () => ` ${pick(draw, ['CRM', '🐝'.repeat(255), 'é'])}`,
    '/configuration/*': () => pick(draw, pools.json.filter(isJson)),
    '/externalSettings': () => pick(draw, [null, {}, { a: [pick(draw, pools.json)] }]),
  }
  const made = sampleOf(schema ?? {}, { ...scene, hooks })
  const { body, names } = withUnknown(scene, isJson(made) ? made : {})
  const draft = carrying(scene, draftOf(scene, operation, {}), body)
  const onceKey = once(draw, 2) ? freshKey(scene) : undefined
  if (onceKey !== undefined) draft.headers['idempotency-key'] = onceKey
  return plan(draft, 201, ({ headers }, answered) => {
    const ids = idsOf(answered)
    const text = Buffer.from(bodyOf(draft)).toString()
    const sent: Json = JSON.parse(text)
    const apiKey = sent['apiKey'] ?? ''
    agreeIgnored(headers['x-waggle-ignored-fields'], names)
    const integration: Integration = {
      ...ids,
      name: String(sent['name']).trim(),
      configuration: sent['configuration'] ?? [],
      hasApiKey: apiKey !== '',
      hasSettings: (sent['externalSettings'] ?? null) !== null,
    }
    model.integrations.push(integration)
    if (onceKey === undefined) return
    const about = { method: 'POST', path: draft.path, text, status: 201, etag: undefined, sequence: undefined }
    model.kept.set(onceKey, { ...about, body: ids, whole: undefined })
  })
}

function repeated(scene: Scene, [onceKey, kept]: readonly [string, Kept]): Plan {
  const { operation } = served(scene, 'createIntegration')
  const draft = draftOf(scene, operation, {})
  Object.assign(draft, { path: kept.path, bytes: Buffer.from(kept.text) })
  Object.assign(draft.headers, { 'content-type': 'application/json', 'idempotency-key': onceKey })
  const judge: Plan['right']['judge'] = ({ headers }, body) => {
    agree('the repeated answer', body, kept.body)
    agree('Idempotency-Replayed', headers['idempotency-replayed'], 'true')
  }
  return { ...plan(draft, kept.status, judge), repeats: true }
}

/** URLs that are taken, and how each is shown: a password is not. */
const urls: readonly (readonly [string, string])[] = [
  ['https://hooks.example/waggle', 'https://hooks.example/waggle'],
  [' HTTP://Hooks.Example:80/a b?c#d ', 'http://hooks.example/a%20b?c#d'],
  ['https://user:secret@hooks.example', 'https://***@hooks.example/'],
  ['http://93.184.216.34/x', 'http://93.184.216.34/x'],
  [`https://hooks.example/${'x'.repeat(2026)}`, `https://hooks.example/${'x'.repeat(2026)}`],
]
const shownUrl = (sent: unknown): string => urls.find(([url]) => url === sent)?.[1] ?? ''

const endpointHooks = ({ draw, model }: Scene): Hooks => ({
  '/url': () => pick(draw, urls)[0],
  '/integration': () => {
    const { uuid } = pick(draw, model.integrations)
    return pick(draw, [uuid, uuid.toUpperCase()])
  },
})

const setOf = (sent: unknown): readonly string[] | null => (Array.isArray(sent) ? [...new Set(sent.map(String))] : null)
const textMeant = (sent: unknown): string | null =>
  typeof sent === 'string' && sent.trim() !== '' ? sent.trim() : null

export function createWebhook(scene: Scene): Plan {
  const { model } = scene
  if (model.webhooks.length >= madeMax) return listWebhooks(scene)
  const { operation, body: schema } = served(scene, 'createWebhook')
  const made = sampleOf(schema ?? {}, { ...scene, hooks: endpointHooks(scene) })
  const { body, names } = withUnknown(scene, isJson(made) ? made : {})
  const draft = carrying(scene, draftOf(scene, operation, {}), body)
  return plan(draft, 201, ({ headers }, answered) => {
    const sent: Json = JSON.parse(Buffer.from(bodyOf(draft)).toString())
    const uuid = String(sent['integration']).toLowerCase()
    const integration = model.integrations.find((one) => one.uuid === uuid) ?? never()
    agreeIgnored(headers['x-waggle-ignored-fields'], names)
    const { secret } = isJson(answered) ? answered : {}
    holds(/^whsec_[A-Za-z0-9+/]{32}$/.test(String(secret)), 'a secret is answered', secret)
    const about = {
      url: shownUrl(sent['url']),
      events: setOf(sent['events']),
      fields: setOf(sent['fields']),
      description: textMeant(sent['description']),
      cursor: model.sequence,
      madeAt: model.sequence,
    }
    model.webhooks.push({ ...newWebhook, ...idsOf(answered), ...about, integration })
  })
}

/** A request on one endpoint. */
function onWebhook(scene: Scene, id: string, judge: (webhook: Webhook) => Plan['right']['judge'], status = 200): Plan {
  const { operation } = served(scene, id)
  const webhook = aWebhook(scene)
  return plan(draftOf(scene, operation, { webhookId: pick(scene.draw, webhookNames(webhook)) }), status, judge(webhook))
}

export const getWebhook = (scene: Scene): Plan =>
  onWebhook(scene, 'getWebhook', (webhook) => (_, body) => agreeWebhook(scene.model, webhook, body))

export function changeWebhook(scene: Scene): Plan {
  const { model } = scene
  const { body: schema } = served(scene, 'changeWebhook')
  const made = sampleOf(schema ?? {}, { ...scene, hooks: endpointHooks(scene) })
  // An endpoint is paused and goes on often enough for all that follows from it.
  const turned = once(scene.draw, 3) ? { state: pick(scene.draw, ['active', 'paused']), resume: 'skip' } : {}
  const { resume, ...rest } = { ...(isJson(made) ? made : {}), ...turned }
  const wanted = rest['state'] === 'active' && resume !== undefined ? { ...rest, resume } : rest
  const { body, names } = withUnknown(scene, wanted)
  const { draft, right } = onWebhook(scene, 'changeWebhook', (webhook) => ({ headers }, answered) => {
    const sent: Json = JSON.parse(Buffer.from(bodyOf(draft)).toString())
    agreeIgnored(headers['x-waggle-ignored-fields'], names)
    agreeWebhook(model, replace(model, webhook, changeMeant(model, webhook, sent)), answered)
  })
  return { draft: carrying(scene, draft, body), right }
}

function changeMeant({ sequence }: Model, webhook: Webhook, sent: Json): Partial<Webhook> {
  const set: { -readonly [K in keyof Webhook]?: Webhook[K] } = {}
  for (const member of ['events', 'fields'] as const) {
    const next = setOf(sent[member])
    const held = webhook[member]
    const same = next?.length === held?.length && next?.every((one) => held?.includes(one) === true)
    if (Object.hasOwn(sent, member) && !(same === true && next !== null)) set[member] = next
  }
  if (Object.hasOwn(sent, 'url')) set.url = shownUrl(sent['url'])
  if (Object.hasOwn(sent, 'description')) set.description = textMeant(sent['description'])
  const state = String(sent['state'] ?? webhook.state)
  if (state === webhook.state) return set
  const skips = state === 'active' && sent['resume'] === 'skip'
  return { ...set, state, ...(skips && { cursor: sequence, skippedUntil: sequence, replayUntil: 0 }) }
}

export function deleteWebhook(scene: Scene): Plan {
  const { model } = scene
  if (model.webhooks.length < 2) return getWebhook(scene)
  const judge = (webhook: Webhook) => (): void => {
    model.webhooks = model.webhooks.filter(({ id }) => id !== webhook.id)
  }
  return onWebhook(scene, 'deleteWebhook', judge, 204)
}

/** Nothing can be reached in a test, so the answer is that. */
export const testWebhook = (scene: Scene): Plan =>
  onWebhook(scene, 'testWebhook', () => (_, body) => {
    agree('what came back', body, {
      delivered: false,
      status: null,
      ms: 0,
      answer: null,
      error: 'no network in this test',
    })
  })

export const rotateWebhookSecret = (scene: Scene): Plan =>
  onWebhook(scene, 'rotateWebhookSecret', (webhook) => (_, body) => {
    agree('the ids', idsOf(body), { id: webhook.id, uuid: webhook.uuid })
    replace(scene.model, webhook, { rotated: true })
  })

/** Days on which nothing of a world happened: before all of it, between its making and now, and to come. */
const days = ['2026-01-02', '2026-01-20T00:00:00.000Z', '2026-01-20T23:00:00+05:30', '9999-01-01']

export function replayWebhook(scene: Scene): Plan {
  const { model, draw } = scene
  const since = once(draw, 3) ? pick(draw, days) : pick(draw, [1, String(1 + draw(9)), 1 + draw(model.sequence + 2)])
  const { draft, right } = onWebhook(scene, 'replayWebhook', (webhook) => (_, body) => {
    const from =
      typeof since === 'string' && since.includes('-')
        ? model.log.filter(({ at }) => Date.parse(at) < Date.parse(since)).length + 1
        : Number(since)
    const until = Math.max(webhook.cursor, webhook.replayUntil)
    agree('what is replayed', body, { from, until, events: Math.max(0, until - from + 1) })
    if (from > until) return
    const skippedUntil = Math.min(webhook.skippedUntil, from - 1)
    replace(model, webhook, { cursor: from - 1, replayUntil: until, skippedUntil })
  })
  return { draft: carrying(scene, draft, { since }), right }
}

export function listDeliveries(scene: Scene): Plan {
  const { model, draw } = scene
  const { query: schema } = served(scene, 'listDeliveries')
  const someOf = (names: readonly string[]) => (): string =>
    Array.from({ length: 1 + draw(2) }, () => pick(draw, names)).join(',')
  const lead = aLead(scene)
  const hooks: Hooks = {
    '/state': someOf(['pending', 'delivered', 'parked']),
    '/event': someOf([...eventNames, 'lead_created', 'lead_created']),
    '/lead': () => pick(draw, [String(lead.seed.id), lead.seed.uuid]),
    '/since': () => pick(draw, days),
    '/until': () => pick(draw, days),
    '/cursor': () => String(1 + draw(5)),
    '/pageSize': () => pick(draw, ['1', '2', '9999999999999999']),
  }
  const query = textsOf(sampleOf(schema ?? {}, { ...scene, hooks }))
  for (const name of Object.keys(query)) if (once(draw, 2)) delete query[name]
  const pageSize = Math.min(50, Number(query['pageSize'] ?? 10))
  const made = onWebhook(scene, 'listDeliveries', (webhook) => ({ headers }, body) => {
    const found = [...webhook.deliveries]
      .toSorted(([left], [right]) => right - left)
      .filter(([sequence, arrived]) => {
        const { leadId, at } = model.log[sequence - 1] ?? never()
        return (
          (query['state']?.split(',').includes(arrived ? 'delivered' : 'pending') ?? true) &&
          (query['event']?.split(',').includes('lead_created') ?? true) &&
          (query['lead'] === undefined || leadId === lead.seed.id) &&
          Date.parse(at) >= Date.parse(query['since'] ?? at) &&
          (query['until'] === undefined || Date.parse(at) < Date.parse(query['until'])) &&
          sequence < Number(query['cursor'] ?? sequence + 1)
        )
      })
    const rows = listOf(body, 'the deliveries').map(({ sequence, state }) => ({ sequence, state }))
    const shown = found.slice(0, pageSize)
    agree(
      'the deliveries',
      rows,
      shown.map(([sequence, arrived]) => ({ sequence, state: arrived ? 'delivered' : 'pending' })),
    )
    const next = found.length > pageSize ? String(shown.at(-1)?.[0]) : undefined
    agree('X-Next-Cursor', headers['x-next-cursor'], next)
  })
  made.draft.query = query
  return made
}

export function replayDelivery(scene: Scene): Plan {
  const { model, draw } = scene
  const webhook = model.webhooks.find(({ deliveries }) => deliveries.size > 0)
  if (webhook === undefined) return listDeliveries(scene)
  const sequence = pick(draw, [...webhook.deliveries.keys()])
  const params = { webhookId: pick(draw, webhookNames(webhook)), deliveryId: String(model.world.idOf(sequence)) }
  const draft = draftOf(scene, served(scene, 'replayDelivery').operation, params)
  return plan(draft, 200, (_, body) => {
    const { id, state, replay, webhook_id } = isJson(body) ? body : {}
    const should = { id: model.world.idOf(sequence), state: 'pending', replay: true, webhook_id: webhook.id }
    agree('the delivery', { id, state, replay, webhook_id }, should)
    replace(model, webhook, { deliveries: new Map([...webhook.deliveries, [sequence, false]]) })
  })
}

export function eventDeliveries(scene: Scene): Plan {
  const { model, draw } = scene
  const line = pick(draw, model.log)
  const { sequence } = line
  const draft = draftOf(scene, served(scene, 'eventDeliveries').operation, { sequence: String(sequence) })
  return plan(draft, 200, (_, body) => {
    const rows = listOf(body, 'the receipts').map(({ webhook, integration_name, state }) => [
      webhook,
      integration_name,
      state,
    ])
    const should = model.webhooks.flatMap((webhook) => {
      const state = stateOf(model, webhook, line)
      return state === undefined ? [] : [[webhook.uuid, webhook.integration.name, state]]
    })
    agree('the receipts', rows, should)
  })
}

/** Where an event stands with an endpoint; undefined when it is none of the endpoint's. */
function stateOf(model: Model, webhook: Webhook, line: Model['log'][number]): string | undefined {
  const arrived = webhook.deliveries.get(line.sequence)
  if (arrived !== undefined) return arrived ? 'delivered' : 'pending'
  if (!model.hears(webhook, line)) return undefined
  if (line.sequence > webhook.cursor) return 'pending'
  return line.sequence <= webhook.skippedUntil && line.sequence > webhook.madeAt ? 'skipped' : undefined
}
