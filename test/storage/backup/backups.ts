import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'vitest'
import { makeAccounts } from '../../../src/commands/accounts.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import { digestOfFile } from '../../../src/storage/backup/files.ts'
import { type Manifest, readManifest, writeManifest } from '../../../src/storage/backup/manifest.ts'
import { type Restored, type RestoreOptions, restoreBackup } from '../../../src/storage/backup/restore.ts'
import { type BackupOptions, type Taken, takeBackup } from '../../../src/storage/backup/take.ts'
import { verifyBackup } from '../../../src/storage/backup/verify.ts'
import type { Watched } from '../../../src/storage/moving/reading.ts'
import { migrations } from '../../../src/storage/sqlite/schema.ts'
import { type Columns, digestFile } from '../../../src/storage/sqlite/whole-file.ts'
import { tables } from '../../../src/storage/tables.ts'
import { directory, type Place } from '../moving/places.ts'

const watched = { onProgress: () => {}, isStopped: () => false }

/** A name for a backup, in a directory of its own. */
export const fresh = (): string => join(directory().directory, 'backup')

/** Backs a place up into a new directory. */
export const backUp = (place: Place, to = fresh(), options: Partial<BackupOptions> = {}): Promise<Taken> =>
  takeBackup(place, to, {
    program: '9.8.7',
    clock: systemClock,
    keyFile: join(place.directory, 'secret.key'),
    makeAccounts: (path) => makeAccounts({ directory: path }),
    check: () => {},
    ...watched,
    ...options,
  })

export const restore = (backup: string, place: Place, options: Partial<RestoreOptions> = {}): Promise<Restored> =>
  restoreBackup(backup, place, {
    now: 1_800_000_000_000,
    pauseWebhooks: false,
    makeAccounts,
    onResume: () => {},
    ...watched,
    ...options,
  })

export const verify = (backup: string, options: Partial<Watched> = {}): Promise<Manifest> =>
  verifyBackup(backup, { ...watched, ...options })

/** What lies beside a backup: nothing, once it has its name or was given up. */
export const beside = (backup: string): string[] =>
  readdirSync(dirname(backup)).filter((name) => join(dirname(backup), name) !== backup)

/** Another bit in a file. */
export function flip(path: string, at: number, bit = 0): void {
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
  writeFileSync(path, bytes)
}

/** Where in a file a text begins. */
export function placeOf(path: string, text: string): number {
  const at = readFileSync(path).indexOf(text)
  expect(at, text).toBeGreaterThan(0)
  return at
}

/** Says something else of a backup. */
export function rewrite(backup: string, changed: Partial<Manifest>): void {
  const manifest = { ...readManifest(backup), ...changed }
  rmSync(join(backup, 'backup.json'))
  writeManifest(backup, manifest)
}

/** A backup as the release before the last migration would have made it. */
export async function ofOldRelease(): Promise<string> {
  const { directory: backup } = directory()
  const path = join(backup, 'waggle.db')
  const db = new DatabaseSync(path)
  db.exec(
    'PRAGMA application_id = 0x57616767; CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
  )
  const older = migrations.slice(0, -1)
  for (const [at, { name, sql }] of older.entries()) {
    db.exec(sql)
    db.prepare('INSERT INTO migrations VALUES (?, ?, ?)').run(at + 1, name, '2026-01-01T00:00:00.000Z')
  }
  db.exec("INSERT INTO companies VALUES (1, 'a uuid', 'Before', 0, NULL)")
  db.exec('INSERT INTO company_log VALUES (1, 0, 0, 1)')
  const columns: Record<string, Columns> = {}
  for (const [table, now] of Object.entries(tables)) {
    const there = new Set(
      db
        .prepare('SELECT name FROM pragma_table_info(?)')
        .all(table)
        .map(({ name }) => name),
    )
    if (there.size === 0) continue
    const kept = Object.entries(now).filter(([name]) => there.has(name))
    columns[table] = Object.fromEntries(kept.map(([name, { kind }]) => [name, kind]))
  }
  db.close()
  const digests = await digestFile(path, columns, watched)
  const described = Object.entries(digests).map(([table, digest]) => [
    table,
    { ...digest, columns: columns[table] ?? {} },
  ])
  writeManifest(backup, {
    program: '0.0.9',
    schema: older.length,
    at: '2026-01-01T00:00:00.000Z',
    from: 'embedded',
    companies: [{ id: 1, last_sequence: 0 }],
    tables: Object.fromEntries(described),
    files: { 'waggle.db': await digestOfFile(path) },
  })
  return backup
}
