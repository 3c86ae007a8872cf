import { existsSync, statfsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { shownBytes } from '../../kernel/shown.ts'
import { holdsDatabase } from '../directory.ts'
import { type DatabaseKind, otherVersion } from '../migration.ts'
import { copyAccounts } from '../moving/accounts.ts'
import { refuseMoved } from '../moving/movable.ts'
import { copyAll, type Digests, metaOf, type Watched } from '../moving/reading.ts'
import { openMovable, openReadable } from '../open.ts'
import { DatabaseRefused } from '../refused.ts'
import { migrations } from '../sqlite/schema.ts'
import { FileSnapshot } from '../sqlite/snapshot.ts'
import type { Row } from '../tables.ts'
import { refuseHalfRestored } from './staging.ts'

export interface BackupPlace {
  readonly directory: string
  readonly url?: string | undefined
}

interface CopyOptions extends Watched {
  readonly clock: Clock
  readonly makeAccounts: (directory: string) => Promise<void>
}

/** What became of a copy. */
interface Copied {
  /** Of what moment it is, Unix ms. */
  readonly at: number
  /** For how long the source had to keep that moment, in ms. */
  readonly heldMs: number
  /** What the source held, as it was read; undefined where the copy was compared with it row by row. */
  readonly digests: Digests | undefined
}

/** A database that is backed up, and may be in use. */
export interface BackupSource {
  /** As people are told of it. */
  readonly shown: string
  readonly from: DatabaseKind
  /** Writes `waggle.db`, and `auth.db` where there are accounts, into a directory. */
  copyTo(directory: string, options: CopyOptions): Promise<Copied>
  close(): Promise<void>
}

/**
 * @throws DatabaseRefused there is no database, it cannot be reached, is of another version, or half of a move
 */
export const openSource = ({ directory, url }: BackupPlace): Promise<BackupSource> =>
  url ? openServer(url) : openDirectory(resolve(directory))

async function openDirectory(shown: string): Promise<BackupSource> {
  refuseHalfRestored(shown)
  if (!holdsDatabase(shown)) throw new DatabaseRefused(`There is no database in ${shown}.`)
  return {
    shown,
    from: 'embedded',
    copyTo: async (to, options) => {
      const begun = options.clock.elapsed()
      // All are opened before the first is copied: their moments are a few ms apart.
      const snapshots: FileSnapshot[] = []
      try {
        const names = ['waggle.db', 'auth.db'].filter((name) => existsSync(join(shown, name)))
        for (const name of names) snapshots.push(FileSnapshot.open(shown, name))
        const at = options.clock.now()
        refuseLittleRoom(to, snapshots)
        for (const snapshot of snapshots) {
          if (snapshot === snapshots[0]) await refuseUnfit(shown, snapshot)
          await snapshot.copyTo(join(to, snapshot.name), options)
          snapshot.compareWith(join(to, snapshot.name))
          snapshot.close()
        }
        return { at, heldMs: options.clock.elapsed() - begun, digests: undefined }
      } finally {
        for (const snapshot of snapshots) snapshot.close()
      }
    },
    close: async () => {},
  }
}

/** Told before: the disk may be the data's own, and a server on a full one refuses changes. */
function refuseLittleRoom(to: string, snapshots: readonly FileSnapshot[]): void {
  const { blocks, bavail, bsize } = statfsSync(to)
  if (blocks === 0) return // some file systems do not tell
  const refusal = littleRoom(
    dirname(to),
    snapshots.reduce((sum, { bytes }) => sum + bytes, 0),
    bavail * bsize,
  )
  if (refusal !== undefined) throw refusal
}

/** Why there is not enough room for a copy. */
export function littleRoom(directory: string, neededBytes: number, freeBytes: number): DatabaseRefused | undefined {
  if (freeBytes >= neededBytes) return undefined
  return new DatabaseRefused(
    `A backup takes ${shownBytes(neededBytes)}, and ${shownBytes(freeBytes)} are free for ${directory}. Make room, or name ` +
      'a directory on a larger disk.',
  )
}

async function refuseUnfit(shown: string, data: FileSnapshot): Promise<void> {
  const [found, known] = [Number(data.value('SELECT max(version) FROM migrations')), migrations.length]
  if (found !== known) throw new DatabaseRefused(otherVersion(shown, { found, known, kind: 'embedded' }))
  await refuseMoved(shown, async (name) => metaRow(name, data.value('SELECT value FROM meta WHERE name = ?', name)))
}

const metaRow = (name: string, value: unknown): Row<'meta'> | undefined =>
  typeof value === 'string' ? { name, value } : undefined

async function openServer(url: string): Promise<BackupSource> {
  const source = await openReadable(url)
  return {
    shown: source.shown,
    from: 'postgresql',
    copyTo: async (to, options) => {
      await refuseMoved(source.shown, async (name) => metaRow(name, await metaOf(source, name)))
      const target = await openMovable({ directory: to }, { mustExist: false })
      try {
        const begun = options.clock.elapsed()
        await source.beginSnapshot()
        const at = options.clock.now()
        const digests = await copyAll(source, target, options)
        await copyAccounts(source.accounts, target.accounts, () => options.makeAccounts(to))
        await source.endSnapshot()
        return { at, heldMs: options.clock.elapsed() - begun, digests }
      } finally {
        await target.close()
      }
    },
    close: () => source.close(),
  }
}
