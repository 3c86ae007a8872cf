import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { viewLimits } from '../../src/contract/views.ts'
import { keyRow } from '../../src/keys/make.ts'
import { type Api, backends, type Reply } from '../backends.ts'
import { sender } from '../configuration/requests.ts'
import { keys, noon, userUuid, uuidOf } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'

const path = '/api/v1/views'
const notFound = 'View not found or not accessible'
/** A key of another user of the company. */
const toms = 'jb_api_toms_key'

const whole = {
  name: 'New in Berlin',
  shared: true,
  layout: 'board',
  query: { status: ['new'], search: 'Berlin', customFields: [{ id: 5, min: 10.5 }], sort: null },
  columns: ['company_name', 'customFields.5'],
  position: 4,
}

describe.each(backends)('saved views on %s', (_, start) => {
  let api: Api
  let send: ReturnType<typeof sender>
  beforeEach(async () => {
    api = await start()
    onTestFinished(() => api.close())
    send = sender(api)
    const row = keyRow(
      {
        companyId: 3,
        userId: 32,
        label: 'Tom',
        key: toms,
        mayRead: true,
        mayWrite: true,
        mayAdminister: false,
        expiresAt: null,
      },
      20,
      noon,
    )
    await api.database.load([{ kind: 'insert', table: 'api_keys', row }])
  })
  const create = (body: unknown, key: string = keys.full, headers = {}): Promise<Reply> =>
    send('POST', path, body, key, headers)
  const names = async (key: string = keys.full): Promise<string[]> =>
    (await api.get(path, key)).body.map(({ name }: { name: string }) => name)

  test('are kept as they were sent', async () => {
    const { status, body } = await create(whole)
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.any(Number),
      uuid: expect.any(String),
      user_uuid: userUuid(31),
      ...whole,
      created_at: expect.any(String),
      updated_at: body.created_at,
    })
    expect((await api.get(path)).body).toEqual([body])
  })

  test('are a user’s own, and what others share', async () => {
    await create({ name: 'Eva’s' })
    await create({ name: 'Eva’s for all', shared: true })
    await create({ name: 'Tom’s' }, toms)
    await create({ name: 'Tom’s for all', shared: true }, toms)
    expect(await names()).toEqual(['Eva’s', 'Eva’s for all', 'Tom’s for all'])
    expect(await names(toms)).toEqual(['Eva’s for all', 'Tom’s', 'Tom’s for all'])
    expect(await names(keys.readOnly)).toEqual(await names())
    expect(await names(keys.other)).toEqual([])
  })

  test('stand in the order of their positions, new ones last', async () => {
    await create({ name: 'b', position: 5 })
    await create({ name: 'a', position: 1 })
    const { body } = await create({ name: 'c' })
    expect(body.position).toBe(6)
    await create({ name: 'd', position: 5 })
    expect(await names()).toEqual(['a', 'b', 'd', 'c'])
    await send('PATCH', `${path}/${body.id}`, { position: 0 })
    expect(await names()).toEqual(['c', 'a', 'b', 'd'])
  })

  test('are changed by number or uuid: only what is sent', async () => {
    const { body } = await create(whole)
    for (const [name, change] of [
      [body.id, { name: ' Renamed ' }],
      [body.uuid, { columns: [] }],
      [body.uuid.toUpperCase(), { query: { tags: [7] }, layout: 'table' }],
    ] as const) {
      expect(await send('PATCH', `${path}/${name}`, change)).toMatchObject({ status: 200, body: { id: body.id } })
    }
    const changed = { ...whole, name: 'Renamed', columns: [], query: { tags: [7] }, layout: 'table' }
    const [view] = (await api.get(path)).body
    expect(view).toMatchObject(changed)
    expect(view.query).toEqual({ tags: [7] })
    expect(view.created_at).toBe(body.created_at)
    expect((await send('PATCH', `${path}/${body.id}`, {})).body).toMatchObject(changed)
  })

  test('that are shared everybody with write access changes and deletes; others nobody else finds', async () => {
    const own = (await create({ name: 'Own' })).body.id
    const shared = (await create({ name: 'Shared', shared: true })).body.id
    for (const method of ['PATCH', 'DELETE']) {
      expectRefused(await send(method, `${path}/${own}`, method === 'PATCH' ? {} : undefined, toms), 404, notFound)
    }
    expect(await send('PATCH', `${path}/${shared}`, { name: 'Ours' }, toms)).toMatchObject({
      status: 200,
      body: { name: 'Ours', user_uuid: userUuid(31) },
    })
    expect(await send('DELETE', `${path}/${shared}`, undefined, toms)).toMatchObject({ status: 204 })
    expectRefused(await send('DELETE', `${path}/${shared}`), 404, notFound)
    expect(await names()).toEqual(['Own'])
  })

  test('that are not there are not found', async () => {
    for (const id of ['99', '0', '01', 'x', uuidOf(11, 99)]) {
      expectRefused(await send('PATCH', `${path}/${id}`, { name: 'x' }), 404, notFound)
      expectRefused(await send('DELETE', `${path}/${id}`), 404, notFound)
    }
  })

  test('a request that is repeated makes one', async () => {
    const headers = { 'idempotency-key': 'once' }
    const first = await create({ name: 'Once' }, keys.full, headers)
    const second = await create({ name: 'Once' }, keys.full, headers)
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(await names()).toEqual(['Once'])
  })

  test('names of columns are counted in code points, as the document counts them', async () => {
    const column = '🐝'.repeat(100)
    expect(await send('POST', '/api/v1/views', { name: 'Bees', columns: [column] })).toMatchObject({ status: 201 })
    expect(await send('POST', '/api/v1/views', { name: 'Bees', columns: [`${column}🐝`] })).toMatchObject({
      status: 400,
    })
  })

  test.each<[object, string]>([
    [{}, 'name is required'],
    [{ name: ' ' }, 'name is required'],
    [{ name: 'x'.repeat(101) }, 'name must be at most 100 characters'],
    [{ name: 'x', shared: 1 }, 'shared must be true or false'],
    [{ name: 'x', layout: 'map' }, 'layout must be table or board'],
    [{ name: 'x', query: [] }, 'query must be an object'],
    [{ name: 'x', query: null }, 'query must be an object'],
    [{ name: 'x', query: { a: 'y'.repeat(viewLimits.queryBytes) } }, 'query must be at most 16384 bytes of JSON'],
    [{ name: 'x', query: { a: '\u0000' } }, 'query contains invalid characters'],
    [{ name: 'x', columns: 'status' }, 'columns must be an array'],
    [{ name: 'x', columns: ['a', 1] }, 'columns[1] must be a text of 1 to 100 characters'],
    [{ name: 'x', columns: [''] }, 'columns[0] must be a text of 1 to 100 characters'],
    [{ name: 'x', columns: Array(201).fill('a') }, 'columns must have at most 200 elements'],
    [{ name: 'x', position: -1 }, 'position must be a whole number from 0 to 1000000'],
  ])('%j is refused', async (body, error) => {
    expectRefused(await create(body), 400, error)
    expect(await names()).toEqual([])
  })

  test('have a column once; unknown members are told', async () => {
    const reply = await create({ name: 'x', columns: ['a', 'b', 'a'], colour: 'red' })
    expect(reply.body.columns).toEqual(['a', 'b'])
    expect(reply.headers.get('x-waggle-ignored-fields')).toBe('colour')
    const strict = await create({ name: 'x', colour: 'red' }, keys.full, { prefer: 'handling=strict' })
    expectRefused(strict, 400, 'Unknown field: colour')
  })

  test('are bounded for each user', async () => {
    for (let made = 0; made < viewLimits.views; made += 1) await create({ name: `View ${made}` })
    expectRefused(await create({ name: 'One more' }), 400, 'A user has at most 100 views')
    expect(await create({ name: 'Another’s' }, toms)).toMatchObject({ status: 201 })
  })
})
