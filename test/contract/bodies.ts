import fc from 'fast-check'
import { contactMembers, statuses } from '../../src/contract/lead-members.ts'
import { fieldUuid, tagUuid, userUuid } from '../fixture.ts'

/** What a client may send by mistake: any JSON, and what is nearly right. */
export const noise = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>('', ' ', '\0', '\ud800', 0, -1, 1.5, 2 ** 53, '07', 'new', 'Lost', [], {}, [null], true),
)

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }).filter((one) => !one.includes('\0')),
  fc.constantFrom('', '  ', '\t\n', ' Nordlicht ', 'Nordlicht GmbH', '\u00a0x', '🐝'.repeat(64)),
)
const email = fc.oneof(fc.emailAddress(), fc.constantFrom('ada@nordlicht.example', ' Ada@nordlicht.example', ''))

/** The forms in which JSON may name the object with this id. */
const elementFor = (id: number, uuid: string): fc.Arbitrary<unknown> =>
  fc.constantFrom<unknown>(
    id,
    String(id),
    uuid,
    uuid.toUpperCase(),
    { id },
    { id: String(id), label: 'x' },
    { uuid },
    { id: null, uuid },
    { id, uuid: 'nonsense' },
  )
const listOf = (uuidOf: (id: number) => string, ids: readonly number[]): fc.Arbitrary<unknown[]> =>
  fc.array(
    fc.constantFrom(...ids).chain((id) => elementFor(id, uuidOf(id))),
    { maxLength: 5 },
  )

const number = fc.double({ noNaN: true, noDefaultInfinity: true })
const day = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString())
const goodValues: Readonly<Record<number, fc.Arbitrary<unknown>>> = {
  5: number.map((value) => ({ number: value })),
  6: fc.constantFrom({ select: 1 }, { select: '2' }, { select: 3 }),
  7: fc.array(fc.constantFrom<unknown>(1, 2, '1', '2'), { maxLength: 4 }).map((value) => ({ multi_select: value })),
  9: text.filter((value) => value !== '').map((value) => ({ text: value })),
  10: fc
    .oneof(
      day,
      day.map((value) => value.slice(0, 10)),
    )
    .map((value) => ({ date: value })),
  11: fc.boolean().map((value) => ({ boolean: value })),
  12: fc.oneof(
    text.map((value) => ({ text: value })),
    text.map((value) => ({ textarea: value, text: null })),
  ),
}
const goodTypes: Readonly<Record<number, string>> = {
  5: 'number',
  6: 'select',
  7: 'multi_select',
  9: 'text',
  10: 'date',
  11: 'boolean',
  12: 'textarea',
}

const customFieldId = (id: number): fc.Arbitrary<unknown> => fc.constantFrom(id, String(id), fieldUuid(id))
const goodField = (id: number): fc.Arbitrary<unknown> => {
  const value = goodValues[id] ?? fc.constant(null)
  return fc.record(
    {
      customFieldId: customFieldId(id),
      type: fc.constantFrom(goodTypes[id], null),
      value: id === 9 ? value : fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) }),
    },
    { requiredKeys: ['customFieldId', 'value'] },
  )
}
const goodFields = fc
  .uniqueArray(fc.constantFrom(5, 6, 7, 9, 10, 11, 12), { maxLength: 4 })
  .chain((ids) => fc.tuple(...ids.map(goodField)))

const goodMembers = {
  company_name: fc.option(text),
  email: fc.option(email),
  phone_number: fc.option(text),
  first_name: fc.option(text),
  last_name: fc.option(text),
  status: fc.constantFrom(...statuses),
  tags: listOf(tagUuid, [7, 8, 16]),
  assignedUsers: listOf(userUuid, [31, 32, 33, 35]),
  customFields: goodFields,
  external_id: fc.option(text),
  source: noise,
  toString: noise,
}

/** As it is after a way over the wire. */
const overTheWire = <T>(value: T): unknown => JSON.parse(JSON.stringify(value) ?? 'null')

/** Patches that are right, member by member. */
export const goodBodies = fc.record(goodMembers, { requiredKeys: [] }).map(overTheWire)

const badField = fc.record(
  {
    customFieldId: fc.oneof(fc.constantFrom<unknown>(5, '6', 7, 9, 13, 14, 99, fieldUuid(91)), noise),
    type: fc.oneof(fc.constantFrom<unknown>('number', 'text', 'select', 'colour', null), noise),
    value: fc.oneof(noise, fc.dictionary(fc.constantFrom('number', 'text', 'select', 'multi_select', 'date'), noise)),
  },
  { requiredKeys: [] },
)
const badMembers = {
  ...Object.fromEntries(contactMembers.map((member) => [member, noise])),
  status: noise,
  external_id: noise,
  tags: fc.oneof(noise, fc.array(fc.oneof(elementFor(7, tagUuid(7)), elementFor(90, tagUuid(90)), noise))),
  assignedUsers: fc.oneof(noise, fc.array(fc.oneof(elementFor(32, userUuid(32)), elementFor(34, userUuid(34)), noise))),
  customFields: fc.oneof(noise, fc.array(fc.oneof(badField, noise), { maxLength: 4 })),
}

/** Any JSON: right patches, patches with wrong members, and what is no patch at all. */
export const anyBodies = fc.oneof(
  { weight: 4, arbitrary: goodBodies },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.record(goodMembers, { requiredKeys: [] }), fc.record(badMembers, { requiredKeys: [] }))
      .map(([good, bad]) => overTheWire({ ...good, ...bad })),
  },
  { weight: 1, arbitrary: fc.json().map((json): unknown => JSON.parse(json)) },
)
