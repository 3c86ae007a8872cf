import { firstOpenDelivery } from '../storage/open-deliveries.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { DeliveryRow } from './lane.ts'
import { failedStates } from './replay.ts'

type Webhook = Row<'webhooks'>

/** An endpoint with its integration and its company, as the dispatcher needs them. */
export interface Subscriber {
  readonly webhook: Webhook
  readonly integration: Row<'integrations'>
  readonly company: Row<'companies'>
}

/** All endpoints that are active, in all companies. */
export const activeWebhooks = (database: Database): Promise<Webhook[]> =>
  database.find<Webhook>((db) =>
    db.selectFrom('webhooks').selectAll().where('state', '=', 'active').where('deleted_at', 'is', null).orderBy('id'),
  )

/** An endpoint with what belongs to it; undefined when that is gone. */
export async function subscriberOf(database: Database, webhook: Webhook): Promise<Subscriber | undefined> {
  const { company_id, integration_id } = webhook
  const integration = await database.read('integrations', { company_id, id: integration_id })
  const company = await database.read('companies', { id: company_id })
  return integration && company && { webhook, integration, company }
}

/** Which endpoint, and how far it has come: behind the cursor only deliveries of its round count. */
export type Place = Pick<Webhook, 'company_id' | 'id' | 'cursor' | 'round'>

/** Deliveries that have neither arrived nor been given up, by sequence. */
export const openDeliveries = (
  database: Database,
  place: Place,
  { late, after, limit }: { late: boolean; after: number; limit: number },
): Promise<DeliveryRow[]> =>
  database.find<DeliveryRow>((db) =>
    db
      .selectFrom('deliveries')
      .selectAll()
      .where('company_id', '=', place.company_id)
      .where('webhook_id', '=', place.id)
      .where('delivered_at', 'is', null)
      .where('state', 'in', ['pending', 'retrying'])
      .where((eb) => eb.or([eb('sequence', '<=', place.cursor), eb('round', '=', place.round)]))
      .where('late', '=', late)
      .where('sequence', '>', after)
      .orderBy('sequence')
      .limit(limit),
  )

/** Late deliveries whose time has come, the longest due first. */
export const dueDeliveries = (database: Database, place: Place, now: number, limit: number): Promise<DeliveryRow[]> =>
  database.find<DeliveryRow>((db) =>
    db
      .selectFrom('deliveries')
      .selectAll()
      .where('company_id', '=', place.company_id)
      .where('webhook_id', '=', place.id)
      .where('next_attempt_at', '<=', now)
      .where('late', '=', true)
      .where((eb) => eb.or([eb('sequence', '<=', place.cursor), eb('round', '=', place.round)]))
      .orderBy('next_attempt_at')
      .limit(limit),
  )

/** When the next late delivery is due, Unix ms; undefined when there is none. */
export async function nextDueAt(database: Database, place: Place): Promise<number | undefined> {
  const [row] = await database.find((db) =>
    db
      .selectFrom('deliveries')
      .select('next_attempt_at')
      .where('company_id', '=', place.company_id)
      .where('webhook_id', '=', place.id)
      .where('next_attempt_at', 'is not', null)
      .where('late', '=', true)
      .where((eb) => eb.or([eb('sequence', '<=', place.cursor), eb('round', '=', place.round)]))
      .orderBy('next_attempt_at')
      .limit(1),
  )
  return row?.next_attempt_at ?? undefined
}

/**
 * Deliveries of an endpoint that have failed and can be sent again, by sequence. Those that a replay of the log is going to
 * come to anyway are left out, and so are those whose event was emptied.
 *
 * @param after only events with a greater number
 */
export const failedDeliveries = (
  database: Database,
  place: Place,
  { after, limit }: { after: number; limit: number },
): Promise<Pick<DeliveryRow, 'id' | 'sequence'>[]> =>
  database.find((db) =>
    db
      .selectFrom('deliveries')
      .innerJoin('events', (join) =>
        join
          .onRef('events.company_id', '=', 'deliveries.company_id')
          .onRef('events.sequence', '=', 'deliveries.sequence'),
      )
      .select(['deliveries.id', 'deliveries.sequence'])
      .where('deliveries.company_id', '=', place.company_id)
      .where('deliveries.webhook_id', '=', place.id)
      .where('deliveries.delivered_at', 'is', null)
      .where('deliveries.state', 'in', failedStates)
      .where((eb) => eb.or([eb('deliveries.sequence', '<=', place.cursor), eb('deliveries.round', '=', place.round)]))
      .where('events.payload', 'is not', null)
      .where('deliveries.sequence', '>', after)
      .orderBy('deliveries.sequence')
      .limit(limit),
  )

/** The deliveries there are already for a stretch of the log, both ends included. */
export const deliveriesBetween = (
  database: Database,
  place: Pick<Place, 'company_id' | 'id'>,
  first: number,
  last: number,
): Promise<DeliveryRow[]> =>
  database.find<DeliveryRow>((db) =>
    db
      .selectFrom('deliveries')
      .selectAll()
      .where('company_id', '=', place.company_id)
      .where('webhook_id', '=', place.id)
      .where('sequence', '>=', first)
      .where('sequence', '<=', last)
      .orderBy('sequence'),
  )

/** What active endpoints still wait for, in all companies. */
export interface Backlog {
  /** Events that they have not taken up. */
  readonly events: number
  /** Age of the oldest event that has not arrived, in ms; 0 when there is none. */
  readonly oldestMs: number
}

/** @param now Unix ms */
export async function backlogOf(database: Database, now: number): Promise<Backlog> {
  const places = await database.find((db) =>
    db
      .selectFrom('webhooks')
      .innerJoin('company_log', 'company_log.company_id', 'webhooks.company_id')
      .select(['webhooks.company_id', 'webhooks.cursor', 'company_log.last_sequence', firstOpenDelivery().as('open')])
      .where('webhooks.state', '=', 'active')
      .where('webhooks.deleted_at', 'is', null),
  )
  let events = 0
  let oldestMs = 0
  for (const { company_id, cursor, last_sequence, open } of places) {
    events += last_sequence - cursor
    const sequence = open ?? cursor + 1
    if (sequence > last_sequence) continue
    const [event] = await database.find((db) =>
      db.selectFrom('events').select('at').where('company_id', '=', company_id).where('sequence', '=', sequence),
    )
    oldestMs = Math.max(oldestMs, now - (event?.at ?? now))
  }
  return { events, oldestMs }
}
