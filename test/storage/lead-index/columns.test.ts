import { expect, test } from 'vitest'
import { chanceFrom } from '../../../src/sample/chance.ts'
import type { IndexedLead } from '../../../src/storage/lead-index/column.ts'
import { FieldValues } from '../../../src/storage/lead-index/columns.ts'

const lead = (value: string | number | undefined): IndexedLead => ({
  id: 1,
  created_at: 0,
  updated_at: 0,
  status: 'new',
  partner_type: null,
  campaign_id: null,
  archived_at: null,
  tags: [],
  assigned_users: [],
  custom_fields: value === undefined ? {} : { 5: { id: 1, uuid: '', value } },
})

test.each([
  ['numbers', (at: number) => [0, -1.5, 1e300, 0.1, 2 ** 53][at % 5] ?? at],
  ['days', (at: number) => `2026-01-${10 + (at % 17)}`],
] as const)('the slots of a value are those that have it now: %s', (_, valueAt) => {
  const chance = chanceFrom(2)
  const values = new FieldValues(5)
  const expected: (string | number | undefined)[] = []
  for (let step = 0; step < 20_000; step += 1) {
    const slot = chance.between(0, Math.min(999, step))
    const value = chance.happens(0.2) ? undefined : valueAt(chance.between(0, 40))
    values.put(slot, lead(value))
    expected[slot] = value
  }
  for (let at = 0; at < 41; at += 1) {
    const words = values.find(valueAt(at), 1_000)
    const found = Array.from({ length: 1_000 }, (_, slot) => slot).filter(
      (slot) => ((words[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0,
    )
    expect(found).toEqual([...expected.keys()].filter((slot) => expected[slot] === valueAt(at)))
  }
  expect(values.find(404, 1_000).every((word) => word === 0)).toBe(true)
})
