import { deliveryStates } from '../contract/deliveries.ts'
import { eventNames } from '../contract/events.ts'
import { sequenceAt } from '../events/tell.ts'
import { systemClock } from '../kernel/clock.ts'
import { ConfigError } from '../kernel/config.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { type DeliveryFilter, listDeliveries, readFilter } from '../webhooks/deliveries.ts'
import { readReplay } from '../webhooks/read-body.ts'
import { replayDelivery, replaySince } from '../webhooks/replay.ts'
import type { Arguments, Flags } from './arguments.ts'
import { namesOf, wholeNumber } from './on-database.ts'
import { databaseSettings, settingFlags } from './settings.ts'
import { tableOf } from './table.ts'
import { endpointOf } from './webhook-endpoint.ts'

const limitDefault = 20
const limitMax = 1_000

export const lookingFlags: Flags = {
  ...settingFlags(databaseSettings),
  state: { value: 'list', about: `Only these: ${deliveryStates.join(', ')}.` },
  event: { value: 'list', about: 'Only of these events.' },
  lead: { value: 'id', about: 'Only of this lead, by number or uuid.' },
  since: { value: 'time', about: 'Only of events from then on; ISO 8601.' },
  limit: { value: 'number', about: `Rows at the most, up to ${limitMax}. (${limitDefault})` },
}

export const replayFlags: Flags = {
  ...settingFlags(databaseSettings),
  since: { value: 'what', about: 'From an event on: its sequence, or an ISO 8601 time.' },
  delivery: { value: 'id', about: 'One delivery, by its id.' },
}

type Delivery = Awaited<ReturnType<typeof listDeliveries>>['rows'][number]

export async function showDeliveries(database: Database, given: Arguments): Promise<string> {
  const filter = filterOf(given)
  const limit = limitOf(given.text('limit'))
  const rows = await newest(database, await endpointOf(database, given), filter, limit)
  if (rows.length === 0) return 'There are no such deliveries.\n'
  const head = ['id', 'sequence', 'event', 'lead', 'state', 'attempts', 'status', 'ms', 'last attempt', 'next attempt']
  return tableOf([...head, 'error'], rows.map(cells))
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return limitDefault
  const wrong = `--limit is "${text}", but must be a whole number from 1 to ${limitMax}.`
  const limit = wholeNumber(text, wrong)
  if (limit > limitMax) throw new ConfigError(wrong)
  return limit
}

function filterOf(given: Arguments): DeliveryFilter {
  return readFilter({
    state: namesOf(given, 'state', deliveryStates)?.join(','),
    event: namesOf(given, 'event', eventNames)?.join(','),
    lead: given.text('lead'),
    since: given.text('since'),
  })
}

/** A page may be short, or empty, before the last one: what is asked for may lie far back. */
async function newest(
  database: Database,
  webhook: Row<'webhooks'>,
  filter: DeliveryFilter,
  limit: number,
): Promise<Delivery[]> {
  const telling = { wholeSeconds: true, now: systemClock.now() }
  const found: Delivery[] = []
  let before: number | undefined = filter.before
  while (before !== undefined && found.length < limit) {
    const page = { filter: { ...filter, before }, pageSize: limit - found.length, telling }
    const { rows, next }: Awaited<ReturnType<typeof listDeliveries>> = await listDeliveries(database, webhook, page)
    found.push(...rows)
    before = next
  }
  return found
}

const cells = (one: Delivery): string[] => [
  String(one.id),
  String(one.sequence),
  one.event,
  String(one.lead_id),
  one.late ? `${one.state} (late)` : one.state,
  String(one.attempts),
  String(one.status ?? '-'),
  String(one.ms ?? '-'),
  one.last_attempt_at ?? '-',
  one.next_attempt_at ?? '-',
  one.error ?? '',
]

export async function replay(database: Database, given: Arguments): Promise<string> {
  const webhook = await endpointOf(database, given)
  const [since, delivery] = [given.text('since'), given.text('delivery')]
  if ((since === undefined) === (delivery === undefined)) {
    throw new ConfigError('Say what to send again: --since <sequence or time>, or --delivery <id>.')
  }
  const sent = await (delivery === undefined
    ? sendSince(database, webhook, since)
    : sendOne(database, webhook, delivery))
  if (sent === undefined) return 'There is nothing to send again.\n'
  return webhook.state === 'active' ? `${sent}\n` : `${sent} Webhook ${webhook.id} is ${webhook.state}, so it waits.\n`
}

async function sendOne(database: Database, webhook: Row<'webhooks'>, text: string): Promise<string> {
  const list = `See: waggle webhook deliveries ${webhook.id}`
  const id = wholeNumber(text, `--delivery is "${text}", but must be the id of a delivery. ${list}`)
  const { company_id } = webhook
  const delivery = await database.read('deliveries', { company_id, id })
  if (delivery?.webhook_id !== webhook.id) {
    throw new ConfigError(`There is no delivery ${id} of webhook ${webhook.id}. ${list}`)
  }
  const event = await database.read('events', { company_id, sequence: delivery.sequence })
  if (event === undefined || event.payload === null) throw new Refusal('event_erased')
  await database.transact(replayDelivery({ companyId: company_id, webhookId: webhook.id, deliveryId: id }))
  return `Delivery ${id} is sent once more.`
}

async function sendSince(database: Database, webhook: Row<'webhooks'>, text: string | undefined) {
  const { company_id: companyId, id: webhookId } = webhook
  const read = readReplay({ since: text }).since
  const since = 'sequence' in read ? read.sequence : await sequenceAt(database, companyId, read.at)
  const { events, from, until } = (await database.transact(replaySince({ companyId, webhookId, since }))).reply
  return events === 0 ? undefined : `Events ${from} to ${until} are sent once more, in order; what is newer follows.`
}
