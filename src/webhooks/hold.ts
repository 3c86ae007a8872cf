import type { Work } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

type Webhook = Row<'webhooks'>

/**
 * Makes a process the one that sends to an endpoint.
 *
 * @param webhook as it was read, with a holder that is dead, or none
 * @returns the endpoint as it stands now, how far it has come included; undefined when it is another's meanwhile, or not
 *   active any more
 */
export const takeEndpoint = (webhook: Webhook, process: string): Work<Webhook | undefined> => ({
  companyId: webhook.company_id,
  keys: { webhook: webhook.id },
  decide: ({ webhook: now }) => {
    const isFree = now !== undefined && now.holder === webhook.holder
    if (!isFree || now.state !== 'active' || now.deleted_at !== null) return { reply: undefined, writes: [] }
    return { reply: { ...now, holder: process }, writes: [held(now, process)] }
  },
})

/** A process sends to an endpoint no more: another may take it. */
export const giveEndpoint = (webhook: Webhook, process: string): Work<null> => ({
  companyId: webhook.company_id,
  keys: { webhook: webhook.id },
  decide: ({ webhook: now }) => ({
    reply: null,
    writes: now?.holder === process ? [held(now, null)] : [],
  }),
})

const held = ({ company_id, id }: Webhook, holder: string | null) =>
  ({ kind: 'update', table: 'webhooks', key: { company_id, id }, set: { holder } }) as const
