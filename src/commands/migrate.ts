import { ConfigError, flagOf } from '../kernel/config.ts'
import { distributeDatabase, openDatabase } from '../storage/open.ts'
import { readArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { configOf, databaseSettings, placeOf, settingFlags, shownPlace } from './settings.ts'

const flags = {
  ...settingFlags(databaseSettings),
  distribute: { about: 'Spread the tables over the machines of a Citus database, by company.' },
}

export const migrateCommand: Command = {
  name: 'migrate',
  about: "Bring a database to this program's version, before a server is started on it.",
  examples: ['waggle migrate --database-url postgres://waggle@db.example/waggle'],
  words: '',
  flags,
  run: async (argv, io) => {
    const given = readArguments(argv, flags, 0)
    const config = configOf(given, io)
    const distributes = given.has('distribute')
    if (distributes && config.databaseUrl === '') {
      throw new ConfigError(`--distribute needs ${flagOf('databaseUrl')}: the embedded database is one file.`)
    }
    await (await openDatabase({ ...placeOf(config), listsInTurn: true })).close()
    io.out(`The database ${shownPlace(config)} has the version of this program.\n`)
    if (!distributes) return
    const spread = await distributeDatabase(config.databaseUrl)
    io.out(
      spread.length === 0
        ? 'Its tables are spread over its machines already.\n'
        : `Spread over its machines: ${spread.join(', ')}.\nStart its servers anew, so that they go by it.\n`,
    )
  },
}
