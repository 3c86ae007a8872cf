import { describe, expect, onTestFinished, test } from 'vitest'
import { lastSequenceOf, readLog, sequenceAt } from '../../src/events/tell.ts'
import { backends, type Start } from '../backends.ts'
import { userUuid, uuidOf } from '../fixture.ts'
import { handClock } from '../kernel/hand-clock.ts'

const company = { id: 3, uuid: uuidOf(1, 3) }
const all = { after: 0, limit: 1000 }

describe.each(backends)('the log as it is told on %s', (_, start) => {
  const startApi = async (options?: Start) => {
    const api = await start(options)
    onTestFinished(() => api.close())
    return api
  }

  test('is read in order, from behind a number on, and no further than asked', async () => {
    const { database } = await startApi()
    const read = async (after: number, limit: number) =>
      (await readLog(database, company, { after, limit })).map(({ sequence }) => sequence)
    expect(await read(0, 1000)).toEqual([1, 2, 3])
    expect(await read(1, 1)).toEqual([2])
    expect(await read(3, 1000)).toEqual([])
  })

  test('names who did it, what it touched and the lead right after', async () => {
    const api = await startApi()
    await api.patch('/api/v1/leads/4711', { status: 'lost', company_name: 'Süd AG' })

    const [told] = await readLog(api.database, company, { after: 3, limit: 1 })

    expect(told).toEqual({
      sequence: 4,
      leadId: 4711,
      name: 'lead_updated',
      at: (await api.events())[3]?.at,
      members: expect.toSatisfy((members: string[]) => members.toSorted().join() === 'company_name,status'),
      userUuid: userUuid(31),
      body: {
        company_uuid: company.uuid,
        user_uuid: userUuid(31),
        event_id: 'lead_updated',
        lead: expect.objectContaining({ id: 4711, status: 'lost', company_name: 'Süd AG' }),
        changed_fields: told?.members,
        changes: {
          status: { old: 'new', new: 'lost' },
          company_name: { old: 'Nordlicht GmbH', new: 'Süd AG' },
        },
      },
    })
  })

  test('names the nil uuid when it was no user', async () => {
    const { database } = await startApi()
    const [told] = await readLog(database, company, all)
    const nil = '00000000-0000-0000-0000-000000000000'
    expect([told?.userUuid, told?.body?.user_uuid]).toEqual([nil, nil])
  })

  test('has no body where retention has emptied an event, and keeps the event', async () => {
    const { database } = await startApi()
    await database.transact({
      companyId: 3,
      keys: {},
      decide: () => ({
        reply: undefined,
        writes: [{ kind: 'update', table: 'events', key: { company_id: 3, sequence: 2 }, set: { payload: null } }],
      }),
    })
    const told = await readLog(database, company, all)
    expect(told.map(({ sequence, body }) => [sequence, body === undefined])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ])
    expect(told[1]).toMatchObject({ leadId: 4713, name: 'lead_created' })
  })

  test('ends with the number of the newest event; an unknown company has none', async () => {
    const api = await startApi()
    expect(await lastSequenceOf(api.database, 3)).toBe(3)
    await api.patch('/api/v1/leads/4711', { status: 'lost' })
    expect(await lastSequenceOf(api.database, 3)).toBe(4)
    expect(await lastSequenceOf(api.database, 999)).toBe(0)
  })

  test('is found by time: the first event of that time or later', async () => {
    const clock = handClock()
    const api = await startApi({ clock })
    const begin = clock.now()
    for (const status of ['contacted', 'qualified', 'lost', 'new']) {
      expect((await api.patch('/api/v1/leads/4711', { status })).status).toBe(200)
      clock.move(1_000)
    }
    expect((await api.events()).slice(3).map(({ at }) => at - begin)).toEqual([0, 1_000, 2_000, 3_000])
    const found = (at: number) => sequenceAt(api.database, 3, at)
    expect(await found(0)).toBe(1)
    expect(await found(begin)).toBe(4)
    expect(await found(begin + 1)).toBe(5)
    expect(await found(begin + 1_000)).toBe(5)
    expect(await found(begin + 2_500)).toBe(7)
    expect(await found(begin + 3_000)).toBe(7)
    expect(await found(begin + 3_001)).toBe(8)
    expect(await sequenceAt(api.database, 999, begin)).toBe(1)
  })
})
