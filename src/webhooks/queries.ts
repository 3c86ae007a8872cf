import type { Reference } from '../contract/forms.ts'
import { wireTime, wireTimeOrNull } from '../kernel/time.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { recentDeliveries, type Telling } from './deliveries.ts'
import { shownUrl } from './secrets.ts'
import { hears } from './subscription.ts'

type Webhook = Row<'webhooks'>

/** All integrations of a company, oldest first; of their secrets only that there are any. */
export async function listIntegrations(database: Database, companyId: number, { wholeSeconds }: Telling) {
  const rows = await database.find<Row<'integrations'>>((db) =>
    db.selectFrom('integrations').selectAll().where('company_id', '=', companyId).orderBy('id'),
  )
  return rows.map(({ id, uuid, name, created_at, configuration, api_key, external_settings }) => ({
    id,
    uuid,
    name,
    created_at: wireTime(created_at, wholeSeconds),
    configuration,
    has_api_key: api_key !== null,
    has_external_settings: external_settings !== null,
  }))
}

/** How many there are; of endpoints without those that were deleted. */
export async function countOf(
  database: Database,
  table: 'integrations' | 'webhooks',
  companyId: number,
): Promise<number> {
  const [row] = await database.find<{ total: number }>((db) =>
    table === 'integrations'
      ? db
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<number>().as('total'))
          .where('company_id', '=', companyId)
      : db
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<number>().as('total'))
          .where('company_id', '=', companyId)
          .where('deleted_at', 'is', null),
  )
  return row?.total ?? 0
}

/** An endpoint that is not deleted; undefined when the company has none such. */
export async function findWebhook(
  database: Database,
  companyId: number,
  reference: Reference | undefined,
): Promise<Webhook | undefined> {
  const key = typeof reference === 'string' ? { uuid: reference } : { id: reference ?? 0 }
  const webhook = await database.read('webhooks', { company_id: companyId, ...key })
  return webhook?.deleted_at === null ? webhook : undefined
}

/** Of each count: more are not told, and so not counted. */
const countedMax = 1_000

interface WebhookRow extends Webhook {
  readonly integration_uuid: string
  readonly integration_name: string
  readonly last_sequence: number
  readonly undelivered: number
  readonly expired: number
  readonly next_attempt_at: number | null
}

/**
 * Endpoints of a company as they are answered, oldest first, all in one look at the database.
 *
 * @param webhookId only this one
 * @param withRecent with their newest deliveries
 */
export async function webhookViews(
  database: Database,
  { companyId, webhookId, withRecent = false }: { companyId: number; webhookId?: number; withRecent?: boolean },
  telling: Telling,
) {
  const rows = await database.find<WebhookRow>((db) =>
    db
      .selectFrom('webhooks')
      .innerJoin('integrations', (join) =>
        join
          .onRef('integrations.company_id', '=', 'webhooks.company_id')
          .onRef('integrations.id', '=', 'webhooks.integration_id'),
      )
      .innerJoin('company_log', 'company_log.company_id', 'webhooks.company_id')
      .selectAll('webhooks')
      .select((eb) => {
        const counted = (...states: Row<'deliveries'>['state'][]) =>
          eb
            .selectFrom(
              eb
                .selectFrom('deliveries')
                .select('deliveries.id')
                .whereRef('deliveries.company_id', '=', 'webhooks.company_id')
                .whereRef('deliveries.webhook_id', '=', 'webhooks.id')
                .whereRef('deliveries.sequence', '<=', 'webhooks.cursor')
                .where('deliveries.delivered_at', 'is', null)
                .where('deliveries.state', 'in', states)
                .limit(countedMax)
                .as('few'),
            )
            .select(eb.fn.countAll<number>().as('total'))
        return [
          'integrations.uuid as integration_uuid',
          'integrations.name as integration_name',
          'company_log.last_sequence',
          counted('pending', 'retrying', 'parked').as('undelivered'),
          counted('expired').as('expired'),
          eb
            .selectFrom('deliveries')
            .select((inner) => inner.fn.min('deliveries.next_attempt_at').as('next'))
            .whereRef('deliveries.company_id', '=', 'webhooks.company_id')
            .whereRef('deliveries.webhook_id', '=', 'webhooks.id')
            .where('deliveries.next_attempt_at', 'is not', null)
            .as('next_attempt_at'),
        ]
      })
      .where('webhooks.company_id', '=', companyId)
      .where('webhooks.deleted_at', 'is', null)
      .$if(webhookId !== undefined, (query) => query.where('webhooks.id', '=', webhookId ?? 0))
      .orderBy('webhooks.id'),
  )
  const views = rows.map((row) => webhookView(row, telling))
  if (!withRecent || views.length === 0) return views
  const ids = views.map(({ id }) => id)
  const recentOf = await recentDeliveries(database, companyId, ids, telling)
  return views.map((view) => ({ ...view, recent: recentOf(view.id) }))
}

function webhookView(row: WebhookRow, { wholeSeconds, now }: Telling) {
  const time = (unixMs: number | null): string | null => wireTimeOrNull(unixMs, wholeSeconds)
  return {
    id: row.id,
    uuid: row.uuid,
    integration: row.integration_uuid,
    integration_name: row.integration_name,
    url: shownUrl(row.url),
    events: row.events,
    fields: row.fields,
    description: row.description,
    state: row.state,
    reason: row.reason,
    created_at: time(row.created_at),
    updated_at: time(row.updated_at),
    sequence: row.cursor,
    backlog: row.last_sequence - row.cursor,
    undelivered: row.undelivered,
    expired: row.expired,
    replaying_until: row.replay_until > row.cursor ? row.replay_until : null,
    failing_since: time(row.failing_since),
    last_attempt_at: time(row.last_attempt_at),
    last_status: row.last_status,
    last_delivered_at: time(row.last_delivered_at),
    next_attempt_at: row.state === 'active' ? time(row.next_attempt_at) : null,
    old_secret_until: row.old_secret_until !== null && row.old_secret_until > now ? time(row.old_secret_until) : null,
  }
}

type Nullable<T> = { [K in keyof T]: T[K] | null }
type Told = Pick<
  Row<'deliveries'>,
  'attempts' | 'late' | 'status' | 'last_attempt_at' | 'next_attempt_at' | 'delivered_at'
>
type ReceiptRow = Pick<Webhook, 'uuid' | 'created_at' | 'events' | 'fields' | 'cursor' | 'skipped_until'> & {
  readonly integration_name: string
  readonly delivery_state: Row<'deliveries'>['state'] | null
} & Nullable<Told>

/**
 * Where an event has arrived: a row for each endpoint that has its delivery, or that hears of it and will have.
 *
 * @returns undefined when the company's log has no such event
 */
export async function eventReceipts(
  database: Database,
  { companyId, sequence }: { companyId: number; sequence: number },
  { wholeSeconds }: Telling,
) {
  const event = await database.read('events', { company_id: companyId, sequence })
  if (event === undefined) return undefined
  const rows = await database.find<ReceiptRow>((db) =>
    db
      .selectFrom('webhooks')
      .innerJoin('integrations', (join) =>
        join
          .onRef('integrations.company_id', '=', 'webhooks.company_id')
          .onRef('integrations.id', '=', 'webhooks.integration_id'),
      )
      .leftJoin('deliveries', (join) =>
        join
          .onRef('deliveries.company_id', '=', 'webhooks.company_id')
          .onRef('deliveries.webhook_id', '=', 'webhooks.id')
          .on('deliveries.sequence', '=', sequence),
      )
      .select(['webhooks.uuid', 'webhooks.created_at', 'webhooks.events', 'webhooks.fields', 'webhooks.cursor'])
      .select(['webhooks.skipped_until', 'integrations.name as integration_name'])
      .select(['deliveries.state as delivery_state', 'deliveries.attempts', 'deliveries.late', 'deliveries.status'])
      .select(['deliveries.last_attempt_at', 'deliveries.next_attempt_at', 'deliveries.delivered_at'])
      .where('webhooks.company_id', '=', companyId)
      .where('webhooks.deleted_at', 'is', null)
      .orderBy('webhooks.id'),
  )
  return rows.flatMap((row) => {
    const state = row.delivery_state ?? stateWithoutRow(row, event)
    if (state === undefined) return []
    return {
      webhook: row.uuid,
      // Not its uuid: that is the key of tokens, and who may read may not sign.
      integration_name: row.integration_name,
      state,
      attempts: row.attempts ?? 0,
      late: row.late ?? false,
      status: row.status,
      last_attempt_at: wireTimeOrNull(row.last_attempt_at, wholeSeconds),
      next_attempt_at: wireTimeOrNull(row.next_attempt_at, wholeSeconds),
      delivered_at: wireTimeOrNull(row.delivered_at, wholeSeconds),
    }
  })
}

/**
 * How an event stands with an endpoint that has no delivery of it. Undefined when it is none of the endpoint's, or
 * nothing is known any more: its row was removed, or the subscription was another one then.
 */
function stateWithoutRow(webhook: ReceiptRow, event: Row<'events'>): 'pending' | 'skipped' | undefined {
  if (!hears(webhook, event)) return undefined
  if (event.sequence > webhook.cursor) return 'pending'
  return event.sequence <= webhook.skipped_until && webhook.created_at <= event.at ? 'skipped' : undefined
}
