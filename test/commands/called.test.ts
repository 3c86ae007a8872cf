import { expect, test } from 'vitest'
import { asCalled, callOf } from '../../src/commands/called.ts'
import { shownData, tableOf } from '../../src/commands/table.ts'

const commands = [{ name: 'serve' }, { name: 'key list' }, { name: 'key create' }]

test('the program is called as whoever started it did', () => {
  expect(callOf(undefined, false)).toBe('waggle')
  expect(callOf(undefined, true)).toBe('waggle')
  expect(callOf('waggle', true)).toBe('npm run waggle --')
  expect(callOf('start', true)).toBe('npm run waggle --')
  expect(callOf('npx', false)).toBe('npx waggle-server')
})

test('commands in a message can be typed as they stand there', () => {
  const told = (text: string): string => asCalled(text, 'npx waggle-server', commands)
  expect(told('There is no key 3. See: waggle key list')).toBe('There is no key 3. See: npx waggle-server key list')
  expect(told('run `waggle serve`.')).toBe('run `npx waggle-server serve`.')
  expect(told('  waggle serve\n  waggle key list')).toBe('  npx waggle-server serve\n  npx waggle-server key list')
  expect(told('waggle <command> --help')).toBe('npx waggle-server <command> --help')
  expect(told('See: waggle --help')).toBe('See: npx waggle-server --help')
})

test('what only looks like a command stays', () => {
  const told = (text: string): string => asCalled(text, 'npm run waggle --', commands)
  for (const text of [
    'The database in /srv/waggle serves',
    'The database in /srv/waggle serve it',
    'npm run waggle -- serve',
    'a waggle keyed',
    'Our waggle is fine',
  ]) {
    expect(told(text)).toBe(text)
  }
  expect(asCalled('waggle serve', 'waggle', commands)).toBe('waggle serve')
})

test('data in a message stays as it is, whoever started the program, and cannot end itself', () => {
  const label = 'waggle key list\u0003 waggle serve\u0002'
  const table = tableOf(['id', 'label'], [['1', label]])
  const message = `${table}See: waggle key list. ${shownData(label)}; run waggle serve`
  const shown = 'waggle key list\ufffd waggle serve\ufffd'
  for (const call of ['waggle', 'npx waggle-server']) {
    expect(asCalled(message, call, commands)).toBe(
      `id  label\n1   ${shown}\nSee: ${call} key list. ${shown}; run ${call} serve`,
    )
  }
})
