import assert from 'node:assert/strict'
import { statuses } from '../../src/contract/lead-members.ts'
import { beginLead } from '../../src/leads/begin.ts'
import { chanceFrom } from '../../src/sample/chance.ts'
import type { Write } from '../../src/storage/port.ts'
import type { Api, Reply } from '../backends.ts'
import { leadUuid } from '../fixture.ts'

const companyId = 3
const pageSize = 50
const firstId = 100_000
const changers = 4

export interface Walked {
  readonly leads: number
  readonly pages: number
  readonly changed: number
  readonly created: number
  readonly deleted: number
  /** Leads that `updated_since` told of behind the walk. */
  readonly updated: number
}

/** Gives the company so many leads more, with the events that they begin with; three of them are made in each millisecond. */
export async function fill(api: Api, count: number): Promise<void> {
  const log = await api.database.read('company_log', { company_id: companyId })
  assert(log !== undefined)
  const atOnce = 2_000
  for (let from = 0; from < count; from += atOnce) {
    const writes: Write[] = []
    for (let at = from; at < Math.min(from + atOnce, count); at += 1) {
      const lead = {
        company_id: companyId,
        id: firstId + at,
        uuid: leadUuid(firstId + at),
        created_at: log.last_time + 1 + Math.floor(at / 3),
        source: 'manual',
        company_name: `Company ${at}`,
        email: null,
        phone_number: null,
        first_name: null,
        last_name: null,
        status: statuses[at % statuses.length] ?? 'new',
        partner_type: null,
        created_by_user_id: null,
        campaign_id: null,
        tags: [],
        assigned_users: [],
        custom_fields: {},
      }
      writes.push(
        ...beginLead(lead, log.last_sequence + 1 + at, log.definitions_version, {
          actor: undefined,
          requestId: undefined,
        }),
      )
    }
    await api.database.load(writes)
  }
  const set = { last_sequence: log.last_sequence + count, last_time: log.last_time + 1 + Math.ceil(count / 3) }
  await api.database.load([{ kind: 'update', table: 'company_log', key: { company_id: companyId }, set }])
}

function good(reply: Reply, status: number): Reply {
  assert.equal(reply.status, status, JSON.stringify(reply.body))
  return reply
}

/**
 * An integration that reads all leads page by page, by the cursors of the answers or by the times of the rows (from a
 * time in the future on), while others change leads, make new ones and delete those that they made. Then it asks what was changed since it began.
 *
 * @throws AssertionError a lead that was there all the time was not met, one was met twice, or one that was changed is not
 *   told of
 */
export async function walk(api: Api, count: number, by: 'cursor' | 'time', seed = 1): Promise<Walked> {
  const chance = chanceFrom(seed)
  const changed = new Set<number>()
  const gone = new Set<number>()
  let created = 0
  let isOver = false
  const since = new Date((await api.database.read('company_log', { company_id: companyId }))?.last_time ?? 0)

  const change = async (): Promise<void> => {
    while (!isOver) {
      const id = firstId + chance.between(0, count - 1)
      good(
        await api.patch(`/api/v1/leads/${id}`, { status: chance.pick(statuses), last_name: `${by} ${changed.size}` }),
        200,
      )
      changed.add(id)
      if (chance.happens(0.8)) continue
      const headers = { 'content-type': 'application/json' }
      const body = '{"customFields":[{"customFieldId":9,"value":{"text":"x"}}]}'
      const made = good(await api.request('POST', '/api/v1/leads', { headers, body }), 201).body.id
      created += 1
      changed.add(made)
      if (chance.happens(0.5)) continue
      good(await api.request('DELETE', `/api/v1/leads/${made}`), 204)
      gone.add(made)
    }
  }
  const changing = Array.from({ length: changers }, change)
  const met: number[] = []
  let pages = 0
  try {
    const begin = by === 'cursor' ? '' : new Date(since.getTime() + 86_400_000).toISOString()
    for (let cursor: string | undefined = begin; cursor !== undefined; pages += 1) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { body, headers } = good(await api.get(`/api/v1/leads?pageSize=${pageSize}${query}`), 200)
      met.push(...body.map(({ id }: { id: number }) => id))
      cursor = by === 'cursor' ? (headers.get('x-next-cursor') ?? undefined) : body.at(-1)?.created_at
    }
  } finally {
    isOver = true
    await Promise.all(changing)
  }

  const seen = new Set(met)
  assert.equal(seen.size, met.length, 'a lead was met twice')
  for (let id = firstId; id < firstId + count; id += 1) assert(seen.has(id), `lead ${id} was not met`)

  const updated = new Set<number>()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = new URLSearchParams({
      updated_since: since.toISOString(),
      pageSize: String(pageSize),
      ...(cursor !== '' && { cursor }),
    }).toString()
    const { body, headers } = good(await api.get(`/api/v1/leads?${query}`), 200)
    for (const { id } of body) updated.add(id)
    cursor = headers.get('x-next-cursor')
  }
  for (const id of changed) assert(updated.has(id) || gone.has(id), `lead ${id} was changed, and is not told of`)
  return { leads: count, pages, changed: changed.size, created, deleted: gone.size, updated: updated.size }
}
