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
