import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { migrate } from '../../src/storage/sqlite/migrate.ts'
import { migrations } from '../../src/storage/sqlite/schema.ts'
import { describeOnPostgres, testDatabase } from '../postgres/databases.ts'
import { temporaryDirectory, waggle, waggleBy } from './program.ts'

test('an embedded database is brought to the version of the program', async () => {
  const data = temporaryDirectory()
  const { code, out, err } = await waggle(['migrate', '--data', data])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toBe(`The database ${data} has the version of this program.\n`)
  expect(existsSync(join(data, 'waggle.db'))).toBe(true)
})

test('without room for the copy of before, nothing is changed, and it is said what to do', async () => {
  const data = temporaryDirectory()
  const path = join(data, 'waggle.db')
  const db = new DatabaseSync(path)
  onTestFinished(() => db.close())
  migrate(db, path, migrations.slice(0, -1))
  const version = () => db.prepare('SELECT max(version) AS version FROM migrations').get()?.['version']
  const limited = await waggleBy('ulimit -f 128 && exec "$@"', ['migrate', '--data', data]) // files of 64 KiB, or 128
  expect(limited).toMatchObject({ code: 1, out: '' })
  expect(limited.err).toMatch(/The copy of \S+ that is made before it is brought to version \d+ could not be written:/)
  expect(limited.err).toMatch(/It needs up to [\d.]+ KiB beside it\. Nothing was changed; make room, and do the same/)
  expect(readdirSync(data).filter((name) => name.startsWith('waggle-before'))).toEqual([])
  expect(version()).toBe(migrations.length - 1)

  expect((await waggle(['migrate', '--data', data])).code).toBe(0)
  expect(version()).toBe(migrations.length)
  const copy = new DatabaseSync(join(data, `waggle-before-v${migrations.length}.db`), { readOnly: true })
  onTestFinished(() => copy.close())
  expect(copy.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  expect(copy.prepare('SELECT max(version) AS version FROM migrations').get()).toEqual({
    version: migrations.length - 1,
  })
})

test('one file is not spread over machines', async () => {
  expect(await waggle(['migrate', '--data', temporaryDirectory(), '--distribute'])).toMatchObject({
    code: 1,
    err: 'waggle: --distribute needs --database-url: the embedded database is one file.\n',
  })
})

describeOnPostgres('on PostgreSQL', () => {
  test('where the extension is missing, it is said what is to do', async () => {
    const { url, release } = await testDatabase()
    onTestFinished(release)
    const { code, out, err } = await waggle(['migrate', '--database-url', url, '--distribute'])
    expect(code).toBe(1)
    expect(out).toMatch(/^The database waggle_[\d_]+ on 127\.0\.0\.1:\d+ has the version of this program\.\n$/)
    expect(err).toMatch(/does not have the extension citus, so its tables stay where they are\. Install Citus/)
  })
})
