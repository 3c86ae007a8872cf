import { Refusal } from '../kernel/refusal.ts'
import type { Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { webhookChanged } from './change.ts'

interface Place {
  readonly companyId: number
  readonly webhookId: number
}

/**
 * Sends a delivery once more, beside the order of the log. While its endpoint is paused or disabled it waits.
 *
 * @throws Refusal `webhook_not_found`; `delivery_not_found` when it is none of this endpoint's
 */
export const replayDelivery = ({ companyId, webhookId, deliveryId }: Place & { deliveryId: number }): Work<null> => ({
  companyId,
  keys: { webhook: webhookId, deliveries: [deliveryId] },
  changesFollowers: true,
  decide: ({ webhook, deliveries: [delivery] = [] }, { now }) => {
    if (webhook === undefined || webhook.deleted_at !== null) throw new Refusal('webhook_not_found')
    if (delivery === undefined || delivery.webhook_id !== webhook.id) throw new Refusal('delivery_not_found')
    return { reply: null, writes: [sentAgain(delivery, now), webhookChanged(webhook, {})] }
  },
})

/**
 * Sends those of some deliveries once more that have failed and not arrived since, each as {@link replayDelivery} does.
 *
 * @returns how many
 * @throws Refusal `webhook_not_found`
 */
export const replayDeliveries = ({
  companyId,
  webhookId,
  deliveryIds,
}: Place & { deliveryIds: readonly number[] }): Work<number> => ({
  companyId,
  keys: { webhook: webhookId, deliveries: deliveryIds },
  changesFollowers: true,
  decide: ({ webhook, deliveries = [] }, { now }) => {
    if (webhook === undefined || webhook.deleted_at !== null) throw new Refusal('webhook_not_found')
    const failed = deliveries.filter(({ webhook_id, state }) => webhook_id === webhook.id && isFailed(state))
    if (failed.length === 0) return { reply: 0, writes: [] }
    const again = failed.map((delivery) => sentAgain(delivery, now))
    return { reply: failed.length, writes: [...again, webhookChanged(webhook, {})] }
  },
})

/** Tried in vain. */
export const failedStates = ['parked', 'retrying'] as const
const isFailed = (state: Row<'deliveries'>['state']): boolean => failedStates.some((one) => one === state)

const sentAgain = (delivery: Row<'deliveries'>, now: number): Write => ({
  kind: 'update',
  table: 'deliveries',
  key: { company_id: delivery.company_id, id: delivery.id },
  set: begunAgain(delivery, now),
})

/** One that still waits keeps its place among the others of its lead; only its next attempt comes sooner. */
function begunAgain({ state, late, next_attempt_at }: Row<'deliveries'>, now: number): Partial<Row<'deliveries'>> {
  const waits = !late && (state === 'pending' || state === 'retrying')
  if (waits) return { replay: true, tries: 0, next_attempt_at: next_attempt_at === null ? null : now }
  const begin = { tries: 0, first_attempt_at: null, next_attempt_at: now, delivered_at: null }
  return { state: 'pending', replay: true, late: true, ...begin }
}

/** The events that are sent again, first and last. */
export interface Replayed {
  readonly from: number
  readonly until: number
  readonly events: number
}

/**
 * Puts the cursor back, so that everything from an event on is sent once more, in order. Events that have not been
 * taken up yet follow behind as they would have.
 *
 * What was skipped by choice behind that event is wanted again.
 *
 * @param since the number of the first event; one that is still to come begins nothing
 * @throws Refusal `webhook_not_found`
 */
export const replaySince = ({ companyId, webhookId, since }: Place & { since: number }): Work<Replayed> => ({
  companyId,
  keys: { webhook: webhookId },
  changesFollowers: true,
  decide: ({ webhook }) => {
    if (webhook === undefined || webhook.deleted_at !== null) throw new Refusal('webhook_not_found')
    const from = Math.max(1, since)
    const until = Math.max(webhook.cursor, webhook.replay_until)
    if (from > until) return { reply: { from, until, events: 0 }, writes: [] }
    const set = {
      cursor: from - 1,
      round: webhook.round + 1,
      replay_until: until,
      skipped_until: Math.min(webhook.skipped_until, from - 1),
    }
    return { reply: { from, until, events: until - from + 1 }, writes: [webhookChanged(webhook, set)] }
  },
})
