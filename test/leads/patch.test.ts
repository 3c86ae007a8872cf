import { describe, expect, test } from 'vitest'
import { unknownMembers } from '../../src/http/body-reader.ts'
import { readPatch } from '../../src/leads/patch.ts'
import { tagUuid, userUuid } from '../fixture.ts'
import { expectFaults, refusalFrom } from './examples.ts'

const tagsText = 'tags must be an array of tag IDs'
const usersText = 'assignedUsers must be an array of user IDs'
const statusText = 'Invalid status. Options: new, contacted, qualified, converted, lost'
const limits = [
  ['company_name', 255],
  ['phone_number', 64],
  ['first_name', 255],
  ['last_name', 255],
] as const
const members = ['email', ...limits.map(([member]) => member)] as const

const contactOf = (member: string, sent: unknown): unknown =>
  Object.entries(readPatch({ [member]: sent }).contact).find(([name]) => name === member)?.[1]
/** The faults of the shape alone, with nothing looked up. */
const faultsOf = (body: unknown): string[][] =>
  refusalFrom(() => readPatch(body)).faults.map(({ path, message }) => [path, message])

describe('a body', () => {
  test.each([undefined, null, [], [{}], 'x', '', 5, 0, true, false].map((body) => [body]))(
    'of %j is no JSON object',
    (body) => {
      expect(refusalFrom(() => readPatch(body))).toMatchObject({
        failure: 'body_not_object',
        message: 'Request body must be a JSON object',
        faults: [],
      })
    },
  )

  test('without a member says nothing', () => {
    expect(readPatch({})).toEqual({
      contact: {},
      status: undefined,
      assignedUsers: undefined,
      tags: undefined,
      customFields: undefined,
      ignored: [],
    })
  })

  test('names what is not known, in its order, and reads nothing of it', () => {
    const body = JSON.parse('{"id":5,"status":"new","__proto__":{"tags":[]},"assigned_users":7,"toString":{},"":1}')
    const patch = readPatch(body)
    expect(patch).toMatchObject({ status: 'new', tags: undefined, assignedUsers: undefined })
    expect(patch.ignored).toEqual(['id', '__proto__', 'assigned_users', 'toString', ''])
  })

  test('members that are inherited are not there', () => {
    expect(readPatch(Object.create({ status: 'lost', tags: [], email: 5 }))).toEqual(readPatch({}))
  })

  test('strict handling refuses each unknown member, by its JSON Pointer', () => {
    const patch = readPatch({ sorce: 1, 'a/b~c': 2, 'd\ud800': 3 })
    expect(unknownMembers(patch.ignored)).toEqual([
      { path: '/sorce', message: 'Unknown field: sorce' },
      { path: '/a~1b~0c', message: 'Unknown field: a/b~c' },
      { path: '/d\ufffd', message: 'Unknown field: d\ufffd' },
    ])
  })
})

describe('contact members', () => {
  test.each(members)('%s: null, "" and white space are no value', (member) => {
    for (const blank of [null, '', ' ', '\t\r\n', '\u00a0', '\u3000', '\ufeff', '\u2028\u2029']) {
      expect(contactOf(member, blank)).toBeNull()
    }
  })

  test.each(limits)('%s: white space around it goes, inside it stays', (member) => {
    expect(contactOf(member, '\u00a0\t a  b\n c \r\n\u3000')).toBe('a  b\n c')
    expect(contactOf(member, '\u200b a')).toBe('\u200b a') // a zero-width space is no white space
  })

  test.each(limits)('%s: at most %i code points, counted after trimming', (member, max) => {
    for (const letter of ['a', 'ß', '漢', '🐝']) {
      const longest = letter.repeat(max)
      expect(contactOf(member, longest)).toBe(longest)
      expect(contactOf(member, `${' '.repeat(999)}${longest}\n`)).toBe(longest)
      expectFaults({ [member]: `${longest}${letter}` }, [[`/${member}`, `${member} must be at most ${max} characters`]])
    }
    const family = '👨‍👩‍👧'
    expectFaults({ [member]: family.repeat(max / 4) }, [[`/${member}`, `${member} must be at most ${max} characters`]])
  })

  test.each(members)('%s: nothing but text', (member) => {
    for (const other of [5, 0, Number.NaN, true, false, [], {}, ['a'], { value: 'a' }]) {
      expectFaults({ [member]: other }, [[`/${member}`, `${member} must be a string`]])
    }
  })

  test.each(members)('%s: U+0000 and lone surrogates are refused, other characters are not', (member) => {
    for (const wrong of ['\0', 'a\0', ' \0 ', '\ud800', '\udfff', 'a\ud83d', '\udc1d\ud83d']) {
      expectFaults({ [member]: wrong }, [[`/${member}`, `${member} contains invalid characters`]])
    }
    if (member === 'email') return
    for (const odd of [
      '\u0001',
      '\u001b[31m',
      '\ufffd',
      '\uffff',
      '🐝',
      'e\u0301',
      '\u202e',
      "'; DROP TABLE leads; --",
    ]) {
      expect(contactOf(member, `a${odd}b`)).toBe(`a${odd}b`)
    }
  })

  test('text is not normalised', () => {
    expect(contactOf('first_name', 'Andre\u0301')).toBe('Andre\u0301')
    expect(contactOf('first_name', 'André')).toBe('André')
  })
})

describe('email', () => {
  test.each([
    'a@b',
    'Ada.Berg+test@Nordlicht.example',
    'ada@nordlicht',
    "o'hara_x-y!#$%&*/=?^`{|}~@x.example",
    'ä@ü.example',
    'x@[192.0.2.1]',
    '.a..b.@-x-',
    '🐝@hive.example',
    '"ada"@x.example',
    'a,b@x.example',
  ])('%s is one, kept as sent', (email) => {
    expect(contactOf('email', email)).toBe(email)
    expect(contactOf('email', ` ${email}\n`)).toBe(email)
  })

  test.each([
    'a',
    '@',
    'a@',
    '@b',
    'a@b@c',
    'a@@b',
    'a b@c',
    'a@b c',
    'a@b.example, c@d.example',
    'Ada <ada@b.example> x',
    'a\tb@c',
    'a@b\u00a0c',
    'a@\u2003b',
    'a\u0001@b',
    'a@b\u007f',
    'a@\u0085b',
    'a\nb@c',
  ])('%j is none', (email) => {
    expectFaults({ email }, [['/email', 'Invalid email']])
  })

  test('at most 320 code points', () => {
    const longest = `${'🐝'.repeat(310)}@x.example`
    expect(contactOf('email', ` ${longest} `)).toBe(longest)
    expectFaults({ email: `a${longest}` }, [['/email', 'email must be at most 320 characters']])
    expectFaults({ email: 'x'.repeat(321) }, [['/email', 'email must be at most 320 characters']])
  })
})

describe('status', () => {
  test.each(['new', 'contacted', 'qualified', 'converted', 'lost'] as const)('%s', (status) => {
    expect(readPatch({ status }).status).toBe(status)
  })

  test.each([null, '', 'New', ' new', 'new ', 'NEW', 'won', 'toString', 0, true, ['new'], {}].map((one) => [one]))(
    '%j is none',
    (status) => {
      expectFaults({ status }, [['/status', statusText]])
    },
  )
})

describe.each([
  ['tags', tagsText, tagUuid],
  ['assignedUsers', usersText, userUuid],
] as const)('the ids of %s', (member, text, uuid) => {
  test('in every form', () => {
    const sent = [7, '8', uuid(9), uuid(10).toUpperCase(), { id: 11 }, { id: '12' }, { uuid: uuid(13) }]
    expect(readPatch({ [member]: sent })[member]).toEqual([7, 8, uuid(9), uuid(10), 11, 12, uuid(13)])
    expect(readPatch({ [member]: [] })[member]).toEqual([])
    expect(readPatch({ [member]: [9007199254740991, '9007199254740991'] })[member]).toEqual([2 ** 53 - 1, 2 ** 53 - 1])
  })

  test('a whole row names itself by its id', () => {
    const row = { id: 7, uuid: uuid(8), label: 'Hot', background_color: '#EF4444' }
    expect(readPatch({ [member]: [row, { id: '7', uuid: 'nonsense' }, { id: null, uuid: uuid(8) }] })[member]).toEqual([
      7,
      7,
      uuid(8),
    ])
  })

  test.each(
    [
      ...[null, true, false, 1.5, 0, -0, -1, 1e16, 2 ** 53, Number.NaN, [], [7], {}, 'abc', '', ' 7', '7 ', '031', '0'],
      ...[
        '+7',
        '-7',
        '7.0',
        '1e1',
        '0x7',
        '9007199254740992',
        '99999999999999999999',
        uuid(7).slice(1),
        `{${uuid(7)}}`,
      ],
      ...[uuid(7).replaceAll('-', ''), ` ${uuid(7)}`, { id: null }, { id: 0 }, { id: '031' }, { id: true }, { id: {} }],
      ...[{ id: uuid(7) }, { id: 'x', uuid: uuid(7) }, { id: 0, uuid: uuid(7) }, { uuid: null }, { uuid: 7 }],
      ...[{ uuid: '7' }, { uuid: `${uuid(7)}0` }, { ID: 7 }, { tagId: 7 }],
    ].map((element) => [element]),
  )('%j names nothing', (element) => {
    expect(faultsOf({ [member]: [1, element, 2] })).toEqual([[`/${member}/1`, text]])
  })

  test('what is no list is refused', () => {
    for (const other of [null, 7, '7', '7,8', {}, { 0: 7, length: 1 }, true]) {
      expect(faultsOf({ [member]: other })).toEqual([[`/${member}`, text]])
    }
  })

  test('100 at the most, repeats included', () => {
    expect(readPatch({ [member]: Array.from({ length: 100 }, () => 7) })[member]).toHaveLength(100)
    expect(faultsOf({ [member]: Array.from({ length: 101 }, () => 7) })).toEqual([
      [`/${member}`, `${member} must have at most 100 elements`],
    ])
    expect(faultsOf({ [member]: Array.from({ length: 101 }, () => null) })).toEqual([
      [`/${member}`, `${member} must have at most 100 elements`],
    ])
  })
})

describe('customFields', () => {
  test('an element names its field by number, digits or uuid; type and value are kept as sent', () => {
    const uuid = '0192F0C1-5B7E-7C44-9A3E-2F6F0A6B1C11'
    const { customFields } = readPatch({
      customFields: [
        { customFieldId: 5, type: 'number', value: { number: 1 } },
        { customFieldId: '6', type: null, value: null },
        { customFieldId: uuid, value: 'x', more: 1 },
        { customFieldId: 8, type: 'colour' },
      ],
    })
    expect(customFields).toEqual([
      { field: 5, type: 'number', value: { number: 1 } },
      { field: 6, type: undefined, value: null },
      { field: uuid.toLowerCase(), type: undefined, value: 'x' },
      { field: 8, type: 'unknown', value: undefined },
    ])
    expect(readPatch({ customFields: [] }).customFields).toEqual([])
  })

  test.each([null, 5, 'x', true, [], [[]], ['a']].map((element) => [element]))('%j is no element', (element) => {
    expect(faultsOf({ customFields: [{ customFieldId: 5, value: null }, element] })).toEqual([
      ['/customFields/1', 'customFields[1] must be an object'],
    ])
  })

  test.each([undefined, null, 0, -5, 1.5, '', '05', 'abc', ' 5', true, [5], { id: 5 }, 2 ** 53].map((id) => [id]))(
    'customFieldId %j names no field',
    (customFieldId) => {
      expect(faultsOf({ customFields: [{ customFieldId, value: null }] })).toEqual([
        ['/customFields/0/customFieldId', 'customFields[0].customFieldId is required'],
      ])
    },
  )

  test('further spellings of the member are not read', () => {
    for (const element of [{ id: 5 }, { customfieldid: 5 }, { custom_field_id: 5 }, { uuid: tagUuid(5) }]) {
      expect(faultsOf({ customFields: [element] })[0]?.[1]).toBe('customFields[0].customFieldId is required')
    }
  })

  test.each([5, 0, true, false, [], {}, ['number']].map((type) => [type]))('type %j is no text', (type) => {
    expect(faultsOf({ customFields: [{ customFieldId: 5, type, value: null }] })).toEqual([
      ['/customFields/0/type', 'customFields[0].type must be a string'],
    ])
  })

  test.each([null, 5, 'x', {}, { 0: {} }, true].map((list) => [list]))('%j is no list', (customFields) => {
    expect(faultsOf({ customFields })).toEqual([['/customFields', 'customFields must be an array']])
  })

  test('200 at the most, repeats included', () => {
    const one = { customFieldId: 5, value: null }
    expect(readPatch({ customFields: Array.from({ length: 200 }, () => one) }).customFields).toHaveLength(200)
    expect(faultsOf({ customFields: Array.from({ length: 201 }, () => one) })).toEqual([
      ['/customFields', 'customFields must have at most 200 elements'],
    ])
  })
})

describe('several faults', () => {
  test('are all told, members in their own order, elements by index', () => {
    const wrong = {
      customFields: [{}, 5, { customFieldId: 5, type: 5 }],
      tags: [null, 7, 'x'],
      assignedUsers: 'x',
      status: 'won',
      last_name: 5,
      first_name: '\0',
      phone_number: 'x'.repeat(65),
      email: 'x',
      company_name: [],
    }
    expectFaults(wrong, [
      ['/company_name', 'company_name must be a string'],
      ['/email', 'Invalid email'],
      ['/phone_number', 'phone_number must be at most 64 characters'],
      ['/first_name', 'first_name contains invalid characters'],
      ['/last_name', 'last_name must be a string'],
      ['/status', statusText],
      ['/assignedUsers', usersText],
      ['/tags/0', tagsText],
      ['/tags/2', tagsText],
      ['/customFields/0/customFieldId', 'customFields[0].customFieldId is required'],
      ['/customFields/1', 'customFields[1] must be an object'],
      ['/customFields/2/type', 'customFields[2].type must be a string'],
    ])
  })

  test('at most 100 are told, the first is the error', () => {
    const body = { email: 'x', tags: Array.from({ length: 100 }, () => null), customFields: [5] }
    const { faults, message } = refusalFrom(() => readPatch(body))
    expect(faults).toHaveLength(100)
    expect(message).toBe('Invalid email')
    expect(faults.at(-1)).toMatchObject({ path: '/tags/98' })
  })
})
