import { type TableName, tables } from '../../src/storage/tables.ts'
import type { Api, Reply } from '../backends.ts'
import { keys } from '../fixture.ts'

/** A person whom nothing else is called like. */
export const wilhelmina = {
  company_name: 'Quastenberg & Töchter',
  email: 'w.q@quastenberg.example',
  phone_number: '+49 171 5550199',
  first_name: 'Wilhelmina',
  last_name: 'Quastenberg',
  external_id: 'crm-quast-77',
} as const

/** Whatever tells of her, in small letters. */
export const traces = ['quastenberg', 'wilhelmina', '5550199', 'crm-quast-77', 'her own words'] as const

export const holdsTrace = (text: string): boolean => traces.some((trace) => text.toLowerCase().includes(trace))

/** The tables that tell of her. */
export async function tablesWithTraces({ database }: Api): Promise<string[]> {
  const names = Object.keys(tables) as TableName[]
  const found = await Promise.all(
    names.map(async (table) => ({ table, rows: await database.find((db) => db.selectFrom(table).selectAll()) })),
  )
  return found.filter(({ rows }) => holdsTrace(JSON.stringify(rows))).map(({ table }) => table)
}

const json = { 'content-type': 'application/json' } as const

export function asking(api: Api) {
  const send = (method: string, path: string, body?: unknown, more: Record<string, string> = {}, key?: string) =>
    api.request(method, `/api/v1${path}`, {
      headers: { ...json, ...more },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(key !== undefined && { key }),
    })
  return {
    send,
    erase: (id: number | string, key: string = keys.admin): Promise<Reply> =>
      send('POST', `/leads/${id}/erase`, undefined, {}, key),
    eraseUser: (id: number | string, key: string = keys.admin): Promise<Reply> =>
      send('POST', `/users/${id}/erase`, undefined, {}, key),
  }
}

/** Her lead, under the id that is answered, with a history, and everything that can mention it. */
export async function aTracedLead(api: Api): Promise<{ id: number; uuid: string }> {
  const { send } = asking(api)
  const { first_name, last_name, ...rest } = wilhelmina
  const customFields = [{ customFieldId: 9, value: { text: 'her own words' } }]
  const made = await send('POST', '/leads', {
    ...rest,
    customFields,
    tags: [8],
    assignedUsers: [32],
    integrationName: 'Quastenberg form',
  })
  const { id, uuid } = made.body
  await send('PATCH', `/leads/${id}`, { first_name, last_name, status: 'qualified' })
  const once = { 'idempotency-key': 'her-name', prefer: 'return=representation' }
  await send('PATCH', `/leads/${id}`, { phone_number: null }, once)
  await send('PATCH', `/leads/${id}`, { email: 'w2@quastenberg.example' })
  await send('POST', '/views', { name: 'Wilhelmina Quastenberg', query: { search: wilhelmina.email, status: 'new' } })
  await send('POST', '/views', { name: 'Of others', query: { search: 'Nordlicht' } })
  const { body } = await api.request('POST', '/api/v1/imports?name=w.q%40quastenberg.example.csv', {
    headers: { 'content-type': 'text/csv' },
    body: `email,tags\nx@example.com,${wilhelmina.email}\n`,
  })
  await ended(api, body.id)
  return { id, uuid }
}

async function ended(api: Api, importId: number): Promise<void> {
  for (;;) {
    const { body } = await api.get(`/api/v1/imports/${importId}`)
    if (body.state !== 'running') return
    await new Promise(setImmediate)
  }
}
