import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends } from '../backends.ts'
import { categoryUuid, keys, noon } from '../fixture.ts'
import { idsOf, sender } from './requests.ts'

const path = '/api/v1/categories'

describe.each(backends)('categories on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })
  const send: ReturnType<typeof sender> = (...request) => sender(api)(...request)

  test('are listed with every member, archived ones only when asked for', async () => {
    const time = new Date(noon).toISOString()
    const reply = await api.get(path)
    expect(reply.body).toEqual([
      {
        id: 71,
        uuid: categoryUuid(71),
        label: 'Category 71',
        partner_type: null,
        company_id: 3,
        created_at: time,
        updated_at: time,
        archived_at: null,
      },
    ])
    expect(idsOf(await api.get(`${path}?archived=1`))).toEqual([71, 72])
    expect(idsOf(await api.get(`${path}?partner_type=referral`))).toEqual([])
    expect(idsOf(await api.get(path, keys.other))).toEqual([74])
  })

  test('a new one is listed at once', async () => {
    const { status, body } = await send('POST', path, { label: 'Technology', partner_type: 'reseller' })
    expect(status).toBe(201)
    const made = (await api.get(path)).body.at(-1)
    expect(made).toMatchObject({ ...body, label: 'Technology', partner_type: 'reseller' })
    expect(made.updated_at).toBe(made.created_at)
  })

  test.each([
    [{}, 'label is required'],
    [{ label: 5 }, 'label must be a string'],
    [{ label: 'x', partner_type: 1 }, 'partner_type must be referral or reseller'],
    [null, 'Request body must be a JSON object'],
  ])('%j makes none', async (body, error) => {
    expect(await send('POST', path, body)).toMatchObject({ status: 400, body: { error } })
    expect(idsOf(await api.get(`${path}?archived=1`))).toEqual([71, 72])
  })

  test('an admin key renames and archives; a change is a time, and no change is none', async () => {
    const same = await send('PATCH', `${path}/71`, { label: 'Category 71' }, keys.admin)
    expect(same).toMatchObject({ status: 200, body: { updated_at: new Date(noon).toISOString() } })
    const renamed = await send('PATCH', `${path}/71`, { label: 'Services' }, keys.admin)
    expect(renamed.body.label).toBe('Services')
    expect(renamed.body.updated_at > same.body.updated_at).toBe(true)
    await send('PATCH', `${path}/${categoryUuid(71)}`, { archived: true }, keys.admin)
    expect(idsOf(await api.get(path))).toEqual([])
    expect(await send('PATCH', `${path}/71`, { archived: 1 }, keys.admin)).toMatchObject({
      body: { error: 'archived must be true or false' },
    })
  })

  test("no key without the switch, and no id that is not the company's", async () => {
    expect(await api.get(path, keys.admin)).toMatchObject({ status: 403 })
    expect(await send('POST', path, { label: 'x' }, keys.admin)).toMatchObject({ status: 403 })
    expect(await send('PATCH', `${path}/71`, { label: 'x' }, keys.full)).toMatchObject({ status: 403 })
    for (const id of ['74', '61', '0', categoryUuid(74)]) {
      expect(await send('PATCH', `${path}/${id}`, { label: 'x' }, keys.admin)).toMatchObject({
        status: 404,
        body: { error: 'Category not found or not accessible' },
      })
    }
    expect((await api.get(path, keys.other)).body).toMatchObject([{ label: 'Category 74' }])
  })
})
