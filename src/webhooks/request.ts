import assert from 'node:assert/strict'
import { type EventName, eventNames } from '../contract/events.ts'
import { readLog } from '../events/tell.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { bodyOf, deliveryUuid, type Envelope, shownHeaders } from './message.ts'
import { sampleBody } from './sample-event.ts'
import { shownUrl } from './secrets.ts'
import { hears } from './subscription.ts'

/** A request to an endpoint as people may see it: without its token, its signature and a password of the URL. */
export interface ShownRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** The exact text. */
  readonly body: string
}

type Webhook = Row<'webhooks'>

/**
 * The request of a delivery's last attempt, or of its first one to come. It is made anew as it was then: what it was
 * made from does not change.
 *
 * @param now Unix ms
 * @returns null when retention has emptied the event
 */
export async function requestOf(
  database: Database,
  webhook: Webhook,
  { sequence, attempts, last_attempt_at, late, replay }: Row<'deliveries'>,
  now: number,
): Promise<ShownRequest | null> {
  const { company, configuration } = await belongingsOf(database, webhook)
  const [event] = await readLog(database, company, { after: sequence - 1, limit: 1 })
  if (event?.sequence !== sequence || event.body === undefined) return null
  const envelope = {
    id: deliveryUuid(webhook.uuid, sequence, event.at),
    event: event.name,
    userUuid: event.userUuid,
    sequence,
    attempt: Math.max(1, attempts),
    late,
    replay,
  }
  return shown(webhook, envelope, bodyOf(JSON.stringify(event.body), { configuration }), last_attempt_at ?? now)
}

interface Preview {
  readonly event: EventName
  /** Whether the endpoint hears of such an event. */
  readonly is_heard: boolean
  readonly request: ShownRequest
}

/**
 * What an endpoint would be sent of a made-up lead.
 *
 * @param event the name of an event, as a client sent it
 * @param uuid that the delivery would have
 * @param now Unix ms
 * @throws Refusal `invalid_query` when there is no such event
 */
export async function previewOf(
  database: Database,
  webhook: Webhook,
  { event, uuid, userUuid, now }: { event: string | undefined; uuid: string; userUuid: string; now: number },
): Promise<Preview> {
  const name = event === undefined ? firstHeard(webhook) : eventNames.find((one) => one === event)
  if (name === undefined) {
    const hint = `one of ${eventNames.join(', ')}`
    throw new Refusal('invalid_query', { faults: [{ path: '/event', message: 'Invalid event', hint }] })
  }
  const { company, configuration } = await belongingsOf(database, webhook)
  const body = sampleBody(name, { companyUuid: company.uuid, userUuid, now, fields: webhook.fields })
  const envelope = { id: uuid, event: name, userUuid, sequence: 1, attempt: 1, late: false, replay: false }
  return {
    event: name,
    is_heard: hears(webhook, { name, members: body.changed_fields }),
    request: shown(webhook, envelope, bodyOf(JSON.stringify(body), { configuration }), now),
  }
}

/** The event that a made-up lead is told with when none is named. */
export const firstHeard = ({ events }: Pick<Webhook, 'events'>): EventName => events?.[0] ?? 'lead_updated'

const shown = (webhook: Webhook, envelope: Envelope, body: string, at: number): ShownRequest => ({
  url: shownUrl(webhook.url),
  headers: shownHeaders(envelope, at),
  body,
})

async function belongingsOf(database: Database, { company_id, integration_id }: Webhook) {
  const company = await database.read('companies', { id: company_id })
  const integration = await database.read('integrations', { company_id, id: integration_id })
  assert(company !== undefined && integration !== undefined, 'an endpoint has its company and its integration')
  return { company, configuration: JSON.stringify(integration.configuration) }
}
