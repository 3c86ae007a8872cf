import { resolve } from 'node:path'
import {
  type Config,
  configFrom,
  flagOf,
  type SettingName,
  settingNames,
  settings,
  shownDefault,
  variableOf,
} from '../kernel/config.ts'
import { shownDatabase } from '../storage/open.ts'
import type { Arguments, Flags } from './arguments.ts'
import type { Io } from './command.ts'

const bare = (name: SettingName): string => flagOf(name).slice(2)

/** What stands for the value in the help: `seconds` of `webhookHoldSeconds`. */
function placeholder(name: SettingName): string {
  if (name === 'data') return 'directory'
  if (typeof settings[name].default === 'boolean') return 'true|false'
  return /[A-Z]?[a-z]+$/.exec(name)?.[0].toLowerCase() ?? name
}

/** Flags for settings, named and explained by their table. */
export const settingFlags = (names: readonly SettingName[]): Flags =>
  Object.fromEntries(
    names.map((name) => {
      const { about } = settings[name]
      return [
        bare(name),
        {
          value: placeholder(name),
          about: `${about} (${shownDefault(name)}; ${variableOf(name)})`,
        },
      ]
    }),
  )

/** The settings that say which database is meant. */
export const databaseSettings = ['data', 'databaseUrl'] as const satisfies readonly SettingName[]

/** Which database is meant, as `openDatabase` takes it. */
export const placeOf = (config: Config): { readonly directory: string; readonly url: string } => ({
  directory: config.data,
  url: config.databaseUrl,
})

/** Which database is meant, as people are told. */
export const shownPlace = ({ data, databaseUrl }: Config): string =>
  databaseUrl === '' ? resolve(data) : shownDatabase(databaseUrl)

/** The configuration of a command: its flags over its variables. */
export function configOf(given: Arguments, io: Io): Config {
  return configFrom(Object.fromEntries(settingNames.map((name) => [name, given.text(bare(name))])), io.env)
}
