import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type Api, backends, type Reply } from '../backends.ts'
import { keys, tagUuid, userUuid } from '../fixture.ts'

const lead = '/api/v1/leads/4711'

describe.each(backends)('single tags and assigned users on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })
  const send = (method: 'PUT' | 'DELETE', path: string, headers = {}, key: string = keys.full): Promise<Reply> =>
    api.request(method, path, { key, headers })
  const ids = (rows: { id: number }[]): number[] => rows.map(({ id }) => id)
  const tags = async (): Promise<number[]> => ids((await api.lead()).tags)
  const users = async (): Promise<number[]> => ids((await api.lead()).assigned_users)

  test('are added and taken away, and the others stay', async () => {
    const reply = await send('PUT', `${lead}/tags/8`)
    expect(reply).toMatchObject({ status: 200, body: { id: 4711 } })
    expect(reply.headers.get('etag')).toBe('"v2"')
    expect(await tags()).toEqual([7, 8])
    expect((await api.events()).at(-1)).toMatchObject({ name: 'lead_updated', members: ['tags'] })
    expect((await send('DELETE', `${lead}/tags/${tagUuid(7)}`)).status).toBe(200)
    expect(await tags()).toEqual([8])
    expect(await users()).toEqual([31, 33])
    expect((await send('PUT', `/api/v1/companies/3/leads/4711/assigned-users/${userUuid(32)}`)).status).toBe(200)
    expect((await send('DELETE', `${lead}/assigned-users/33`)).status).toBe(200)
    expect(await users()).toEqual([31, 32])
  })

  test('what is so already is no change', async () => {
    const events = (await api.events()).length
    for (const [method, path] of [
      ['PUT', `${lead}/tags/7`],
      ['DELETE', `${lead}/tags/8`],
      ['PUT', `${lead}/assigned-users/33`], // disabled, and assigned long ago
      ['DELETE', `${lead}/assigned-users/32`],
    ] as const) {
      const reply = await send(method, path)
      expect(reply.status).toBe(200)
      expect(reply.headers.get('x-waggle-sequence')).toBeNull()
    }
    expect(await api.events()).toHaveLength(events)
  })

  test('all that are added at the same time are there', async () => {
    const replies = await Promise.all([
      send('PUT', `${lead}/tags/8`),
      send('PUT', `${lead}/tags/16`),
      send('PUT', `${lead}/assigned-users/32`),
      send('PUT', `${lead}/assigned-users/35`),
    ])
    for (const { status } of replies) expect(status).toBe(200)
    expect((await tags()).toSorted((a, b) => a - b)).toEqual([7, 8, 16])
    expect((await users()).toSorted((a, b) => a - b)).toEqual([31, 32, 33, 35])
  })

  test('those that may not stand there are refused, those of others and of nobody not found', async () => {
    for (const [path, status, error] of [
      [`${lead}/tags/15`, 400, 'Invalid tag IDs: 15'],
      [`${lead}/tags/17`, 400, 'Invalid tag IDs: 17'],
      [`${lead}/assigned-users/34`, 400, 'Invalid user IDs: 34'],
      [`${lead}/tags/90`, 404, 'Tag not found or not accessible'],
      [`${lead}/tags/abc`, 404, 'Tag not found or not accessible'],
      [`${lead}/assigned-users/44`, 404, 'User not found or not accessible'],
      ['/api/v1/leads/5000/tags/7', 404, 'Lead not found or not accessible'],
      ['/api/v1/leads/4712/tags/7', 404, 'Lead not found or not accessible'],
    ] as const) {
      expect(await send('PUT', path)).toMatchObject({ status, body: { error } })
    }
    expect(await tags()).toEqual([7])
  })

  test('versions, idempotency keys and switches are heeded', async () => {
    expect(await send('PUT', `${lead}/tags/8`, { 'if-match': '"v9"' })).toMatchObject({ status: 412 })
    const once = { 'idempotency-key': 'one-tag' }
    const first = await send('PUT', `${lead}/tags/8`, once)
    await send('DELETE', `${lead}/tags/8`)
    expect((await send('PUT', `${lead}/tags/8`, once)).body).toEqual(first.body)
    expect(await tags()).toEqual([7])
    expect(await send('PUT', `${lead}/tags/8`, {}, keys.readOnly)).toMatchObject({ status: 403 })
  })
})
