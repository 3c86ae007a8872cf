import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends, type Reply } from '../backends.ts'
import { keys, leadUuid } from '../fixture.ts'

const path = '/api/v1/leads/4711'
const gone = { status: 404, body: { error: 'Lead not found or already deleted' } }

describe.each(backends)('deleting and restoring a lead on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    api = await start()
    onTestFinished(() => api.close())
  })
  const remove = (to = path, headers: Record<string, string> = {}, key: string = keys.full): Promise<Reply> =>
    api.request('DELETE', to, { key, headers })
  const restore = (to = path, key: string = keys.admin): Promise<Reply> => api.request('POST', `${to}/restore`, { key })

  test('a deleted lead is found no more, in no list, and takes no change', async () => {
    const total = (await api.get('/api/v1/leads')).body[0].total
    const reply = await remove()
    expect(reply).toMatchObject({ status: 204, body: undefined })
    expect(reply.headers.get('etag')).toBe('"v2"')
    expect(await api.get(path)).toMatchObject({ status: 404 })
    expect(await api.patch(path, { status: 'lost' })).toMatchObject({ status: 404 })
    const list = (await api.get('/api/v1/leads?pageSize=50')).body
    expect(list[0].total).toBe(total - 1)
    expect(list.map(({ id }: { id: number }) => id)).not.toContain(4711)
    expect((await api.events()).at(-1)).toMatchObject({ name: 'lead_deleted', lead_id: 4711, version: 2, members: [] })
  })

  test('a second time, or one that never was, is 404; so is what is no id', async () => {
    await remove()
    expect(await remove()).toMatchObject(gone)
    expect(await remove('/api/v1/leads/999999')).toMatchObject(gone)
    expect(await remove('/api/v1/leads/abc')).toMatchObject(gone)
    expect(await remove('/api/v1/companies/4/leads/4713')).toMatchObject(gone)
  })

  test('both spellings of the path, and the uuid, name it', async () => {
    expect(await remove('/api/v1/companies/3/leads/4711')).toMatchObject({ status: 204 })
    expect(await remove(`/api/v1/leads/${leadUuid(4713)}`)).toMatchObject({ status: 204 })
  })

  test('a condition on the version holds, and nothing is deleted when it does not', async () => {
    expect(await remove(path, { 'if-match': '"v9"' })).toMatchObject({ status: 412 })
    expect(await api.get(path)).toMatchObject({ status: 200 })
    expect(await remove(path, { 'if-match': '"v1"' })).toMatchObject({ status: 204 })
  })

  test('repeated with its idempotency key it is done once, and answered again', async () => {
    const once = { 'idempotency-key': 'gone-once' }
    await remove(path, once)
    const again = await remove(path, once)
    expect(again.status).toBe(204)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
  })

  test('restored it is as it was, one version further, and the log tells of both', async () => {
    const before = await api.lead()
    await remove()
    const { status, body, headers } = await restore()
    expect(status).toBe(200)
    expect(headers.get('etag')).toBe('"v3"')
    expect(body).toEqual({ ...before, updated_at: body.updated_at })
    expect(await api.lead()).toEqual(body)
    expect((await api.events()).at(-1)).toMatchObject({ name: 'lead_updated', version: 3, members: ['archived'] })
    const history = (await api.get(`${path}/history`)).body
    expect(history[0]).toMatchObject({ event: 'lead_updated', changes: { archived: { old: true, new: false } } })
    expect(await api.patch(path, { status: 'lost' })).toMatchObject({ status: 200 })
  })

  test('what is not deleted is not restored, and only an admin key restores', async () => {
    expect(await restore()).toMatchObject({ status: 409, body: { error: 'Lead is not deleted' } })
    expect(await restore('/api/v1/leads/999999')).toMatchObject({ status: 404 })
    await remove()
    expect(await restore(path, keys.writeOnly)).toMatchObject({ status: 403 })
    expect(await remove('/api/v1/leads/4713', {}, keys.readOnly)).toMatchObject({ status: 403 })
  })
})
