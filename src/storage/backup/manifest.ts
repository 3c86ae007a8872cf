import { hash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hasCode, isDirectory } from '../directory.ts'
import type { DatabaseKind } from '../migration.ts'
import type { TableDigest } from '../moving/digest.ts'
import { DatabaseRefused } from '../refused.ts'
import type { Columns } from '../sqlite/whole-file.ts'
import { tables } from '../tables.ts'
import type { FileDigest } from './files.ts'

const manifestName = 'backup.json'
/** Of the directory, and of this description of it. */
const format = 1

export interface BackedUpTable extends TableDigest {
  /** Columns in the order in which they are digested, with how they are kept. */
  readonly columns: Columns
}

/** What a backup holds; `backup.json` beside its files. */
export interface Manifest {
  readonly format: number
  /** The version of the program that made it. */
  readonly program: string
  /** How many migrations its database has. */
  readonly schema: number
  /** Of what moment it is, ISO 8601. */
  readonly at: string
  /** What the data was in. */
  readonly from: DatabaseKind
  readonly companies: readonly { readonly id: number; readonly last_sequence: number }[]
  readonly tables: Readonly<Record<string, BackedUpTable>>
  readonly files: Readonly<Record<string, FileDigest>>
}

/** Every table as this release keeps it. */
export const columnsNow: Readonly<Record<string, Columns>> = Object.fromEntries(
  Object.entries(tables).map(([table, columns]) => [
    table,
    Object.fromEntries(Object.entries(columns).map(([name, { kind }]) => [name, kind])),
  ]),
)

const digestOf = (manifest: object): string => hash('sha256', JSON.stringify(manifest))

export function writeManifest(directory: string, manifest: Omit<Manifest, 'format'>): Manifest {
  const whole: Manifest = { format, ...manifest }
  const text = JSON.stringify({ ...whole, digest: digestOf(whole) }, null, 2)
  writeFileSync(join(directory, manifestName), `${text}\n`, { mode: 0o600, flag: 'wx', flush: true })
  return whole
}

/**
 * Reads what a backup says of itself.
 *
 * @throws DatabaseRefused there is none, it was changed, or a newer program made it
 */
export function readManifest(directory: string): Manifest {
  const path = join(directory, manifestName)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error
    if (existsSync(directory) && !isDirectory(directory)) throw new DatabaseRefused(isFile(directory))
    throw new DatabaseRefused(
      `${directory} is no backup: it has no ${manifestName}. Name a directory that \`waggle backup\` made.`,
    )
  }
  const { digest, ...manifest } = objectIn(text, path)
  if (typeof manifest['format'] === 'number' && manifest['format'] > format) {
    throw new DatabaseRefused(
      `${directory} was made by Waggle ${manifest['program']}, in a form that this one does not know. Restore it with that Waggle or a newer one.`,
    )
  }
  if (digest !== digestOf(manifest)) throw new DatabaseRefused(changed(path))
  return manifest as unknown as Manifest
}

function isFile(path: string): string {
  const around = dirname(path)
  const name = existsSync(join(around, manifestName))
    ? `It is in ${around}: name that.`
    : 'Name one that `waggle backup` made.'
  return `${path} is a file, and a backup is a directory. ${name}`
}

const changed = (path: string): string => `${path} is not as it was written. Take another backup.`

function objectIn(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (error) {
    throw new DatabaseRefused(changed(path), { cause: error })
  }
  throw new DatabaseRefused(changed(path))
}
