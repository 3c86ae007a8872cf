import { describe, expect, test } from 'vitest'
import type { Fault } from '../../src/contract/failures.ts'
import { readPatch } from '../../src/leads/patch.ts'
import { resolve } from '../../src/leads/resolve.ts'
import { definitionsOf, fieldUuid, tagUuid, userUuid } from '../fixture.ts'
import { aLead, decided, expectFaults, expectNoChange, held, refusalFrom } from './examples.ts'

const lists = (body: unknown, lead = aLead()) => {
  const faults: Fault[] = []
  const resolved = resolve(readPatch(body), lead, definitionsOf(3), faults)
  expect(faults).toEqual([])
  return resolved
}
const setting = (customFieldId: unknown, value: unknown, type?: string) => ({
  customFields: [{ customFieldId, value, ...(type !== undefined && { type }) }],
})
/** What field `id` holds after the value was set. */
const kept = (id: number, value: unknown) => decided(setting(id, value)).lead.custom_fields[id]?.value
const refused = (id: number, value: unknown, message: string): void =>
  expectFaults(setting(id, value), [['/customFields/0', message]])
const fullLead = aLead({
  custom_fields: {
    5: held(1, 2.5),
    6: held(2, 3),
    7: held(3, [2, 1]),
    10: held(4, '2026-01-31'),
    11: held(5, false),
    12: held(6, 'a\nb'),
  },
})

describe('tags', () => {
  test('every form names the same tag, the first mention counts', () => {
    expect(lists({ tags: ['8', { id: 7 }, 8, tagUuid(7).toUpperCase(), { uuid: tagUuid(8) }, 7] }).tags).toEqual([8, 7])
  })

  test('with id and uuid the id decides', () => {
    expect(
      lists({
        tags: [
          { id: 7, uuid: tagUuid(8) },
          { id: '8', uuid: tagUuid(90) },
        ],
      }).tags,
    ).toEqual([7, 8])
    expectFaults({ tags: [{ id: 999, uuid: tagUuid(8) }] }, [['/tags/0', 'Invalid tag IDs: 999']])
  })

  test('unknown, foreign and of another kind are refused with one text that names them all', () => {
    const places = [
      ['/tags/1', 'Invalid tag IDs: 999'],
      ['/tags/2', 'Invalid tag IDs: 90'],
      ['/tags/4', 'Invalid tag IDs: 15'],
      ['/tags/5', 'Invalid tag IDs: 17'],
      ['/tags/6', 'Invalid tag IDs: 999'],
    ] as const
    const sent = { tags: [7, 999, 90, 8, 15, 17, 999] }
    expectFaults(sent, places, aLead(), 'Invalid tag IDs: 999, 90, 15, 17')
    expectFaults({ tags: [tagUuid(90)] }, [['/tags/0', `Invalid tag IDs: ${tagUuid(90)}`]])
    expectFaults({ tags: [9007199254740991] }, [['/tags/0', 'Invalid tag IDs: 9007199254740991']])
  })

  test('an id that is wrong twice is named once', () => {
    const { message, faults } = refusalFrom(() => decided({ tags: [999, '999', { id: 999 }, 40] }))
    expect(message).toBe('Invalid tag IDs: 999, 40')
    expect(faults.map(({ path }) => path)).toEqual(['/tags/0', '/tags/1', '/tags/2', '/tags/3'])
  })

  test('a tag for another type of partner is accepted', () => {
    expect(lists({ tags: [16] }).tags).toEqual([16])
  })

  test('an archived tag stays where it stands, and is not set anew', () => {
    const withArchived = aLead({}, 4713)
    expect(lists({ tags: [17] }, withArchived).tags).toEqual([17])
    expect(lists({ tags: [8, tagUuid(17)] }, withArchived).tags).toEqual([8, 17])
    expectNoChange({ tags: [17, 7] }, withArchived)
    const without = decided({ tags: [7] }, withArchived).lead
    expect(without.tags).toEqual([7])
    expectFaults({ tags: [7, 17] }, [['/tags/1', 'Invalid tag IDs: 17']], without)
  })
})

describe('assigned users', () => {
  test('every form names the same user', () => {
    const sent = [32, '31', userUuid(32).toUpperCase(), { uuid: userUuid(31) }, { id: '32', email: 'x' }]
    expect(lists({ assignedUsers: sent }).assignedUsers).toEqual([32, 31])
  })

  test('unknown and foreign users are refused', () => {
    const places = [
      ['/assignedUsers/0', 'Invalid user IDs: 44'],
      ['/assignedUsers/2', 'Invalid user IDs: 999'],
      ['/assignedUsers/3', `Invalid user IDs: ${userUuid(44)}`],
    ] as const
    const error = `Invalid user IDs: 44, 999, ${userUuid(44)}`
    expectFaults({ assignedUsers: [44, 31, 999, userUuid(44)] }, places, aLead(), error)
  })

  test('a disabled or indirect user is not assigned anew, but stays', () => {
    const nobody = aLead({ assigned_users: [] })
    expectFaults({ assignedUsers: [33] }, [['/assignedUsers/0', 'Invalid user IDs: 33']], nobody)
    expectFaults({ assignedUsers: [31, 34] }, [['/assignedUsers/1', 'Invalid user IDs: 34']], nobody)
    const both = aLead({ assigned_users: [33, 34] })
    expectNoChange({ assignedUsers: [{ id: 34 }, userUuid(33)] }, both)
    expect(lists({ assignedUsers: [34, 32] }, both).assignedUsers).toEqual([34, 32])
  })

  test('an invited user is accepted', () => {
    expect(lists({ assignedUsers: [35] }).assignedUsers).toEqual([35])
  })
})

describe('a custom field', () => {
  test('is named by number, digits or uuid', () => {
    for (const id of [5, '5', fieldUuid(5), fieldUuid(5).toUpperCase()]) {
      expect(lists(setting(id, { number: 4 })).customFields).toEqual(new Map([[5, 4]]))
    }
  })

  test('that is unknown, foreign or not of leads is refused', () => {
    for (const id of [99, 91, 13, fieldUuid(91), fieldUuid(13)]) {
      for (const value of [{ number: 1 }, { text: 'x' }, null]) {
        expectFaults(setting(id, value), [['/customFields/0', `Invalid custom field ID: ${id}`]])
      }
    }
    expectFaults(setting('99', null), [['/customFields/0', 'Invalid custom field ID: 99']])
  })

  test('twice in one body is refused, by any of its names', () => {
    const again = { customFieldId: fieldUuid(5), value: { number: 1 } }
    expectFaults({ customFields: [{ customFieldId: 5, value: { number: 1 } }, again, { customFieldId: '5' }] }, [
      ['/customFields/1', 'Duplicate custom field ID: 5'],
      ['/customFields/2', 'Duplicate custom field ID: 5'],
    ])
  })

  test('takes a request that names its type, or none', () => {
    expect(lists(setting(5, { number: 1 }, 'number')).customFields).toEqual(new Map([[5, 1]]))
    expect(lists(setting(12, { text: 'a' }, 'text')).customFields).toEqual(new Map([[12, 'a']]))
    expect(lists(setting(9, { text: 'a' }, 'textarea')).customFields).toEqual(new Map([[9, 'a']]))
    expect(lists({ customFields: [{ customFieldId: 5, type: null, value: { number: 1 } }] }).customFields.size).toBe(1)
  })

  test('refuses a request that names another type, clearing too', () => {
    for (const type of ['select', 'text', 'Number', '', 'colour', '__proto__']) {
      for (const value of [{ number: 1 }, { [type]: 1 }, null]) {
        expectFaults(setting(5, value, type), [['/customFields/0', 'Custom field 5 is of type number']])
      }
    }
    expectFaults(setting(7, null, 'select'), [['/customFields/0', 'Custom field 7 is of type multi_select']])
    expectFaults(setting(9, { text: 'x' }, 'date'), [['/customFields/0', 'Custom field 9 is of type text']])
  })

  test('asks for its own member of the value, and no other', () => {
    const wrong = [
      undefined,
      5,
      'x',
      true,
      [],
      {},
      { text: 'x' },
      { Number: 1 },
      { number: 1, text: 'x' },
      { value: 1 },
    ]
    for (const value of wrong) refused(5, value, 'Custom field 5 requires value.number')
    refused(5, { text: null }, 'Custom field 5 requires value.number')
    refused(6, { option: 1 }, 'Custom field 6 requires value.select')
    refused(7, { select: 1 }, 'Custom field 7 requires value.multi_select')
    refused(9, { textarea: 'x' }, 'Custom field 9 requires value.text')
    refused(10, { text: '2026-01-31' }, 'Custom field 10 requires value.date')
    refused(11, {}, 'Custom field 11 requires value.boolean')
    refused(12, { text: 'a', textarea: 'b' }, 'Custom field 12 requires value.text')
    refused(12, { number: 1 }, 'Custom field 12 requires value.text')
  })

  test('takes further members that are null', () => {
    expect(kept(5, { number: 1, text: null, select: null })).toBe(1)
    expect(kept(12, { text: null, textarea: 'a' })).toBe('a')
    expect(kept(12, { text: 'a', textarea: null })).toBe('a')
  })

  test.each([
    [5, 'number'],
    [6, 'select'],
    [7, 'multi_select'],
    [10, 'date'],
    [11, 'boolean'],
    [12, 'text'],
    [12, 'textarea'],
  ])('%i is cleared by null, and by {%s: null}', (id, key) => {
    for (const value of [null, { [key]: null }, { [key]: null, other: null }]) {
      expect(decided(setting(id, value), fullLead).lead.custom_fields).not.toHaveProperty(String(id))
      expectNoChange(setting(id, value))
    }
  })

  test('of text is cleared by "", of options by []', () => {
    expect(decided(setting(12, { text: '' }), fullLead).lead.custom_fields).not.toHaveProperty('12')
    expect(decided(setting(12, { textarea: '' }), fullLead).lead.custom_fields).not.toHaveProperty('12')
    expect(decided(setting(7, { multi_select: [] }), fullLead).lead.custom_fields).not.toHaveProperty('7')
  })

  test('that is required is not cleared; left alone it may be empty', () => {
    for (const value of [null, { text: null }, { text: '' }]) {
      refused(9, value, 'Custom field 9 is required')
      expectFaults(setting(9, value), [['/customFields/0', 'Custom field 9 is required']], aLead({ custom_fields: {} }))
    }
    expect(decided({ status: 'lost' }, aLead({ custom_fields: {} })).lead.status).toBe('lost')
    expect(kept(9, { text: ' ' })).toBe(' ')
  })
})

describe('the value of a number field', () => {
  test.each([0, -1, 1.5, 0.1, 1e300, -1e-300, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53])('%d', (number) => {
    expect(kept(5, { number })).toBe(number)
  })

  test('-0 is 0', () => {
    expect(Object.is(kept(5, { number: -0 }), 0)).toBe(true)
    expectNoChange(setting(5, { number: -0 }), aLead({ custom_fields: { 5: held(1, 0) } }))
  })

  test.each(['5', '', 'NaN', true, [5], {}, Number.POSITIVE_INFINITY, Number.NaN].map((number) => [number]))(
    '%s is none',
    (number) => {
      refused(5, { number }, 'Custom field 5 requires value.number')
    },
  )
})

describe('the value of a date field', () => {
  test.each([
    '2026-01-31',
    '2024-02-29',
    '2000-02-29',
    '0001-01-01',
    '9999-12-31',
    '2026-01-31T00:00Z',
    '2026-01-31T23:59:59Z',
    '2026-01-31T10:00:00.1Z',
    '2026-01-31T10:00:00.123456789Z',
    '2026-01-31T10:00:00+01:00',
    '2026-01-31T10:00:00-23:59',
  ])('%s is kept as sent', (date) => {
    expect(kept(10, { date })).toBe(date)
  })

  test.each(
    [
      ...['', '2026', '2026-01', '2026-1-31', '26-01-31', '20260131', '2026-00-10', '2026-13-01', '2026-01-00'],
      ...['2026-01-32', '2026-04-31', '2026-02-29', '1900-02-29', '2100-02-29', '0000-01-01', '10000-01-01'],
      ...['-2026-01-01', '+002026-01-01', '01/02/2026', '31.01.2026', '31 Jan 2026', ' 2026-01-31', '2026-01-31 '],
      ...['2026-01-31\n', '2026-01-31T', '2026-01-31T10', '2026-01-31T10:00:00', '2026-01-31T24:00:00Z', 'today'],
      ...['2026-01-31T10:60:00Z', '2026-01-31T10:00:61Z', '2026-02-30T10:00:00Z', '2026-01-31T10:00:00+24:00'],
      ...['2026-01-31 10:00:00Z', '2026-01-31T10:00:00.Z', '2026-01-31Z', '٢٠٢٦-٠١-٣١', '2026-01-31\0'],
      ...[1769817600, 1769817600000, true, [], {}, ['2026-01-31']],
    ].map((date) => [date]),
  )('%j is none', (date) => {
    refused(10, { date }, 'Custom field 10 requires value.date')
  })

  test('dates compare as text', () => {
    const lead = aLead({ custom_fields: { 10: held(1, '2026-01-31T10:00:00Z') } })
    expectNoChange(setting(10, { date: '2026-01-31T10:00:00Z' }), lead)
    const other = '2026-01-31T10:00:00.000Z'
    expect(decided(setting(10, { date: other }), lead).lead.custom_fields[10]).toEqual({ ...held(1, other) })
  })
})

describe('the value of a boolean field', () => {
  test('is true or false', () => {
    expect([kept(11, { boolean: true }), kept(11, { boolean: false })]).toEqual([true, false])
    for (const boolean of [0, 1, 'true', 'false', '', [], {}]) {
      refused(11, { boolean }, 'Custom field 11 requires value.boolean')
    }
  })
})

describe('the value of a text field', () => {
  test('is kept to the letter', () => {
    for (const text of [' ', ' a ', 'a\nb\r\n\t', 'e\u0301', '🐝', '\u200b', '<b>&amp;</b>', "'; --"]) {
      expect([kept(9, { text }), kept(12, { text })]).toEqual([text, text])
    }
  })

  test.each([
    [9, 10_000],
    [12, 100_000],
  ])('of field %i is at most %i code points', (id, max) => {
    for (const letter of ['a', '🐝']) {
      const longest = letter.repeat(max)
      expect(kept(id, { text: longest })).toBe(longest)
      refused(id, { text: `${longest}${letter}` }, `Custom field ${id} must be at most ${max} characters`)
      refused(id, { text: `${longest} ` }, `Custom field ${id} must be at most ${max} characters`)
    }
  })

  test('is text that can be stored', () => {
    for (const text of ['\0', 'a\0', '\ud800', '\udc00a']) {
      refused(9, { text }, 'Custom field 9 contains invalid characters')
      refused(12, { textarea: text }, 'Custom field 12 contains invalid characters')
    }
    for (const text of [5, true, [], {}, ['a']]) refused(9, { text }, 'Custom field 9 requires value.text')
  })
})

describe('the options of a field', () => {
  test('are named by id, as a number or digits', () => {
    expect([kept(6, { select: 3 }), kept(6, { select: '3' })]).toEqual([3, 3])
    expect(kept(7, { multi_select: [2, '2', 1, '1'] })).toEqual([2, 1])
  })

  test.each([
    [9, '9'],
    ['9', '9'],
    ['High', 'High'],
    ['Option 3', 'Option 3'],
    ['03', '03'],
    [' 3', ' 3'],
    ['', ''],
    [0, '0'],
    [-1, '-1'],
    [1.5, '1.5'],
    [2 ** 53, '9007199254740992'],
  ])('%j is none of them', (option, told) => {
    refused(6, { select: option }, `Invalid option for custom field 6: ${told}`)
    refused(7, { multi_select: [1, option] }, `Invalid option for custom field 7: ${told}`)
  })

  test('no other form names one', () => {
    for (const select of [true, [3], { id: 3 }, []]) refused(6, { select }, 'Custom field 6 requires value.select')
    for (const multi_select of [1, '1', true, {}, { 0: 1 }]) {
      refused(7, { multi_select }, 'Custom field 7 requires value.multi_select')
    }
    for (const element of [true, null, [1], { id: 1 }]) {
      refused(7, { multi_select: [1, element] }, 'Custom field 7 requires value.multi_select')
    }
  })

  test('of another field are not offered', () => {
    refused(7, { multi_select: [3] }, 'Invalid option for custom field 7: 3')
  })

  test('archived: kept where it stands, not set anew', () => {
    const lead = aLead({}, 4713)
    expectNoChange(setting(18, { select: 2 }), lead)
    expectNoChange(setting(18, { select: '2' }, 'select'), lead)
    refused(18, { select: 2 }, 'Invalid option for custom field 18: 2')
    const changed = decided(setting(18, { select: 1 }), lead).lead
    expect(changed.custom_fields[18]).toEqual(held(4, 1))
    expectFaults(setting(18, { select: 2 }), [['/customFields/0', 'Invalid option for custom field 18: 2']], changed)
    expect(decided(setting(18, null), lead).lead.custom_fields).not.toHaveProperty('18')
  })
})

describe('an archived field', () => {
  const lead = aLead({}, 4713)

  test('keeps its value: the same may be sent back, and it may be cleared', () => {
    expectNoChange(setting(14, { text: 'old' }), lead)
    expectNoChange(setting(fieldUuid(14), { text: 'old' }, 'text'), lead)
    expect(decided(setting(14, null), lead).lead.custom_fields).not.toHaveProperty('14')
    expect(decided(setting(14, { text: '' }), lead).lead.custom_fields).not.toHaveProperty('14')
  })

  test('takes no other value', () => {
    expectFaults(setting(14, { text: 'new' }), [['/customFields/0', 'Invalid custom field ID: 14']], lead)
    for (const value of [{ text: 'old' }, { text: '' }, null]) refused(14, value, 'Invalid custom field ID: 14')
    const cleared = decided(setting(14, null), lead).lead
    expectFaults(setting(14, { text: 'old' }), [['/customFields/0', 'Invalid custom field ID: 14']], cleared)
  })
})

test('faults come in the order tags, users, fields, each by its place in the list', () => {
  const field = (customFieldId: unknown, value: unknown) => ({ customFieldId, value })
  expectFaults(
    {
      customFields: [field(5, {}), field(9, null), field(99, null), field(6, { select: 'x' })],
      assignedUsers: [44],
      tags: [8, 90],
      status: 'lost',
    },
    [
      ['/tags/1', 'Invalid tag IDs: 90'],
      ['/assignedUsers/0', 'Invalid user IDs: 44'],
      ['/customFields/0', 'Custom field 5 requires value.number'],
      ['/customFields/1', 'Custom field 9 is required'],
      ['/customFields/2', 'Invalid custom field ID: 99'],
      ['/customFields/3', 'Invalid option for custom field 6: x'],
    ],
  )
})
