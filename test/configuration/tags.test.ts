import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends, type Reply } from '../backends.ts'
import { keys, tagUuid } from '../fixture.ts'

const json = { 'content-type': 'application/json' }

describe.each(backends)('tags on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })
  const send = (method: string, path: string, body: unknown, key: string = keys.full, headers = {}): Promise<Reply> =>
    api.request(method, path, { key, headers: { ...json, ...headers }, body: JSON.stringify(body) })
  const idsOf = ({ body }: Reply): number[] => body.map(({ id }: { id: number }) => id)

  test('are listed with every member, oldest first, archived ones only when asked for', async () => {
    const reply = await api.get('/api/v1/tags')
    expect(idsOf(reply)).toEqual([7, 8, 15, 16])
    expect(reply.headers.get('x-total-count')).toBe('4')
    expect(reply.body[0]).toEqual({
      id: 7,
      uuid: tagUuid(7),
      label: 'Tag 7',
      background_color: '#6B7280',
      text_color: '#FFFFFF',
      association: 'lead',
      partner_type: null,
      company_id: 3,
      archived_at: null,
    })
    expect(idsOf(await api.get('/api/v1/tags?archived=1'))).toEqual([7, 8, 15, 16, 17])
  })

  test('are filtered, and paged where that is asked for', async () => {
    expect(idsOf(await api.get('/api/v1/tags?association=lead'))).toEqual([7, 8, 16])
    expect(idsOf(await api.get('/api/v1/tags?partner_type=reseller'))).toEqual([16])
    expect(idsOf(await api.get('/api/v1/tags?association=lead&partner_type=referral'))).toEqual([])
    expect(idsOf(await api.get('/api/v1/tags?pageSize=3'))).toEqual([7, 8, 15])
    expect(idsOf(await api.get('/api/v1/tags?page=2&pageSize=3'))).toEqual([16])
    expect(await api.get('/api/v1/tags?association=x')).toMatchObject({
      status: 400,
      body: { error: 'Invalid association' },
    })
    expect(await api.get('/api/v1/tags?page=0')).toMatchObject({ status: 400 })
  })

  test('a new one is listed, and may stand on a lead at once', async () => {
    const { status, body } = await send('POST', '/api/v1/tags', {
      label: ' Hot ',
      association: 'lead',
      text_color: '#010203',
    })
    expect(status).toBe(201)
    expect(Object.keys(body)).toEqual(['id', 'uuid'])
    expect((await api.get('/api/v1/tags')).body.at(-1)).toMatchObject({
      ...body,
      label: 'Hot',
      background_color: '#6B7280',
      text_color: '#010203',
      partner_type: null,
    })
    expect(await api.patch('/api/v1/leads/4711', { tags: [body.id] })).toMatchObject({ status: 200 })
    expect((await api.lead()).tags).toMatchObject([{ id: body.id, label: 'Hot' }])
  })

  test.each([
    [{}, 'label is required'],
    [{ label: '  ', association: 'lead' }, 'label is required'],
    [{ label: 1, association: 'lead' }, 'label must be a string'],
    [{ label: 'x'.repeat(256), association: 'lead' }, 'label must be at most 255 characters'],
    [{ label: '\0', association: 'lead' }, 'label contains invalid characters'],
    [{ label: 'x' }, 'association is required'],
    [{ label: 'x', association: 'deal' }, 'association must be lead or lead_deal or partner or card'],
    [{ label: 'x', association: 'lead', text_color: 'red' }, 'Invalid text_color'],
    [{ label: 'x', association: 'lead', partner_type: 'x' }, 'partner_type must be referral or reseller'],
    [[], 'Request body must be a JSON object'],
  ])('%j makes none', async (body, error) => {
    expect(await send('POST', '/api/v1/tags', body)).toMatchObject({ status: 400, body: { error } })
    expect(idsOf(await api.get('/api/v1/tags?archived=1'))).toHaveLength(5)
  })

  test('are renamed and recoloured by an admin key; events of before tell the name of then', async () => {
    await api.patch('/api/v1/leads/4711', { tags: [7, 8] })
    const { status, body } = await send(
      'PATCH',
      '/api/v1/tags/7',
      { label: 'Warm', background_color: '#F59E0B' },
      keys.admin,
    )
    expect({ status, body }).toMatchObject({ status: 200, body: { id: 7, label: 'Warm', background_color: '#F59E0B' } })
    expect((await api.lead()).tags[0]).toMatchObject({ id: 7, label: 'Warm' })
    const events = await api.get('/api/v1/events?limit=1000')
    expect(events.body.at(-1).lead.tags[0]).toMatchObject({ label: 'Tag 7' })
    expect(await send('PATCH', `/api/v1/tags/${tagUuid(8)}`, { label: 'Cold' }, keys.admin)).toMatchObject({
      status: 200,
    })
  })

  test('one that is archived stays where it stands, and no other lead gets it, until it is taken back', async () => {
    await api.patch('/api/v1/leads/4711', { tags: [7, 8] })
    const archived = await send('PATCH', '/api/v1/tags/8', { archived: true }, keys.admin)
    expect(archived.body.archived_at).toMatch(/^20/)
    expect(idsOf(await api.get('/api/v1/tags'))).toEqual([7, 15, 16])
    expect(await send('PATCH', '/api/v1/tags/8', { archived: true }, keys.admin)).toMatchObject({ body: archived.body })
    expect(await api.patch('/api/v1/leads/4711', { tags: [8, 7] })).toMatchObject({ status: 200 })
    expect(await api.patch('/api/v1/leads/4713', { tags: [8] })).toMatchObject({
      body: { error: 'Invalid tag IDs: 8' },
    })
    expect(await send('PATCH', '/api/v1/tags/8', { archived: false }, keys.admin)).toMatchObject({
      body: { archived_at: null },
    })
    expect(await api.patch('/api/v1/leads/4713', { tags: [8] })).toMatchObject({ status: 200 })
  })

  test('those of another company, and what is no id, are not found; wrong members are refused', async () => {
    for (const id of ['90', '404', 'abc', '0', tagUuid(90)]) {
      expect(await send('PATCH', `/api/v1/tags/${id}`, { label: 'x' }, keys.admin)).toMatchObject({
        status: 404,
        body: { error: 'Tag not found or not accessible' },
      })
    }
    for (const [body, error] of [
      [{ label: null }, 'label is required'],
      [{ archived: 1 }, 'archived must be true or false'],
      [{ background_color: '#12' }, 'Invalid background_color'],
    ] as const) {
      expect(await send('PATCH', '/api/v1/tags/7', body, keys.admin)).toMatchObject({ status: 400, body: { error } })
    }
  })

  test('keys need their switch; an idempotency key makes one; unknown members are told or refused', async () => {
    expect(await api.get('/api/v1/tags', keys.writeOnly)).toMatchObject({ status: 403 })
    expect(await send('POST', '/api/v1/tags', {}, keys.readOnly)).toMatchObject({ status: 403 })
    expect(await send('PATCH', '/api/v1/tags/7', {}, keys.full)).toMatchObject({ status: 403 })
    const tag = { label: 'Once', association: 'lead', colour: 'red' }
    const first = await send('POST', '/api/v1/tags', tag, keys.full, { 'idempotency-key': 'k' })
    const again = await send('POST', '/api/v1/tags', tag, keys.full, { 'idempotency-key': 'k' })
    expect(again.body).toEqual(first.body)
    expect(first.headers.get('x-waggle-ignored-fields')).toBe('colour')
    expect(await send('POST', '/api/v1/tags', tag, keys.full, { prefer: 'handling=strict' })).toMatchObject({
      status: 400,
      body: { error: 'Unknown field: colour' },
    })
  })
})
