import { expect, test } from 'vitest'
import { nearest } from '../../src/kernel/names.ts'

const names = ['serve', 'init', 'key create', 'key list', 'key revoke', 'key import']

test.each([
  ['serve', 'serve'],
  ['SERVE', 'serve'],
  ['serv', 'serve'],
  ['sevre', 'serve'],
  ['server', 'serve'],
  ['int', 'init'],
  ['key lst', 'key list'],
  ['key remove', 'key revoke'],
  ['key-import', 'key import'],
])('%s is near to %s', (typed, name) => {
  expect(nearest(typed, names)).toBe(name)
})

test.each(['', 'deploy', 'xxxxxxxxxx', 'key', 'please serve my leads'])('%s is near to nothing', (typed) => {
  expect(nearest(typed, names)).toBeUndefined()
})

test('of two that are equally near the first is told', () => {
  expect(nearest('cat', ['bat', 'hat'])).toBe('bat')
})

test('without names nothing is near', () => {
  expect(nearest('serve', [])).toBeUndefined()
})
