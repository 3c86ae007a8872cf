import { connect } from 'node:net'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { statuses } from '../../src/contract/lead-members.ts'
import { type Api, backends, type Reply } from '../backends.ts'
import { fieldUuid, keys, noon, tagUuid, userUuid, uuidOf } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { idsOf, type Lead, listedLeads, ours } from './listed-leads.ts'

describe.each(backends)('the filters of the list of leads on %s', (_, start) => {
  const { api, present, get, all } = listedLeads(start)

  /** The list answers those leads of this test for which the predicate holds, and tells how many there are. */
  async function answers(query: Record<string, string>, holds: (lead: Lead) => boolean): Promise<void> {
    const expected = present.filter(holds).map(({ id }) => id)
    expect(ours(await all(query)), JSON.stringify(query)).toEqual(expected)
    const { headers, body } = await get({ ...query, pageSize: '1' })
    const others = (await all(query)).length - expected.length
    expect(headers.get('x-total-count')).toBe(String(expected.length + others))
    if (body.length > 0) expect(body[0].total).toBe(expected.length + others)
  }

  const filters: readonly (readonly [query: Record<string, string>, holds: (lead: Lead) => boolean])[] = [
    [{}, () => true],
    [{ status: 'new' }, ({ status }) => status === 'new'],
    [{ status: 'lost, converted' }, ({ status }) => status === 'lost' || status === 'converted'],
    [{ status: '' }, () => true],
    [{ tags: '7' }, ({ tags }) => tags.includes(7)],
    [{ tags: `7,${tagUuid(16)}` }, ({ tags }) => tags.includes(7) || tags.includes(16)],
    [{ tags: '404' }, () => false],
    [{ tags: uuidOf(3, 404) }, () => false],
    [{ users: '31' }, ({ assigned_users }) => assigned_users.includes(31)],
    [{ users: `${userUuid(32)},404` }, ({ assigned_users }) => assigned_users.includes(32)],
    [{ assigned: '1' }, ({ assigned_users }) => assigned_users.length > 0],
    [{ unassigned: '1' }, ({ assigned_users }) => assigned_users.length === 0],
    [{ assigned: '1', unassigned: 'true' }, () => true],
    [{ assigned: '0' }, () => true],
    [{ view: 'reseller' }, ({ partner_type }) => partner_type === 'reseller'],
    [{ view: 'campaigns' }, ({ campaign_id }) => campaign_id !== null],
    [{ view: 'received' }, () => false],
    [{ view: 'sent' }, () => false],
    [{ search: 'NORDLICHT' }, ({ company_name }) => company_name === 'Nordlicht GmbH'],
    [{ search: '100%' }, ({ company_name }) => company_name === 'Café 100%'],
    [{ search: 'r_s' }, ({ company_name }) => company_name === 'under_score'],
    [{ search: "o'n" }, ({ company_name }) => company_name === "O'Neil"],
    [{ search: 'LEAD12' }, ({ email }) => email?.includes('lead12') === true],
    [{ search: '1042' }, ({ phone_number }) => phone_number?.includes('1042') === true],
    [{ search: ' ada ' }, ({ first_name }) => first_name === 'Ada'],
    [{ search: 'Nr 32' }, ({ assigned_users }) => assigned_users.includes(32)],
    [{ search: 'USER35@our' }, ({ assigned_users }) => assigned_users.includes(35)],
    [{ search: 'nobody has this' }, () => false],
    [{ customFields: '[{"id":5,"value":{"number":2}}]' }, ({ custom_fields }) => custom_fields[5]?.value === 2],
    [{ customFields: '[{"id":"5","value":{"number":0}}]' }, ({ custom_fields }) => custom_fields[5]?.value === 0],
    [
      { customFields: `[{"id":"${fieldUuid(6)}","value":{"select":3}}]` },
      ({ custom_fields }) => custom_fields[6]?.value === 3,
    ],
    [
      { customFields: '[{"id":7,"value":{"multi_select":[1]}}]' },
      ({ custom_fields }) => (custom_fields[7]?.value as number[] | undefined)?.includes(1) === true,
    ],
    [{ customFields: '[{"id":9,"value":{"text":"SIZ"}}]' }, ({ custom_fields }) => custom_fields[9]?.value === 'size'],
    [
      { customFields: '[{"id":10,"value":{"date":"2026-01-02"}}]' },
      ({ custom_fields }) => custom_fields[10]?.value === '2026-01-02',
    ],
    [
      { customFields: '[{"id":11,"value":{"boolean":true}}]' },
      ({ custom_fields }) => custom_fields[11]?.value === true,
    ],
    [
      { customFields: '[{"id":11,"value":{"boolean":false}}]' },
      ({ custom_fields }) => custom_fields[11]?.value === false,
    ],
    [
      { customFields: '[{"id":5,"value":{"number":1}},{"id":6,"value":{"select":"2"}}]' },
      ({ custom_fields }) => custom_fields[5]?.value === 1 && custom_fields[6]?.value === 2,
    ],
    [{ customFields: '[{"id":404,"value":{"number":1}}]' }, () => false],
    [{ customFields: '[]' }, () => true],
    [{ updated_since: new Date(noon + 12_000).toISOString() }, ({ updated_at }) => updated_at >= noon + 12_000],
    [
      { status: 'new,lost', tags: '8', assigned: '1', search: 'a' },
      (lead) =>
        ['new', 'lost'].includes(lead.status) &&
        lead.tags.includes(8) &&
        lead.assigned_users.length > 0 &&
        (lead.assigned_users.length > 0 || lead.company_name?.toLowerCase().includes('a') === true),
    ],
    [{ status_not: 'new, lost' }, ({ status }) => !['new', 'lost'].includes(status)],
    [{ tags_not: `7,${tagUuid(16)}` }, ({ tags }) => !tags.includes(7) && !tags.includes(16)],
    [{ tags_not: '404' }, () => true],
    [{ users_not: '31' }, ({ assigned_users }) => !assigned_users.includes(31)],
    [{ company_name: 'über' }, ({ company_name }) => company_name === 'ÜBER & Söhne'],
    [{ email: '12@' }, ({ email }) => email?.includes('12@') === true],
    [{ phone_number: '1042' }, ({ phone_number }) => phone_number?.includes('1042') === true],
    [
      { first_name: 'É', last_name: 'berg' },
      ({ first_name, last_name }) => first_name === 'Émile' && last_name === 'Berg',
    ],
    [{ empty: 'email' }, ({ email }) => email === null],
    [{ set: 'email, phone_number' }, ({ email, phone_number }) => email !== null && phone_number !== null],
    [
      { empty: 'tags,external_id', set: 'users' },
      ({ tags, external_id, assigned_users }) => tags.length === 0 && external_id === null && assigned_users.length > 0,
    ],
    [{ source: 'campaign,integration' }, ({ source }) => source !== 'manual'],
    [{ created_by: `${userUuid(31)},404` }, ({ created_by_user_id }) => created_by_user_id === 31],
    [
      { created_since: new Date(noon + 10_010).toISOString(), created_before: new Date(noon + 10_020).toISOString() },
      ({ created_at }) => created_at >= noon + 10_010 && created_at < noon + 10_020,
    ],
    [
      { updated_since: new Date(noon + 12_000).toISOString(), updated_before: new Date(noon + 13_000).toISOString() },
      ({ updated_at }) => updated_at >= noon + 12_000 && updated_at < noon + 13_000,
    ],
    [{ customFields: '[{"id":5,"min":1}]' }, ({ custom_fields }) => Number(custom_fields[5]?.value) >= 1],
    [
      { customFields: '[{"id":5,"min":1,"max":2}]' },
      ({ custom_fields }) => [1, 2].includes(Number(custom_fields[5]?.value)),
    ],
    [
      { customFields: '[{"id":10,"max":"2026-01-02"}]' },
      ({ custom_fields }) => custom_fields[10] !== undefined && custom_fields[10].value !== '2026-01-03',
    ],
    [
      { customFields: '[{"id":10,"min":"2026-01-02T23:30:00+01:00"}]' },
      ({ custom_fields }) => ['2026-01-03', '2026-01-02T23:00:00Z'].includes(String(custom_fields[10]?.value)),
    ],
    [{ customFields: '[{"id":9,"empty":true}]' }, ({ custom_fields }) => custom_fields[9] === undefined],
    [{ customFields: '[{"id":7,"empty":false}]' }, ({ custom_fields }) => custom_fields[7] !== undefined],
    [
      { customFields: '[{"id":5,"value":{"number":2},"min":1},{"id":11,"empty":true}]' },
      ({ custom_fields }) => custom_fields[5]?.value === 2 && custom_fields[11] === undefined,
    ],
    [{ customFields: '[{"id":404,"empty":true}]' }, () => false],
    [{ search: 'über' }, ({ company_name }) => company_name === 'ÜBER & Söhne'],
    [{ search: 'žižek' }, ({ last_name }) => last_name === 'ŽIŽEK'],
    [{ customFields: '[{"id":9,"value":{"text":"GRÖSSE"}}]' }, () => false],
    [{ customFields: '[{"id":9,"value":{"text":"GRÖ"}}]' }, ({ custom_fields }) => custom_fields[9]?.value === 'Größe'],
  ]

  test.each(filters)('%j', async (query, holds) => {
    await answers(query, holds)
  })

  test.each(filters.filter(([query]) => Object.values(query).length > 0))('counts of %j', async (query, holds) => {
    const listed = await all(query)
    const these = present.filter(holds)
    const { body, status } = await api().get(`/api/v1/leads/counts?${new URLSearchParams(query)}`)
    expect(status).toBe(200)
    expect(body.total).toBe(listed.length)
    // Leads of the fixture are few; those of this test are counted exactly.
    const others = listed.length - these.length
    const near = (told: number | undefined, mine: number): void => {
      expect((told ?? 0) - mine).toBeGreaterThanOrEqual(0)
      expect((told ?? 0) - mine).toBeLessThanOrEqual(others)
    }
    const sum = statuses.reduce((all, one) => all + body.status[one], 0)
    expect(sum).toBe(body.total)
    for (const one of statuses) near(body.status[one], these.filter((lead) => lead.status === one).length)
    for (const id of [7, 8, 16]) near(body.tags[id], these.filter(({ tags }) => tags.includes(id)).length)
    for (const id of [31, 32, 35])
      near(body.users[id], these.filter(({ assigned_users: on }) => on.includes(id)).length)
    near(body.unassigned, these.filter(({ assigned_users: on }) => on.length === 0).length)
  })

  test('rows have their custom values when they are asked for, as GET of the lead tells them', async () => {
    const { body: bare } = await get({ customFields: '[{"id":5,"empty":false}]' })
    expect(bare.map((row: object) => 'custom_fields' in row)).toEqual(bare.map(() => false))
    const { body: rows } = await get({ customFields: '[{"id":5,"empty":false}]', include: 'custom_fields' })
    expect(rows.map(({ id }: { id: number }) => id)).toEqual(bare.map(({ id }: { id: number }) => id))
    for (const { total: _total, ...row } of rows) expect(row).toEqual((await api().get(`/api/v1/leads/${row.id}`)).body)
    expect(rows.length).toBeGreaterThan(0)
    expect((await get({ include: 'everything' })).status).toBe(400)
  })

  test('pages by number are the same rows in the same order, also far behind', async () => {
    const ids = await all({ status: 'new,lost,contacted' })
    const paged: number[] = []
    for (let page = 1; paged.length < ids.length; page += 1) {
      paged.push(...idsOf(await get({ status: 'new,lost,contacted', page: String(page), pageSize: '7' })))
    }
    expect(paged).toEqual(ids)
    expect(await get({ status: 'new', page: '999' })).toMatchObject({ status: 200, body: [] })
  })

  test('a page that goes on by a time begins before it, and ends with the last row of its millisecond', async () => {
    const seen: number[] = []
    for (let cursor = new Date(noon + 1e9).toISOString(); ; ) {
      const { body } = await get({ cursor, pageSize: '3' })
      if (body.length === 0) break
      seen.push(...body.map(({ id }: { id: number }) => id))
      cursor = body.at(-1).created_at
    }
    expect(seen).toEqual(await all({}))
  })

  test('the link leads to the next page, with all that was asked for', async () => {
    const { headers } = await get({ status: 'new,lost', pageSize: '2', page: '2' })
    const link = /^<(.*)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1] ?? ''
    expect(link).toContain('status=new%2Clost')
    expect(idsOf(await api().get(link))).toEqual(idsOf(await get({ status: 'new,lost', pageSize: '2', page: '3' })))
    const last = await get({ tags: '404' })
    expect(last.headers.get('link')).toBeNull()
    expect(last.headers.get('x-next-cursor')).toBeNull()
  })

  test('a cursor wins over a page, and one of another order is refused', async () => {
    const first = await get({ pageSize: '5' })
    const cursor = first.headers.get('x-next-cursor') ?? ''
    expect(idsOf(await get({ pageSize: '5', cursor, page: '9' }))).toEqual(
      idsOf(await get({ pageSize: '5', page: '2' })),
    )
    const sort = '[{"type":"status"}]'
    const sorted = (await get({ sort, pageSize: '5' })).headers.get('x-next-cursor') ?? ''
    expectRefused(await get({ sort, cursor }), 400, 'Invalid cursor')
    expectRefused(await get({ cursor: sorted }), 400, 'Invalid cursor')
    expectRefused(await get({ sort, cursor: '2026-02-01T00:00:00Z' }), 400, 'Invalid cursor')
    const other = '[{"type":"status","asc":false}]'
    expectRefused(await get({ sort: other, cursor: sorted }), 400, 'Invalid cursor')
    const [, place] = sorted.split(/(?<=^[^.]*)\./)
    for (const told of ['x', '{}', '["status"]', '["status","new"]', '["status",1,2]', '["status",{}]']) {
      const text = `${Buffer.from(told).toString('base64url')}.${place}`
      expectRefused(await get({ sort, cursor: text }), 400, 'Invalid cursor')
    }
  })

  test.each([
    ['status', ['x', 'new,x', 'NEW', ',']],
    ['view', ['all', 'Reseller']],
    ['tags', ['x', '1,,2', '0', '1.5', '1;2']],
    ['users', ['-1', 'x']],
    ['assigned', ['2', 'yes']],
    ['unassigned', ['x']],
    ['search', ['x'.repeat(201), 'a\0']],
    [
      'customFields',
      [
        ...['x', '{}', '[1]', '[{}]', '[{"id":5}]', '[{"id":5,"value":{"number":"1"}}]', '[{"id":5,"value":null}]'],
        ...['[{"id":5,"min":"1"}]', '[{"id":5,"min":null}]', '[{"id":6,"min":1}]', '[{"id":10,"max":"2026-02-30"}]'],
        ...['[{"id":5,"empty":1}]', '[{"id":10,"min":1}]', '[{"id":9,"min":"a"}]'],
      ],
    ],
    [
      'sort',
      [
        ...['status', '{}', '[{"type":"stage"}]', '[{"type":"status","asc":"yes"}]', '[{"type":"field"}]'],
        '["status"]',
        JSON.stringify(['email', 'source', 'name', 'status', 'updated_at', 'created_at'].map((type) => ({ type }))),
      ],
    ],
    ['status_not', ['x', 'new,']],
    ['tags_not', ['x']],
    ['users_not', ['0']],
    ['company_name', ['x'.repeat(201), 'a\0']],
    ['empty', ['x', 'status', 'email,,']],
    ['set', ['Email']],
    ['source', ['x', 'manual,x']],
    ['created_by', ['x']],
    ['created_since', ['x']],
    ['created_before', ['2026-02-30']],
    ['updated_before', ['1']],
    ['cursor', ['x', '1.0', '2026-02-30', 's9']],
    ['updated_since', ['x', '1700000000']],
  ])('%s that cannot be read is refused', async (name, values) => {
    for (const value of values) {
      const reply = await get({ [name]: value })
      expectRefused(reply, 400, `Invalid ${name}`)
      expect(reply.body.details[0]).toMatchObject({ path: `/${name}` })
    }
  })

  test('another company’s leads are in no list, whatever is asked for', async () => {
    for (const query of [{ tags: '90' }, { users: '44' }, { search: 'user44' }] as Record<string, string>[]) {
      expect(await get(query)).toMatchObject({ status: 200, body: [] })
    }
    const reply = await api().get('/api/v1/leads?search=nordlicht', keys.other)
    expect(reply.body.every(({ company_id }: { company_id: number }) => company_id === 4)).toBe(true)
  })
})

describe.each(backends)('a walk through the list on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })

  test('a list whose client goes away is given up', async () => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1')
    const head = `GET /api/v1/leads?search=a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keys.full}\r\n\r\n`
    // The first list of all takes a while: the thread that answers it is begun by it.
    await new Promise((sent) => socket.write(head, sent))
    socket.destroy()
    await expect.poll(() => api.log.map(({ status }) => status)).toEqual([499])
    expect((await api.get('/api/v1/leads?search=a')).status).toBe(200)
  })

  test('misses no lead and meets none twice while others are made and changed', async () => {
    const post = (): Promise<Reply> =>
      api.request('POST', '/api/v1/leads', {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ customFields: [{ customFieldId: 9, value: { text: 'x' } }] }),
      })
    const before: number[] = [4711, 4713]
    for (let made = 0; made < 60; made += 1) before.push((await post()).body.id)
    const seen: number[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const reply = await api.get(`/api/v1/leads?pageSize=7${cursor === '' ? '' : `&cursor=${cursor}`}`)
      seen.push(...reply.body.map(({ id }: { id: number }) => id))
      cursor = reply.headers.get('x-next-cursor')
      await post()
      await api.patch(`/api/v1/leads/${before[seen.length % before.length]}`, { first_name: `Ada ${seen.length}` })
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b))
  })
})
