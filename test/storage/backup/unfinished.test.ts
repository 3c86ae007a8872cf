import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { beginStaging } from '../../../src/storage/backup/staging.ts'
import { unfinishedIn } from '../../../src/storage/backup/unfinished.ts'
import { nobody } from '../../postgres/cluster.ts'
import { directory } from '../moving/places.ts'
import { fillRichly } from '../moving/rich.ts'
import { backUp, beside, fresh } from './backups.ts'

test('what lies there is told with its size and when it was written last', () => {
  const { directory: parent } = directory()
  const left = mkdtempSync(join(parent, '2026-11-27.unfinished-'))
  writeFileSync(join(left, 'waggle.db'), 'x'.repeat(5_000))
  writeFileSync(join(left, 'not-complete'), '')
  utimesSync(join(left, 'not-complete'), 1_000, 1_000)
  utimesSync(join(left, 'waggle.db'), 2_000, 2_000)
  utimesSync(left, 1_500, 1_500)
  expect(unfinishedIn(parent)).toEqual([{ path: left, at: 2_000_000, bytes: 5_000 }])
  expect(unfinishedIn(join(parent, 'nowhere'))).toEqual([])
})

test('what a process writes is not, and what was given up lies nowhere', async () => {
  const from = directory()
  await fillRichly(from, 3)
  const to = fresh()
  const found: unknown[] = []
  const onProgress = (): void => {
    expect(beside(to)).toHaveLength(1)
    found.push(...unfinishedIn(dirname(to)))
  }
  await backUp(from, to, { onProgress })
  expect(found).toEqual([])
  expect(readdirSync(dirname(to))).toEqual(['backup'])
})

test('folders of others are not', () => {
  const { directory: parent } = directory()
  mkdirSync(join(parent, 'song.unfinished-first'))
  const song = join(parent, 'song.unfinished-abc123')
  mkdirSync(song)
  writeFileSync(join(song, 'waggle.db'), '')
  writeFileSync(join(song, 'melody.txt'), '')
  writeFileSync(join(parent, 'file.unfinished-abc123'), '')
  expect(unfinishedIn(parent)).toEqual([])
})

test('one that this user may not look into is told without its size', () => {
  const { directory: parent } = directory()
  const left = join(parent, 'backup.unfinished-abc123')
  mkdirSync(left, { mode: 0o700 })
  chmodSync(parent, 0o755)
  if (process.getuid?.() !== 0) chmodSync(left, 0)
  const module = pathToFileURL(resolve(import.meta.dirname, '../../../src/storage/backup/unfinished.ts'))
  const program = `import { unfinishedIn } from '${module}'; console.log(JSON.stringify(unfinishedIn('${parent}')))`
  const looked = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    ...(process.getuid?.() === 0 ? nobody() : {}),
    cwd: parent,
    encoding: 'utf8',
  })
  chmodSync(left, 0o700)
  expect(looked.stderr).toBe('')
  expect(JSON.parse(looked.stdout)).toEqual([{ path: left, at: expect.any(Number) }])
})

test('a folder is filled by one only', () => {
  const { directory: parent } = directory()
  const path = join(parent, 'restoring-elsewhere')
  const staging = beginStaging(path)
  writeFileSync(join(path, 'waggle.db'), 'of the first')
  expect(() => beginStaging(path)).toThrow(`Another restore is using ${path}. Let it end first`)
  expect(staging.names()).toEqual(['waggle.db'])
  staging.complete()
  expect(readdirSync(path)).toEqual(['waggle.db'])
  renameSync(path, `${path}-named`)
  const again = beginStaging(path)
  again.end()
  expect(readdirSync(parent)).toEqual(['restoring-elsewhere-named'])
})
