import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/storage/open.ts'
import type { Listing } from '../../src/storage/port.ts'
import { type Api, backends, type Reply } from '../backends.ts'
import { categoryUuid, keys, noon, tagUuid } from '../fixture.ts'
import { idsOf, sender } from './requests.ts'

const tags = '/api/v1/tags'
const fields = '/api/v1/custom-fields'
const partner = '/api/v1/stages/partner-stages'
const deal = '/api/v1/stages/lead-deal-stages'
const gone = { status: 204, body: undefined }
const notArchived = {
  status: 409,
  body: { error: 'Archive it first: only what is archived can be deleted' },
}
const usedBy = (leads: string) => ({
  status: 409,
  body: { error: `In use by ${leads}, deleted ones included` },
})

describe.each(backends)('removing for good on %s', (_, start) => {
  let api: Api
  beforeEach(async () => {
    const begun = await start()
    onTestFinished(() => begun.close())
    api = begun
  })
  const remove = (path: string, key: string = keys.admin, headers = {}): Promise<Reply> =>
    api.request('DELETE', path, { key, headers })
  const archive = (path: string, archived = true): Promise<Reply> =>
    sender(api)('PATCH', path, { archived }, keys.admin)
  const set = (customFieldId: number, value: unknown, lead = 4711): Promise<Reply> =>
    api.patch(`/api/v1/leads/${lead}`, { customFields: [{ customFieldId, value }] })
  const listOf = async (path: string): Promise<number[]> => idsOf(await api.get(`${path}?archived=1`))

  test('an archived tag that no lead has is gone, and its number names nothing more', async () => {
    expect(await remove(`${tags}/8`)).toMatchObject(notArchived)
    await archive(`${tags}/8`)
    expect(await remove(`${tags}/${tagUuid(8)}`)).toMatchObject(gone)
    expect(await listOf(tags)).toEqual([7, 15, 16, 17])
    expect(await remove(`${tags}/8`)).toMatchObject({ status: 404, body: { error: 'Tag not found or not accessible' } })
    expect(await api.patch('/api/v1/leads/4711', { tags: [7, 8] })).toMatchObject({
      status: 400,
      body: { error: 'Invalid tag IDs: 8' },
    })
    await archive(`${tags}/15`)
    expect(await remove(`${tags}/15`)).toMatchObject(gone) // no lead can have it
  })

  test('a tag that a lead has stays, a deleted lead included', async () => {
    await archive(`${tags}/7`)
    expect(await remove(`${tags}/7`)).toMatchObject(usedBy('2 leads'))
    await api.request('DELETE', '/api/v1/leads/4713')
    await api.patch('/api/v1/leads/4711', { tags: [] })
    expect(await remove(`${tags}/7`)).toMatchObject(usedBy('1 lead'))
    expect(await listOf(tags)).toContain(7)
    expect((await api.get('/api/v1/leads/4711')).body.tags).toEqual([])
  })

  test('the log goes on telling the names of then', async () => {
    await api.patch('/api/v1/leads/4711', { tags: [7, 8], customFields: [{ customFieldId: 6, value: { select: 3 } }] })
    await api.patch('/api/v1/leads/4711', { tags: [7], customFields: [{ customFieldId: 6, value: null }] })
    const before = await api.get('/api/v1/events?limit=1000')
    const history = await api.get('/api/v1/leads/4711/history')
    for (const path of [`${tags}/8`, `${fields}/6/options/3`, `${fields}/6`]) {
      await archive(path)
      expect(await remove(path)).toMatchObject(gone)
    }
    const after = await api.get('/api/v1/events?limit=1000')
    expect(after.body).toEqual(before.body)
    expect(after.body.at(-2).lead.tags).toContainEqual({ uuid: tagUuid(8), label: 'Tag 8' })
    expect(after.body.at(-2).lead.custom_fields).toContainEqual(
      expect.objectContaining({ label: 'Field 6', options: [{ id: 3, label: 'Option 3' }] }),
    )
    expect((await api.get('/api/v1/leads/4711/history')).body).toEqual(history.body)
  })

  test('a custom field goes with its options once no lead has a value', async () => {
    await set(6, { select: 2 })
    expect(await remove(`${fields}/6`)).toMatchObject(notArchived)
    await archive(`${fields}/6`)
    expect(await remove(`${fields}/6`)).toMatchObject(usedBy('1 lead'))
    await set(6, null)
    expect(await remove(`${fields}/6`)).toMatchObject(gone)
    expect(await listOf(fields)).not.toContain(6)
    expect(await remove(`${fields}/6/options/1`)).toMatchObject({
      status: 404,
      body: { error: 'Custom field not found or not accessible' },
    })
    expect(
      await api.database.find((db) =>
        db.selectFrom('custom_field_options').selectAll().where('custom_field_id', '=', 6),
      ),
    ).toEqual([])
    expect(await set(6, { select: 2 })).toMatchObject({ status: 400, body: { error: 'Invalid custom field ID: 6' } })
  })

  test('an option goes once no lead holds it, and its number is never given again', async () => {
    await set(6, { select: 3 })
    await set(7, { multi_select: [1, 2] })
    for (const path of [`${fields}/6/options/3`, `${fields}/7/options/2`]) {
      expect(await remove(path)).toMatchObject(notArchived)
      await archive(path)
      expect(await remove(path)).toMatchObject(usedBy('1 lead'))
    }
    await set(6, { select: 1 })
    await set(7, { multi_select: [1] })
    expect(await remove(`${fields}/6/options/3`)).toMatchObject(gone)
    expect(await remove(`${fields}/7/options/2`)).toMatchObject(gone)
    expect(await remove(`${fields}/7/options/2`)).toMatchObject({
      status: 404,
      body: { error: 'Option not found or not accessible' },
    })
    const made = await sender(api)('POST', `${fields}/6/options`, { label: 'New' }, keys.admin)
    expect(made).toMatchObject({ status: 201, body: { id: 4 } })
    expect(await remove(`${fields}/18/options/2`)).toMatchObject(usedBy('1 lead'))
  })

  test('tiers, categories and stages go as nothing has them yet', async () => {
    for (const path of ['/api/v1/tiers/61', `/api/v1/categories/${categoryUuid(71)}`, `${partner}/81`, `${deal}/85`]) {
      expect(await remove(path), path).toMatchObject(notArchived)
      await archive(path)
      expect(await remove(path), path).toMatchObject(gone)
      expect(await remove(path), path).toMatchObject({ status: 404 })
    }
    expect(await remove(`${deal}/84`)).toMatchObject({ status: 404 }) // it is one of partnerships
    expect(await listOf(partner)).toEqual([82, 83, 84])
  })

  test('a repeated request is answered as the first', async () => {
    const once = { 'idempotency-key': 'remove-63' }
    expect(await remove('/api/v1/tiers/63', keys.admin, once)).toMatchObject(gone)
    const again = await remove('/api/v1/tiers/63', keys.admin, once)
    expect(again).toMatchObject(gone)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await remove('/api/v1/tiers/63')).toMatchObject({ status: 404 })
  })

  test('who restores it and uses it between the look and the removal keeps it', async () => {
    await archive(`${tags}/8`)
    const { find } = api.database
    let looks = 0
    api.database.find = async <R>(build: Listing<R>): Promise<R[]> => {
      const found = await find.call(api.database, build)
      looks += 1
      if (looks > 1) return found as R[]
      await archive(`${tags}/8`, false)
      expect(await api.patch('/api/v1/leads/4711', { tags: [8] })).toMatchObject({ status: 200 })
      await archive(`${tags}/8`)
      return found as R[]
    }
    expect(await remove(`${tags}/8`)).toMatchObject(usedBy('1 lead'))
    expect(looks).toBe(2)
    expect((await api.lead()).tags).toMatchObject([{ id: 8, label: 'Tag 8' }])
  })

  test('another process that knew the tag before refuses it from the archiving on', async () => {
    const place = { directory: api.directory, ...(api.at !== api.directory && { url: api.at }) }
    const other = await openDatabase(place)
    onTestFinished(() => other.close())
    const tagged = (lead: number) =>
      other.transact({
        companyId: 3,
        keys: { lead },
        decide: (_facts, { definitions }) => ({ reply: definitions.tags.get(8)?.archived_at, writes: [] }),
      })
    expect((await tagged(4711)).reply).toBeNull()
    await archive(`${tags}/8`)
    expect((await tagged(4711)).reply).toBeGreaterThan(noon)
    await remove(`${tags}/8`)
    expect((await tagged(4711)).reply).toBeUndefined()
  })

  test('nothing of another company, and nothing without an admin key', async () => {
    const foreign = [
      `${tags}/90`,
      `${fields}/91`,
      '/api/v1/tiers/64',
      '/api/v1/categories/74',
      `${partner}/88`,
      `${deal}/89`,
    ]
    const before = await api.database.definitions(4)
    for (const path of [...foreign, `${fields}/91/options/1`, `${tags}/abc`]) {
      expect(await remove(path), path).toMatchObject({ status: 404 })
      expect(await remove(path, keys.full), path).toMatchObject({
        status: 403,
        body: { error: 'Admin access required for this operation' },
      })
    }
    expect(await api.database.definitions(4)).toEqual(before)
  })
})
