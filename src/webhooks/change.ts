import { webhookLimits } from '../contract/webhooks.ts'
import { refuseMoreThan } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Change, Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { NewWebhookBody, WebhookChangeBody } from './read-body.ts'
import { oldSecretMs } from './secrets.ts'

type Webhook = Row<'webhooks'>

/** What is said of an endpoint when it is made; `secret` is sealed for the uuid. */
export type NewWebhook = Pick<Webhook, 'uuid' | 'url' | 'events' | 'fields' | 'description' | 'secret'>

export const newWebhook = (uuid: string, secret: Uint8Array, body: NewWebhookBody): NewWebhook => ({
  uuid,
  secret,
  url: body.url,
  events: body.events ?? null,
  fields: body.fields ?? null,
  description: body.description ?? null,
})

/**
 * Makes an endpoint. It hears of every change from now on.
 *
 * @param integration its id and its uuid, as the client named it
 * @param present how many the company had a moment ago; two that are made at once may both count the same
 * @returns its two ids
 * @throws Refusal `invalid_body` when there is no such integration, or the company has as many as it may
 */
export const createWebhook = (
  companyId: number,
  integration: Pick<Row<'integrations'>, 'id' | 'uuid'>,
  webhook: NewWebhook,
  present: number,
): Work<{ id: number; uuid: string }> => ({
  companyId,
  keys: { integration: integration.id },
  ids: { webhooks: 1 },
  changesFollowers: true,
  decide: (facts, at) => {
    if (facts.integration === undefined) throw invalidIntegration(integration.uuid)
    refuseMoreThan(webhookLimits.webhooks, 'webhooks', present)
    const row: Webhook = {
      company_id: companyId,
      id: at.nextId('webhooks'),
      integration_id: integration.id,
      created_at: at.now,
      updated_at: at.now,
      ...webhook,
      state: 'active',
      reason: null,
      old_secret: null,
      old_secret_until: null,
      revision: 1,
      cursor: at.sequence - 1,
      round: 1,
      replay_until: 0,
      skipped_until: 0,
      failing_since: null,
      last_attempt_at: null,
      last_status: null,
      last_delivered_at: null,
      deleted_at: null,
      holder: null,
    }
    return { reply: { id: row.id, uuid: row.uuid }, writes: [{ kind: 'insert', table: 'webhooks', row }] }
  },
})

export const invalidIntegration = (uuid: string): Refusal =>
  new Refusal('invalid_body', { faults: [{ path: '/integration', message: `Invalid integration: ${uuid}` }] })

/**
 * A work on an endpoint that is there.
 *
 * @throws Refusal `webhook_not_found` when it is not, or is deleted
 */
const onWebhook = <T>(
  companyId: number,
  webhookId: number,
  decide: (webhook: Webhook, at: { now: number; lastSequence: number }) => Change<T>,
): Work<T> => ({
  companyId,
  keys: { webhook: webhookId },
  changesFollowers: true,
  decide: ({ webhook }, { now, sequence }) => {
    if (webhook === undefined || webhook.deleted_at !== null) throw new Refusal('webhook_not_found')
    return decide(webhook, { now, lastSequence: sequence - 1 })
  },
})

/** The write of a person's change: the dispatcher notices by the revision. */
export const webhookChanged = (webhook: Webhook, set: Partial<Webhook>): Write => ({
  kind: 'update',
  table: 'webhooks',
  key: { company_id: webhook.company_id, id: webhook.id },
  set: { ...set, revision: webhook.revision + 1 },
})

/**
 * Changes the members that were sent; what changes nothing writes nothing.
 *
 * @throws Refusal `webhook_not_found`
 */
export const changeWebhook = (companyId: number, webhookId: number, body: WebhookChangeBody): Work<null> =>
  onWebhook(companyId, webhookId, (webhook, { now, lastSequence }) => {
    const set = differences(webhook, { ...membersSent(body), ...standing(webhook, body, lastSequence) })
    const writes = Object.keys(set).length === 0 ? [] : [webhookChanged(webhook, { ...set, updated_at: now })]
    return { reply: null, writes }
  })

function membersSent({ url, events, fields, description }: WebhookChangeBody): Partial<Webhook> {
  return {
    ...(url !== undefined && { url }),
    ...(events !== undefined && { events }),
    ...(fields !== undefined && { fields }),
    ...(description !== undefined && { description }),
  }
}

/**
 * What pausing and resuming mean. To resume what is active already is no change, whatever `resume` says: a request
 * that is repeated must not skip what came between.
 */
function standing(webhook: Webhook, { state, resume }: WebhookChangeBody, lastSequence: number): Partial<Webhook> {
  if (state === undefined || state === webhook.state) return {}
  if (state === 'paused') return { state, reason: null }
  const resumed = { state, reason: null, failing_since: null }
  if (resume !== 'skip') return resumed
  return { ...resumed, skipped_until: lastSequence, cursor: lastSequence, replay_until: 0 }
}

/** Sets are compared without their order. */
function differences(webhook: Webhook, wanted: Partial<Webhook>): Partial<Webhook> {
  const held: Readonly<Record<string, unknown>> = webhook
  return Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !isSame(held[name], value)))
}

const isSame = (left: unknown, right: unknown): boolean =>
  Array.isArray(left) && Array.isArray(right)
    ? left.length === right.length && left.every((one) => right.includes(one))
    : left === right

/**
 * Ends an endpoint. Its rows stay.
 *
 * @throws Refusal `webhook_not_found`
 */
export const deleteWebhook = (companyId: number, webhookId: number): Work<null> =>
  onWebhook(companyId, webhookId, (webhook, { now }) => ({
    reply: null,
    writes: [webhookChanged(webhook, { deleted_at: now, updated_at: now })],
  }))

/**
 * Takes a new signing secret; the one before it signs along for a while.
 *
 * @param secret sealed
 * @returns until when the one before signs, Unix ms
 * @throws Refusal `webhook_not_found`
 */
export const rotateSecret = (
  companyId: number,
  webhookId: number,
  secret: Uint8Array,
): Work<{ oldSecretUntil: number }> =>
  onWebhook(companyId, webhookId, (webhook, { now }) => {
    const old_secret_until = now + oldSecretMs
    const set = { secret, old_secret: webhook.secret, old_secret_until, updated_at: now }
    return { reply: { oldSecretUntil: old_secret_until }, writes: [webhookChanged(webhook, set)] }
  })
