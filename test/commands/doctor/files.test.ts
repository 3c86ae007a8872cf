import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type FileFact, fileFindings, filesOf } from '../../../src/commands/doctor/files.ts'
import { temporaryDirectory } from '../program.ts'

const well: readonly FileFact[] = [
  { name: '.', mode: 0o700, owner: 1000, bytes: 4096 },
  { name: 'secret.key', mode: 0o600, owner: 1000, bytes: 65 },
  { name: 'waggle.db', mode: 0o600, owner: 1000, bytes: 4096 },
]
const withOne = (name: string, more: Partial<FileFact>): FileFact[] =>
  well.map((file) => (file.name === name ? { ...file, ...more } : file))

test('files for their owner alone are well', () => {
  expect(fileFindings('/data', well)).toEqual([
    { check: 'files', state: 'ok', says: 'The files in /data are for their owner alone.' },
  ])
  expect(fileFindings('/data', withOne('.', { mode: 0o755 })), 'the names alone tell little').toMatchObject([
    { state: 'ok' },
  ])
})

test.each([
  [
    'secret.key',
    0o640,
    'fault',
    'Others may read or write secret.key (mode 640): it opens all secrets.',
    'chmod 600 /data/secret.key',
  ],
  ['waggle.db', 0o604, 'warning', 'Others may read or write waggle.db (mode 604).', 'chmod 600 /data/waggle.db'],
  ['.', 0o777, 'warning', 'Others may write into /data (mode 777).', 'chmod 700 /data'],
])('%s with mode %o is told', (name, mode, state, says, advice) => {
  expect(fileFindings('/data', withOne(name, { mode }))).toEqual([{ check: 'files', state, says, advice }])
})

test('without modes nothing is said of them but where to look; copies are told', () => {
  const files = [...withOne('secret.key', { mode: 0o666 }), { ...well[2], name: 'waggle-before-v3.db' } as FileFact]
  expect(fileFindings('C:\\data', files, false)).toEqual([
    {
      check: 'files',
      state: 'note',
      says: 'Who may read the files cannot be told on Windows.',
      advice: 'See that C:\\data is for the user of the server alone: icacls "C:\\data"',
    },
    expect.objectContaining({ check: 'copies', state: 'note' }),
  ])
})

test('files of another user are a fault', () => {
  expect(fileFindings('/data', withOne('waggle.db', { owner: 0 }))).toEqual([
    {
      check: 'files',
      state: 'fault',
      says: 'waggle.db belong to another user than the directory (1000): a server may not be able to write.',
      advice: 'chown 1000 /data/waggle.db',
    },
  ])
})

test('a copy from before an upgrade is told with its size', () => {
  const copy = { name: 'waggle-before-v9.db', mode: 0o600, owner: 1000, bytes: 12_345_678 }
  expect(fileFindings('/data', [...well, copy])).toMatchObject([
    { state: 'ok' },
    {
      check: 'copies',
      state: 'note',
      says: 'waggle-before-v9.db (11.8 MiB) is a copy from before an upgrade, with all data of then.',
    },
  ])
})

test('only what is ours is looked at', () => {
  const directory = temporaryDirectory()
  for (const name of ['waggle.db', 'waggle.db-wal', 'notes.txt']) writeFileSync(join(directory, name), '')
  chmodSync(join(directory, 'waggle.db'), 0o640)
  expect(filesOf(directory)).toMatchObject([
    { name: '.' },
    { name: 'waggle.db', mode: 0o640, bytes: 0 },
    { name: 'waggle.db-wal' },
  ])
})
