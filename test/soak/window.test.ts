import { expect, test } from 'vitest'
import { judge, type Window } from './window.ts'

const windowAt = (at: number, more: Partial<Window> = {}): Window => ({
  at,
  seconds: 1,
  life: 1,
  residentMib: 200,
  descriptors: 60,
  logMib: 16,
  backlog: 10,
  acknowledged: 1_000,
  refused: 0,
  unanswered: 0,
  p50Ms: 4,
  p99Ms: 30,
  trouble: '',
  ...more,
})

const run = (more: (at: number) => Partial<Window>): Window[] =>
  Array.from({ length: 40 }, (_, at) => windowAt(at, more(at)))

const notFlat = (windows: readonly Window[]): string[] =>
  judge(windows)
    .filter(({ isFlat }) => !isFlat)
    .map(({ name }) => name)

test('what stays as it was is flat', () => {
  expect(notFlat(run((at) => ({ residentMib: 200 + (at % 3) })))).toEqual([])
})

test.each([
  ['memory', (at: number) => ({ residentMib: 200 + 10 * at })],
  ['descriptors', (at: number) => ({ descriptors: 60 + at })],
  ['write-ahead log', (at: number) => ({ logMib: 16 + at })],
  ['webhook backlog', (at: number) => ({ backlog: 300 * at })],
  ['p99', (at: number) => ({ p99Ms: 30 + 3 * at })],
])('%s that grows is seen', (name, more) => {
  expect(notFlat(run(more))).toEqual([name])
})

test('windows of trouble do not count', () => {
  expect(notFlat(run((at) => (at % 4 === 0 ? { p99Ms: 2_000, trouble: 'paused' } : {})))).toEqual([])
})

test('a server before the last one does not count', () => {
  expect(notFlat(run((at) => (at < 15 ? { life: 1, residentMib: 10 } : { life: 2, residentMib: 300 })))).toEqual([])
})

test('the warm-up does not count', () => {
  expect(notFlat(run((at) => (at < 4 ? { residentMib: 50 } : { residentMib: 300 })))).toEqual([])
})

test('too little to judge is no verdict', () => {
  expect(() => judge([windowAt(1), windowAt(2), windowAt(3)])).toThrow(/too few to judge/)
})
