import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends } from '../backends.ts'
import { keys, stageUuid } from '../fixture.ts'
import { idsOf, sender } from './requests.ts'

const partner = '/api/v1/stages/partner-stages'
const deal = '/api/v1/stages/lead-deal-stages'

describe.each(backends)('stages on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })
  const send: ReturnType<typeof sender> = (...request) => sender(api)(...request)
  const stage = async (id: number, path = partner) =>
    (await api.get(`${path}?archived=1`)).body.find((one: { id: number }) => one.id === id)

  test('are listed by their places, each pipeline apart', async () => {
    const reply = await api.get(partner)
    expect(idsOf(reply)).toEqual([82, 83, 81])
    expect(reply.body[2]).toEqual({
      id: 81,
      uuid: stageUuid(81),
      label: 'Stage 81',
      series: 2,
      phase: 'active',
      partner_type: 'referral',
      company_id: 3,
      archived_at: null,
    })
    expect(idsOf(await api.get(`${partner}?archived=1`))).toEqual([82, 83, 81, 84])
    expect(idsOf(await api.get(`${partner}?partner_type=reseller`))).toEqual([83])
    expect(idsOf(await api.get(deal))).toEqual([85, 86])
    expect(idsOf(await api.get(`${deal}?pageSize=1&page=2`))).toEqual([86])
    expect(idsOf(await api.get(partner, keys.other))).toEqual([88])
    expect(idsOf(await api.get(deal, keys.other))).toEqual([89])
  })

  test('a new one stands behind the others of its partner type, or where it was sent', async () => {
    const last = await send('POST', partner, { label: 'Resting', partner_type: 'referral', phase: 'inactive' })
    expect(last.status).toBe(201)
    expect(await stage(last.body.id)).toMatchObject({ ...last.body, series: 4, phase: 'inactive' })
    const second = await send('POST', partner, { label: ' Trial ', partner_type: 'reseller' })
    expect(await stage(second.body.id)).toMatchObject({ label: 'Trial', series: 2, phase: 'discovery' })
    const placed = await send('POST', deal, { label: 'Won', phase: 'closed_won', series: 9 })
    expect(await stage(placed.body.id, deal)).toMatchObject({ series: 9, phase: 'closed_won', partner_type: null })
    const behind = await send('POST', deal, { label: 'Lost', phase: 'closed_lost', partner_type: null })
    expect(await stage(behind.body.id, deal)).toMatchObject({ series: 10 })
    expect(await stage(behind.body.id)).toBeUndefined()
  })

  test('the last place is no reason for a place beyond', async () => {
    await send('POST', deal, { label: 'Last', phase: 'closed_lost', series: 1_000_000 })
    expect(await send('POST', deal, { label: 'Beyond', phase: 'closed_lost' })).toMatchObject({
      status: 400,
      body: { error: 'series is required, as a stage has the last place, 1000000' },
    })
  })

  test.each([
    [partner, {}, 'label is required'],
    [partner, { label: 'x' }, 'partner_type is required'],
    [partner, { label: 'x', partner_type: null }, 'partner_type must be referral or reseller'],
    [
      partner,
      { label: 'x', partner_type: 'referral', phase: 'closed_won' },
      'phase must be discovery or evaluation or active or inactive',
    ],
    [partner, { label: 'x', partner_type: 'referral', series: 0 }, 'series must be a whole number from 1 to 1000000'],
    [deal, { label: 'x' }, 'phase is required'],
    [deal, { label: 'x', phase: 'active' }, 'phase must be discovery or negotiation or closed_won or closed_lost'],
    [deal, { label: 'x', phase: 'discovery', series: '1' }, 'series must be a whole number from 1 to 1000000'],
    [deal, { label: 'x', phase: 'discovery', partner_type: 'x' }, 'partner_type must be referral or reseller'],
    [deal, [], 'Request body must be a JSON object'],
  ])('%s: %j makes none', async (path, body, error) => {
    expect(await send('POST', path, body)).toMatchObject({ status: 400, body: { error } })
    expect([...idsOf(await api.get(partner)), ...idsOf(await api.get(deal))]).toEqual([82, 83, 81, 85, 86])
  })

  test('a key that writes renames and moves several, in an object or as the bare list', async () => {
    const swapped = [
      { id: 81, series: 1 },
      { id: '82', label: 'Trial', series: 2, phase: 'evaluation' },
    ]
    const reply = await send('PATCH', partner, { stages: swapped }, keys.writeOnly)
    expect(reply).toMatchObject({ status: 200, body: { updated: [81, 82] } })
    expect(idsOf(await api.get(`${partner}?partner_type=referral`))).toEqual([81, 82])
    expect(await stage(82)).toMatchObject({ label: 'Trial', series: 2, phase: 'evaluation' })
    const bare = await send('PATCH', partner, [{ id: stageUuid(81), label: 'Partner' }, { id: 83 }])
    expect(bare).toMatchObject({ status: 200, body: { updated: [81, 83] } })
    expect(await stage(81)).toMatchObject({ label: 'Partner', series: 1, phase: 'active' })
    expect(await send('PATCH', partner, { stages: [] })).toMatchObject({ status: 200, body: { updated: [] } })
    const ignored = await send('PATCH', partner, { stages: [{ id: 81, archived: true }], x: 1 })
    expect(ignored.headers.get('x-waggle-ignored-fields')).toBe('archived, x')
    expect(await stage(81)).toMatchObject({ archived_at: null })
  })

  test.each([
    [{}, 'stages is required', '/stages'],
    [{ stages: { id: 81 } }, 'stages must be an array', '/stages'],
    [{ stages: [5] }, 'stages[0] must be an object', '/stages/0'],
    [[{ label: 'x' }], 'stages[0].id is required', '/0/id'],
    [
      [
        { id: 81, label: 'Half' },
        { id: 82, label: '' },
      ],
      'stages[1].label is required',
      '/1/label',
    ],
    [
      { stages: [{ id: 81, series: 1.5 }] },
      'stages[0].series must be a whole number from 1 to 1000000',
      '/stages/0/series',
    ],
    [[{ id: 81, label: 'Half' }, { id: 404 }], 'Invalid stage ID: 404', '/1/id'],
    [[{ id: 81, label: 'Half' }, { id: 85 }], 'Invalid stage ID: 85', '/1/id'],
    [{ stages: [{ id: 81, label: 'Half' }, { id: 88 }] }, 'Invalid stage ID: 88', '/stages/1/id'],
    [[{ id: 81, label: 'Half' }, { id: '81' }], 'Duplicate stage ID: 81', '/1/id'],
    [Array.from({ length: 1_001 }, () => ({ id: 81 })), 'stages must have at most 1000 elements', ''],
    ['x', 'Request body must be a JSON object', undefined],
  ])('%j changes none', async (body, error, place) => {
    const before = (await api.get(`${partner}?archived=1`)).body
    const reply = await send('PATCH', partner, body)
    expect(reply).toMatchObject({ status: 400, body: { error } })
    expect(reply.body.details?.[0].path).toBe(place)
    expect((await api.get(`${partner}?archived=1`)).body).toEqual(before)
    expect((await api.get(partner, keys.other)).body).toMatchObject([{ label: 'Stage 88' }])
  })

  test('an admin key renames, moves and archives one', async () => {
    const moved = await send('PATCH', `${deal}/85`, { label: 'Need', series: 3, phase: 'negotiation' }, keys.admin)
    expect(moved).toMatchObject({ status: 200, body: { id: 85, label: 'Need', series: 3, phase: 'negotiation' } })
    expect(idsOf(await api.get(deal))).toEqual([86, 85])
    const archived = await send('PATCH', `${partner}/${stageUuid(81)}`, { archived: true }, keys.admin)
    expect(archived.body.archived_at).toMatch(/^20/)
    expect(idsOf(await api.get(partner))).toEqual([82, 83])
    expect(await send('PATCH', `${deal}/85`, { phase: 'active' }, keys.admin)).toMatchObject({ status: 400 })
  })

  test("no key without the switch, and no id that is not of the company's pipeline", async () => {
    for (const path of [partner, deal]) expect(await api.get(path, keys.writeOnly)).toMatchObject({ status: 403 })
    expect(await send('POST', deal, {}, keys.readOnly)).toMatchObject({ status: 403 })
    expect(await send('PATCH', partner, [], keys.admin)).toMatchObject({ status: 403 })
    expect(await send('PATCH', `${partner}/81`, {}, keys.full)).toMatchObject({ status: 403 })
    for (const path of [`${partner}/85`, `${partner}/88`, `${deal}/81`, `${deal}/${stageUuid(89)}`, `${deal}/x`]) {
      expect(await send('PATCH', path, { label: 'x' }, keys.admin)).toMatchObject({
        status: 404,
        body: { error: 'Stage not found or not accessible' },
      })
    }
    expect(await send('PATCH', deal, [{ id: 85 }])).toMatchObject({ status: 405 })
  })
})
