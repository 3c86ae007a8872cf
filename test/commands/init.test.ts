import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { initCommand } from '../../src/commands/init.ts'
import { ConfigError } from '../../src/kernel/config.ts'
import { openDatabase } from '../../src/storage/open.ts'
import { databases } from './places.ts'
import { silent, temporaryDirectory, waggle } from './program.ts'

const emailForm = 'exactly one @ with text on both sides, no white space'

describe('the first company and its user keep the rules of the API', () => {
  test.each([
    ['no company', ['--company', ''], '--company must not be blank.'],
    ['a blank company', ['--company', ' \t'], '--company must not be blank.'],
    ['a long company', ['--company', 'x'.repeat(256)], '--company must be at most 255 characters.'],
    ['no address', ['--email', ''], '--email must not be blank.'],
    ['what is no address', ['--email', 'nonsense'], `--email is "nonsense", but must be ${emailForm}.`],
    [
      'an address of two lines',
      ['--email', 'a@b.c\nBcc: x@y.z'],
      `--email is "a@b.c\nBcc: x@y.z", but must be ${emailForm}.`,
    ],
    ['a long address', ['--email', `${'x'.repeat(316)}@b.example`], '--email must be at most 320 characters.'],
    ['a long first name', ['--first-name', 'x'.repeat(3_000)], '--first-name must be at most 255 characters.'],
    [
      'several at once',
      ['--company', '', '--email', 'a b@c', '--last-name', 'x'.repeat(256)],
      `--company must not be blank; --email is "a b@c", but must be ${emailForm}; ` +
        '--last-name must be at most 255 characters.',
    ],
  ])('%s', async (_, args, err) => {
    const data = join(temporaryDirectory(), 'new')
    expect(await waggle(['init', '--data', data, ...args])).toEqual({ code: 1, out: '', err: `waggle: ${err}\n` })
    expect(existsSync(data)).toBe(false)
  })
})

test.each(databases)('what is around a name and an address does not count: %s', async (_, make) => {
  const { args, data, url } = await make()
  const names = ['--company', ' Ours\n', '--email', ' eva@our.example ', '--first-name', ' Eva ', '--last-name', ' ']
  const { code, out } = await waggle(['init', ...args, ...names])
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringMatching(/^Company 1 "Ours" with user 1 <eva@our.example>/),
  })
  const database = await openDatabase({ directory: data, url, listsInTurn: true })
  try {
    const { company, users } = await database.definitions(1)
    expect(company).toMatchObject({ name: 'Ours' })
    expect(users.get(1)).toMatchObject({ email: 'eva@our.example', first_name: 'Eva', last_name: null })
  } finally {
    await database.close()
  }
})

test.each(databases)('of two at once one begins the database, and the other says so: %s', async (_, make) => {
  const { args } = await make()
  const begin = (company: string): Promise<void> => initCommand.run([...args, '--company', company], silent)
  const ended = await Promise.allSettled([begin('One'), begin('Two')])
  const failed = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  expect(failed).toEqual([expect.any(ConfigError)])
  const first = ended[0].status === 'fulfilled' ? 'One' : 'Two'
  expect(failed[0].message).toContain(`has begun already, with the company "${first}". Serve it`)
})
