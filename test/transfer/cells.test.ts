import { expect, test } from 'vitest'
import { csvLine, defused, elementsOf, listCell, undefused } from '../../src/transfer/cells.ts'

test.each([
  '=1+1',
  '+49 30 1',
  '-x',
  '@SUM(A1)',
  '\tx',
  '\rx',
  "'=1",
  "''+x",
  '\nx',
  '＝1+1',
  '＋1',
  '－1',
  '＠x',
  "'＝1",
])('a text that a spreadsheet would carry out is marked, and comes back as it was: %j', (text) => {
  expect(defused(text)).toBe(`'${text}`)
  expect(undefused(defused(text))).toBe(text)
})

test.each(['', 'a', "'a", "O'Neil", '10', 'a=b', "'"])('others are as they are: %j', (text) => {
  expect(defused(text)).toBe(text)
  expect(undefused(text)).toBe(text)
})

test('cells with quotes, commas, lines or white space at an end are quoted', () => {
  expect(csvLine(['a', 'b,c', 'd "e"', 'f\ng', ' h', ''])).toBe('a,"b,c","d ""e""","f\ng"," h",\r\n')
})

test('a list in a cell', () => {
  expect(elementsOf(listCell(['a', 'b c', '#7']))).toEqual(['a', 'b c', '#7'])
  expect(elementsOf(' ; a;;b ')).toEqual(['a', 'b'])
})
