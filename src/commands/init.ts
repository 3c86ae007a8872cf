import { beginCompany } from '../companies/begin.ts'
import { systemClock } from '../kernel/clock.ts'
import { type Config, ConfigError } from '../kernel/config.ts'
import { systemRandom } from '../kernel/random.ts'
import { newKey } from '../keys/secret.ts'
import { openDatabase } from '../storage/open.ts'
import { readArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { configOf, databaseSettings, placeOf, settingFlags, shownPlace } from './settings.ts'

const flags = {
  ...settingFlags(databaseSettings),
  company: { value: 'name', about: 'Name of the first company. (My company)' },
  email: { value: 'address', about: 'E-mail address of its first user. (admin@localhost)' },
  'first-name': { value: 'name', about: "The user's first name." },
  'last-name': { value: 'name', about: "The user's last name." },
}

export const initCommand: Command = {
  name: 'init',
  about: 'Begin a database: the first company, its first user and an admin key.',
  examples: ['waggle init --data /var/lib/waggle --company "Our company" --email eva@our.example'],
  words: '',
  flags,
  run: async (argv, io) => {
    const given = readArguments(argv, flags, 0)
    const config = configOf(given, io)
    const first = {
      name: given.text('company') ?? 'My company',
      email: given.text('email') ?? 'admin@localhost',
      firstName: given.text('first-name') ?? null,
      lastName: given.text('last-name') ?? null,
      key: newKey(),
    }
    const database = await openDatabase({ ...placeOf(config), listsInTurn: true })
    try {
      const present = await database.find((db) => db.selectFrom('companies').select('name').limit(1))
      if (present[0] !== undefined) {
        throw new ConfigError(
          `The database in ${shownPlace(config)} has begun already, with the company "${present[0].name}". ` +
            `Serve it, or name another: ${started(config)}`,
        )
      }
      await database.load(beginCompany(first, systemClock.now(), systemRandom))
    } finally {
      await database.close()
    }
    io.out(
      `Company 1 "${first.name}" with user 1 <${first.email}>.\n\n` +
        `Its first key may read, write and administer. It is shown this once:\n\n    ${first.key}\n\n` +
        `Start the server with: ${started(config)}\n`,
    )
  },
}

function started({ data, databaseUrl }: Config): string {
  if (databaseUrl === '') return `waggle serve --data ${data}`
  const url = new URL(databaseUrl)
  url.password = '' // whoever started this knows it
  return `waggle serve --database-url ${url.href}`
}
