import { describe, expect, onTestFinished, test } from 'vitest'
import type { Work, Write } from '../../src/storage/port.ts'
import { backends } from '../backends.ts'

const change = (...writes: Write[]): Work<undefined> => ({
  companyId: 3,
  keys: {},
  changesDefinitions: true,
  decide: () => ({ reply: undefined, writes }),
})
const labelled = (table: 'tags' | 'custom_fields', id: number, label: string): Write => ({
  kind: 'update',
  table,
  key: { company_id: 3, id },
  set: { label },
})

describe.each(backends)('definitions of a version on %s', (_, start) => {
  async function begin() {
    const api = await start()
    onTestFinished(() => api.close())
    return api
  }

  test('are not those of then where a change forgets what it replaces, whatever was known before', async () => {
    const { database } = await begin()
    const { version } = await database.definitions(3)
    const named = (email: string, more: { readonly forgets?: true } = {}): Write => {
      return { kind: 'update', table: 'users', key: { company_id: 3, id: 31 }, set: { email }, ...more }
    }
    await database.transact(change(named('b@c.example')))
    await database.transact(change(labelled('tags', 7, 'Second')))
    const emailAt = async (at: number) => (await database.definitions(3, at)).users.get(31)?.email
    expect(await emailAt(version)).toBe('user31@our.example')
    expect(await emailAt(version + 1)).toBe('b@c.example')
    await database.transact(change(named('none@erased.invalid', { forgets: true })))
    expect(await emailAt(version + 1)).toBe('none@erased.invalid')
    expect(await emailAt(version), 'an earlier change did keep it').toBe('user31@our.example')
  })

  test('are those of then, after renames, removals and additions', async () => {
    const { database } = await begin()
    const first = await database.definitions(3)
    const tag = first.tags.get(7)
    if (tag === undefined) throw new Error('the fixture has no tag 7')
    const option = { company_id: 3, custom_field_id: 6, id: 2 }
    await database.transact(change(labelled('tags', 7, 'Second'), labelled('custom_fields', 6, 'Second')))
    await database.transact(
      change({ kind: 'update', table: 'users', key: { company_id: 3, id: 31 }, set: { email: 'b@c.example' } }),
    )
    await database.transact(change({ kind: 'delete', table: 'custom_field_options', key: option }))
    await database.transact(
      change(labelled('tags', 7, 'Third'), { kind: 'delete', table: 'tags', key: { company_id: 3, id: 8 } }),
    )
    await database.transact(
      change({ kind: 'insert', table: 'tags', row: { ...tag, id: 900, uuid: 'new', label: 'New' } }),
    )

    const labels = []
    for (let version = first.version; version <= first.version + 5; version += 1) {
      const { tags, fields, users } = await database.definitions(3, version)
      const field = fields.get(6)
      labels.push([
        tags.get(7)?.label,
        tags.get(8)?.label,
        field?.label,
        field?.options.get(2)?.label,
        users.get(31)?.email,
      ])
    }
    const [before, user] = ['Option 2', 'user31@our.example']
    expect(labels).toEqual([
      ['Tag 7', 'Tag 8', 'Field 6', before, user],
      ['Second', 'Tag 8', 'Second', before, user],
      ['Second', 'Tag 8', 'Second', before, 'b@c.example'],
      ['Second', 'Tag 8', 'Second', undefined, 'b@c.example'],
      ['Third', undefined, 'Second', undefined, 'b@c.example'],
      ['Third', undefined, 'Second', undefined, 'b@c.example'],
    ])
    const now = await database.definitions(3)
    expect([now.version, now.tags.get(7)?.label, now.tags.get(900)?.label]).toEqual([first.version + 5, 'Third', 'New'])
  })

  test('tell an event with the labels of its moment', async () => {
    const api = await begin()
    expect((await api.patch('/api/v1/leads/4711', { tags: [16] })).status).toBe(200)
    await api.database.transact(change(labelled('tags', 16, 'Renamed')))
    expect((await api.patch('/api/v1/leads/4711', { status: 'lost' })).status).toBe(200)
    const feed = (await api.get('/api/v1/events?after=3')).body
    expect(feed.map((event: { lead: { tags: unknown } }) => event.lead.tags)).toEqual([
      [expect.objectContaining({ label: 'Tag 16' })],
      [expect.objectContaining({ label: 'Renamed' })],
    ])
    expect((await api.lead()).tags).toEqual([expect.objectContaining({ label: 'Renamed' })])
  })

  test('are refused of a company that is not there', async () => {
    const { database } = await begin()
    await expect(database.definitions(999, 1)).rejects.toMatchObject({ failure: 'unavailable' })
  })
})
