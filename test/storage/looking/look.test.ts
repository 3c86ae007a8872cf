import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { lockForServing } from '../../../src/storage/sqlite/lock.ts'
import { LookSqlite } from '../../../src/storage/sqlite/look.ts'
import { embeddedWard, lookAt, type Patient, postgresWard, type Ward } from '../../commands/doctor/looking-at.ts'
import { describeOnPostgres } from '../../postgres/databases.ts'

describe('an embedded database that is looked at', () => {
  let ward: Ward
  beforeAll(async () => {
    ward = await embeddedWard()
  })
  afterAll(() => ward.close())
  const fileOf = ({ directory }: Patient): string => join(directory, 'waggle.db')
  const faultsOf = async ({ args }: Patient): Promise<string[]> =>
    (await lookAt(args)).findings.filter(({ state }) => state === 'fault').map(({ check, says }) => `${check}: ${says}`)
  const digests = (directory: string): string[] =>
    readdirSync(directory).map((name) => {
      const digest = createHash('sha256')
        .update(readFileSync(join(directory, name)))
        .digest('hex')
      return `${name} ${digest}`
    })

  test('is not changed by it, and no file is left beside it', async () => {
    const { args, directory } = await ward.admit()
    const before = digests(directory)
    expect((await lookAt(args)).refused).toBeUndefined()
    expect(digests(directory)).toEqual(before)
  })

  test('says what pages are broken', async () => {
    const patient = await ward.admit()
    const file = readFileSync(fileOf(patient))
    file.fill(0xa5, Math.floor(file.length / 2 / 4096) * 4096, Math.floor(file.length / 2 / 4096) * 4096 + 8 * 4096)
    writeFileSync(fileOf(patient), file)
    expect(await faultsOf(patient)).toContainEqual(expect.stringMatching(/^integrity: waggle\.db: .+/))
  })

  test('says that its end is missing', async () => {
    const patient = await ward.admit()
    truncateSync(fileOf(patient), statSync(fileOf(patient)).size / 2)
    expect(await faultsOf(patient)).toEqual([
      `database: ${fileOf(patient)} cannot be read: database disk image is malformed.`,
    ])
  })

  test('says that it is no database', async () => {
    const patient = await ward.admit()
    writeFileSync(fileOf(patient), 'a text of some length, as an editor might leave it there'.repeat(100))
    expect(await faultsOf(patient)).toEqual([`database: ${fileOf(patient)} cannot be read: file is not a database.`])
  })

  test('says that it is not one of ours', async () => {
    const patient = await ward.admit()
    rmSync(fileOf(patient))
    const other = new DatabaseSync(fileOf(patient))
    other.exec('CREATE TABLE songs (name TEXT)')
    other.close()
    expect(await faultsOf(patient)).toEqual([`schema: ${patient.directory} is a database, but not one of Waggle's.`])
  })

  test('says that the accounts beside it are broken', async () => {
    const patient = await ward.admit()
    writeFileSync(join(patient.directory, 'auth.db'), 'no database'.repeat(1_000))
    expect(await faultsOf(patient)).toEqual(['integrity: auth.db cannot be read: file is not a database.'])
  })

  test('says that its key is missing, or another', async () => {
    const patient = await ward.admit()
    const key = join(patient.directory, 'secret.key')
    writeFileSync(key, `${'ab'.repeat(32)}\n`)
    expect(await faultsOf(patient)).toEqual([`secret key: ${key} is not the key that this database was sealed with.`])
    rmSync(key)
    expect(await faultsOf(patient)).toEqual([`secret key: ${key} is missing: secrets of webhooks are sealed with it.`])
  })

  test('that a server has is told so, and its last changes are seen', async () => {
    const patient = await ward.admit()
    const unlock = lockForServing(patient.directory)
    onTestFinished(unlock)
    const server = new DatabaseSync(fileOf(patient))
    onTestFinished(() => server.close())
    server.exec('PRAGMA wal_autocheckpoint = 0; UPDATE webhooks SET cursor = 99999 WHERE company_id = 3')
    const { findings } = await lookAt(patient.args)
    expect(findings).toContainEqual({
      check: 'database',
      state: 'ok',
      says: `${patient.directory}; a server runs on it.`,
    })
    expect(findings).toContainEqual(expect.objectContaining({ check: 'integrity', state: 'ok' }))
    expect(findings).toContainEqual(expect.objectContaining({ check: 'webhooks', state: 'fault' }))
  })

  test('as a crash left it, its log is read with it', async () => {
    const patient = await ward.admit()
    const server = new DatabaseSync(fileOf(patient))
    server.exec('PRAGMA wal_autocheckpoint = 0; UPDATE webhooks SET cursor = 99999 WHERE company_id = 3')
    const crashed = mkdtempSync(join(tmpdir(), 'waggle-crashed-'))
    onTestFinished(() => rmSync(crashed, { recursive: true, force: true }))
    cpSync(patient.directory, crashed, { recursive: true })
    server.close()
    rmSync(join(crashed, 'waggle.db-shm'))
    const { findings } = await lookAt(['--data', crashed])
    expect(findings).toContainEqual(expect.objectContaining({ check: 'webhooks', state: 'fault' }))
    expect(findings).toContainEqual({ check: 'database', state: 'ok', says: `${crashed}; no server runs on it.` })
  })

  test('in which a table of ours is broken says so for each check, and goes on with the others', async () => {
    const patient = await ward.admit()
    await patient.query('ALTER TABLE webhooks RENAME COLUMN cursor TO cursors')
    const found = await faultsOf(patient)
    expect(found).toContainEqual(
      expect.stringMatching(/^webhooks: This could not be looked at: no such column: .*cursor/),
    )
    expect((await lookAt(patient.args)).findings).toContainEqual(expect.objectContaining({ check: 'backups' }))
  })

  test('on which a server begins meanwhile was not looked at for sure', async () => {
    const patient = await ward.admit()
    const looking = new LookSqlite(patient.directory)
    const server = new DatabaseSync(fileOf(patient))
    server.exec('UPDATE webhooks SET cursor = 1 WHERE company_id = 3')
    expect(await looking.close()).toBe(false)
    server.close()
    expect(await new LookSqlite(patient.directory).close()).toBe(true)
  })
})

/** An operator class whose order is turned round when the index stands (as PostgreSQL's own test of amcheck does). */
const damagedIndex = `
CREATE EXTENSION amcheck;
CREATE FUNCTION rising (bigint, bigint) RETURNS int LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN $1 < $2 THEN -1 WHEN $1 > $2 THEN 1 ELSE 0 END';
CREATE FUNCTION falling (bigint, bigint) RETURNS int LANGUAGE sql IMMUTABLE AS
  'SELECT CASE WHEN $1 < $2 THEN 1 WHEN $1 > $2 THEN -1 ELSE 0 END';
CREATE OPERATOR CLASS fickle FOR TYPE bigint USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=,
  OPERATOR 5 >, FUNCTION 1 rising(bigint, bigint);
CREATE INDEX damaged ON leads (id fickle);
UPDATE pg_amproc SET amproc = 'falling'::regproc WHERE amproc = 'rising'::regproc;
`

describeOnPostgres('a database on PostgreSQL that is looked at', () => {
  let ward: Ward
  beforeAll(async () => {
    ward = await postgresWard()
  })
  afterAll(() => ward.close())

  test('that holds nothing, or something else, is told so', async () => {
    const { args, query } = await ward.admit()
    await query('ALTER TABLE company_log RENAME TO logs')
    const other = await lookAt(args)
    expect(other.findings).toContainEqual(
      expect.objectContaining({ state: 'fault', says: expect.stringContaining("but not one of Waggle's.") }),
    )
    await query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    expect((await lookAt(args)).findings).toContainEqual(
      expect.objectContaining({
        state: 'fault',
        says: expect.stringMatching(/^There is nothing in the database patient_/),
      }),
    )
  })

  test('that cannot be reached is told so', async () => {
    const { findings, refused } = await lookAt(['--database-url', 'postgres://waggle@127.0.0.1:1/none'])
    expect(refused).toBe('1 fault was found.')
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'database',
        says: expect.stringMatching(/none on 127\.0\.0\.1:1 cannot be reached/),
      }),
    )
  })

  test('is checked by amcheck where the extension is, and else it is said how to have that', async () => {
    const { args, query } = await ward.admit()
    const isThere = await query(damagedIndex).then(
      () => true,
      () => false,
    )
    const found = (await lookAt(args)).findings.filter(({ check }) => check === 'integrity')
    expect(found).toEqual([
      isThere
        ? {
            check: 'integrity',
            state: 'fault',
            says: expect.stringMatching(/^The index damaged: item order invariant violated for index "damaged"/),
            advice: 'In psql: REINDEX INDEX damaged',
          }
        : { check: 'integrity', state: 'note', says: expect.any(String), advice: expect.stringContaining('amcheck') },
    ])
  })

  test('that is whole is told so', async () => {
    const { args, query } = await ward.admit()
    const isThere = await query('CREATE EXTENSION amcheck').then(
      () => true,
      () => false,
    )
    const [found] = (await lookAt(args)).findings.filter(({ check }) => check === 'integrity')
    expect(found?.state).toBe(isThere ? 'ok' : 'note')
  })
})
