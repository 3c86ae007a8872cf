import { expect, test } from 'vitest'
import { chanceFrom } from '../../../src/sample/chance.ts'
import { bitsIn, countOf, SlotSet, wordsFor } from '../../../src/storage/lead-index/slot-set.ts'

test.each([
  ['few of many', 100_000, 300],
  ['many', 500, 4_000],
  ['as many as there are', 3_000, 9_000],
])('a set holds what was added and not deleted again: %s', (_, slots, steps) => {
  const chance = chanceFrom(slots)
  const set = new SlotSet()
  const expected = new Set<number>()
  for (let step = 0; step < steps; step += 1) {
    const slot = chance.between(0, slots - 1)
    if (chance.happens(0.7)) {
      set.add(slot)
      expected.add(slot)
    } else {
      set.delete(slot)
      expected.delete(slot)
    }
  }
  const words = new Uint32Array(wordsFor(slots))
  set.addTo(words)
  expect(set.size).toBe(expected.size)
  expect(countOf(words)).toBe(expected.size)
  for (let slot = 0; slot < slots; slot += 1) {
    if (set.has(slot) !== expected.has(slot)) throw new Error(`slot ${slot} is ${set.has(slot) ? 'in' : 'not in'} it`)
  }
})

test('few members of many slots take little room', () => {
  const set = new SlotSet()
  for (let slot = 0; slot < 1_000_000; slot += 1_000) set.add(slot)
  expect(set.bytes).toBeLessThan(10_000)
})

test.each([0, 1, 0x80000000, 0xffffffff, 0x0f0f0f0f, 0x12345678])('the bits of %i are counted', (word) => {
  expect(bitsIn(word)).toBe(word.toString(2).replaceAll('0', '').length)
})
