import { existsSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isWithin, makeDirectory } from '../directory.ts'
import { type MoveOptions, move } from '../moving/move.ts'
import { openMovable } from '../open.ts'
import { DatabaseRefused } from '../refused.ts'
import { lockForServing } from '../sqlite/lock.ts'
import { adapt, type Endpoints } from './adapt.ts'
import { copyOwn, digestOfFile, isSameFile, syncPath } from './files.ts'
import { type Manifest, readManifest } from './manifest.ts'
import type { BackupPlace } from './source.ts'
import { copyChecked } from './staged-copy.ts'
import { beginStaging, isHalfRestored, stagingName } from './staging.ts'

export interface RestoreOptions extends Pick<MoveOptions, 'now' | 'onProgress' | 'isStopped' | 'onResume'> {
  /** Endpoints that are active are paused: the copy sends nothing. */
  readonly pauseWebhooks: boolean
  /** Makes the tables of accounts in a place, where they are not there. */
  readonly makeAccounts: (place: BackupPlace) => Promise<void>
}

/** What was restored. */
export interface Restored {
  readonly manifest: Manifest
  /** Whether `secret.key` is in the data directory now. */
  readonly hasKey: boolean
  readonly endpoints: Endpoints
}

/** Beside a data directory whose PostgreSQL database is restored; the directory itself may hold other things. */
const elsewhereName = 'restoring-elsewhere'

/**
 * Puts a backup into an empty data directory, or into an empty PostgreSQL database (its key then into the directory). All
 * is checked before and behind; until it is complete nothing serves it.
 *
 * @throws DatabaseRefused it is no backup, was damaged, a newer program made it; the target holds data, or another key
 * @throws MoveStopped
 */
export async function restoreBackup(from: string, place: BackupPlace, options: RestoreOptions): Promise<Restored> {
  const backup = resolve(from)
  const manifest = readManifest(backup)
  const directory = resolve(place.directory)
  if (isWithin(backup, directory)) {
    throw new DatabaseRefused(
      `${directory} is inside the backup, and would be lost with it. Name a directory elsewhere.`,
    )
  }
  makeDirectory(directory)
  await refuseOtherKey(directory, manifest)
  const parts = { backup, manifest, directory }
  const endpoints = place.url
    ? await intoServer({ ...parts, url: place.url }, options)
    : await intoDirectory(parts, options)
  return { manifest, endpoints, hasKey: existsSync(join(directory, 'secret.key')) }
}

interface Parts {
  readonly backup: string
  readonly manifest: Manifest
  readonly directory: string
}

async function intoDirectory({ backup, manifest, directory }: Parts, options: RestoreOptions): Promise<Endpoints> {
  const staged = join(directory, stagingName)
  if (!isHalfRestored(directory)) refuseData(directory) // told before that a server runs there
  const unlock = lockForServing(directory)
  try {
    if (isHalfRestored(directory)) forgetHalf(directory)
    else refuseData(directory)
    const staging = beginStaging(staged)
    let endpoints: Endpoints
    try {
      await copyChecked(backup, staged, manifest, options)
      endpoints = await adapt(staged, manifest, options)
    } catch (error) {
      staging.end()
      throw error
    }
    // From here on only names change; the mark goes last, and what is there without it is whole.
    for (const name of staging.names()) {
      // A key that is there is the same one, and may be a link, or lie on a disk of its own.
      if (name === 'secret.key' && existsSync(join(directory, name))) continue
      renameSync(join(staged, name), join(directory, name))
    }
    syncPath(directory)
    staging.end()
    syncPath(directory)
    return endpoints
  } finally {
    unlock()
  }
}

async function intoServer(
  { backup, manifest, directory, url }: Parts & { readonly url: string },
  options: RestoreOptions,
): Promise<Endpoints> {
  const staged = join(directory, elsewhereName)
  const staging = beginStaging(staged)
  try {
    await copyChecked(backup, staged, manifest, options)
    const endpoints = await adapt(staged, manifest, options)
    // The library brings its tables to its own version, as the target's are.
    if (manifest.files['auth.db'] !== undefined) await options.makeAccounts({ directory: staged })
    const takeBack = await putKey(staged, directory, manifest)
    await moveFrom(staged, url, options).catch((error) => {
      takeBack()
      throw error
    })
    return endpoints
  } finally {
    staging.end()
  }
}

/**
 * The key comes first: a database that is complete has it.
 *
 * @returns what takes it away again
 */
async function putKey(staged: string, directory: string, { files }: Manifest): Promise<() => void> {
  const key = join(directory, 'secret.key')
  if (files['secret.key'] === undefined || existsSync(key)) return () => {}
  await copyOwn(join(staged, 'secret.key'), key)
  return () => rmSync(key)
}

async function moveFrom(staged: string, url: string, options: RestoreOptions): Promise<void> {
  const source = await openMovable({ directory: staged }, { mustExist: true })
  try {
    const target = await openMovable({ directory: '', url }, { mustExist: false })
    try {
      await move(source, target, {
        ...options,
        command: 'restore',
        keepSource: true,
        makeAccounts: () => options.makeAccounts({ directory: '', url }),
      })
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** A log or a journal without its file counts as well: it would change the file that is put beside it. */
const ofData = ['waggle.db', 'auth.db'].flatMap((name) => ['', '-wal', '-shm', '-journal'].map((end) => name + end))

function refuseData(directory: string): void {
  const name = ofData.find((one) => existsSync(join(directory, one)))
  if (name === undefined) return
  throw new DatabaseRefused(`${directory} is not empty: ${name} is there. Name a directory without data.`)
}

/** A restore that was broken off while it gave its files their names. The directory held no data when it began. */
function forgetHalf(directory: string): void {
  for (const name of ofData) rmSync(join(directory, name), { force: true })
}

async function refuseOtherKey(directory: string, { files }: Manifest): Promise<void> {
  const path = join(directory, 'secret.key')
  const key = files['secret.key']
  if (key === undefined || !existsSync(path) || isSameFile(key, await digestOfFile(path))) return
  throw new DatabaseRefused(
    `${path} is another key than the backup's, which its secrets of webhooks are sealed with. Put it elsewhere, or name ` +
      'another directory.',
  )
}
