import { dirname, resolve } from 'node:path'
import { systemClock } from '../kernel/clock.ts'
import { ConfigError, variableOf } from '../kernel/config.ts'
import { counted, shownBytes, typed } from '../kernel/shown.ts'
import { type Taken, takeBackup } from '../storage/backup/take.ts'
import { type Unfinished, unfinishedIn } from '../storage/backup/unfinished.ts'
import { version } from '../version.ts'
import { makeAccounts } from './accounts.ts'
import { readArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { brokenOff, Shower } from './progress.ts'
import { configOf, databaseSettings, placeOf, settingFlags, shownPlace } from './settings.ts'
import { digestTable, shownData, shownTime } from './table.ts'
import { keyFileOf, refuseOtherKey, vaultProbe } from './vault.ts'
import { shownSize } from './verify.ts'

const flags = settingFlags([...databaseSettings, 'secretKey'])

export const backupCommand: Command = {
  name: 'backup',
  about: 'Copy everything, as it stands at one moment, into a new directory: beside a running server, or without one.',
  examples: ['waggle backup /backups/2026-11-28'],
  words: '<directory>',
  flags,
  run: async (argv, io) => {
    const given = readArguments(argv, flags, 1)
    const [directory] = given.words
    if (directory === undefined) throw new ConfigError('Say where the backup goes: waggle backup <directory>.')
    const config = configOf(given, io)
    let isSealed = false
    const shower = new Shower(io)
    const begun = systemClock.elapsed()
    try {
      for (const left of unfinishedIn(dirname(resolve(directory)))) io.out(aboutUnfinished(left))
      const taken = await takeBackup(placeOf(config), directory, {
        program: version,
        clock: systemClock,
        keyFile: keyFileOf(config),
        makeAccounts: (path) => makeAccounts({ directory: path }),
        check: (meta) => {
          isSealed = meta(vaultProbe.name) !== undefined
          refuseOtherKey(config, meta)
        },
        ...shower.watched,
      })
      shower.end()
      io.out(closing(taken, { isSealed, from: shownPlace(config), ms: systemClock.elapsed() - begun }))
    } catch (error) {
      throw inWords(error)
    }
  },
}

const inWords = (error: unknown): unknown =>
  brokenOff(error, {
    stopped: 'Stopped. No backup was made.',
    failed: (reason) => `No backup was made: ${reason}.`,
  })

const aboutUnfinished = ({ path, at, bytes }: Unfinished): string =>
  `${shownData(path)} lies there since ${shownTime(at)} UTC, ${bytes === undefined ? 'and may not be read by this user' : shownBytes(bytes)}: ` +
  'what a backup left that was broken off. Nothing writes to it any more, and it may be removed.\n'

interface Circumstances {
  /** Whether the database needs the key that it was sealed with. */
  readonly isSealed: boolean
  readonly from: string
  readonly ms: number
}

function closing({ directory, manifest, heldMs }: Taken, { isSealed, from, ms }: Circumstances): string {
  const { tables, files, companies, at } = manifest
  return (
    `\n${digestTable(tables)}\n${directory} holds ${from} as it stood at ${at}: ${counted(tables['leads']?.rows ?? 0, 'lead')} of ` +
    `${counted(companies.length, 'company', 'companies')}, ${shownSize(manifest)}. It was opened anew and compared, row by row.\n` +
    `It took ${shownSeconds(ms)}; for ${shownSeconds(heldMs)} of these the database had to keep that moment.\n` +
    `${isSealed ? aboutKey(files['secret.key'] !== undefined) : ''}` +
    `Restore it into an empty directory with: waggle restore ${shownData(typed(directory))} --data <directory>\n`
  )
}

const aboutKey = (isThere: boolean): string =>
  isThere
    ? 'secret.key is in it, which opens the secrets of webhooks: whoever has the backup has all.\n'
    : `The key that seals secrets is not in it: there is no secret.key in --data. Keep ${variableOf('secretKey')}, or the ` +
      'file of your servers, beside it; without the key a restored server does not start.\n'

const shownSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
