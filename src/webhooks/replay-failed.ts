import { replayedMax } from '../contract/deliveries.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { failedDeliveries } from './backlog.ts'
import { replayDeliveries } from './replay.ts'

/** Deliveries that are sent again in one transaction: the dispatcher begins the endpoint anew behind each. */
const replayedAtOnce = 1_000

/**
 * Sends what failed at an endpoint once more, the oldest first.
 *
 * @param max deliveries at the most
 * @returns how many, and whether others are left
 * @throws Refusal `webhook_not_found` when it goes meanwhile
 */
export async function replayFailed(
  database: Database,
  webhook: Row<'webhooks'>,
  { atOnce, max } = { atOnce: replayedAtOnce, max: replayedMax },
): Promise<{ deliveries: number; more: boolean }> {
  const { company_id: companyId, id: webhookId } = webhook
  let [deliveries, after] = [0, 0]
  for (let left = max; ; left -= atOnce) {
    const limit = Math.min(atOnce, left)
    const rows = await failedDeliveries(database, webhook, { after, limit: limit + 1 })
    const chosen = rows.slice(0, limit)
    if (chosen.length > 0) {
      const deliveryIds = chosen.map(({ id }) => id)
      deliveries += (await database.transact(replayDeliveries({ companyId, webhookId, deliveryIds }))).reply
    }
    if (chosen.length === rows.length) return { deliveries, more: false }
    if (left === limit) return { deliveries, more: true }
    after = chosen.at(-1)?.sequence ?? after
  }
}
