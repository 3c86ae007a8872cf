import * as contract from '../contract/deliveries.ts'
import { digitsAsId } from '../contract/forms.ts'
import { sequenceAt } from '../events/tell.ts'
import { refuseUnknown } from '../http/body-reader.ts'
import { pageFrom } from '../http/pages.ts'
import { serve } from '../http/serve.ts'
import type { Actor } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { deliveryOf, listDeliveries, readFilter } from './deliveries.ts'
import type { Desk, Params } from './desk.ts'
import { eventReceipts, findWebhook } from './queries.ts'
import { readReplay } from './read-body.ts'
import { replayDelivery, replaySince } from './replay.ts'
import { replayFailed } from './replay-failed.ts'
import { previewOf, requestOf } from './request.ts'

export function deliveryRoutes(desk: Desk): void {
  viewRoutes(desk)
  replayRoutes(desk)
}

function viewRoutes({ server, database, clock, random, telling, webhookOf }: Desk): void {
  serve(server, contract.listDeliveries, async ({ actor, params, query }) => {
    const filter = readFilter(query)
    const webhook = await webhookOf(params, actor)
    const { pageSize } = pageFrom(query)
    const { rows, next } = await listDeliveries(database, webhook, { filter, pageSize, telling: telling() })
    return { body: rows, headers: next === undefined ? {} : { 'x-next-cursor': String(next) } }
  })

  serve(server, contract.getDelivery, async ({ actor, params }) => {
    const webhook = await webhookOf(params, actor)
    const delivery = await deliveryRow(database, actor, params)
    const view =
      delivery?.webhook_id === webhook.id
        ? await deliveryOf(database, webhook, delivery.sequence, telling())
        : undefined
    if (delivery === undefined || view === undefined) throw new Refusal('delivery_not_found')
    return { body: { ...view, request: await requestOf(database, webhook, delivery, clock.now()) } }
  })

  serve(server, contract.previewWebhook, async ({ actor, params, query }) => {
    const webhook = await webhookOf(params, actor)
    const now = clock.now()
    const asked = { event: query['event'], uuid: random.uuid(now), userUuid: actor.userUuid, now }
    return { body: await previewOf(database, webhook, asked) }
  })

  serve(server, contract.eventDeliveries, async ({ actor, params }) => {
    const sequence = digitsAsId(params['sequence'] ?? '')
    const { companyId } = actor
    const receipts =
      sequence === undefined ? undefined : await eventReceipts(database, { companyId, sequence }, telling())
    if (receipts === undefined) throw new Refusal('event_not_found')
    return { body: receipts }
  })
}

function replayRoutes({ server, database, telling, webhookOf }: Desk): void {
  serve(server, contract.replayDelivery, async ({ actor, params }) => {
    const { companyId } = actor
    const named = params['webhookId'] === undefined ? undefined : await webhookOf(params, actor)
    const delivery = await deliveryRow(database, actor, params)
    if (delivery === undefined) throw new Refusal('delivery_not_found')
    const webhook = named ?? (await findWebhook(database, companyId, delivery.webhook_id))
    if (webhook === undefined || webhook.id !== delivery.webhook_id) throw new Refusal('delivery_not_found')
    const { sequence } = delivery
    const event = await database.read('events', { company_id: companyId, sequence })
    if (event === undefined || event.payload === null) throw new Refusal('event_erased')
    await database.transact(replayDelivery({ companyId, webhookId: webhook.id, deliveryId: delivery.id }))
    const view = await deliveryOf(database, webhook, sequence, telling())
    if (view === undefined) throw new Refusal('delivery_not_found')
    return { body: view }
  })

  serve(server, contract.replayWebhook, async ({ actor, params, body, conditions, answer }) => {
    const { since, ignored } = readReplay(body)
    answer.ignoredFields(ignored)
    const { companyId } = actor
    const { id: webhookId } = await webhookOf(params, actor)
    refuseUnknown(ignored, conditions.strict)
    const first = 'sequence' in since ? since.sequence : await sequenceAt(database, companyId, since.at)
    const { reply } = await database.transact(replaySince({ companyId, webhookId, since: first }))
    return { body: reply }
  })

  serve(server, contract.replayFailed, async ({ actor, params }) => ({
    body: await replayFailed(database, await webhookOf(params, actor)),
  }))
}

const deliveryRow = (
  database: Database,
  { companyId }: Actor,
  params: Params,
): Promise<Row<'deliveries'> | undefined> =>
  database.read('deliveries', { company_id: companyId, id: digitsAsId(params['deliveryId'] ?? '') ?? 0 })
