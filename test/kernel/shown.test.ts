import { expect, test } from 'vitest'
import { counted, shownBytes, typed } from '../../src/kernel/shown.ts'

test('a count is told with its noun, and thousands are kept apart', () => {
  expect(counted(0, 'lead')).toBe('0 leads')
  expect(counted(1, 'lead')).toBe('1 lead')
  expect(counted(1_234_567, 'lead')).toBe('1,234,567 leads')
  expect(counted(1, 'company', 'companies')).toBe('1 company')
  expect(counted(2, 'company', 'companies')).toBe('2 companies')
})

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1_023, '1,023 bytes'],
  [1_024, '1.0 KiB'],
  [4_096, '4.0 KiB'],
  [1_048_575, '1024.0 KiB'],
  [1_048_576, '1.0 MiB'],
  [72_000_000, '68.7 MiB'],
  [70_869_100_000, '66.0 GiB'],
  [5 * 1024 ** 5, '5120.0 TiB'],
])('%i bytes are shown as %s', (bytes, shown) => {
  expect(shownBytes(bytes)).toBe(shown)
})

test.each([
  ['/backups/2026-11-28', '/backups/2026-11-28'],
  ['./größer_1,2', './größer_1,2'],
  ['/backups/of today', "'/backups/of today'"],
  ["/eva's $HOME", "'/eva'\\''s $HOME'"],
  ['', "''"],
  ['C:\\data\\of-today', 'C:\\data\\of-today'],
  ['C:\\Program Files\\data', '"C:\\Program Files\\data"'],
])('a shell takes %s as one word', (path, word) => {
  expect(typed(path)).toBe(word)
})
