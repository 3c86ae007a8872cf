import { beforeAll, expect } from 'vitest'
import { statuses } from '../../src/contract/lead-members.ts'
import { beginLead } from '../../src/leads/begin.ts'
import { chanceFrom } from '../../src/sample/chance.ts'
import type { Write } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import type { Api, Reply } from '../backends.ts'
import { leadUuid, noon, uuidOf } from '../fixture.ts'

export type Lead = Row<'leads'>

const companyId = 3
const count = 160
const names = ['Nordlicht GmbH', 'ÜBER & Söhne', 'acme Corp', 'Café 100%', 'under_score', null, "O'Neil"]

/** The leads of these tests have ids from here on; those of the fixture have smaller ones. */
const firstId = 20_000

/** Leads with all kinds of values, several made in one millisecond. */
function made(): Lead[] {
  const chance = chanceFrom(7)
  return Array.from({ length: count }, (_, at): Lead => {
    const id = firstId + at
    const value = (field: number, held: Lead['custom_fields'][string]['value']) => ({
      id: 10 * id + field,
      uuid: uuidOf(6, 10 * id + field),
      value: held,
    })
    return {
      company_id: companyId,
      id,
      uuid: leadUuid(id),
      created_at: noon + 10_000 + Math.floor(at / 4),
      updated_at: noon + 10_000 + chance.between(0, 5_000),
      version: 1,
      last_sequence: at + 1,
      source: chance.pick(['manual', 'campaign', 'integration']),
      company_name: chance.pick(names as [string | null, ...(string | null)[]]),
      email: chance.happens(0.7) ? `lead${at}@example.com` : null,
      phone_number: chance.happens(0.5) ? `+49 30 ${1000 + at}` : null,
      first_name: chance.pick(['Ada', 'Émile', 'Zoë', null] as const),
      last_name: chance.pick(['Berg', 'ŽIŽEK', null] as const),
      status: chance.pick(statuses),
      partner_type: chance.pick(['referral', 'reseller', null] as const),
      created_by_user_id: chance.pick([31, 32, null] as const),
      campaign_id: chance.happens(0.2) ? 12 : null,
      archived_at: chance.happens(0.1) ? noon : null,
      tags: chance.some([7, 8, 16], 0, 3),
      assigned_users: chance.some([31, 32, 35], 0, 2),
      erasure: null,
      external_id: chance.happens(0.3) ? `crm-${1_000 - at}` : null,
      custom_fields: {
        ...(chance.happens(0.5) && { 5: value(5, chance.between(0, 3)) }),
        ...(chance.happens(0.5) && { 6: value(6, chance.between(1, 3)) }),
        ...(chance.happens(0.5) && { 7: value(7, chance.some([1, 2], 1, 2)) }),
        ...(chance.happens(0.5) && { 9: value(9, chance.pick(['Größe', 'size', 'None'])) }),
        ...(chance.happens(0.5) && {
          10: value(10, chance.pick(['2026-01-02', '2026-01-02T23:00:00Z', '2026-01-03'])),
        }),
        ...(chance.happens(0.5) && { 11: value(11, chance.happens(0.5)) }),
      },
    }
  })
}

/** Those of the ids that are of these tests. */
export const ours = (ids: readonly number[]): number[] => ids.filter((id) => id >= firstId)

export const idsOf = ({ body }: Reply): number[] => body.map(({ id }: { id: number }) => id)

/** A server with the leads, for all tests of a group; what is in them is not changed. */
export function listedLeads(start: () => Promise<Api>) {
  let begun: Api | undefined
  const api = (): Api => begun ?? never()
  const leads = made()
  const present = leads
    .filter(({ archived_at }) => archived_at === null)
    .sort((left, right) => right.created_at - left.created_at || right.id - left.id)

  beforeAll(async () => {
    const api = await start()
    begun = api
    const { database } = api
    const log = await database.read('company_log', { company_id: companyId })
    const begin = log?.last_sequence ?? 0
    const writes: Write[] = leads.flatMap((lead, at) => {
      const [, event] = beginLead(lead, begin + at + 1, 1, { actor: undefined, requestId: undefined })
      return [{ kind: 'insert', table: 'leads', row: { ...lead, last_sequence: begin + at + 1 } }, event ?? never()]
    })
    await database.load(writes)
    return () => api.close()
  })

  const get = (query: Record<string, string>): Promise<Reply> =>
    api().get(`/api/v1/leads?${new URLSearchParams({ pageSize: '50', ...query })}`)

  /** All pages, one behind the other. */
  async function all(query: Record<string, string>): Promise<number[]> {
    const ids: number[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const reply = await get({ ...query, ...(cursor !== '' && { cursor }) })
      expect(reply.status).toBe(200)
      ids.push(...idsOf(reply))
      cursor = reply.headers.get('x-next-cursor')
    }
    return ids
  }
  return { api, present, get, all }
}

const never = (): never => {
  throw new Error('it has not begun')
}
