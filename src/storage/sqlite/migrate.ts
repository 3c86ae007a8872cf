import type { DatabaseSync } from 'node:sqlite'
import type { Migration } from '../migration.ts'
import { DatabaseRefused } from '../refused.ts'
import { copyBefore } from './copy-before.ts'

/** "Wagg": marks the file as ours (sqlite.org/pragma.html#pragma_application_id). */
const applicationId = 0x57616767

/**
 * Brings a database to the newest version, each step in a transaction of its own, recorded in `migrations`.
 * A database that holds data is first copied aside.
 *
 * @throws DatabaseRefused the file is newer than this program, was made by steps that were never released, or is not one
 *   of ours, or there is no room for the copy
 */
export function migrate(db: DatabaseSync, path: string, steps: readonly Migration[]): void {
  const found = versionOf(db, path)
  if (found > steps.length) {
    throw new DatabaseRefused(
      `The database ${path} has version ${found}, but this Waggle knows only up to ${steps.length}. ` +
        'Start the newer Waggle that made it, or restore a copy from before the upgrade.',
    )
  }
  refuseOtherSteps(db, path, steps, found)
  if (found === steps.length) return
  if (found > 0) copyAside(db, path, found)
  for (let at = found; at < steps.length; at += 1) apply(db, path, steps, at)
}

/** Under the lock for writing: of processes that begin at the same time one makes the copy. */
function copyAside(db: DatabaseSync, path: string, found: number): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    if (versionOf(db, path) === found) copyBefore(path, found + 1)
  } finally {
    db.exec('ROLLBACK')
  }
}

function apply(db: DatabaseSync, path: string, steps: readonly Migration[], at: number): void {
  const step = steps[at]
  if (step === undefined) return
  db.exec('BEGIN IMMEDIATE')
  try {
    // Another process may have taken this step while we waited.
    if (versionOf(db, path) === at) {
      if (at === 0) {
        db.exec(`PRAGMA application_id = ${applicationId}`)
        db.exec(
          'CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
        )
      }
      db.exec(step.sql)
      db.prepare("INSERT INTO migrations VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%fZ'))").run(at + 1, step.name)
    }
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function refuseOtherSteps(db: DatabaseSync, path: string, steps: readonly Migration[], found: number): void {
  if (found === 0) return
  const names = db.prepare('SELECT name FROM migrations ORDER BY version').all()
  if (names.every(({ name }, at) => name === steps[at]?.name)) return
  throw new DatabaseRefused(
    `The database ${path} was made by a Waggle that was never released, and its tables are not those of this one. ` +
      'Start with an empty directory, or go on with the Waggle that made it.',
  )
}

function versionOf(db: DatabaseSync, path: string): number {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  if (tables.length === 0) return 0
  if (db.prepare('PRAGMA application_id').get()?.['application_id'] !== applicationId) {
    throw new DatabaseRefused(`${path} is a database, but not one of Waggle's.`)
  }
  return Number(db.prepare('SELECT max(version) AS version FROM migrations').get()?.['version'] ?? 0)
}
