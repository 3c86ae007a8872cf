import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/storage/open.ts'
import { loadFixture } from '../fixture.ts'
import { temporaryDirectory, waggle, waggleBy } from './program.ts'

const filesWith = (data: string, text: string): string[] =>
  readdirSync(data).filter((name) => readFileSync(join(data, name)).toString('latin1').toLowerCase().includes(text))

async function filled(): Promise<{ data: string; erase: (...args: string[]) => ReturnType<typeof waggle> }> {
  const data = temporaryDirectory()
  const database = await openDatabase({ directory: data })
  await loadFixture(database)
  await database.close()
  return { data, erase: (...args) => waggle(['erase', ...args, '--data', data, '--company', '3']) }
}

test('all leads of an address are told first, and erased with --yes; no byte stays in the directory', async () => {
  const { data, erase } = await filled()
  const told = await erase('ADA@nordlicht.example')
  expect(told).toMatchObject({ code: 0, err: '' })
  expect(told.out.split('\n').map((line) => line.split(/ {2,}/).filter((cell) => !cell.startsWith('0')))).toEqual([
    ['id', 'uuid', 'company', 'name', 'e-mail', 'state'],
    ['4711', 'Nordlicht GmbH', 'Ada Berg', 'ada@nordlicht.example'],
    ['4712', 'Nordlicht GmbH', 'Ada Berg', 'ada@nordlicht.example', 'deleted'],
    ['4713', 'Nordlicht GmbH', 'Ada Berg', 'ada@nordlicht.example'],
    ['Nothing was changed. What is erased cannot be brought back; to do it, add --yes.'],
    [''],
  ])
  expect(filesWith(data, 'ada@nordlicht')).toEqual(['waggle.db'])

  // The other company has a lead of the same name.
  await waggle(['erase', '5000', '--data', data, '--company', '4', '--yes'])
  expect(await erase('ada@nordlicht.example', '--yes')).toEqual({
    code: 0,
    out:
      'Leads 4711, 4712, 4713 are erased.\n' +
      'Backups, exported files and receivers of webhooks still hold what they were given.\n',
    err: '',
  })
  for (const text of ['ada@nordlicht', 'nordlicht gmbh', 'berg']) expect(filesWith(data, text), text).toEqual([])
  expect((await erase('4711', '--yes')).out).toMatch(/^Lead 4711 is erased\.\n/)
  expect((await erase('4711')).out).toContain('erased\n')
}, 60_000)

test('a user is erased, and copies from before an upgrade are told of', async () => {
  const { data, erase } = await filled()
  writeFileSync(join(data, 'waggle-before-v2.db'), 'a copy')
  expect((await erase('--user', 'user32@our.example')).out).toContain('Eva Nr 32')
  expect(await erase('--user', '32', '--yes')).toEqual({
    code: 0,
    out:
      'User 32 is erased.\nBackups, exported files and receivers of webhooks still hold what they were given.\n' +
      'So do copies from before an upgrade; remove them when they are needed no more:\n' +
      `  ${join(data, 'waggle-before-v2.db')}\n`,
    err: '',
  })
  expect(filesWith(data, 'user32@our')).toEqual([])
  expect(await erase('--user', '31', '--yes')).toMatchObject({
    code: 1,
    err: 'waggle: It is the last administrator of the company: make another first.\n',
  })
}, 60_000)

/** A limit of the process: writes beyond it fail as on a full disk, with another code. */
const limited = 'ulimit -S -f 80 && exec "$@"'
const canLimit = spawnSync('sh', ['-c', limited, 'sh', 'true']).status === 0

test.runIf(canLimit)(
  'a disk that refuses is told, and the same command goes on when there is room',
  async () => {
    const { data, erase } = await filled()
    const words = ['erase', 'ada@nordlicht.example', '--yes', '--data', data, '--company', '3']
    const cut = await waggleBy(limited, words)
    const err =
      'waggle: The database refused a commit: disk I/O error. ' +
      'Some may be done already; see to that, and run the same command again.\n'
    expect(cut).toEqual({ code: 1, out: '', err })
    expect(await erase('ada@nordlicht.example', '--yes')).toMatchObject({ code: 0, err: '' })
    expect((await erase('ada@nordlicht.example')).err).toContain('There is no lead ada@nordlicht.example')
  },
  60_000,
)

test('what is wrong is said in words', async () => {
  const { erase } = await filled()
  const whom =
    'Say whom: waggle erase <lead id, uuid or e-mail address>, or waggle erase --user <id or e-mail address>.'
  for (const [args, err] of [
    [[], whom],
    [['4711', '--user', '32'], whom],
    [['Ada'], '"Ada" is no id of a lead, no uuid and no e-mail address.'],
    [['999'], 'There is no lead 999, not even a deleted one.'],
    [['a@b'], 'There is no lead a@b, not even a deleted one.'],
    [['--user', 'nobody@our.example'], 'There is no user nobody@our.example.'],
  ] as const) {
    expect(await erase(...args)).toMatchObject({ code: 1, err: `waggle: ${err}\n` })
  }
}, 60_000)
