import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeAccounts } from '../../../src/commands/accounts.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import { type Restored, type RestoreOptions, restoreBackup } from '../../../src/storage/backup/restore.ts'
import { type BackupOptions, type Taken, takeBackup } from '../../../src/storage/backup/take.ts'
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

/** What lies beside a backup: nothing, once it has its name or was given up. */
export const beside = (backup: string): string[] =>
  readdirSync(dirname(backup)).filter((name) => join(dirname(backup), name) !== backup)
