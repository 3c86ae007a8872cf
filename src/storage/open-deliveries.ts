import { expressionBuilder } from 'kysely'
import type { Tables } from './tables.ts'

/** For a list of endpoints: the first delivery of each that has neither arrived nor been given up, by its sequence; or null. */
export const firstOpenDelivery = () =>
  expressionBuilder<Tables, 'webhooks'>()
    .selectFrom('deliveries')
    .select(({ fn }) => fn.min('deliveries.sequence').as('first'))
    .whereRef('deliveries.company_id', '=', 'webhooks.company_id')
    .whereRef('deliveries.webhook_id', '=', 'webhooks.id')
    .where('deliveries.delivered_at', 'is', null)
    .where('deliveries.state', 'in', ['pending', 'retrying'])
