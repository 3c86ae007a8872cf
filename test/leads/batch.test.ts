import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { unavailable } from '../../src/kernel/refusal.ts'
import { type Api, backends, type Reply, type Start } from '../backends.ts'
import { keys, leadUuid } from '../fixture.ts'

const path = '/api/v1/leads/batch'
const required = { customFieldId: 9, value: { text: 'there' } }
const update = (id: number, lead: object, more: object = {}) => ({ op: 'update', by: 'id', key: id, lead, ...more })
const create = (lead: object = {}) => ({ op: 'create', lead: { customFields: [required], ...lead } })
const upsert = (by: string, key: string, lead: object = {}, more: object = {}) => ({
  op: 'upsert',
  by,
  key,
  lead: { customFields: [required], ...lead },
  ...more,
})

describe.each(backends)('a batch of leads on %s', (_, start) => {
  let api: Api
  const begin = async (options?: Start): Promise<void> => {
    const begun = await start(options)
    onTestFinished(() => begun.close())
    api = begun
  }
  beforeEach(() => begin())

  const send = (body: unknown, headers: Record<string, string> = {}, key: string = keys.full): Promise<Reply> =>
    api.request('POST', path, {
      key,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const batch = (operations: readonly unknown[], more: object = {}, headers: Record<string, string> = {}) =>
    send({ operations, ...more }, headers)
  const statuses = ({ body }: Reply): number[] => body.results.map(({ status }: { status: number }) => status)
  const leads = async (): Promise<{ id: number; external_id: string | null; email: string | null }[]> =>
    (await api.get('/api/v1/leads?pageSize=50')).body

  test('every operation has its own outcome, in the order of the request', async () => {
    const reply = await batch([
      update(4711, { status: 'qualified' }),
      update(5000, { status: 'lost' }),
      create({ company_name: 'Neu GmbH', external_id: 'crm-1' }),
      update(4711, { tags: [99] }),
      { op: 'update', by: 'uuid', key: leadUuid(4713).toUpperCase(), lead: { status: 'lost' } },
      update(4711, { status: 'qualified' }),
    ])
    expect(reply.status).toBe(200)
    expect(statuses(reply)).toEqual([200, 404, 201, 400, 200, 200])
    expect(reply.body).toMatchObject({ succeeded: 4, failed: 2 })
    const { results } = reply.body
    const lead = await api.lead()
    expect(results[0]).toEqual({
      index: 0,
      status: 200,
      id: 4711,
      uuid: leadUuid(4711),
      updated_at: lead.updated_at,
      version: 2,
      sequence: 4,
    })
    expect(results[1]).toEqual({ index: 1, status: 404, error: 'Lead not found or not accessible' })
    expect(results[2]).toMatchObject({ index: 2, version: 1, sequence: 5 })
    expect(results[3]).toEqual({
      index: 3,
      status: 400,
      error: 'Invalid tag IDs: 99',
      details: [{ path: '/lead/tags/0', message: 'Invalid tag IDs: 99' }],
    })
    expect(results[4]).toMatchObject({ id: 4713, sequence: 6 })
    expect(results[5]).toMatchObject({ id: 4711, version: 2, sequence: null })
    expect(await api.lead(results[2].id)).toMatchObject({ company_name: 'Neu GmbH', external_id: 'crm-1' })
    expect((await api.events()).slice(3).map(({ name, lead_id }) => [name, lead_id])).toEqual([
      ['lead_updated', 4711],
      ['lead_created', results[2].id],
      ['lead_updated', 4713],
    ])
  })

  test('an operation sees what those before it did, by whatever name', async () => {
    const reply = await batch([
      update(4711, { external_id: 'crm-1', email: 'Ada@One.example' }),
      { op: 'update', by: 'externalId', key: 'crm-1', lead: { first_name: 'Bea' } },
      { op: 'update', by: 'email', key: 'ada@one.EXAMPLE', lead: { last_name: 'Cox' } },
      update(4711, { external_id: null }),
      { op: 'update', by: 'externalId', key: 'crm-1', lead: { first_name: 'Dan' } },
      update(4713, { external_id: 'crm-1' }),
      upsert('externalId', 'crm-1', { first_name: 'Eve' }),
    ])
    expect(statuses(reply)).toEqual([200, 200, 200, 200, 404, 200, 200])
    expect(await api.lead()).toMatchObject({ first_name: 'Bea', last_name: 'Cox', external_id: null })
    expect(await api.lead(4713)).toMatchObject({ first_name: 'Eve', external_id: 'crm-1' })
    expect((await api.events()).slice(3).map(({ version }) => version)).toEqual([2, 3, 4, 5, 2, 3])
    const times = (await api.events()).slice(3).map(({ at }) => at)
    expect(times).toEqual(times.toSorted((left, right) => left - right))
  })

  test('an external id passes from lead to lead to lead', async () => {
    await batch([update(4711, { external_id: 'a' }), update(4713, { external_id: 'b' })])
    const swap = [
      update(4711, { external_id: 'c' }),
      update(4713, { external_id: 'a' }),
      update(4711, { external_id: 'b' }),
      create({ external_id: 'c' }),
    ]
    expect(statuses(await batch(swap, { atomic: true }))).toEqual([200, 200, 200, 201])
    expect((await leads()).map(({ external_id }) => external_id)).toEqual(['c', 'a', 'b'])
  })

  test('upserts by external id make a lead once, then change it', async () => {
    const first = await batch([upsert('externalId', ' crm-1', { status: 'new' }), upsert('externalId', 'crm-1')])
    expect(statuses(first)).toEqual([201, 200])
    const again = await batch([
      upsert('externalId', 'crm-1', { status: 'lost', external_id: 'crm-1', source: 'campaign' }),
    ])
    expect(statuses(again)).toEqual([200])
    const [{ id }] = again.body.results
    expect(await api.lead(id)).toMatchObject({ status: 'lost', external_id: 'crm-1', source: 'manual' })
    expect(first.body.results.map((one: { id: number }) => one.id)).toEqual([id, id])
  })

  test('upserts by e-mail find whatever the case, and refuse what several leads have', async () => {
    const made = await batch([
      upsert('email', 'Bea@x.example'),
      upsert('email', 'bea@X.example', { first_name: 'Bea' }),
    ])
    expect(statuses(made)).toEqual([201, 200])
    expect(await api.lead(made.body.results[0].id)).toMatchObject({ email: 'Bea@x.example', first_name: 'Bea' })
    // 4711 and 4713 have the same; 4712 as well, which is deleted.
    const many = await batch([
      upsert('email', 'ada@nordlicht.example'),
      update(4713, { email: null }),
      { op: 'update', by: 'email', key: 'ADA@nordlicht.example', lead: { first_name: 'Zoë' } },
    ])
    expect(many.body.results[0]).toEqual({ index: 0, status: 409, error: 'Several leads have this email' })
    expect(many.body.results[2]).toMatchObject({ status: 200, id: 4711 })
  })

  test('of many leads with one e-mail address some may lose it, and it is ambiguous all the same', async () => {
    await batch(Array.from({ length: 5 }, () => create({ email: 'many@x.example' })))
    const ids = (await leads()).filter(({ email }) => email === 'many@x.example').map(({ id }) => id)
    const operations = ids.flatMap((id) => [update(id, { email: null }), upsert('email', 'many@x.example')])
    const reply = await batch(operations)
    expect(statuses(reply)).toEqual([200, 409, 200, 409, 200, 409, 200, 200, 200, 201])
  })

  test('a deleted lead is not found, and keeps its external id', async () => {
    await api.patch('/api/v1/leads/4711', { external_id: 'crm-1' })
    await api.request('DELETE', '/api/v1/leads/4711')
    const { body } = await batch([
      { op: 'update', by: 'externalId', key: 'crm-1', lead: {} },
      upsert('externalId', 'crm-1'),
      create({ external_id: 'crm-1' }),
    ])
    const taken = {
      status: 409,
      error: 'external_id belongs to another lead',
      details: [{ path: '/lead/external_id', message: 'external_id belongs to lead 4711, which is deleted' }],
    }
    expect(body.results).toMatchObject([{ status: 404 }, taken, taken])
  })

  test('ifVersion is heeded by each', async () => {
    const reply = await batch([
      update(4711, { status: 'lost' }, { ifVersion: 1 }),
      update(4711, { status: 'new' }, { ifVersion: 1 }),
      update(4711, { status: 'new' }, { ifVersion: 2 }),
      upsert('externalId', 'crm-1', {}, { ifVersion: 1 }),
    ])
    expect(statuses(reply)).toEqual([200, 412, 200, 412])
    expect(reply.body.results[1]).toEqual({ index: 1, status: 412, error: 'Lead was modified' })
  })

  test('all or nothing: a refusal tells which operation, and nothing has changed', async () => {
    const before = [await leads(), await api.events()]
    const first = update(4711, { status: 'lost' })
    for (const [bad, status, error, place] of [
      [update(5000, {}), 404, 'Lead not found or not accessible', '/operations/2'],
      [update(4711, {}, { ifVersion: 1 }), 412, 'Lead was modified', '/operations/2'],
      [update(4711, { tags: [99] }), 400, 'Invalid tag IDs: 99', '/operations/2/lead/tags/0'],
      [update(4711, { email: 'x' }), 400, 'Invalid email', '/operations/2/lead/email'],
      [create({ customFields: [] }), 400, 'Custom field 9 is required', '/operations/2/lead/customFields'],
      [upsert('email', 'ada@nordlicht.example'), 409, 'Several leads have this email', '/operations/2'],
      [create({ external_id: 'crm-1' }), 409, 'external_id belongs to another lead', '/operations/2/lead/external_id'],
      [7, 400, 'operations[2] must be an object', '/operations/2'],
    ] as const) {
      const reply = await batch([first, create({ external_id: 'crm-1' }), bad], { atomic: true })
      expect(reply).toMatchObject({ status, body: { error, details: [{ path: place }] } })
    }
    expect([await leads(), await api.events()]).toEqual(before)
    const reply = await batch([first, create()], { atomic: true })
    expect(statuses(reply)).toEqual([200, 201])
  })

  test('a request that is repeated with its idempotency key is answered the same, and does nothing', async () => {
    const once = { 'idempotency-key': 'once' }
    const operations = [
      ...Array.from({ length: 150 }, (_, at) => create({ first_name: `Nr ${at}` })),
      update(5000, {}),
      update(4711, { status: 'lost' }),
    ]
    const first = await batch(operations, {}, once)
    expect(first.body).toMatchObject({ succeeded: 151, failed: 1 })
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    const events = await api.events()
    const second = await batch(operations, {}, once)
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(await api.events()).toEqual(events)
    expect(await batch(operations.slice(1), {}, once)).toMatchObject({ status: 422 })
    expect(await api.patch('/api/v1/leads/4711', { status: 'new' }, once)).toMatchObject({ status: 422 })
    const other = { 'idempotency-key': 'other' }
    await api.patch('/api/v1/leads/4711', { status: 'new' }, other)
    expect(await batch(operations, {}, other)).toMatchObject({ status: 422 })
    expect((await api.events()).length).toBe(events.length + 1)
  })

  test('a batch that is cut off tells what stands, and with its key goes on from there', async () => {
    const { database } = api
    const { transact } = database
    let works = 0
    database.transact = (work, once) => {
      works += 1
      return works === 2 ? Promise.reject(unavailable()) : transact(work, once)
    }
    const once = { 'idempotency-key': 'once' }
    const operations = Array.from({ length: 300 }, (_, at) => create({ first_name: `Nr ${at}` }))
    const cut = await batch(operations, {}, once)
    expect(cut.body).toMatchObject({ succeeded: 128, failed: 172 })
    expect(cut.body.results[128]).toEqual({ index: 128, status: 503, error: 'Service unavailable' })
    const whole = await batch(operations, {}, once)
    expect(whole.body).toMatchObject({ succeeded: 300, failed: 0 })
    expect(whole.body.results.slice(0, 128)).toEqual(cut.body.results.slice(0, 128))
    expect(whole.headers.get('idempotency-replayed')).toBeNull()
    expect((await api.events()).slice(3)).toHaveLength(300)
    works = 1
    expect(await batch(operations)).toMatchObject({ status: 503 })
  })

  test('many who upsert the same external ids at the same time make one lead of each', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `crm-${at}`)
    const clients = Array.from({ length: 8 }, (_, client) => {
      const turned = [...names.slice(client * 5), ...names.slice(0, client * 5)]
      return batch(turned.map((name) => upsert('externalId', name, { first_name: `client ${client}` })))
    })
    const singles = names.map((name) =>
      api.request('POST', '/api/v1/leads', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ customFields: [required], external_id: name }),
      }),
    )
    const replies = await Promise.all(clients)
    await Promise.all(singles)
    for (const reply of replies) expect(reply.body).toMatchObject({ failed: 0 })
    const held = (await leads()).flatMap(({ external_id }) => external_id ?? [])
    expect(held.toSorted()).toEqual(names.toSorted())
  })

  test('beside single changes of the same leads nothing is lost', async () => {
    const operations = Array.from({ length: 60 }, (_, at) => update(4711, { first_name: `batch ${at}` }))
    const replies = await Promise.all([
      batch(operations),
      batch(operations),
      ...Array.from({ length: 40 }, (_, at) => api.patch('/api/v1/leads/4711', { last_name: `single ${at}` })),
    ])
    for (const { status } of replies) expect(status).toBe(200)
    const events = (await api.events()).slice(3)
    expect(events).toHaveLength(160)
    expect(events.map(({ version }) => version)).toEqual(events.map((_, at) => at + 2))
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, at) => at + 4))
  })

  test('the largest there is', async () => {
    const operations = Array.from({ length: 1_000 }, (_, at) => upsert('externalId', `crm-${at}`, { tags: [7] }))
    expect((await batch(operations)).body).toMatchObject({ succeeded: 1_000, failed: 0 })
    const reply = await batch(
      operations.map((one) => ({ ...one, lead: { status: 'lost' } })),
      { atomic: true },
    )
    expect(reply.body).toMatchObject({ succeeded: 1_000, failed: 0 })
    expect(await batch([...operations, create()])).toMatchObject({
      status: 400,
      body: { error: 'operations must have at most 1000 elements' },
    })
    expect((await batch([])).body).toEqual({ results: [], succeeded: 0, failed: 0 })
  })

  test('a body has a bound of its own', async () => {
    await begin({ config: { bodyBytesMax: 2_000, batchBytesMax: 10_000 } })
    const operations = Array.from({ length: 60 }, () => update(4711, { first_name: 'Ada' }))
    expect(await batch(operations)).toMatchObject({ status: 200 })
    expect(await batch([...operations, update(4711, { last_name: 'x'.repeat(9_000) })])).toMatchObject({ status: 413 })
  })

  test('unknown members are named, or refused where that is asked for', async () => {
    const operations = [update(4711, { colour: 1 }, { hue: 2 }), update(4713, { status: 'lost' })]
    const told = await batch(operations, { shade: 3 })
    expect(statuses(told)).toEqual([200, 200])
    expect(told.headers.get('x-waggle-ignored-fields')).toBe('shade, hue, colour')
    const strict = { prefer: 'handling=strict' }
    expect(await batch(operations, { shade: 3 }, strict)).toMatchObject({
      status: 400,
      body: { error: 'Unknown field: shade' },
    })
    const reply = await batch([...operations, update(4713, { colour: 1 })], {}, strict)
    expect(reply.body.results).toMatchObject([
      { status: 400, error: 'Unknown field: hue', details: [{ path: '/hue' }] },
      { status: 200 },
      { status: 400, error: 'Unknown field: colour', details: [{ path: '/lead/colour' }] },
    ])
  })

  test('a key without the write switch, and another company, are refused', async () => {
    expect(await send({ operations: [] }, {}, keys.readOnly)).toMatchObject({ status: 403 })
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ operations: [update(4711, {})] })
    const to = (company: number) => api.request('POST', `/api/v1/companies/${company}/leads/batch`, { headers, body })
    expect(await to(4)).toMatchObject({ status: 404, body: { error: 'Not found' } })
    expect(await to(3)).toMatchObject({ status: 200 })
  })
})
