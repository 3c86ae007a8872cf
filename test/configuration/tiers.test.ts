import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends } from '../backends.ts'
import { keys, tierUuid } from '../fixture.ts'
import { idsOf, sender } from './requests.ts'

const path = '/api/v1/tiers'

describe.each(backends)('tiers on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })
  const send: ReturnType<typeof sender> = (...request) => sender(api)(...request)

  test('are listed with every member, oldest first, filtered and paged', async () => {
    const reply = await api.get(path)
    expect(idsOf(reply)).toEqual([61, 62])
    expect(reply.headers.get('x-total-count')).toBe('2')
    expect(reply.body[0]).toEqual({
      id: 61,
      uuid: tierUuid(61),
      label: 'Tier 61',
      background_color: '#6B7280',
      text_color: '#FFFFFF',
      partner_type: null,
      company_id: 3,
      archived_at: null,
    })
    expect(idsOf(await api.get(`${path}?archived=1`))).toEqual([61, 62, 63])
    expect(idsOf(await api.get(`${path}?partner_type=reseller`))).toEqual([62])
    expect(idsOf(await api.get(`${path}?pageSize=1&page=2`))).toEqual([62])
    expect(await api.get(`${path}?partner_type=x`)).toMatchObject({ body: { error: 'Invalid partner_type' } })
    expect(idsOf(await api.get(path, keys.other))).toEqual([64])
  })

  test('a new one is listed at once; a repeated request makes one', async () => {
    const gold = { label: ' Gold ', text_color: '#000000', partner_type: 'referral' }
    const { status, body } = await send('POST', path, gold, keys.writeOnly, { 'idempotency-key': 'gold' })
    expect(status).toBe(201)
    expect(Object.keys(body)).toEqual(['id', 'uuid'])
    const again = await send('POST', path, gold, keys.writeOnly, { 'idempotency-key': 'gold' })
    expect(again).toMatchObject({ status: 201, body })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await api.get(path)).body.slice(2)).toMatchObject([
      { ...body, label: 'Gold', background_color: '#6B7280', text_color: '#000000', partner_type: 'referral' },
    ])
  })

  test.each([
    [{}, 'label is required'],
    [{ label: ' ' }, 'label is required'],
    [{ label: 'x'.repeat(256) }, 'label must be at most 255 characters'],
    [{ label: '\ud800' }, 'label contains invalid characters'],
    [{ label: 'x', background_color: 'gold' }, 'Invalid background_color'],
    [{ label: 'x', partner_type: 'distributor' }, 'partner_type must be referral or reseller'],
    [[], 'Request body must be a JSON object'],
  ])('%j makes none', async (body, error) => {
    expect(await send('POST', path, body)).toMatchObject({ status: 400, body: { error } })
    expect(idsOf(await api.get(`${path}?archived=1`))).toEqual([61, 62, 63])
  })

  test('an admin key renames, recolours and archives', async () => {
    const changed = await send('PATCH', `${path}/61`, { label: 'Platinum', text_color: '#010203' }, keys.admin)
    expect(changed).toMatchObject({ status: 200, body: { id: 61, label: 'Platinum', text_color: '#010203' } })
    const archived = await send('PATCH', `${path}/${tierUuid(61)}`, { archived: true }, keys.admin)
    expect(archived.body.archived_at).toMatch(/^20/)
    expect(await send('PATCH', `${path}/61`, { archived: true }, keys.admin)).toMatchObject({ body: archived.body })
    expect(idsOf(await api.get(path))).toEqual([62])
    await send('PATCH', `${path}/61`, { archived: false }, keys.admin)
    expect((await api.get(path)).body[0]).toMatchObject({ id: 61, label: 'Platinum', archived_at: null })
    expect(await send('PATCH', `${path}/61`, { label: '' }, keys.admin)).toMatchObject({ status: 400 })
    const strict = await send('PATCH', `${path}/61`, { colour: 'x' }, keys.admin, { prefer: 'handling=strict' })
    expect(strict).toMatchObject({ status: 400, body: { error: 'Unknown field: colour' } })
  })

  test("no key without the switch, and no id that is not the company's", async () => {
    expect(await api.get(path, keys.writeOnly)).toMatchObject({ status: 403 })
    expect(await send('POST', path, { label: 'x' }, keys.readOnly)).toMatchObject({ status: 403 })
    expect(await send('PATCH', `${path}/61`, { label: 'x' }, keys.full)).toMatchObject({ status: 403 })
    for (const id of ['64', '404', 'abc', tierUuid(64)]) {
      expect(await send('PATCH', `${path}/${id}`, { label: 'x' }, keys.admin)).toMatchObject({
        status: 404,
        body: { error: 'Tier not found or not accessible' },
      })
    }
    expect((await api.get(path, keys.other)).body).toMatchObject([{ label: 'Tier 64' }])
  })
})
