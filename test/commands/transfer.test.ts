import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exportCommand } from '../../src/commands/export.ts'
import { openDatabase } from '../../src/storage/open.ts'
import { loadFixture } from '../fixture.ts'
import { silent, temporaryDirectory, waggle } from './program.ts'

test('leads go out to a file and come back from it; what is wrong is said in words', async () => {
  const [data, files] = [temporaryDirectory(), temporaryDirectory()]
  const at = ['--data', data]
  const database = await openDatabase({ directory: data })
  await loadFixture(database)
  await database.close()
  at.push('--company', '3')
  const file = join(files, 'leads.csv')
  expect(await waggle(['export', ...at, '--to', file])).toEqual({
    code: 0,
    out: `The leads are in ${file}.\n`,
    err: '',
  })
  expect(await waggle(['export', ...at, '--to', file])).toMatchObject({
    code: 1,
    err: `waggle: ${file} is there already. Name a file that is not.\n`,
  })
  const lines = readFileSync(file, 'utf8').trimEnd().split('\r\n')
  const again = await waggle(['import', file, ...at, '--by', 'id'])
  expect(again).toMatchObject({ code: 0, err: '' })
  expect(again.out).toContain(
    `${lines.length - 1} rows: 0 made, 0 changed, ${lines.length - 1} as they were, 0 refused.\n`,
  )

  const table = join(files, 'new.csv')
  writeFileSync(table, 'Firm,email,Note\nAcme,a@example.com,x\nBolt,wrong,\n')
  const map = ['--map', '{"Firm":"company_name"}', '--required-fields', 'false']
  const dry = await waggle(['import', table, ...at, ...map, '--dry-run'])
  expect(dry.out).toContain('Nothing was changed. It would be: 2 rows: 1 made, 0 changed, 0 as they were, 1 refused.\n')
  expect(dry.out).toContain('Columns that were passed over: Note\n  row 2: Invalid email')
  const made = await waggle(['import', table, ...at, ...map])
  const undo = /To undo it: waggle (import undo \d+)\n/.exec(made.out)?.[1]?.split(' ') ?? []
  expect(undo).toHaveLength(3)
  const filtered = await waggle(['export', ...at, '--format', 'jsonl', '--filter', 'search=acme'])
  expect(JSON.parse(filtered.out)).toMatchObject({ company_name: 'Acme', email: 'a@example.com' })
  expect(await waggle(['export', ...at, '--filter', 'statsu=new'])).toMatchObject({
    code: 1,
    err: 'waggle: --filter does not know "statsu". Did you mean status?\n',
  })
  expect(await waggle([...undo, ...at])).toMatchObject({ code: 0, out: `1 row of import ${undo[2]} is undone.\n` })
  expect((await waggle(['import', 'list', ...at])).out).toMatch(/new\.csv +undone +2 +1 +0 +0 +1 +1\n/)

  for (const [args, err] of [
    [['import'], 'Say which file: waggle import <file>.'],
    [['import', join(files, 'none.csv')], `There is no file ${join(files, 'none.csv')}.`],
    [['import', join(files, 'x')], `Say what ${join(files, 'x')} is with --format csv or --format jsonl.`],
    [['import', table, '--mode', 'update'], 'To update leads, say what finds them.'],
    [
      ['import', table, '--map', 'x'],
      '--map must be JSON such as {"Firm": "company_name"}: the column, and what it is.',
    ],
    [['import', 'undo', '404'], 'There is no import 404. See: waggle import list'],
  ] as const) {
    expect(await waggle([...args, ...at])).toMatchObject({ code: 1, err: `waggle: ${err}\n` })
  }
}, 60_000)

test('an export that nobody reads any more ends', async () => {
  const data = temporaryDirectory()
  const database = await openDatabase({ directory: data })
  await loadFixture(database)
  await database.close()
  const told: string[] = []
  const reads = (texts: number) => ({ ...silent, data: (text: string) => told.push(text) < texts })
  await exportCommand.run(['--data', data, '--company', '3'], reads(1))
  expect(told).toEqual([expect.stringMatching(/^id,uuid,.*\r\n$/)])
  await exportCommand.run(['--data', data, '--company', '3'], reads(9))
  expect(told).toHaveLength(3)
})
