import { expect, test } from 'vitest'
import { smallLetters } from '../../../src/kernel/small-letters.ts'
import { chanceFrom } from '../../../src/sample/chance.ts'
import { Texts } from '../../../src/storage/lead-index/texts.ts'

const words = ['Ada', 'ÜBER', 'žižek', '10 %', '𝄞', 'naïve', 'o', '', 'Company of long names and more of them'] as const

const slotsOf = (found: Uint32Array, slots: number): number[] =>
  Array.from({ length: slots }, (_, slot) => slot).filter(
    (slot) => ((found[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0,
  )

const never = new AbortController().signal

test('a search finds the texts that are there now, whatever was there before', async () => {
  const chance = chanceFrom(11)
  const texts = new Texts()
  const slots = 500
  const expected = new Map<number, readonly string[]>()
  const needles = ['a', 'über', 'žiž', '%', '𝄞', 'ïv', 'names and', 'oo', 'ada\0', 'nobody']
  for (let round = 0; round < 40; round += 1) {
    for (let step = 0; step < 1_500; step += 1) {
      const slot = chance.between(0, slots - 1)
      const some = [chance.pick(words), chance.pick(words), chance.pick(words)]
      texts.put(slot, some)
      expected.set(slot, some)
    }
    for (const needle of needles.slice(round % 3)) {
      const holding = [...expected]
        .filter(([, some]) => some.some((one) => one.toLowerCase().includes(needle)))
        .map(([slot]) => slot)
        .sort((left, right) => left - right)
      if (needle.includes('\0')) continue
      expect(slotsOf(await texts.find(needle, slots, never), slots), needle).toEqual(holding)
    }
  }
  expect(texts.bytes, 'texts that are no more are given up').toBeLessThan(4 * 1024 * 1024)
})

test('what begins in one text and ends in the next is not found', async () => {
  const texts = new Texts()
  texts.put(0, ['ab', 'cd'])
  texts.put(1, ['ef', null, undefined, ''])
  expect(slotsOf(await texts.find('bc', 2, never), 2)).toEqual([])
  expect(slotsOf(await texts.find('de', 2, never), 2)).toEqual([])
  expect(slotsOf(await texts.find('ef', 2, never), 2)).toEqual([1])
})

test('slots without a text are found by no search, the first one neither', async () => {
  const texts = new Texts()
  texts.put(0, [null, ''])
  expect(slotsOf(await texts.find('a', 1, never), 1)).toEqual([])
  texts.put(1, ['ab'])
  texts.put(1, [])
  texts.put(2, ['ab'])
  expect(slotsOf(await texts.find('b', 3, never), 3)).toEqual([2])
})

test('a text that is put once more is there once', async () => {
  const texts = new Texts()
  texts.put(0, ['ab'])
  texts.put(1, ['cd'])
  texts.put(0, ['ab'])
  expect(slotsOf(await texts.find('ab', 2, never), 2)).toEqual([0])
  texts.put(0, ['x'])
  expect(slotsOf(await texts.find('a', 2, never), 2)).toEqual([])
})

test('a search ends when nobody waits for it any more', async () => {
  const texts = new Texts()
  for (let slot = 0; slot < 50_000; slot += 1) texts.put(slot, ['Company of a long name '.repeat(4)])
  const controller = new AbortController()
  const found = texts.find('company', 50_000, controller.signal)
  controller.abort()
  await expect(found).rejects.toThrow('aborted')
  expect(slotsOf(await texts.find('company', 50_000, never), 50_000)).toHaveLength(50_000)
})

test('a part in capitals that ends in a sigma is found within a word', async () => {
  const texts = new Texts()
  texts.put(0, ['ΜΕΓΑΛΟΣΤΟΜΟΣ'])
  texts.put(1, ['Μεγάλος'])
  expect(slotsOf(await texts.find(smallLetters('ΜΕΓΑΛΟΣ'), 2, never), 2)).toEqual([0])
  expect(slotsOf(await texts.find(smallLetters('λος'), 2, never), 2)).toEqual([0, 1])
})
