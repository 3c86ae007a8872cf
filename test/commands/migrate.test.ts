import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { describeOnPostgres, testDatabase } from '../postgres/databases.ts'
import { temporaryDirectory, waggle } from './program.ts'

test('an embedded database is brought to the version of the program', async () => {
  const data = temporaryDirectory()
  const { code, out, err } = await waggle(['migrate', '--data', data])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toBe(`The database ${data} has the version of this program.\n`)
  expect(existsSync(join(data, 'waggle.db'))).toBe(true)
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
