import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Clock, systemClock } from '../kernel/clock.ts'
import { type Config, ConfigError, settingNames } from '../kernel/config.ts'
import { type Finding, findingsOf, fromBackup } from '../storage/looking/finding.ts'
import { logFindings } from '../storage/looking/log-walk.ts'
import type { Looking } from '../storage/looking/looking.ts'
import { movedFindings } from '../storage/looking/moved.ts'
import { openLooking } from '../storage/looking/open.ts'
import { idFindings, olderFindings, referenceFindings } from '../storage/looking/references.ts'
import { versionFinding } from '../storage/looking/version.ts'
import { DatabaseRefused } from '../storage/open.ts'
import { version } from '../version.ts'
import { readArguments } from './arguments.ts'
import type { Command, Io } from './command.ts'
import { accessFindings } from './doctor/access.ts'
import { diskFindings, diskRefused, tryDisk } from './doctor/disk.ts'
import { endpointFindings, retentionFindings } from './doctor/endpoints.ts'
import { fileFindings, filesOf } from './doctor/files.ts'
import { programFindings } from './doctor/program.ts'
import { secretFindings } from './doctor/secrets.ts'
import { isPublic, lookAtSettings } from './doctor/settings.ts'
import { answerFindings, clockFindings } from './doctor/times.ts'
import { placeOf, settingFlags, shownPlace } from './settings.ts'
import { plain } from './table.ts'

const flags = {
  quick: { about: 'Leave out what goes through all data.' },
  json: { about: 'Print JSON, for scripts.' },
  ...settingFlags(settingNames),
}

export const doctorCommand: Command = {
  name: 'doctor',
  about:
    'Look whether everything is well, beside a server or without one, and say what to do. Changes nothing. It takes the settings of the server, to look at them too.',
  examples: ['waggle doctor', 'waggle doctor --quick --json'],
  words: '',
  flags,
  run: async (argv, io) => {
    const given = readArguments(argv, flags, 0)
    const { config, findings: ofSettings } = lookAtSettings(given, io)
    const teller = given.has('json') ? jsonTeller(config, io) : textTeller(config, io)
    const versions = { node: process.versions.node, sqlite: process.versions.sqlite ?? 'none' }
    teller.tell([...programFindings(versions), ...ofSettings])
    await lookAtAll(config, given.has('quick'), teller)
    const faults = teller.end()
    if (faults > 0) throw new ConfigError(`${faults} ${faults === 1 ? 'fault was' : 'faults were'} found.`)
  },
}

interface Teller {
  tell(findings: readonly Finding[]): void
  /** @returns how many faults were told */
  end(): number
}

async function lookAtAll(config: Config, quick: boolean, teller: Teller): Promise<void> {
  let looking: Looking | undefined
  try {
    looking = await openLooking(placeOf(config))
  } catch (error) {
    if (!(error instanceof DatabaseRefused)) throw error
    const isThere = config.databaseUrl === '' && existsSync(join(config.data, 'waggle.db'))
    const advice = isThere
      ? fromBackup
      : 'Name the right one with --data or --database-url, and run this as the user of the server.'
    teller.tell([findingsOf('database').fault(error.message, advice)])
  }
  await lookAtDirectory(config, looking, systemClock, teller)
  if (looking === undefined) return
  let isSteady = true
  try {
    await lookAtDatabase(looking, config, quick, teller)
  } finally {
    isSteady = await looking.close()
  }
  if (isSteady) return
  const says = 'A server or a command began on the database during this look, so what is said of the data may be wrong.'
  teller.tell([findingsOf('database').warning(says, 'Run: waggle doctor once more.')])
}

async function lookAtDirectory(
  config: Config,
  looking: Looking | undefined,
  clock: Clock,
  teller: Teller,
): Promise<void> {
  const directory = resolve(config.data)
  if (!existsSync(directory)) return
  const hasModes = process.platform !== 'win32'
  await check('files', teller, async () => fileFindings(directory, filesOf(directory), hasModes))
  if (looking === undefined) return
  try {
    teller.tell(diskFindings(tryDisk(directory, clock), looking.bytes))
  } catch (error) {
    teller.tell([diskRefused(directory, error)])
  }
}

/** Tells what a look finds; what is too broken to be looked at is a fault. */
async function check(
  name: string,
  teller: Teller,
  look: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  let findings: readonly Finding[]
  try {
    findings = await look()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const advice = 'Run this as the user of the server, and see to the other faults first.'
    findings = [findingsOf(name).fault(`This could not be looked at: ${reason}.`, advice)]
  }
  teller.tell(findings)
  return findings
}

async function lookAtDatabase(looking: Looking, config: Config, quick: boolean, teller: Teller): Promise<void> {
  const now = (): number => systemClock.now() // the look itself may take minutes
  const { processes, eventRetentionDays } = config
  const server = findingsOf('database')
  teller.tell([server.ok(`${looking.shown}; ${looking.isServed ? 'a server runs on it' : 'no server runs on it'}.`)])
  await check('integrity', teller, () => looking.findings({ quick, processes }))
  const [schema] = await check('schema', teller, async () => [versionFinding(looking)])
  if (schema?.state !== 'ok') return
  await check('moved', teller, () => movedFindings(looking))
  await check('log', teller, () => logFindings(looking, { quick }))
  if (!quick) await check('references', teller, () => referenceFindings(looking))
  await check('older definitions', teller, () => olderFindings(looking))
  await check('ids', teller, () => idFindings(looking))
  await check('clock', teller, () => clockFindings(looking, systemClock))
  await check('webhooks', teller, () => endpointFindings(looking, now()))
  await check('retention', teller, () => retentionFindings(looking, eventRetentionDays, now()))
  await check('idempotency keys', teller, () => answerFindings(looking, now()))
  await check('secret key', teller, () => secretFindings(looking, config))
  await check('keys', teller, () => accessFindings(looking, { now: now(), isPublic: isPublic(config) }))
  teller.tell([
    findingsOf('backups').note(
      'Whether backups are made cannot be seen from here.',
      'One a day, elsewhere: waggle backup <directory>',
    ),
  ])
}

const states = ['ok', 'note', 'warning', 'fault'] as const

function textTeller(config: Config, io: Io): Teller {
  const counts = new Map<Finding['state'], number>()
  io.out(`Waggle ${version} looks at ${shownPlace(config)}\n\n`)
  return {
    tell: (findings) => {
      for (const { check, state, says, advice } of findings) {
        counts.set(state, (counts.get(state) ?? 0) + 1)
        io.out(`${state.padEnd(8)} ${check.padEnd(18)} ${plain(says)}\n`)
        if (advice !== undefined) io.out(`${''.padEnd(27)} → ${plain(advice)}\n`)
      }
    },
    end: () => {
      io.out(`\n${states.map((state) => `${state} ${counts.get(state) ?? 0}`).join(', ')}\n`)
      return counts.get('fault') ?? 0
    },
  }
}

function jsonTeller(config: Config, io: Io): Teller {
  const all: Finding[] = []
  return {
    tell: (findings) => void all.push(...findings),
    end: () => {
      const faults = all.filter(({ state }) => state === 'fault').length
      const told = { version, at: new Date(systemClock.now()).toISOString(), database: shownPlace(config), faults }
      io.data(`${JSON.stringify({ ...told, findings: all }, null, 2)}\n`)
      return faults
    },
  }
}
