import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { beginLead } from '../../src/leads/begin.ts'
import type { Write } from '../../src/storage/port.ts'
import { type Api, backends, type Reply } from '../backends.ts'
import { sender } from '../configuration/requests.ts'
import { definitionsOf, fixture, keys, leadUuid, noon, userUuid } from '../fixture.ts'
import { expectRefused } from '../http/wire.ts'
import { handClock } from '../kernel/hand-clock.ts'

const path = '/api/v1/leads/4711'
const notFound = 'Lead not found or not accessible'
const iso = (ms: number): string => new Date(ms).toISOString()
const idsOf = ({ body }: Reply): number[] => body.map(({ id }: { id: number }) => id)

describe.each(backends)('one lead on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    api = await start()
    onTestFinished(() => api.close())
  })

  test('has every member, in both spellings of its path and by its uuid', async () => {
    const whole = {
      id: 4711,
      uuid: leadUuid(4711),
      created_at: iso(noon + 4711),
      updated_at: iso(noon + 4711),
      source: 'manual',
      company_name: 'Nordlicht GmbH',
      email: 'ada@nordlicht.example',
      phone_number: null,
      first_name: 'Ada',
      last_name: 'Berg',
      status: 'new',
      partner_type: 'referral',
      company_id: 3,
      created_by_user_id: 31,
      campaign_id: null,
      campaign_title: null,
      external_id: null,
      tags: [{ id: 7, label: 'Tag 7', background_color: '#6B7280', text_color: '#FFFFFF' }],
      assigned_users: [31, 33].map((id) => ({
        id,
        email: `user${id}@our.example`,
        first_name: 'Eva',
        last_name: `Nr ${id}`,
        color: '#3B82F6',
        profile_image_id: null,
        profile_image_uuid: null,
      })),
      partnership_leads: [],
      campaign_partners: [],
      lead_deals: [],
      custom_fields: [{ id: 9, label: 'Field 9', type: 'text', value: { text: 'kept' }, custom_field_value_id: 1 }],
    }
    for (const to of [
      path,
      '/api/v1/companies/3/leads/4711',
      `/api/v1/leads/${leadUuid(4711)}`,
      `/api/v1/leads/${leadUuid(4711).toUpperCase()}`,
      `/api/v1/companies/3/leads/${leadUuid(4711)}`,
    ]) {
      const reply = await api.get(to)
      expect(reply).toMatchObject({ status: 200 })
      expect(reply.body).toEqual(whole)
      expect(reply.headers.get('etag')).toBe('"v1"')
    }
  })

  test('of another company, archived or missing is not found', async () => {
    for (const id of ['5000', leadUuid(5000), '4712', leadUuid(4712), '999999', leadUuid(1), 'abc', '0']) {
      for (const to of [`/api/v1/leads/${id}`, `/api/v1/companies/3/leads/${id}`, `/api/v1/leads/${id}/history`]) {
        expectRefused(await api.get(to), 404, notFound)
      }
    }
    expectRefused(await api.get('/api/v1/companies/4/leads/4711'), 404, notFound)
    expectRefused(await api.get('/api/v1/companies/4/leads/5000'), 404, notFound)
    expect((await api.get('/api/v1/companies/4/leads/5000', keys.other)).status).toBe(200)
  })

  test('shows archived tags, fields and options that stand on it', async () => {
    const { tags, custom_fields } = await api.lead(4713)
    expect(tags.map(({ id }: { id: number }) => id)).toEqual([7, 17])
    expect(custom_fields).toEqual([
      { id: 9, label: 'Field 9', type: 'text', value: { text: 'kept' }, custom_field_value_id: 2 },
      { id: 14, label: 'Field 14', type: 'text', value: { text: 'old' }, custom_field_value_id: 3 },
      { id: 18, label: 'Field 18', type: 'select', value: { select: 2 }, custom_field_value_id: 4 },
    ])
  })

  test('shows each custom value under the member of its type, and none that is empty', async () => {
    const values = { 5: { number: -1.5 }, 6: { select: 2 }, 7: { multi_select: [2, 1] }, 9: { text: 'a' } }
    const more = { 10: { date: '2026-01-31T10:00Z' }, 11: { boolean: false }, 12: { text: 'a\nb' } }
    const customFields = Object.entries({ ...values, ...more }).map(([customFieldId, value]) => ({
      customFieldId,
      value,
    }))
    expect((await api.patch(path, { customFields })).status).toBe(200)
    const { custom_fields } = await api.lead()
    const shown = custom_fields.map(({ id, value }: { id: number; value: unknown }) => [id, value])
    expect(Object.fromEntries(shown)).toEqual({ ...values, ...more })
    expect((await api.patch(path, { customFields: [{ customFieldId: 5, value: null }] })).status).toBe(200)
    expect((await api.lead()).custom_fields.map(({ id }: { id: number }) => id)).not.toContain(5)
  })
})

describe.each(backends)('times without milliseconds on %s', (_, start) => {
  test('are written everywhere, and still grow inside', async () => {
    const clock = handClock()
    const api = await start({ clock, config: { wholeSeconds: true } })
    onTestFinished(() => api.close())
    clock.move(678)
    const { body } = await api.patch(path, { status: 'lost' })
    expect(body.updated_at).toBe('2026-01-16T12:00:00Z')
    const written = JSON.stringify([
      await api.lead(),
      (await api.get('/api/v1/leads')).body,
      (await api.get(`${path}/history`)).body,
    ])
    expect(written.match(/\d{4}-\d\d-\d\dT[^"]*/g)).toSatisfy((times: string[]) =>
      times.every((time) => /T\d\d:\d\d:\d\dZ$/.test(time)),
    )
    expect((await api.events()).at(-1)?.at).toBe(clock.now())
  })
})

/** More leads of company 3, ids from 6000, begun in the same millisecond by threes. */
async function addLeads(api: Api, count: number): Promise<void> {
  const [model] = fixture.leads
  if (model === undefined) throw new Error('the fixture has no lead')
  const more = Array.from({ length: count }, (_value, index) => 6000 + index)
  const writes: Write[] = more.flatMap((id, index) => {
    const created_at = noon + 20_000 + Math.floor(index / 3)
    const lead = { ...model, id, uuid: leadUuid(id), created_at, custom_fields: {} }
    return beginLead(lead, 10 + index, definitionsOf(3).version, { actor: undefined, requestId: undefined })
  })
  await api.database.load(writes)
}

describe.each(backends)('the list of leads on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    api = await start()
    onTestFinished(() => api.close())
  })
  const list = (query = '', key: string = keys.full): Promise<Reply> => api.get(`/api/v1/leads${query}`, key)

  test('is a bare array of rows with the total, newest first, without archived ones', async () => {
    const reply = await list()
    expect(reply.status).toBe(200)
    expect(reply.headers.get('x-total-count')).toBe('2')
    expect(idsOf(reply)).toEqual([4713, 4711])
    for (const row of reply.body) {
      const { custom_fields, ...members } = await api.lead(row.id)
      expect(custom_fields).toBeInstanceOf(Array)
      expect(row).toEqual({ total: 2, ...members })
    }
  })

  test('shows the own company only, in both spellings of its path', async () => {
    expect(idsOf(await list('', keys.other))).toEqual([5000])
    expect(idsOf(await api.get('/api/v1/companies/3/leads'))).toEqual([4713, 4711])
    expect((await api.get('/api/v1/companies/4/leads')).status).toBe(404)
  })

  test('is told in pages: 10 rows, or as many as asked for, 50 at the most', async () => {
    await addLeads(api, 60)
    const ids = idsOf(await list('?pageSize=50')).concat(idsOf(await list('?pageSize=50&page=2')))
    expect(ids).toHaveLength(62)
    expect(ids.slice(0, 60)).toEqual(Array.from({ length: 60 }, (_value, index) => 6059 - index))
    expect(idsOf(await list())).toEqual(ids.slice(0, 10))
    expect(idsOf(await list('?page=1'))).toEqual(ids.slice(0, 10))
    expect(idsOf(await list('?page=7'))).toEqual(ids.slice(60))
    expect(idsOf(await list('?pageSize=1&page=62'))).toEqual(ids.slice(61))
    expect(idsOf(await list('?pageSize=7&page=2'))).toEqual(ids.slice(7, 14))
    for (const size of ['51', '100', '9999999999999999']) {
      expect(idsOf(await list(`?pageSize=${size}`))).toEqual(ids.slice(0, 50))
    }
    expect((await list()).body.every(({ total }: { total: number }) => total === 62)).toBe(true)
  })

  test('a page beyond the end is empty, and tells the total', async () => {
    for (const page of ['2', '1000', '999999999999999', '9999999999999999']) {
      const reply = await list(`?page=${page}`)
      expect(reply).toMatchObject({ status: 200, body: [] })
      expect(reply.headers.get('x-total-count')).toBe('2')
    }
  })

  test.each(['page', 'pageSize'])('%s that is no number from 1 is refused', async (name) => {
    const wrong = ['', '0', '-1', '1.5', '1e1', 'abc', '01', '+1', '%201', '1%00', '٣', '99999999999999999', '1,2']
    for (const value of wrong) {
      expectRefused(await list(`?${name}=${value}`), 400, `Invalid ${name}`)
    }
    expectRefused(await list(`?${name}=1&${name}=2`), 400, `Invalid ${name}`)
    const { body } = await list(`?${name}=0`)
    expect(body.details).toEqual([{ path: `/${name}`, message: `Invalid ${name}` }])
  })

  test('a user of the company may be named, another may not', async () => {
    for (const id of [31, 33, 35]) expect(idsOf(await list(`?userId=${id}`))).toEqual([4713, 4711])
    for (const id of [44, 999]) {
      expectRefused(await list(`?userId=${id}`), 403, 'Invalid API key or insufficient permissions')
    }
    for (const id of ['', '0', 'x', '031']) expectRefused(await list(`?userId=${id}`), 400, 'Invalid userId')
  })

  test('parameters that are not known are ignored', async () => {
    expect(idsOf(await list('?x=1&__proto__=2&constructor=3&page=1&%zz=4'))).toEqual([4713, 4711])
  })

  test('a change of a lead does not move it', async () => {
    await api.patch(path, { status: 'lost' })
    expect(idsOf(await list())).toEqual([4713, 4711])
    expect((await list()).body[1]).toMatchObject({ status: 'lost' })
  })
})

describe.each(backends)('the history of a lead on %s', (_, start) => {
  const clock = handClock()
  let api: Api
  beforeEach(async () => {
    api = await start({ clock })
    onTestFinished(() => api.close())
  })
  const history = (query = ''): Promise<Reply> => api.get(`${path}/history${query}`)
  const sequencesOf = ({ body }: Reply): number[] => body.map(({ sequence }: { sequence: number }) => sequence)
  const noNames = { tags: [], users: [], customFields: [] }
  const user = (id: number) => {
    const { uuid, email, first_name, last_name } = fixture.users.find((one) => one.id === id) ?? {}
    return { id, uuid, email, first_name, last_name }
  }
  const tag = (id: number, label = `Tag ${id}`) => ({
    id,
    label,
    background_color: '#6B7280',
    text_color: '#FFFFFF',
  })
  const begun = {
    sequence: 1,
    version: 1,
    event: 'lead_created',
    at: iso(noon + 4711),
    actor: { user_uuid: null, user: null, key: null },
    request_id: null,
    changes: {},
    names: noNames,
  }

  test('begins with the lead', async () => {
    expect((await history()).body).toEqual([begun])
  })

  test('tells who changed what, when and by which request, newest first', async () => {
    const first = clock.now()
    await api.patch(path, { status: 'lost', tags: [8, 7] }, { 'x-request-id': 'request-7' })
    await api.patch('/api/v1/leads/4713', { status: 'lost' })
    await api.patch(path, { status: 'lost' })
    clock.move(1_000)
    const unnamed = await api.request('PATCH', path, {
      key: keys.writeOnly,
      headers: { 'content-type': 'application/json' },
      body: '{"phone_number":"1","assignedUsers":[]}',
    })
    const reply = await history()
    expect(reply.body).toEqual([
      {
        sequence: 6,
        version: 3,
        event: 'lead_updated',
        at: iso(first + 1_000),
        actor: {
          user_uuid: userUuid(31),
          user: user(31),
          key: { id: 3, label: 'Key 3', prefix: keys.writeOnly.slice(0, 8) },
        },
        request_id: unnamed.headers.get('x-request-id'),
        changes: { phone_number: { old: null, new: '1' }, assignedUsers: { old: [31, 33], new: [] } },
        names: { ...noNames, users: [user(31), user(33)] },
      },
      {
        sequence: 4,
        version: 2,
        event: 'lead_updated',
        at: iso(first),
        actor: {
          user_uuid: userUuid(31),
          user: user(31),
          key: { id: 1, label: 'Key 1', prefix: keys.full.slice(0, 8) },
        },
        request_id: 'request-7',
        changes: { status: { old: 'new', new: 'lost' }, tags: { old: [7], new: [8, 7] } },
        names: { ...noNames, tags: [tag(7), tag(8)] },
      },
      begun,
    ])
    expect(reply.headers.get('x-next-cursor')).toBeNull()
    expect((await api.get(`/api/v1/companies/3/leads/${leadUuid(4711)}/history`)).body).toEqual(reply.body)
    expect(JSON.stringify(reply.body)).not.toContain(keys.full)
  })

  test('of custom fields it tells those that changed', async () => {
    const set = (customFieldId: number, value: unknown) => ({ customFieldId, value })
    await api.patch(path, { customFields: [set(5, { number: 1 }), set(9, { text: 'kept' }), set(6, { select: 2 })] })
    await api.patch(path, { customFields: [set(5, null), set(6, { select: '2' })] })
    const { body } = await history('?pageSize=2')
    expect(body.map(({ changes }: { changes: unknown }) => changes)).toEqual([
      { customFields: { old: [set(5, { number: 1 })], new: [set(5, null)] } },
      { customFields: { old: [set(5, null), set(6, null)], new: [set(5, { number: 1 }), set(6, { select: 2 })] } },
    ])
  })

  test('names what the numbers stood for at the change, not what they stand for now', async () => {
    const admin = sender(api)
    const set = (customFieldId: number, value: unknown) => ({ customFieldId, value })
    await api.patch(path, { tags: [8], assignedUsers: [32], customFields: [set(6, { select: 1 })] })
    await api.patch(path, {
      customFields: [set(6, { select: 3 }), set(7, { multi_select: [1, 2] }), set(5, { number: 4 })],
    })
    await admin('PATCH', '/api/v1/tags/8', { label: 'Renamed' }, keys.admin)
    await admin('PATCH', '/api/v1/users/31', { first_name: 'Other' }, keys.admin)
    await admin('PATCH', '/api/v1/custom-fields/6', { label: 'Other' }, keys.admin)
    await admin('PATCH', '/api/v1/custom-fields/6/options/1', { label: 'Other' }, keys.admin)
    await api.patch(path, { tags: [7, 8] })
    const option = (id: number) => ({ id, label: `Option ${id}` })
    const [third, second, first] = (await history()).body
    expect(first).toMatchObject({ actor: { user: user(31) } })
    expect(first.names).toEqual({
      tags: [tag(7), tag(8)],
      users: [user(31), user(33), user(32)],
      customFields: [{ id: 6, label: 'Field 6', type: 'select', options: [option(1)] }],
    })
    expect(second.names).toEqual({
      tags: [],
      users: [],
      customFields: [
        { id: 5, label: 'Field 5', type: 'number', options: [] },
        { id: 6, label: 'Field 6', type: 'select', options: [option(1), option(3)] },
        { id: 7, label: 'Field 7', type: 'multi_select', options: [option(1), option(2)] },
      ],
    })
    expect(third).toMatchObject({ actor: { user: { first_name: 'Other' } } })
    expect(third.names).toEqual({ ...noNames, tags: [tag(8, 'Renamed'), tag(7)] })
  })

  test('is told of some members only where that is asked for', async () => {
    await api.patch(path, { status: 'lost' })
    await api.patch(path, { first_name: 'a', status: 'new' })
    await api.patch(path, { first_name: 'b' })
    await api.patch(path, { tags: [] })
    expect(sequencesOf(await history('?member=status'))).toEqual([5, 4])
    expect(sequencesOf(await history('?member=status,tags'))).toEqual([7, 5, 4])
    expect(sequencesOf(await history('?member='))).toEqual([7, 6, 5, 4, 1])
    expect(sequencesOf(await history('?member=email'))).toEqual([])
    const page = await history('?member=first_name&pageSize=1')
    expect(sequencesOf(page)).toEqual([6])
    const next = await history(`?member=first_name&pageSize=1&cursor=${page.headers.get('x-next-cursor')}`)
    expect(sequencesOf(next)).toEqual([5])
    expect(next.headers.get('x-next-cursor')).toBeNull()
    expectRefused(await history('?member=colour'), 400, 'Invalid member')
  })

  test('is told in pages: a cursor shows what is older', async () => {
    for (let index = 0; index < 11; index += 1) await api.patch(path, { first_name: `name ${index}` })
    const [newest, oldest] = [14, 4]
    const changed = Array.from({ length: 11 }, (_value, index) => newest - index)
    const first = await history()
    expect(sequencesOf(first)).toEqual(changed.slice(0, 10))
    expect(first.headers.get('x-next-cursor')).toBe(String(oldest + 1))
    const second = await history(`?cursor=${first.headers.get('x-next-cursor')}`)
    expect(sequencesOf(second)).toEqual([oldest, 1])
    expect(second.headers.get('x-next-cursor')).toBeNull()

    const seen: number[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Reply = await history(`?pageSize=5${cursor === '' ? '' : `&cursor=${cursor}`}`)
      seen.push(...sequencesOf(page))
      cursor = page.headers.get('x-next-cursor')
    }
    expect(seen).toEqual([...changed, 1])
    expect(sequencesOf(await history('?pageSize=100'))).toEqual([...changed, 1])
    expect(sequencesOf(await history('?pageSize=12'))).toEqual([...changed, 1])
    expect((await history('?pageSize=12')).headers.get('x-next-cursor')).toBeNull()
    expect(sequencesOf(await history('?cursor=9999999999999999&pageSize=1'))).toEqual([newest])
    expect(sequencesOf(await history('?cursor=1'))).toEqual([])
    expect(sequencesOf(await history('?cursor=3'))).toEqual([1])
  })

  test.each(['cursor', 'pageSize'])('%s that is no number from 1 is refused', async (name) => {
    for (const value of ['', '0', '-1', '1.5', 'abc', '2026-01-16T12:00:00.000Z', '99999999999999999']) {
      expectRefused(await history(`?${name}=${encodeURIComponent(value)}`), 400, `Invalid ${name}`)
    }
  })
})
