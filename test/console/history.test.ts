import { describe, expect, test } from 'vitest'
import { chosenOf, contested } from '../../console/leads/conflict-choice.ts'
import { backOf, byDay, entryOf, onlyOf, setChange, shownDay } from '../../console/leads/history-rows.ts'
import type { ShownLead } from '../../console/leads/members.ts'

type Row = Parameters<typeof entryOf>[0]

const aRow = (more: Partial<Row>): Row => ({
  sequence: 1,
  version: 1,
  event: 'lead_updated',
  at: '2026-03-02T09:15:27.482Z',
  actor: { user_uuid: null, user: null, key: null },
  names: { tags: [], users: [], customFields: [] },
  request_id: null,
  changes: {},
  ...more,
})

describe('a row of the history', () => {
  test('tells what became of the lead', () => {
    expect(entryOf(aRow({ event: 'lead_created' })).told).toBe('created')
    expect(entryOf(aRow({ event: 'lead_deleted', changes: { archived: { old: false, new: true } } })).told).toBe(
      'deleted',
    )
    expect(entryOf(aRow({ changes: { archived: { old: true, new: false } } })).told).toBe('restored')
    expect(entryOf(aRow({ changes: { status: { old: 'new', new: 'lost' } } })).told).toBe('changed')
    expect(entryOf(aRow({})).told).toBe('emptied')
  })

  test('has each custom field as a member of its own', () => {
    const old = [
      { customFieldId: 5, value: { number: 1 } },
      { customFieldId: 6, value: null },
    ]
    const now = [
      { customFieldId: 5, value: null },
      { customFieldId: 6, value: { multi_select: [2, 3] } },
    ]
    const entry = entryOf(aRow({ changes: { customFields: { old, new: now }, tags: { old: [1], new: [1, 2] } } }))
    expect(entry.changes).toEqual([
      { member: 'tags', from: [1], to: [1, 2] },
      { member: 'field:5', from: 1, to: null },
      { member: 'field:6', from: null, to: [2, 3] },
    ])
    expect(onlyOf([entry], 'field:5').map(({ changes }) => changes)).toEqual([
      [{ member: 'field:5', from: 1, to: null }],
    ])
    expect(onlyOf([entry], 'status')).toEqual([])
  })

  test('is taken back by the opposite', () => {
    const entry = entryOf(aRow({ changes: { status: { old: 'new', new: 'lost' } } }))
    expect(backOf(entry)).toEqual([{ member: 'status', from: 'lost', to: 'new' }])
  })

  test('tells what a set has gained and lost', () => {
    expect(setChange({ member: 'tags', from: [1, 2], to: [2, 3] })).toEqual({ added: [3], removed: [1] })
    expect(setChange({ member: 'field:6', from: null, to: [2] })).toEqual({ added: [2], removed: [] })
    expect(setChange({ member: 'status', from: 'new', to: 'lost' })).toBeUndefined()
    expect(setChange({ member: 'field:5', from: null, to: 3 })).toBeUndefined()
  })
})

test('rows of one day stand together, the newest day first', () => {
  const rows = ['2026-03-02T12:00:00Z', '2026-03-02T11:00:00Z', '2026-03-01T12:00:00Z']
  const days = byDay(rows.map((at, sequence) => entryOf(aRow({ at, sequence }))))
  expect(days.map(({ day, entries }) => [day, entries.length])).toEqual([
    ['2026-03-02', 2],
    ['2026-03-01', 1],
  ])
  const now = new Date('2026-03-02T12:00:00')
  expect([shownDay('2026-03-02', now), shownDay('2026-03-01', now)]).toEqual(['Today', 'Yesterday'])
  expect(shownDay('2025-03-01', now)).toMatch(/2025/)
})

describe('a conflict', () => {
  const none = { tags: [], assigned_users: [], partnership_leads: [], campaign_partners: [], lead_deals: [] }
  const stored: ShownLead = {
    ...none,
    id: 789,
    uuid: '',
    created_at: '',
    updated_at: '',
    source: 'manual',
    company_name: 'Theirs',
    email: null,
    phone_number: null,
    first_name: 'Ada',
    last_name: 'Berg',
    status: 'lost',
    partner_type: null,
    company_id: 3,
    created_by_user_id: null,
    campaign_id: null,
    campaign_title: null,
    external_id: null,
  }
  const company = { member: 'company_name', from: 'Original', to: 'Mine' } as const
  const status = { member: 'status', from: 'new', to: 'lost' } as const
  const first = { member: 'first_name', from: 'Ada', to: 'Eva' } as const
  const last = { member: 'last_name', from: 'Ost', to: null } as const
  const changes = [company, status, first, last]

  test('is about what holds neither the original nor what is wanted', () => {
    expect(contested(stored, changes)).toEqual([company, last])
  })

  test('is settled member by member, from what is stored now; the others stay as wanted', () => {
    expect(chosenOf(stored, changes, (member) => (member === 'company_name' ? 'mine' : 'theirs'))).toEqual([
      { member: 'company_name', from: 'Theirs', to: 'Mine' },
      status,
      first,
    ])
    expect(chosenOf(stored, [company, last], () => 'theirs')).toEqual([])
  })
})
