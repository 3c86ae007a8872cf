import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends, type Reply } from '../backends.ts'
import { fieldUuid, keys } from '../fixture.ts'

const json = { 'content-type': 'application/json' }
const path = '/api/v1/custom-fields'

describe.each(backends)('custom fields on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })
  const send = (method: string, to: string, body: unknown, key: string = keys.full): Promise<Reply> =>
    api.request(method, to, { key, headers: json, body: JSON.stringify(body) })
  const idsOf = ({ body }: Reply): number[] => body.map(({ id }: { id: number }) => id)
  const field = async (id: number) =>
    (await api.get(`${path}?archived=1`)).body.find((one: { id: number }) => one.id === id)
  const set = (customFieldId: number, value: unknown, lead = 4711): Promise<Reply> =>
    api.patch(`/api/v1/leads/${lead}`, { customFields: [{ customFieldId, value }] })

  test('are listed with every member; options are null where the type has none', async () => {
    const reply = await api.get(path)
    expect(idsOf(reply)).toEqual([5, 6, 7, 9, 10, 11, 12, 13, 18])
    expect(reply.body[0]).toEqual({
      id: 5,
      uuid: fieldUuid(5),
      label: 'Field 5',
      type: 'number',
      category: 'lead',
      partner_type: null,
      required: false,
      shared: false,
      position: 0,
      options: null,
      archived_at: null,
    })
    expect(reply.body[1].options).toEqual([1, 2, 3].map((id) => ({ id, label: expect.any(String) })))
    expect((await field(18)).options).toHaveLength(1) // its second one is archived
    expect(idsOf(await api.get(`${path}?archived=1`))).toContain(14)
    expect(idsOf(await api.get(`${path}?category=lead_deal`))).toEqual([13])
    expect(idsOf(await api.get(`${path}?partner_type=reseller`))).toEqual([])
    expect(idsOf(await api.get(`${path}?pageSize=2&page=2`))).toEqual([7, 9])
    expect(await api.get(`${path}?category=x`)).toMatchObject({ status: 400, body: { error: 'Invalid category' } })
  })

  test('a new one takes values at once, and its options have the numbers of their order', async () => {
    const { status, body } = await send('POST', path, {
      label: 'Priority',
      type: 'select',
      category: 'lead',
      options: [{ label: 'High' }, { label: ' Low ' }],
    })
    expect(status).toBe(201)
    expect(await field(body.id)).toMatchObject({
      ...body,
      required: false,
      shared: false,
      options: [
        { id: 1, label: 'High' },
        { id: 2, label: 'Low' },
      ],
    })
    expect(await set(body.id, { select: 2 })).toMatchObject({ status: 200 })
    expect(await set(body.id, { select: 3 })).toMatchObject({ status: 400 })
    const text = await send('POST', path, { label: 'Note', type: 'text', category: 'lead', required: true })
    expect(await field(text.body.id)).toMatchObject({ options: null, required: true })
  })

  test.each([
    [{}, 'label is required'],
    [{ label: 'x', category: 'lead' }, 'type is required'],
    [{ label: 'x', type: 'text' }, 'category is required'],
    [{ label: 'x', type: 'colour', category: 'lead' }, expect.stringContaining('type must be text or textarea or')],
    [{ label: 'x', type: 'text', category: 'deal' }, 'category must be lead or lead_deal or partner'],
    [{ label: 'x', type: 'text', category: 'lead', required: 'yes' }, 'required must be true or false'],
    [
      { label: 'x', type: 'text', category: 'lead', options: [{ label: 'a' }] },
      'options need type select or multi_select',
    ],
    [{ label: 'x', type: 'select', category: 'lead', options: {} }, 'options must be an array'],
    [{ label: 'x', type: 'select', category: 'lead', options: ['a'] }, 'options[0].label is required'],
    [
      { label: 'x', type: 'select', category: 'lead', options: Array(1_001).fill({ label: 'a' }) },
      'options must have at most 1000 elements',
    ],
  ])('%j makes none', async (body, error) => {
    const before = idsOf(await api.get(`${path}?archived=1`))
    expect(await send('POST', path, body)).toMatchObject({ status: 400, body: { error } })
    expect(idsOf(await api.get(`${path}?archived=1`))).toEqual(before)
  })

  test('are renamed, made required and archived by an admin key', async () => {
    const reply = await send('PATCH', `${path}/5`, { label: 'Seats', required: true }, keys.admin)
    expect(reply).toMatchObject({ status: 200, body: { id: 5, label: 'Seats', required: true, options: null } })
    expect(await set(5, { number: 3 })).toMatchObject({ status: 200 })
    expect(await set(5, null)).toMatchObject({ status: 400, body: { error: 'Custom field 5 is required' } })
    expect((await send('PATCH', `${path}/${fieldUuid(5)}`, { archived: true }, keys.admin)).body.archived_at).toMatch(
      /^20/,
    )
    expect(idsOf(await api.get(path))).not.toContain(5)
    expect(await set(5, { number: 4 }, 4713)).toMatchObject({
      status: 400,
      body: { error: 'Invalid custom field ID: 5' },
    })
    expect((await api.lead()).custom_fields).toContainEqual(expect.objectContaining({ id: 5, label: 'Seats' }))
    expect(await send('PATCH', `${path}/5`, { label: 'x' }, keys.full)).toMatchObject({ status: 403 })
  })

  test('are told in the order that people give them, a new one behind all', async () => {
    const before = idsOf(await api.get(path))
    const [first = 0, second = 0] = before
    for (const [place, id] of [second, first, ...before.slice(2)].entries()) {
      const reply = await send('PATCH', `${path}/${id}`, { position: place + 1 }, keys.admin)
      expect(reply).toMatchObject({ status: 200, body: { position: place + 1 } })
    }
    expect(idsOf(await api.get(path))).toEqual([second, first, ...before.slice(2)])
    const made = await send('POST', path, { label: 'New', type: 'text', category: 'lead' })
    expect(idsOf(await api.get(path)).at(-1)).toBe(made.body.id)
    for (const position of [-1, 1.5, '1', 1_000_001]) {
      expect(await send('PATCH', `${path}/${first}`, { position }, keys.admin)).toMatchObject({ status: 400 })
    }
  })

  test('options are added, renamed and archived, and no number is given twice', async () => {
    expect(await send('POST', `${path}/6/options`, { label: 'Fourth' }, keys.admin)).toMatchObject({
      status: 201,
      body: { id: 4 },
    })
    expect(await set(6, { select: 4 })).toMatchObject({ status: 200 })
    const archived = await send('PATCH', `${path}/6/options/4`, { archived: true }, keys.admin)
    expect(archived.body.options.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3])
    expect(await set(6, { select: 4 })).toMatchObject({ status: 200 }) // where it stands
    expect(await set(6, { select: 4 }, 4713)).toMatchObject({ status: 400 })
    expect(await send('POST', `${path}/6/options`, { label: 'Fifth' }, keys.admin)).toMatchObject({ body: { id: 5 } })
    const renamed = await send('PATCH', `${path}/6/options/1`, { label: 'First' }, keys.admin)
    expect(renamed.body.options[0]).toEqual({ id: 1, label: 'First' })
  })

  test('what is not there is not found, and a field without options gets none', async () => {
    for (const id of ['404', '91', 'abc']) {
      expect(await send('PATCH', `${path}/${id}`, { label: 'x' }, keys.admin)).toMatchObject({
        status: 404,
        body: { error: 'Custom field not found or not accessible' },
      })
    }
    expect(await send('PATCH', `${path}/6/options/9`, { label: 'x' }, keys.admin)).toMatchObject({
      status: 404,
      body: { error: 'Option not found or not accessible' },
    })
    expect(await send('POST', `${path}/5/options`, { label: 'x' }, keys.admin)).toMatchObject({
      status: 400,
      body: { error: 'Custom field 5 is of type number, which has no options' },
    })
  })
})
