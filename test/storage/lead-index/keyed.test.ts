import { expect, test } from 'vitest'
import { chanceFrom } from '../../../src/sample/chance.ts'
import { Keyed } from '../../../src/storage/lead-index/keyed.ts'

test('each slot has the keys that were put last, and each key those slots', () => {
  const chance = chanceFrom(3)
  const keyed = new Keyed()
  const expected = new Map<number, readonly number[]>()
  const keys = Array.from({ length: 12 }, (_, at) => at * 7)
  for (let step = 0; step < 60_000; step += 1) {
    const slot = chance.between(0, 199)
    const chosen = chance.some(keys, 0, 6)
    keyed.put(slot, chosen)
    expected.set(slot, chosen)
  }
  for (const key of keys) {
    const slots = [...expected].filter(([, held]) => held.includes(key)).map(([slot]) => slot)
    expect(keyed.of(key)?.size ?? 0, `key ${key}`).toBe(slots.length)
    expect(slots.every((slot) => keyed.of(key)?.has(slot))).toBe(true)
  }
  expect(keyed.of(404)).toBeUndefined()
  expect(keyed.bytes, 'lists that nobody has any more are given up').toBeLessThan(2_000_000)
})
