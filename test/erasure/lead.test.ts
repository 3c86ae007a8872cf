import { describe, expect, onTestFinished, test } from 'vitest'
import { endErasures, eraseLead, eraseLeads } from '../../src/erasure/lead.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import type { Database } from '../../src/storage/port.ts'
import { backends } from '../backends.ts'
import { keys, noon } from '../fixture.ts'
import { aLead, aMoment, refusalFrom } from '../leads/examples.ts'
import { asking, aTracedLead, holdsTrace, tablesWithTraces, wilhelmina } from './traces.ts'

const cause = { actor: undefined, requestId: undefined }

describe('what is decided of a lead', () => {
  const lead = aLead({ ...wilhelmina, version: 4, last_sequence: 9 })
  const decide = (present: typeof lead | undefined, hasDetails = false) =>
    eraseLead(lead, hasDetails, cause).decide({ lead: present }, aMoment())

  test('its row keeps nothing of the person, and the event of its deletion tells it so', () => {
    const [row, event] = decide(lead).writes
    expect(row).toMatchObject({ kind: 'update', table: 'leads', set: { erasure: 'begun', archived_at: aMoment().now } })
    expect(event).toMatchObject({
      table: 'events',
      row: { name: 'lead_deleted', members: ['erased'], version: 5, previous_sequence: 9 },
    })
    const { names, ...written } = row?.kind === 'update' ? row : { names: [] }
    expect(names, 'what gives the external id up says which').toEqual([wilhelmina.external_id])
    expect(holdsTrace(JSON.stringify([written, event]))).toBe(false)
  })

  test('what was sent along goes with it', () => {
    expect(decide(lead, true).writes).toContainEqual({
      kind: 'delete',
      table: 'lead_details',
      key: { company_id: 3, lead_id: 4711 },
    })
  })

  test('one that was deleted keeps the time of that, and is told of once more', () => {
    const { writes } = decide({ ...lead, archived_at: noon })
    expect(writes[0]).toMatchObject({ set: { archived_at: noon } })
    expect(writes).toHaveLength(2)
  })

  test('a second time changes nothing; what is not there is refused', () => {
    const erased = { ...lead, erasure: 'done', archived_at: noon, updated_at: noon } as const
    expect(decide(erased, true)).toEqual({ reply: { id: 4711, uuid: lead.uuid, erasedAt: noon }, writes: [] })
    expect(refusalFrom(() => decide(undefined))).toMatchObject({ failure: 'lead_not_found' })
  })
})

describe.each(backends)('erasing a lead on %s', (_, start) => {
  async function begin() {
    const api = await start()
    onTestFinished(() => api.close())
    return { api, ...asking(api) }
  }

  test('nothing of the person is left in any table, and the lead is found no more', async () => {
    const { api, erase, send } = await begin()
    const { id, uuid } = await aTracedLead(api)
    expect(await tablesWithTraces(api)).toEqual(
      expect.arrayContaining([
        'leads',
        'lead_details',
        'events',
        'saved_views',
        'imports',
        'import_rows',
        'idempotency_keys',
      ]),
    )

    const reply = await erase(id)

    expect(reply).toMatchObject({ status: 200, body: { id, uuid, erased_at: expect.stringMatching(/Z$/) } })
    expect(await tablesWithTraces(api)).toEqual([])
    expect(await api.get(`/api/v1/leads/${id}`)).toMatchObject({ status: 404 })
    expect(await api.get(`/api/v1/leads/${id}/history`)).toMatchObject({ status: 404 })
    expect((await api.get('/api/v1/leads?search=quastenberg')).body).toEqual([])
    expect(await send('PATCH', `/leads/${id}`, { first_name: 'Wilhelmina' })).toMatchObject({ status: 404 })
  })

  test('a list that was asked for before finds nothing of it any more', async () => {
    const { api, erase } = await begin()
    const { id } = await aTracedLead(api)
    const search = async () => (await api.get('/api/v1/leads?search=quastenberg&sort=[{"type":"last_name"}]')).body
    expect(await search()).toHaveLength(1)
    await erase(id)
    expect(await search()).toEqual([])
  })

  test('the feed tells that the changes happened and no more, and of the deletion a lead without members', async () => {
    const { api, erase } = await begin()
    const { id, uuid } = await aTracedLead(api)
    await erase(id)
    const events = (await api.get('/api/v1/events?after=3')).body
    expect(events).toHaveLength(5)
    for (const [at, event] of events.slice(0, 4).entries()) {
      const event_id = at === 0 ? 'lead_created' : 'lead_updated'
      expect(event).toEqual({ sequence: at + 4, at: expect.any(Number), event_id, erased: true })
    }
    expect(events[4]).toMatchObject({
      event_id: 'lead_deleted',
      changed_fields: ['erased'],
      changes: { erased: { old: false, new: true } },
      lead: {
        id,
        uuid,
        email: null,
        first_name: null,
        company_name: null,
        tags: [],
        custom_fields: [],
        status: 'qualified',
      },
    })
  })

  test('it is not restored, a second time is as the first, and another key or company may not', async () => {
    const { api, erase, send } = await begin()
    const { id, uuid } = await aTracedLead(api)
    expect(await erase(id, keys.full)).toMatchObject({ status: 403 })
    expect(await erase(id, keys.otherAdmin)).toMatchObject({ status: 404 })
    expect(await erase(999_999)).toMatchObject({ status: 404, body: { error: 'Lead not found or not accessible' } })
    const first = await erase(uuid)
    const { length } = await api.events()
    expect(await erase(id)).toMatchObject({ status: 200, body: first.body })
    expect(await api.events()).toHaveLength(length)
    expect(await send('POST', `/leads/${id}/restore`, undefined, {}, keys.admin)).toMatchObject({
      status: 409,
      body: { error: 'Lead was erased and cannot be restored' },
    })
  })

  test('a lead that was deleted before is erased too, and told of once more', async () => {
    const { api, erase, send } = await begin()
    const { id } = await aTracedLead(api)
    await send('DELETE', `/leads/${id}`)
    expect(await erase(id)).toMatchObject({ status: 200 })
    expect(await tablesWithTraces(api)).toEqual([])
    const told = (await api.events())
      .filter(({ lead_id }) => lead_id === id)
      .map(({ name, members }) => [name, members])
    expect(told.slice(-2)).toEqual([
      ['lead_deleted', []],
      ['lead_deleted', ['erased']],
    ])
  })

  test('its external id is free, and what only its own uses held up can be deleted', async () => {
    const { api, erase, send } = await begin()
    const { id } = await aTracedLead(api)
    await erase(id)
    expect(
      await send('POST', '/leads', {
        external_id: wilhelmina.external_id,
        customFields: [{ customFieldId: 9, value: { text: 'x' } }],
      }),
    ).toMatchObject({ status: 201 })
    await send('PATCH', '/tags/8', { archived: true }, {}, keys.admin)
    expect(await send('DELETE', '/tags/8', undefined, {}, keys.admin)).toMatchObject({ status: 204 })
    expect(await api.lead()).toMatchObject({ id: 4711, email: 'ada@nordlicht.example' })
  })

  test('a history of any length is emptied', async () => {
    const { api, erase, send } = await begin()
    const { id } = await aTracedLead(api)
    for (let at = 0; at < 6; at += 1) {
      const operations = Array.from({ length: 100 }, (_unused, one) => ({
        op: 'update',
        by: 'id',
        key: id,
        lead: { last_name: `Quastenberg ${at} ${one}` },
      }))
      await send('POST', '/leads/batch', { operations })
    }
    await erase(id)
    expect(await tablesWithTraces(api)).toEqual([])
    expect((await api.events()).filter(({ payload }) => payload === null)).toHaveLength(604)
  })

  test('cut off behind any commit, it is whole when it is asked for again', async () => {
    const { api } = await begin()
    for (let commits = 0; ; commits += 1) {
      const { id } = await aTracedLead(api)
      const { database, isSpent } = failingAfter(api.database, commits)
      await eraseLeads(database, 3, [id], { ...cause, clock: systemClock }).catch(() => {})
      await eraseLeads(api.database, 3, [id], { ...cause, clock: systemClock })
      expect(await tablesWithTraces(api), `cut off behind ${commits} commits`).toEqual([])
      if (!isSpent()) return expect(commits).toBeGreaterThanOrEqual(5)
    }
  })

  test('cut off once the lead is marked, it is ended by itself', async () => {
    const { api } = await begin()
    const later = { ...systemClock, now: () => systemClock.now() + 120_000 }
    for (let commits = 0; ; commits += 1) {
      const { id } = await aTracedLead(api)
      const { database, isSpent } = failingAfter(api.database, commits)
      await eraseLeads(database, 3, [id], { ...cause, clock: systemClock }).catch(() => {})
      const marked = await api.database.read('leads', { company_id: 3, id })
      await endErasures(api.database, later)
      const after = await api.database.read('leads', { company_id: 3, id })
      expect(after?.erasure).toBe(marked?.erasure === null ? null : 'done')
      await eraseLeads(api.database, 3, [id], { ...cause, clock: systemClock })
      if (marked?.erasure !== null) expect(await tablesWithTraces(api), `behind ${commits} commits`).toEqual([])
      if (!isSpent()) return
    }
  })
})

/** A storage that fails behind so many commits, as when its process is killed. */
function failingAfter(real: Database, commits: number): { database: Database; isSpent: () => boolean } {
  let left = commits
  let spent = false
  const transact: Database['transact'] = (work, once) => {
    if (left > 0) {
      left -= 1
      return real.transact(work, once)
    }
    spent = true
    return Promise.reject(new Error('the process is gone'))
  }
  return { database: Object.create(real, { transact: { value: transact } }), isSpent: () => spent }
}
