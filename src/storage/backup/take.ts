import { chmodSync, existsSync, lstatSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { isDirectory, isWithin, makeDirectory } from '../directory.ts'
import { differing, type TableDigest } from '../moving/digest.ts'
import type { Watched } from '../moving/reading.ts'
import { DatabaseRefused } from '../refused.ts'
import { closeLog, digestFile, refuseBroken } from '../sqlite/whole-file.ts'
import { copyOwn, digestOfFile, type FileDigest, syncPath } from './files.ts'
import { type BackedUpTable, columnsNow, type Manifest, writeManifest } from './manifest.ts'
import { type BackupPlace, openSource } from './source.ts'
import { beginStaging, type Staging } from './staging.ts'
import { summaryOf } from './summary.ts'
import { unfinishedInfix } from './unfinished.ts'

export interface BackupOptions extends Watched {
  /** The version of the program. */
  readonly program: string
  readonly clock: Clock
  /** The file with the key that seals secrets; undefined where the key is not in a file. */
  readonly keyFile: string | undefined
  /** Makes the tables of accounts in a directory. */
  readonly makeAccounts: (directory: string) => Promise<void>
  /** Looks at what the copy keeps in `meta` under a name, and throws what is wrong. */
  readonly check: (meta: (name: string) => string | undefined) => void
}

/** A backup that was made. */
export interface Taken {
  readonly directory: string
  readonly manifest: Manifest
  /** For how long the source had to keep its moment, in ms. */
  readonly heldMs: number
}

/**
 * Copies a database as it stands at one moment into a directory that does not exist yet, beside a running server. It is
 * written under another name, opened anew, compared, and gets its name at last: a directory that is there is whole.
 *
 * @throws DatabaseRefused the directory exists, or is inside the data's; the source is not there, half of a move, or of
 *   another version; there is no room for the copy, or it differs
 * @throws MoveStopped
 */
export async function takeBackup(place: BackupPlace, directory: string, options: BackupOptions): Promise<Taken> {
  const target = resolve(directory)
  if (isDirectory(dirname(target)) && lstatSync(target, { throwIfNoEntry: false }) !== undefined) {
    throw new DatabaseRefused(
      `${target} is there already. Name a directory that is not: a backup is never written over.`,
    )
  }
  const data = resolve(place.directory)
  if (!place.url && isWithin(data, target)) {
    throw new DatabaseRefused(`${target} is inside ${data}, and would be lost with it. Name a directory elsewhere.`)
  }
  const source = await openSource(place)
  let staged: string | undefined
  let staging: Staging | undefined
  try {
    makeDirectory(dirname(target))
    staged = mkdtempSync(`${target}${unfinishedInfix}`)
    staging = beginStaging(staged)
    const { at, heldMs, digests } = await source.copyTo(staged, options)
    settle(staged, staging)
    const path = join(staged, 'waggle.db')
    refuseBroken(path, `The copy of ${source.shown}`)
    const found = await digestFile(path, columnsNow, options)
    const different = differing(digests ?? found, found)
    if (different.length > 0) {
      throw new DatabaseRefused(`The copy differs from ${source.shown}, in: ${different.join(', ')}. Look at the disk.`)
    }
    const { meta, ...summary } = summaryOf(path, source.shown)
    if (options.keyFile !== undefined && existsSync(options.keyFile)) {
      await copyOwn(options.keyFile, join(staged, 'secret.key'))
    }
    options.check((name) => meta.get(name)) // behind the copy: a key that was exchanged before it is noticed
    const manifest = writeManifest(staged, {
      program: options.program,
      at: new Date(at).toISOString(),
      from: source.from,
      ...summary,
      tables: describedTables(found),
      files: await filesIn(staged, staging),
    })
    syncPath(staged)
    staging.complete()
    renameSync(staged, target)
    syncPath(dirname(target))
    return { directory: target, manifest, heldMs }
  } catch (error) {
    staging?.complete()
    if (staged !== undefined) rmSync(staged, { recursive: true, force: true })
    throw error
  } finally {
    await source.close()
  }
}

/** Leaves one file of each database, and nothing else. */
function settle(staged: string, staging: Staging): void {
  rmSync(join(staged, 'server.lock'), { force: true })
  for (const name of staging.names()) if (name.endsWith('.db')) closeLog(join(staged, name))
}

function describedTables(found: Readonly<Record<string, TableDigest>>): Manifest['tables'] {
  const described: Record<string, BackedUpTable> = {}
  for (const [table, digest] of Object.entries(found))
    described[table] = { ...digest, columns: columnsNow[table] ?? {} }
  return described
}

async function filesIn(staged: string, staging: Staging): Promise<Manifest['files']> {
  const files: Record<string, FileDigest> = {}
  for (const name of staging.names().toSorted()) {
    chmodSync(join(staged, name), 0o600)
    syncPath(join(staged, name))
    files[name] = await digestOfFile(join(staged, name))
  }
  return files
}
