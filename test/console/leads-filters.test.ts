import { describe, expect, test } from 'vitest'
import { parseSearch, type Search, writeSearch } from '../../console/app/search.ts'
import { allColumns, columnsOf, directionOf, nextSort, readSort, sortWords } from '../../console/leads/columns.ts'
import {
  allFilters,
  type Condition,
  cleared,
  conditionWords,
  filterSentence,
  isNarrowed,
} from '../../console/leads/filters.ts'
import type { CustomField, Tag, User } from '../../sdk/index.ts'

const uuid = '0192f0c1-5b7e-7c44-9a3e-2f6f0a6b1c11'
const field = (id: number, type: CustomField['type'], label: string, more: Partial<CustomField> = {}): CustomField => ({
  id,
  uuid,
  label,
  type,
  category: 'lead',
  partner_type: null,
  required: false,
  shared: false,
  options: null,
  position: id,
  archived_at: null,
  ...more,
})
const tag: Tag = {
  id: 7,
  uuid,
  label: 'Hot',
  background_color: '#EF4444',
  text_color: '#FFFFFF',
  association: 'lead',
  partner_type: null,
  company_id: 3,
  archived_at: null,
}
const eva: User = {
  id: 31,
  uuid,
  created_at: '2026-01-01T00:00:00.000Z',
  email: 'eva@our.example',
  first_name: 'Eva',
  last_name: 'Ost',
  role: 'admin',
  position: null,
  email_verified: null,
  disabled_at: null,
  color: null,
  profile_image_id: null,
  profile_image_uuid: null,
  country_id: null,
  country_label: null,
  country_code: null,
}
const options = [
  { id: 1, label: 'Low' },
  { id: 3, label: 'High' },
]
const fields = [
  field(5, 'number', 'Seats'),
  field(6, 'select', 'Budget', { options }),
  field(7, 'multi_select', 'Needs', { options }),
  field(9, 'text', 'Size'),
  field(10, 'date', 'Start'),
  field(11, 'boolean', 'Signed'),
  field(13, 'text', 'Of a deal', { category: 'lead_deal' }),
  field(14, 'text', 'Gone', { archived_at: '2026-01-01T00:00:00.000Z' }),
]
const definitions = { tags: [tag], users: [eva], fields }
const filters = allFilters(definitions)
const filterOf = (id: string) => {
  const found = filters.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no filter ${id}`)
  return found
}

const asked: readonly (readonly [id: string, condition: Condition, query: Search])[] = [
  ['status', { kind: 'any', values: ['new', 'lost'] }, { status: 'new,lost' }],
  ['status', { kind: 'none', values: ['lost'] }, { status_not: 'lost' }],
  ['tags', { kind: 'any', values: ['7'] }, { tags: '7' }],
  ['tags', { kind: 'empty' }, { empty: 'tags' }],
  ['users', { kind: 'none', values: ['31'] }, { users_not: '31' }],
  ['users', { kind: 'empty' }, { unassigned: '1' }],
  ['users', { kind: 'set' }, { assigned: '1' }],
  ['email', { kind: 'holds', text: 'nord' }, { email: 'nord' }],
  ['email', { kind: 'set' }, { set: 'email' }],
  ['external_id', { kind: 'empty' }, { empty: 'external_id' }],
  ['source', { kind: 'any', values: ['manual'] }, { source: 'manual' }],
  ['created_by', { kind: 'any', values: ['31'] }, { created_by: '31' }],
  ['view', { kind: 'any', values: ['reseller'] }, { view: 'reseller' }],
  ['field:5', { kind: 'range', min: '10', max: '20.5' }, { customFields: '[{"id":5,"min":10,"max":20.5}]' }],
  ['field:5', { kind: 'empty' }, { customFields: '[{"id":5,"empty":true}]' }],
  ['field:6', { kind: 'any', values: ['3'] }, { customFields: '[{"id":6,"value":{"select":3}}]' }],
  ['field:7', { kind: 'any', values: ['1', '3'] }, { customFields: '[{"id":7,"value":{"multi_select":[1,3]}}]' }],
  ['field:9', { kind: 'holds', text: 'x' }, { customFields: '[{"id":9,"value":{"text":"x"}}]' }],
  ['field:10', { kind: 'range', min: '2026-01-31' }, { customFields: '[{"id":10,"min":"2026-01-31"}]' }],
  ['field:11', { kind: 'any', values: ['false'] }, { customFields: '[{"id":11,"value":{"boolean":false}}]' }],
]

describe('a filter in the address', () => {
  test.each(asked)('%s %o is written as the API reads it, and read back', (id, condition, query) => {
    const other = { search: 'gmbh', lead: '789' }
    const written = filterOf(id).write(other, condition)
    expect(written).toEqual({ ...other, ...query })
    const again = parseSearch(writeSearch(written))
    expect(filterOf(id).read(again)).toEqual(condition)
    expect(filterOf(id).write(again, undefined)).toEqual(other)
  })

  test('days are those of the viewer’s calendar, the last one to its end', () => {
    const created = filterOf('created')
    const condition: Condition = { kind: 'range', min: '2026-03-28', max: '2026-03-29' }
    const written = created.write({}, condition)
    expect(written).toEqual({
      created_since: new Date(2026, 2, 28).toISOString(),
      created_before: new Date(2026, 2, 30).toISOString(),
    })
    expect(created.read(written)).toEqual(condition)
    expect(created.read({ created_before: new Date(2026, 2, 29, 12).toISOString() })).toEqual({
      kind: 'range',
      max: '2026-03-29',
    })
    expect(created.read({ created_since: 'yesterday' })).toBeUndefined()
  })

  test('several custom fields stand beside each other, and each is changed by itself', () => {
    const both = filterOf('field:9').write({ customFields: '[{"id":5,"min":1}]' }, { kind: 'holds', text: 'x' })
    expect(both).toEqual({ customFields: '[{"id":5,"min":1},{"id":9,"value":{"text":"x"}}]' })
    expect(filterOf('field:5').write(both, undefined)).toEqual({ customFields: '[{"id":9,"value":{"text":"x"}}]' })
  })

  test('what cannot be read filters nothing', () => {
    for (const text of ['{', '{"id":5}', '[1,null]', '[{"id":5}]', '[{"id":5,"value":{"number":null}}]'])
      expect(filterOf('field:5').read({ customFields: text }), text).toBeUndefined()
  })

  test('only fields of leads that are in use are offered', () => {
    expect(filters.filter(({ id }) => id.startsWith('field:')).map(({ label }) => label)).toEqual([
      'Seats',
      'Budget',
      'Needs',
      'Size',
      'Start',
      'Signed',
    ])
  })
})

describe('what narrows a list', () => {
  test('is told in a sentence', () => {
    expect(filterSentence({}, filters)).toBe('All leads are shown.')
    const search = { search: 'gmbh', status: 'new,lost', tags_not: '7', unassigned: '1' }
    expect(filterSentence(search, filters)).toBe(
      'Leads are shown where the text “gmbh” is found, Status is New or Lost, Assigned to is empty, and Tags is not Hot.',
    )
  })

  test('is told in words, values that are not known too', () => {
    expect(conditionWords(filterOf('tags'), { kind: 'any', values: ['7', '99'] })).toBe('is Hot or 99')
    expect(conditionWords(filterOf('field:5'), { kind: 'range', min: '10' })).toBe('at least 10')
    expect(conditionWords(filterOf('field:5'), { kind: 'range', min: '10', max: '10' })).toBe('is 10')
  })

  test('can be cleared; what does not narrow stays', () => {
    const search = { status: 'new', customFields: '[]', sort: '[]', lead: '789', saved: 'open' }
    expect(isNarrowed(search)).toBe(true)
    expect(cleared(search)).toEqual({ sort: '[]', lead: '789', saved: 'open' })
    expect(isNarrowed(cleared(search))).toBe(false)
  })
})

describe('columns and their order', () => {
  const all = allColumns(definitions)
  const column = (id: string) => {
    const found = all.find((one) => one.id === id)
    if (found === undefined) throw new Error(`no column ${id}`)
    return found
  }

  test('the first column always stands, names of none are passed over, and none is there twice', () => {
    const ids = (names: readonly string[]): string[] => columnsOf(names, all).map(({ id }) => id)
    expect(ids(['status', 'field:5', 'nonsense', 'status', 'company_name'])).toEqual([
      'company_name',
      'status',
      'field:5',
    ])
    expect(ids([])).toEqual(['company_name'])
  })

  test('a head sorts ascending, descending, and then as before', () => {
    const seats = column('field:5')
    const up = nextSort(seats, [], false)
    expect(up).toEqual([{ type: 'field', id: 5, asc: true }])
    const down = nextSort(seats, up, false)
    expect(down).toEqual([{ type: 'field', id: 5, asc: false }])
    expect(nextSort(seats, down, false)).toEqual([])
    expect(directionOf(seats, down)).toBe('descending')
    expect(directionOf(column('status'), down)).toBeUndefined()
  })

  test('with Shift it comes behind what is sorted already', () => {
    const both = nextSort(column('company_name'), [{ type: 'status', asc: false }], true)
    expect(both).toEqual([
      { type: 'status', asc: false },
      { type: 'company_name', asc: true },
    ])
    expect(sortWords(both, all)).toBe('Status, Lost to New; then Company, A to Z')
    expect(nextSort(column('status'), both, false)).toEqual([])
  })

  test('what nobody can sort by stays as it is, and an order that cannot be read is none', () => {
    expect(nextSort(column('tags'), [], false)).toEqual([])
    expect(readSort('[{"type":"status"},{"kind":1},5]')).toEqual([{ type: 'status', asc: true }])
    for (const text of ['', undefined, '{', '{}']) expect(readSort(text)).toEqual([])
  })
})
