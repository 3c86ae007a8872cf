import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/storage/open.ts'
import type { Database, Write } from '../../src/storage/port.ts'

const pageBytes = 4_096
const rowsAtOnce = 1_000
const loads = 40

/** Rows of which each fills most of a page. */
const rows = (from: number): Write[] =>
  Array.from({ length: rowsAtOnce }, (_, index) => ({
    kind: 'insert',
    table: 'idempotency_keys',
    row: {
      company_id: 3,
      key: `key-${from + index}`,
      fingerprint: '',
      created_at: 1,
      reply: 'x'.repeat(3_500),
      sequence: null,
    },
  }))

async function fill(database: Database): Promise<void> {
  for (let load = 0; load < loads; load += 1) await database.load(rows(load * rowsAtOnce))
}

test('the log is begun anew while changes go on, and holds far less than was written', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-checkpoints-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const database = await openDatabase({ directory })
  await fill(database)
  await expect
    .poll(async () => {
      // Each change may be the one that begins it anew.
      await database.forgetIdempotencyKeys(2, 1)
      const db = new DatabaseSync(join(directory, 'waggle.db'), { readOnly: true })
      const row = db.prepare('PRAGMA wal_checkpoint(NOOP)').get()
      db.close()
      return Number(row?.['log'])
    })
    .toBeLessThan(16_000)
  expect(statSync(join(directory, 'waggle.db-wal')).size).toBeLessThan(loads * rowsAtOnce * pageBytes)
  await database.close()

  const file = new DatabaseSync(join(directory, 'waggle.db'), { readOnly: true })
  onTestFinished(() => file.close())
  expect(file.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' })
  expect(Number(file.prepare('SELECT count(*) AS n FROM idempotency_keys').get()?.['n'])).toBeGreaterThan(39_000)
})

test('the log is cut to nothing when it is to be wiped, beside changes, and again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-checkpoints-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const database = await openDatabase({ directory })
  const logBytes = (): number => statSync(join(directory, 'waggle.db-wal')).size
  await database.load(rows(0))
  expect(logBytes()).toBeGreaterThan(0)
  await Promise.all([database.wipe(), database.wipe()])
  expect(logBytes()).toBe(0)

  await Promise.all([database.load(rows(1_000)), database.wipe(), database.load(rows(2_000)), database.wipe()])
  await database.wipe()
  expect(logBytes()).toBe(0)
  expect(await database.find((db) => db.selectFrom('idempotency_keys').select('key'))).toHaveLength(3_000)
  await database.close()
})

test('the log stays while somebody reads it, and is cut once nobody does', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-checkpoints-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const database = await openDatabase({ directory })
  const logBytes = (): number => statSync(join(directory, 'waggle.db-wal')).size
  await database.load(rows(0))
  const reader = new DatabaseSync(join(directory, 'waggle.db'), { readOnly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM idempotency_keys').get()
  await database.load(rows(1_000))
  await database.wipe()
  expect(logBytes()).toBeGreaterThan(0)
  reader.close()
  await database.load(rows(2_000))
  await database.wipe()
  expect(logBytes()).toBe(0)
  await database.close()
})
