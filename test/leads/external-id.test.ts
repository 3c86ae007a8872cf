import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends, type Reply } from '../backends.ts'
import { keys } from '../fixture.ts'

const required = { customFieldId: 9, value: { text: 'there' } }
const taken = (id: number, more = '') => ({
  status: 409,
  body: {
    error: 'external_id belongs to another lead',
    details: [{ path: '/external_id', message: `external_id belongs to lead ${id}${more}` }],
  },
})

describe.each(backends)('external ids on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })
  const patch = (id: number, external_id: unknown): Promise<Reply> => api.patch(`/api/v1/leads/${id}`, { external_id })
  const post = (external_id: unknown, key: string = keys.full, members: object = { customFields: [required] }) =>
    api.request('POST', '/api/v1/leads', {
      key,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...members, external_id }),
    })

  test('are set by a patch and by a creation, told by every answer and event, and removed by null', async () => {
    expect((await api.lead()).external_id).toBeNull()
    const reply = await patch(4711, ' crm-1 ')
    expect(reply).toMatchObject({ status: 200 })
    expect(Object.keys(reply.body)).toEqual(['id', 'uuid', 'updated_at'])
    expect((await api.lead()).external_id).toBe('crm-1')
    expect((await api.events()).at(-1)).toMatchObject({
      members: ['external_id'],
      payload: { changes: { external_id: { old: null, new: 'crm-1' } }, state: { external_id: 'crm-1' } },
    })
    const { body } = await post('crm-2')
    expect((await api.get('/api/v1/leads')).body[0]).toMatchObject({ id: body.id, external_id: 'crm-2' })
    expect((await api.events()).at(-1)).toMatchObject({ payload: { state: { external_id: 'crm-2' } } })
    expect(await patch(4711, null)).toMatchObject({ status: 200 })
    expect((await api.lead()).external_id).toBeNull()
    expect((await api.events()).at(-1)).toMatchObject({ payload: { state: { external_id: null } } })
  })

  test('what is so already is no change; blank removes; a patch without the member leaves it', async () => {
    await patch(4711, 'crm-1')
    const events = (await api.events()).length
    expect((await patch(4711, 'crm-1 ')).headers.get('x-waggle-sequence')).toBeNull()
    expect(await api.events()).toHaveLength(events)
    await api.patch('/api/v1/leads/4711', { status: 'lost' })
    expect((await api.lead()).external_id).toBe('crm-1')
    expect((await api.events()).at(-1)).toMatchObject({ payload: { state: { external_id: 'crm-1' } } })
    await patch(4711, '  ')
    expect((await api.lead()).external_id).toBeNull()
  })

  test('are unique in a company, deleted leads included, and free again once they are given up', async () => {
    await patch(4711, 'crm-1')
    expect(await patch(4713, 'crm-1')).toMatchObject(taken(4711))
    expect(await post('crm-1')).toMatchObject(taken(4711))
    expect(await patch(4713, 'CRM-1')).toMatchObject({ status: 200 })
    expect(await post('crm-1', keys.other, {})).toMatchObject({ status: 201 })
    await api.request('DELETE', '/api/v1/leads/4711')
    expect(await post('crm-1')).toMatchObject(taken(4711, ', which is deleted'))
    await patch(4713, 'crm-2')
    expect(await post('CRM-1')).toMatchObject({ status: 201 })
  })

  test.each([
    [7, 'external_id must be a string'],
    ['x'.repeat(256), 'external_id must be at most 255 characters'],
    ['a\0b', 'external_id contains invalid characters'],
  ])('%j is refused in words', async (external_id, error) => {
    expect(await patch(4711, external_id)).toMatchObject({ status: 400, body: { error } })
    expect(await post(external_id)).toMatchObject({ status: 400, body: { error } })
  })

  test('of those who want one at the same time one gets it', async () => {
    const replies = await Promise.all([
      ...Array.from({ length: 10 }, () => post('crm-1')),
      patch(4711, 'crm-1'),
      patch(4713, 'crm-1'),
    ])
    const statuses = replies.map(({ status }) => status)
    expect(statuses.filter((status) => status < 300)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(11)
  })
})
