import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Api, backends, type Reply } from './backends.ts'
import { keys, leadUuid } from './fixture.ts'

/** The acceptance vectors of Update Lead, one by one, each from the fresh fixture. */
describe.each(backends)('PATCH /api/v1/leads/{leadId} on %s', (_, start) => {
  const path = '/api/v1/leads/4711'
  const notFound = { status: 404, body: { error: 'Lead not found or not accessible' } }
  let api: Api

  beforeEach(async () => {
    api = await start()
  })
  afterEach(() => api.close())

  const stateOf = async () => {
    const lead = await api.lead()
    return { ...lead, tags: ids(lead.tags), assigned_users: ids(lead.assigned_users) }
  }
  const ids = (rows: { id: number }[]): number[] => rows.map(({ id }) => id)
  const field = async (id: number) =>
    (await api.lead()).custom_fields.find((one: { id: number }) => one.id === id)?.value
  const set = (customFieldId: number, value: unknown, type?: string) =>
    api.patch(path, { customFields: [{ customFieldId, value, ...(type !== undefined && { type }) }] })

  /** The request changes nothing and writes no event; tells the answer. */
  async function leavesAll(send: () => Promise<Reply>): Promise<Reply> {
    const [before, events] = [await stateOf(), await api.events()]
    const reply = await send()
    expect(await stateOf()).toEqual(before)
    expect(await api.events()).toHaveLength(events.length)
    return reply
  }
  const refused = async (body: unknown) =>
    expect(await leavesAll(() => api.patch(path, body))).toMatchObject({ status: 400 })

  test('changes status and tags, and nothing else; again and in another order it is no change', async () => {
    const before = await stateOf()

    const reply = await api.patch(path, { status: 'contacted', tags: [7, 8] })

    const after = await stateOf()
    expect(reply).toMatchObject({ status: 200, body: { id: 4711, uuid: before.uuid, updated_at: after.updated_at } })
    expect(Object.keys(reply.body)).toEqual(['id', 'uuid', 'updated_at'])
    expect(after).toEqual({ ...before, status: 'contacted', tags: [7, 8], updated_at: after.updated_at })
    expect(after.updated_at > before.updated_at).toBe(true)
    const [event, ...more] = (await api.events()).slice(3)
    expect(more).toEqual([])
    expect(event).toMatchObject({ name: 'lead_updated', lead_id: 4711, version: 2, members: ['status', 'tags'] })

    expect(await leavesAll(() => api.patch(path, { status: 'contacted', tags: [7, 8] }))).toMatchObject({
      status: 200,
      body: { updated_at: after.updated_at },
    })
    expect(await leavesAll(() => api.patch(path, { tags: [8, 7] }))).toMatchObject({ status: 200 })
  })

  test('{} and unknown members change nothing; strict handling refuses them', async () => {
    expect(await leavesAll(() => api.patch(path, {}))).toMatchObject({ status: 200 })
    const ignored = await leavesAll(() => api.patch(path, { source: 'x' }))
    expect(ignored.status).toBe(200)
    expect(ignored.headers.get('x-waggle-ignored-fields')).toBe('source')
    const strict = await leavesAll(() => api.patch(path, { source: 'x' }, { prefer: 'handling=strict' }))
    expect(strict).toMatchObject({ status: 400, body: { error: 'Unknown field: source' } })
  })

  test.each([[null], ['  ']])('company_name %j clears it', async (company_name) => {
    expect(await api.patch(path, { company_name })).toMatchObject({ status: 200 })
    expect(await api.lead()).toMatchObject({ company_name: null })
  })

  test('company_name is trimmed', async () => {
    expect(await api.patch(path, { company_name: '  Nordlicht  ' })).toMatchObject({ status: 200 })
    expect(await api.lead()).toMatchObject({ company_name: 'Nordlicht' })
  })

  test.each([
    [{ status: 'Qualified' }],
    [{ status: null }],
    [{ status: 'won' }],
    [{ company_name: 5 }],
    [{ tags: null }],
    [{ tags: 7 }],
    [{ tags: [{}] }],
    [{ tags: [15] }],
    [{ tags: [90] }],
    [{ tags: [7, 999] }],
    [{ status: 'lost', tags: [999] }],
  ])('%j is refused and changes nothing', refused)

  test('tags in every form: first mention counts', async () => {
    expect(await api.patch(path, { tags: ['8', { id: 7 }, 8] })).toMatchObject({ status: 200 })
    expect(await stateOf()).toMatchObject({ tags: [8, 7] })
  })

  test('a disabled user stays, but is not assigned anew; a foreign one never', async () => {
    expect(await leavesAll(() => api.patch(path, { assignedUsers: [31, 33] }))).toMatchObject({ status: 200 })
    expect(await api.patch(path, { assignedUsers: [31] })).toMatchObject({ status: 200 })
    await refused({ assignedUsers: [31, 33] })
    await refused({ assignedUsers: [44] })
  })

  test('[] empties tags and assigned users', async () => {
    expect(await api.patch(path, { tags: [], assignedUsers: [] })).toMatchObject({ status: 200 })
    expect(await stateOf()).toMatchObject({ tags: [], assigned_users: [] })
  })

  test('a number field takes numbers, and only those', async () => {
    expect(await set(5, { number: 1.5 }, 'number')).toMatchObject({ status: 200 })
    expect(await field(5)).toEqual({ number: 1.5 })
    for (const value of [{ number: '1' }, { text: '1' }, {}])
      await refused({ customFields: [{ customFieldId: 5, value }] })
    await refused({ customFields: [{ customFieldId: 5, type: 'select', value: { number: 2 } }] })
    expect(await set(5, null)).toMatchObject({ status: 200 })
    expect(await field(5)).toBeUndefined()
  })

  test('a select field takes ids of its options', async () => {
    expect(await set(6, { select: 3 })).toMatchObject({ status: 200 })
    expect(await leavesAll(() => set(6, { select: '3' }))).toMatchObject({ status: 200 })
    expect(await field(6)).toEqual({ select: 3 })
    await refused({ customFields: [{ customFieldId: 6, value: { select: 9 } }] })
    await refused({ customFields: [{ customFieldId: 6, value: { select: 'High' } }] })
  })

  test('a multi_select field takes a set of ids', async () => {
    expect(await set(7, { multi_select: [2, 2, 1] })).toMatchObject({ status: 200 })
    expect(await field(7)).toEqual({ multi_select: [2, 1] })
    await refused({ customFields: [{ customFieldId: 7, value: { multi_select: [5] } }] })
    expect(await set(7, { multi_select: [] })).toMatchObject({ status: 200 })
    expect(await field(7)).toBeUndefined()
  })

  test('a required field is not cleared', async () => {
    const reply = await leavesAll(() => set(9, { text: '' }))
    expect(reply).toMatchObject({ status: 400, body: { error: 'Custom field 9 is required' } })
  })

  test('a date is a real calendar day, answered as sent', async () => {
    expect(await set(10, { date: '2028-02-29' })).toMatchObject({ status: 200 })
    expect(await field(10)).toEqual({ date: '2028-02-29' })
    await refused({ customFields: [{ customFieldId: 10, value: { date: '2026-02-29' } }] })
    await refused({ customFields: [{ customFieldId: 10, value: { date: '29.02.2028' } }] })
  })

  test('false is a value', async () => {
    expect(await set(11, { boolean: false })).toMatchObject({ status: 200 })
    expect(await field(11)).toEqual({ boolean: false })
    await refused({ customFields: [{ customFieldId: 11, value: { boolean: 0 } }] })
  })

  test('textarea takes text and textarea, and answers text', async () => {
    expect(await set(12, { text: 'a\nb' })).toMatchObject({ status: 200 })
    expect(await field(12)).toEqual({ text: 'a\nb' })
    expect(await set(12, { textarea: 'a' })).toMatchObject({ status: 200 })
    expect(await field(12)).toEqual({ text: 'a' })
  })

  test('fields of another kind, unknown ones and repeated ones are refused', async () => {
    await refused({ customFields: [{ customFieldId: 13, value: { text: 'x' } }] })
    await refused({ customFields: [{ customFieldId: 99, value: { text: 'x' } }] })
    const five = { customFieldId: 5, value: { number: 1 } }
    await refused({ customFields: [five, five] })
  })

  test.each(['5000', '4712', '999999', 'abc', '0', '-1', '1.5', '9007199254740993'])(
    'lead %s is not found',
    async (id) => {
      const reply = await api.patch(`/api/v1/leads/${id}`, { status: 'lost' })
      expect(reply).toMatchObject(notFound)
    },
  )

  test('a lead is found by its uuid', async () => {
    expect(await api.patch(`/api/v1/leads/${leadUuid(4711).toUpperCase()}`, { status: 'lost' })).toMatchObject({
      status: 200,
    })
    expect(await api.lead()).toMatchObject({ status: 'lost' })
  })

  test('keys: none, unknown, read-only', async () => {
    const body = JSON.stringify({ status: 'lost' })
    const headers = { 'content-type': 'application/json' }
    const invalid = { status: 401, body: { error: 'Invalid API key or insufficient permissions' } }
    const forbidden = { status: 403, body: { error: 'Write access required for this operation' } }
    const send = (key: string | null, to = path, sent = body) =>
      leavesAll(() => api.request('PATCH', to, { key, headers, body: sent }))
    expect(await send(null)).toMatchObject(invalid)
    expect(await send('jb_api_unknown_00000000000000')).toMatchObject(invalid)
    expect(await send(keys.readOnly)).toMatchObject(forbidden)
    expect(await send(keys.readOnly, '/api/v1/leads/5000', '{bad')).toMatchObject(forbidden)
  })

  test('bodies that are no JSON object', async () => {
    const headers = { 'content-type': 'application/json' }
    const send = (body: string | undefined, type = headers['content-type']) =>
      leavesAll(() =>
        api.request('PATCH', path, { headers: { 'content-type': type }, ...(body !== undefined && { body }) }),
      )
    const noObject = { status: 400, body: { error: 'Request body must be a JSON object' } }
    expect(await send('[]')).toMatchObject(noObject)
    expect(await send('null')).toMatchObject(noObject)
    expect(await send(undefined)).toMatchObject(noObject)
    expect(await leavesAll(() => api.request('PATCH', path))).toMatchObject(noObject)
    expect(await send('{bad')).toMatchObject({ status: 400, body: { error: 'Invalid JSON body' } })
    expect(await send('{}', 'text/plain')).toMatchObject({
      status: 415,
      body: { error: 'Content-Type must be application/json' },
    })
    const large = JSON.stringify({ company_name: 'x'.repeat(2 * 1024 * 1024) })
    expect(await send(large)).toMatchObject({ status: 413, body: { error: 'Request body too large' } })
  })

  test('PUT is not allowed, an unknown path is not found', async () => {
    const put = await api.request('PUT', path, { headers: { 'content-type': 'application/json' }, body: '{}' })
    expect(put).toMatchObject({ status: 405, body: { error: 'Method not allowed' } })
    expect(put.headers.get('allow')).toBe('PATCH, GET, HEAD, DELETE, OPTIONS')
    expect(await api.get('/api/v1/nothing')).toMatchObject({ status: 404, body: { error: 'Not found' } })
  })

  test('50 parallel patches: all 200, one dense sequence, growing times and versions', async () => {
    const members = ['company_name', 'phone_number', 'first_name', 'last_name', 'email'] as const
    const sent = Array.from({ length: 50 }, (_, index) => {
      const member = members[index % members.length] ?? 'email'
      return { member, value: member === 'email' ? `v${index}@x.example` : `v${index}` }
    })
    const replies = await Promise.all(sent.map(({ member, value }) => api.patch(path, { [member]: value })))
    expect(replies.map(({ status }) => status)).toEqual(sent.map(() => 200))
    const lead = await api.lead()
    for (const member of members) {
      expect(sent.filter((one) => one.member === member).map(({ value }) => value)).toContain(lead[member])
    }
    const events = (await api.events()).slice(3)
    expect(events).toHaveLength(50)
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 4))
    expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 2))
    for (const [index, { at }] of events.entries()) expect(at).toBeGreaterThan(events[index - 1]?.at ?? 0)
  })

  test('ETag: one more after a change, the same after a no-op', async () => {
    const tagOf = async () => (await api.get(path)).headers.get('etag')
    expect(await tagOf()).toBe('"v1"')
    expect((await api.patch(path, { status: 'lost' })).headers.get('etag')).toBe('"v2"')
    expect(await tagOf()).toBe('"v2"')
    expect((await api.patch(path, { status: 'lost' })).headers.get('etag')).toBe('"v2"')
  })

  test('a stale If-Match is refused, also when nothing would change', async () => {
    await api.patch(path, { status: 'lost' })
    const modified = { status: 412, body: { error: 'Lead was modified' } }
    expect(await leavesAll(() => api.patch(path, { status: 'new' }, { 'if-match': '"v1"' }))).toMatchObject(modified)
    expect(await leavesAll(() => api.patch(path, { status: 'lost' }, { 'if-match': '"v1"' }))).toMatchObject(modified)
    expect(await api.patch(path, { status: 'new' }, { 'if-match': '"v2"' })).toMatchObject({ status: 200 })
  })

  test('an idempotency key: the same again, another body not', async () => {
    const key = { 'idempotency-key': 'once-1' }
    const first = await api.patch(path, { status: 'lost' }, key)
    await api.patch(path, { status: 'contacted' })
    const again = await leavesAll(() => api.patch(path, { status: 'lost' }, key))
    expect(again).toMatchObject({ status: 200, body: first.body })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.headers.get('x-waggle-sequence')).toBe(first.headers.get('x-waggle-sequence'))
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
    expect(await leavesAll(() => api.patch(path, { status: 'new' }, key))).toMatchObject({
      status: 422,
      body: { error: 'Idempotency key was used with another request' },
    })
  })

  test('X-Waggle-Sequence stands on a change only', async () => {
    expect((await api.patch(path, { status: 'lost' })).headers.get('x-waggle-sequence')).toBe('4')
    expect((await api.patch(path, { status: 'lost' })).headers.get('x-waggle-sequence')).toBeNull()
  })

  test('the spelling with a company: the own one, no other', async () => {
    expect(await api.patch('/api/v1/companies/3/leads/4711', { status: 'lost' })).toMatchObject({ status: 200 })
    expect(await api.patch('/api/v1/companies/4/leads/4711', { status: 'new' })).toMatchObject(notFound)
  })
})

describe.each(backends)('the rate limit on %s', (_, start) => {
  test('the 101st request in a minute with one key is refused', async () => {
    const api = await start({ config: { rateLimit: 100 } })
    try {
      for (let sent = 0; sent < 100; sent += 1) await api.get('/api/v1/leads/4711')
      const reply = await api.patch('/api/v1/leads/4711', { status: 'lost' })
      expect(reply).toMatchObject({ status: 429, body: { error: 'Rate limit exceeded' } })
      expect(Number(reply.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(await api.get('/api/v1/leads/4711', keys.writeOnly)).toMatchObject({ status: 403 })
    } finally {
      await api.close()
    }
  })
})
