import { expect, test } from 'vitest'
import { readArguments } from '../../src/commands/arguments.ts'
import type { Command } from '../../src/commands/command.ts'
import { groupHelp, helpOf, overview } from '../../src/commands/help.ts'
import { everyCommand } from './every-command.ts'
import { waggle } from './program.ts'

const aCommand = (name: string, words = ''): Command => ({
  name,
  words,
  about: `About ${name}.`,
  flags: { data: { value: 'directory', about: 'Where.' } },
  run: async () => {},
})

test('commands stand under headings, in the order of the headings, and none is left out', () => {
  const told = overview([aCommand('move'), aCommand('frobnicate'), aCommand('key list'), aCommand('serve')])
  expect(told.match(/^(Run|Keys and people|Take care of the data|Other)$|^ {2}waggle \w+/gm)).toEqual([
    'Run',
    '  waggle serve',
    'Keys and people',
    '  waggle key',
    'Take care of the data',
    '  waggle move',
    'Other',
    '  waggle frobnicate',
  ])
})

test('a word alone tells the commands that begin with it', () => {
  const commands = [aCommand('key list'), aCommand('key revoke', '<id>'), aCommand('serve')]
  expect(groupHelp('key', commands)).toMatch(
    /^ {2}waggle key list +About key list\.\n {2}waggle key revoke <id> {2}About/,
  )
  expect(groupHelp('kay', commands)).toBeUndefined()
})

test('examples stand at the end of the help of a command', () => {
  expect(helpOf({ ...aCommand('serve'), examples: ['waggle serve --data x'] })).toMatch(
    /--data <directory> {2}Where\.\n\nFor example:\n\n {2}waggle serve --data x\n$/,
  )
  expect(helpOf(aCommand('serve'))).not.toContain('For example')
})

test('the overview of the program knows where each of its commands belongs', async () => {
  const { out } = await waggle([])
  expect(out).not.toMatch(/^Other$/m)
  expect((await waggle(['help'])).out).toBe(out)
  expect((await waggle(['help', 'key'])).out).toBe((await waggle(['key'])).out)
  expect((await waggle(['help', 'key', 'create'])).out).toBe((await waggle(['key', 'create', '--help'])).out)
})

test('every example is a call that its command reads', async () => {
  const commands = await everyCommand()
  expect(commands.length).toBeGreaterThan(20)
  for (const { name, words, flags, examples = [] } of commands) {
    for (const example of examples) {
      expect(example).toMatch(new RegExp(`^waggle ${name}( |$)`))
      const rest = example.slice(`waggle ${name}`.length).replace(/ < \S+$/, '')
      const argv = [...rest.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')
      const given = readArguments(argv, flags, 1).words.length
      expect(given, example).toBeGreaterThanOrEqual(words.startsWith('<') ? 1 : 0)
      expect(given, example).toBeLessThanOrEqual(words === '' ? 0 : 1)
    }
  }
})
