import { expect } from 'vitest'
import type { Write } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import type { Api, Reply } from '../backends.ts'
import { keys, noon, uuidOf } from '../fixture.ts'

/** An endpoint in the middle of its company's log. */
export const aWebhook = (more: Partial<Row<'webhooks'>> = {}): Row<'webhooks'> => ({
  company_id: 3,
  id: 1,
  uuid: uuidOf(8, 1),
  integration_id: 1,
  created_at: noon,
  updated_at: noon,
  url: 'https://hooks.example/waggle',
  events: null,
  fields: null,
  description: null,
  state: 'active',
  reason: null,
  secret: Uint8Array.of(1),
  old_secret: null,
  old_secret_until: null,
  revision: 4,
  cursor: 6,
  round: 2,
  replay_until: 0,
  skipped_until: 0,
  failing_since: null,
  last_attempt_at: null,
  last_status: null,
  last_delivered_at: null,
  deleted_at: null,
  holder: null,
  ...more,
})

/** A delivery that arrived at once. */
export const aDelivery = (sequence: number, more: Partial<Row<'deliveries'>> = {}): Row<'deliveries'> => ({
  company_id: 3,
  id: sequence,
  webhook_id: 1,
  sequence,
  round: 1,
  lead_id: 4711,
  event_name: 'lead_updated',
  created_at: noon + 20_000,
  state: 'delivered',
  late: false,
  replay: false,
  attempts: 1,
  tries: 1,
  first_attempt_at: noon + 20_000,
  last_attempt_at: noon + 20_000,
  next_attempt_at: null,
  delivered_at: noon + 20_100,
  status: 200,
  ms: 100,
  answer: 'thanks',
  error: null,
  ...more,
})

export const parked = { state: 'parked', delivered_at: null, status: 500, error: 'the receiver answered 500' } as const

export const insertDeliveries = (rows: readonly Row<'deliveries'>[]): Write[] =>
  rows.map((row) => ({ kind: 'insert', table: 'deliveries', row }))

/** No name twice, so that each is a change. */
let named = 0

interface Sent {
  readonly key?: string
  readonly headers?: Record<string, string>
}

/** Requests of an administrator, who may do nothing else. */
export function administrator(api: Api) {
  const send = (method: string, path: string, body: unknown, { key = keys.admin, headers = {} }: Sent = {}) =>
    api.request(method, `/api/v1${path}`, {
      key,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const admin = {
    get: (path: string, key: string = keys.admin): Promise<Reply> => api.get(`/api/v1${path}`, key),
    post: (path: string, body?: unknown, sent?: Sent): Promise<Reply> => send('POST', path, body, sent),
    patch: (path: string, body: unknown, sent?: Sent): Promise<Reply> => send('PATCH', path, body, sent),
    delete: (path: string, sent?: Sent): Promise<Reply> => send('DELETE', path, undefined, sent),
    /** Makes an integration; tells its ids. */
    integration: async (body: object = {}, key?: string): Promise<{ id: number; uuid: string }> => {
      const reply = await admin.post('/integrations', { name: 'CRM', ...body }, key === undefined ? {} : { key })
      expect(reply).toMatchObject({ status: 201 })
      return reply.body
    },
    /** Makes an endpoint of an integration of its own; tells its ids and its secret. */
    webhook: async (body: object = {}, key?: string): Promise<{ id: number; uuid: string; secret: string }> => {
      const { uuid: integration } = await admin.integration({}, key)
      const whole = { integration, url: 'https://hooks.example/waggle', ...body }
      const reply = await admin.post('/webhooks', whole, key === undefined ? {} : { key })
      expect(reply).toMatchObject({ status: 201 })
      return reply.body
    },
    /** Sets what the dispatcher sets. */
    set: async (id: number, set: Partial<Row<'webhooks'>>, companyId = 3): Promise<void> => {
      const write: Write = { kind: 'update', table: 'webhooks', key: { company_id: companyId, id }, set }
      await api.database.load([write])
    },
    row: async (id: number): Promise<Row<'webhooks'>> => {
      const row = await api.database.read('webhooks', { company_id: 3, id })
      if (row === undefined) throw new Error(`there is no endpoint ${id}`)
      return row
    },
    /** So many changes of a lead; tells the number of the last. */
    changeLead: async (times = 1, lead = 4711): Promise<number> => {
      let sequence = 0
      for (let index = 0; index < times; index += 1) {
        named += 1
        const reply = await api.patch(`/api/v1/leads/${lead}`, { first_name: `name ${named}` })
        sequence = Number(reply.headers.get('x-waggle-sequence'))
      }
      return sequence
    },
  }
  return admin
}

export type Administrator = ReturnType<typeof administrator>
