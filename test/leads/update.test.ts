import { describe, expect, test } from 'vitest'
import { readPatch } from '../../src/leads/patch.ts'
import { leadView } from '../../src/leads/state.ts'
import { updateLead } from '../../src/leads/update.ts'
import { definitionsOf, leadUuid, noon, tagUuid, userUuid, uuidOf } from '../fixture.ts'
import { aLead, aMoment, asEva, decided, expectNoChange, held, refusalFrom } from './examples.ts'

const field = (customFieldId: number, value: unknown) => ({ customFieldId, value })

describe('a patch', () => {
  test('changes the members it names and keeps the rest', () => {
    const lead = aLead()
    const { lead: saved, changes } = decided({ status: 'contacted', tags: [8, 7], first_name: ' Grace ' }, lead)
    expect(saved).toEqual({
      ...lead,
      status: 'contacted',
      tags: [8, 7],
      first_name: 'Grace',
      version: 2,
      last_sequence: 9,
      updated_at: noon + 86_400_000,
    })
    expect(changes).toEqual({
      first_name: { old: 'Ada', new: 'Grace' },
      status: { old: 'new', new: 'contacted' },
      tags: { old: [7], new: [8, 7] },
    })
  })

  test('writes only what it changes: one row of the lead and one event', () => {
    const { writes } = decided({ status: 'lost', company_name: 'Nordlicht GmbH', tags: [7] })
    expect(writes.map(({ kind, table }) => [kind, table])).toEqual([
      ['update', 'leads'],
      ['insert', 'events'],
    ])
    expect(writes[0]).toMatchObject({
      key: { company_id: 3, id: 4711 },
      set: { status: 'lost', updated_at: noon + 86_400_000, version: 2, last_sequence: 9 },
    })
    expect(Object.keys(writes[0]?.kind === 'update' ? writes[0].set : {})).toHaveLength(4)
  })

  test('answers the two ids and the new time', () => {
    const { reply } = decided({ status: 'lost' })
    expect(reply).toEqual({
      receipt: { id: 4711, uuid: leadUuid(4711), updated_at: '2026-01-16T12:00:00.000Z' },
      whole: null,
      version: 2,
    })
    expect(Object.keys(reply.receipt)).toEqual(['id', 'uuid', 'updated_at'])
    expect(decided({ status: 'lost' }, aLead(), { options: { wholeSeconds: true } }).reply.receipt).toMatchObject({
      updated_at: '2026-01-16T12:00:00Z',
    })
  })

  test('answers the whole lead where it is asked to, changed or not', () => {
    const options = { representation: true }
    const changed = decided({ status: 'lost' }, aLead(), { options })
    expect(changed.reply.whole).toEqual(leadView(changed.lead, definitionsOf(3), false))
    expect(decided({}, aLead(), { options }).reply.whole).toEqual(leadView(aLead(), definitionsOf(3), false))
  })

  test('may leave a lead without any contact member', () => {
    const body = { company_name: null, email: '', phone_number: ' ', first_name: null, last_name: '\n' }
    expect(decided(body).lead).toMatchObject({
      company_name: null,
      email: null,
      phone_number: null,
      first_name: null,
      last_name: null,
    })
  })

  test('any status follows any other', () => {
    const statuses = ['new', 'contacted', 'qualified', 'converted', 'lost'] as const
    for (const from of statuses) {
      for (const to of statuses.filter((status) => status !== from)) {
        expect(decided({ status: to }, aLead({ status: from })).lead.status).toBe(to)
      }
    }
  })
})

describe('a patch that changes nothing writes nothing', () => {
  test.each([
    [{}],
    [{ source: 'x', id: 5, uuid: 'x', updated_at: 'x', version: 9 }],
    [{ status: 'new' }],
    [{ company_name: '  Nordlicht GmbH\n', phone_number: null }],
    [{ phone_number: '' }],
    [{ tags: ['7', 7, { id: 7 }, tagUuid(7)] }],
    [{ assignedUsers: [33, 31] }],
    [{ assignedUsers: [{ uuid: userUuid(33) }, '31', 31] }],
    [{ customFields: [] }],
    [{ customFields: [field(9, { text: 'kept' }), field(5, null), field(7, { multi_select: [] })] }],
  ])('%j', (body) => {
    expectNoChange(body)
  })

  test('lists in another order keep the one that is stored', () => {
    const lead = aLead({ tags: [8, 7, 16], assigned_users: [33, 31, 32], custom_fields: { 7: held(1, [2, 1]) } })
    expectNoChange({ tags: [7, 8, 16] }, lead)
    expectNoChange({ assignedUsers: [31, 32, 33] }, lead)
    expectNoChange({ customFields: [field(7, { multi_select: [1, 2, 1] })] }, lead)
  })

  test('beside a change, an equal list keeps its order too', () => {
    const lead = aLead({ tags: [8, 7] })
    const { lead: saved, changes } = decided({ tags: [7, 8], status: 'lost' }, lead)
    expect(saved.tags).toEqual([8, 7])
    expect(Object.keys(changes)).toEqual(['status'])
  })

  test('a set of the same size is another set', () => {
    expect(decided({ tags: [8] }).lead.tags).toEqual([8])
    expect(decided({ tags: [] }).lead.tags).toEqual([])
    expect(decided({ assignedUsers: [31, 32] }).lead.assigned_users).toEqual([31, 32])
  })

  test('another case of an e-mail address is a change', () => {
    expect(decided({ email: 'Ada@Nordlicht.example' }).changes).toEqual({
      email: { old: 'ada@nordlicht.example', new: 'Ada@Nordlicht.example' },
    })
  })
})

describe('updated_at and version', () => {
  test('the time is that of the change', () => {
    expect(decided({ status: 'lost' }, aLead(), { moment: { now: noon + 5_000 } }).lead.updated_at).toBe(noon + 5_000)
  })

  test.each([
    ['stands still', 0],
    ['goes back a millisecond', -1],
    ['goes back a year', -365 * 86_400_000],
  ])('the time grows by a millisecond when the clock %s', (_name, ms) => {
    const updated_at = noon + 10_000
    let lead = aLead({ updated_at })
    for (const [index, status] of (['lost', 'new', 'lost'] as const).entries()) {
      lead = decided({ status }, lead, { moment: { now: updated_at + ms } }).lead
      expect(lead.updated_at).toBe(updated_at + index + 1)
      expect(lead.version).toBe(index + 2)
    }
  })

  test.each([
    ['tags', { tags: [8] }],
    ['users', { assignedUsers: [] }],
    ['custom values', { customFields: [field(5, { number: 1 })] }],
    ['a contact member', { phone_number: '1' }],
  ])('a change of %s alone moves them', (_name, body) => {
    expect(decided(body).lead).toMatchObject({ updated_at: noon + 86_400_000, version: 2 })
  })
})

describe('custom values', () => {
  test('a value keeps its id while the field has one, and is new after a clear', () => {
    const first = decided({ customFields: [field(5, { number: 1 })] }).lead
    expect(first.custom_fields[5]).toEqual({ id: 100, uuid: uuidOf(6, 100), value: 1 })
    const second = decided({ customFields: [field(5, { number: 2 })] }, first).lead
    expect(second.custom_fields[5]).toEqual({ id: 100, uuid: uuidOf(6, 100), value: 2 })
    const cleared = decided({ customFields: [field(5, null)] }, second).lead
    expect(Object.keys(cleared.custom_fields)).toEqual(['9'])
    const later = { nextId: () => 500, uuid: () => uuidOf(6, 500) }
    const again = decided({ customFields: [field(5, { number: 2 })] }, cleared, { moment: later }).lead
    expect(again.custom_fields[5]).toEqual({ id: 500, uuid: uuidOf(6, 500), value: 2 })
  })

  test('each listed field is set, those not listed stay', () => {
    const body = {
      customFields: [field(11, { boolean: false }), field(6, { select: '2' }), field(9, { text: 'kept' })],
    }
    const { lead, changes } = decided(body)
    expect(lead.custom_fields).toEqual({
      9: held(1, 'kept'),
      11: { id: 100, uuid: uuidOf(6, 100), value: false },
      6: { id: 101, uuid: uuidOf(6, 101), value: 2 },
    })
    expect(changes).toEqual({
      customFields: {
        old: [
          { customFieldId: 6, value: null },
          { customFieldId: 11, value: null },
        ],
        new: [
          { customFieldId: 6, value: { select: 2 } },
          { customFieldId: 11, value: { boolean: false } },
        ],
      },
    })
  })

  test('a change of one is told with what it was', () => {
    const lead = aLead({ custom_fields: { 7: held(1, [2, 1]), 12: held(2, 'a'), 9: held(3, 'kept') } })
    const customFields = [field(7, { multi_select: [1] }), field(12, null), field(9, { text: 'kept' })]
    expect(decided({ customFields }, lead).changes).toEqual({
      customFields: {
        old: [
          { customFieldId: 7, value: { multi_select: [2, 1] } },
          { customFieldId: 12, value: { text: 'a' } },
        ],
        new: [
          { customFieldId: 7, value: { multi_select: [1] } },
          { customFieldId: 12, value: null },
        ],
      },
    })
  })

  test('the stored lead is not touched by the decision', () => {
    const lead = aLead()
    const before = structuredClone(lead)
    decided({ tags: [8], customFields: [field(9, { text: 'other' }), field(5, { number: 1 })] }, lead)
    expect(lead).toEqual(before)
  })
})

describe('the event', () => {
  test('says who, when, which request, and where it stands in the chain', () => {
    const lead = aLead({ version: 6, last_sequence: 4 })
    expect(decided({ status: 'lost', email: null }, lead).event).toMatchObject({
      company_id: 3,
      sequence: 9,
      lead_id: 4711,
      version: 7,
      previous_sequence: 4,
      name: 'lead_updated',
      at: noon + 86_400_000,
      user_uuid: userUuid(31),
      key_id: 1,
      request_id: 'request-1',
      members: ['email', 'status'],
    })
  })

  test('holds the lead as it is afterwards, with names and uuids of this moment', () => {
    const body = {
      status: 'qualified',
      phone_number: '+49 30 1234567',
      tags: [7, 16],
      assignedUsers: [32],
      customFields: [field(6, { select: 2 }), field(7, { multi_select: [2, 1] })],
    }
    expect(decided(body).event?.payload?.state).toEqual({
      id: 4711,
      uuid: leadUuid(4711),
      created_at: noon + 4711,
      updated_at: noon + 86_400_000,
      source: 'manual',
      status: 'qualified',
      partner_type: 'referral',
      company_name: 'Nordlicht GmbH',
      email: 'ada@nordlicht.example',
      phone_number: '+49 30 1234567',
      first_name: 'Ada',
      last_name: 'Berg',
      external_id: null,
      created_by_user_uuid: userUuid(31),
      created_by_user_email: 'user31@our.example',
      created_by_user_first_name: 'Eva',
      created_by_user_last_name: 'Nr 31',
      custom_fields: [
        {
          uuid: uuidOf(4, 6),
          label: 'Field 6',
          type: 'select',
          value: { select: 2 },
          custom_field_value_uuid: uuidOf(6, 100),
          options: [{ id: 2, label: 'Option 2' }],
        },
        {
          uuid: uuidOf(4, 7),
          label: 'Field 7',
          type: 'multi_select',
          value: { multi_select: [2, 1] },
          custom_field_value_uuid: uuidOf(6, 101),
          options: [
            { id: 2, label: 'Option 2' },
            { id: 1, label: 'Option 1' },
          ],
        },
        {
          uuid: uuidOf(4, 9),
          label: 'Field 9',
          type: 'text',
          value: { text: 'kept' },
          custom_field_value_uuid: uuidOf(6, 1),
          options: [],
        },
      ],
      tags: [
        { uuid: tagUuid(7), label: 'Tag 7' },
        { uuid: tagUuid(16), label: 'Tag 16' },
      ],
      assigned_users: [{ uuid: userUuid(32), email: 'user32@our.example', first_name: 'Eva', last_name: 'Nr 32' }],
      received_from_company: [],
      sent_to_companies: [],
    })
  })
})

describe('strict handling', () => {
  const strict = { options: { strict: true } }

  test('refuses unknown members, also of a patch that changes nothing', () => {
    expect(refusalFrom(() => decided({ sorce: 1, status: 'new', stauts: 2 }, aLead(), strict))).toMatchObject({
      message: 'Unknown field: sorce',
      faults: [
        { path: '/sorce', message: 'Unknown field: sorce' },
        { path: '/stauts', message: 'Unknown field: stauts' },
      ],
    })
    expect(decided({ status: 'lost' }, aLead(), strict).lead.status).toBe('lost')
  })

  test('tells them behind all else', () => {
    const body = { aaa: 1, customFields: [field(99, null)], tags: [999] }
    expect(refusalFrom(() => decided(body, aLead(), strict)).faults.map(({ message }) => message)).toEqual([
      'Invalid tag IDs: 999',
      'Invalid custom field ID: 99',
      'Unknown field: aaa',
    ])
  })

  test('tells 100 at the most', () => {
    const body = Object.fromEntries(Array.from({ length: 150 }, (_value, index) => [`x${index}`, 1]))
    expect(refusalFrom(() => decided(body, aLead(), strict)).faults).toHaveLength(100)
  })
})

describe('the work', () => {
  const work = (
    body: unknown,
    ifMatch: readonly number[] | '*' | undefined = undefined,
    leadId: number | undefined = 4711,
  ) => updateLead(3, leadId, readPatch(body), { ...asEva, ifMatch })

  test('claims its lead, and an id for each custom value it may begin', () => {
    expect(work({ customFields: [field(5, null), field(6, null)] })).toMatchObject({
      companyId: 3,
      keys: { lead: 4711 },
      ids: { custom_values: 2 },
    })
  })

  test('a lead that is missing, archived or cannot be is not found, whatever the condition', () => {
    for (const ifMatch of [undefined, '*', [1], []] as const) {
      for (const lead of [undefined, aLead({ archived_at: noon })]) {
        const refusal = refusalFrom(() => work({ tags: [999] }, ifMatch).decide({ lead }, aMoment()))
        expect(refusal).toMatchObject({ status: 404, message: 'Lead not found or not accessible' })
      }
    }
  })

  test('a version that is not asked for is refused before references are looked at', () => {
    const lead = aLead({ version: 4 })
    for (const ifMatch of [[1, 3], []]) {
      const refusal = refusalFrom(() => work({ tags: [999] }, ifMatch).decide({ lead }, aMoment()))
      expect(refusal).toMatchObject({ status: 412, message: 'Lead was modified', faults: [] })
    }
    for (const ifMatch of [[1, 4], '*', undefined] as const) {
      expect(work({ status: 'lost' }, ifMatch).decide({ lead }, aMoment()).writes).toHaveLength(2)
    }
  })
})
