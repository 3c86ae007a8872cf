import { expect, test } from 'vitest'
import { smallLetters } from '../../src/kernel/small-letters.ts'

test('a part of a text in capitals is a part of the text in small letters', () => {
  for (const [text, part] of [
    ['Ärzte GmbH', 'ÄRZTE'],
    ['ΜΕΓΑΛΟΣΤΟΜΟΣ', 'ΜΕΓΑΛΟΣ'],
    ['μεγαλόστομος', 'ΌΣΤΟΜΟΣ'],
    ['Ὀδυσσεύς', 'ὈΔΥΣΣ'],
  ] as const) {
    expect(smallLetters(text), text).toContain(smallLetters(part))
  }
})
