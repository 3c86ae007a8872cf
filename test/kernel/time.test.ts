import { expect, test } from 'vitest'
import { wireTime } from '../../src/kernel/time.ts'

test.each([
  [0, '1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00Z'],
  [Date.UTC(2026, 2, 2, 9, 15, 27, 482), '2026-03-02T09:15:27.482Z', '2026-03-02T09:15:27Z'],
  [Date.UTC(2026, 2, 2, 9, 15, 27), '2026-03-02T09:15:27.000Z', '2026-03-02T09:15:27Z'],
  [Date.UTC(2026, 11, 31, 23, 59, 59, 999), '2026-12-31T23:59:59.999Z', '2026-12-31T23:59:59Z'],
  [-1, '1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59Z'],
])('%i is %s, in whole seconds %s', (unixMs, text, whole) => {
  expect(wireTime(unixMs)).toBe(text)
  expect(wireTime(unixMs, false)).toBe(text)
  expect(wireTime(unixMs, true)).toBe(whole)
})
