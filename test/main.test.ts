import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { temporaryDirectory, waggle, waggleBy } from './commands/program.ts'

test('a reader that closes early is no fault, and what is under way ends in order', async () => {
  const data = temporaryDirectory()
  const unread = { unread: true }
  expect(await waggle(['init', '--data', data], unread)).toEqual({ code: 0, out: '', err: '' })
  expect((await waggle(['key', 'list', '--data', data])).out).toContain('First key')
  for (const words of [
    ['--help'],
    ['key', 'list', '--data', data],
    ['export', '--data', data],
    ['doctor', '--data', data],
  ]) {
    expect(await waggle(words, unread), words.join(' ')).toEqual({ code: 0, out: '', err: '' })
  }
  const refused = await waggle(['key', 'revoke', '1', '--data', data], unread)
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('It is the last admin key') })
})

test.runIf(existsSync('/dev/full'))('output that cannot be written is told in a sentence', async () => {
  const data = temporaryDirectory()
  await waggle(['init', '--data', data])
  const ended = await waggleBy('exec "$@" > /dev/full', ['export', '--data', data])
  const err = 'waggle: The output cannot be written: ENOSPC: no space left on device, write.\n'
  expect(ended).toEqual({ code: 1, out: '', err })
})
