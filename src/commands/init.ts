import { beginCompany } from '../companies/begin.ts'
import { companyNameMax } from '../contract/company.ts'
import { emailHint, isEmail } from '../contract/forms.ts'
import { userLimits } from '../contract/users.ts'
import { BodyReader } from '../http/body-reader.ts'
import { systemClock } from '../kernel/clock.ts'
import { type Config, ConfigError } from '../kernel/config.ts'
import { systemRandom } from '../kernel/random.ts'
import { typed } from '../kernel/shown.ts'
import { newKey } from '../keys/secret.ts'
import { openDatabase } from '../storage/open.ts'
import type { Database } from '../storage/port.ts'
import { type Arguments, readArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { inWords } from './on-database.ts'
import { configOf, databaseSettings, placeOf, settingFlags, shownPlace } from './settings.ts'
import { shownData } from './table.ts'

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
    const first = { ...readFirst(given), key: newKey() }
    const database = await openDatabase({ ...placeOf(config), listsInTurn: true })
    try {
      await refuseBegun(database, config)
      await database.load(beginCompany(first, systemClock.now(), systemRandom)).catch(async (error: unknown) => {
        await refuseBegun(database, config) // another began it meanwhile
        throw error
      })
    } catch (error) {
      throw inWords(error, given)
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

/**
 * The first company and its user, by the rules of the API.
 *
 * @throws ConfigError telling every fault
 */
function readFirst(given: Arguments) {
  const flagged = ['company', 'email', 'first-name', 'last-name'].map((flag) => [flag, given.text(flag)])
  const reader = new BodyReader(Object.fromEntries(flagged))
  const notBlank = (flag: string, max: number): string | undefined => {
    const text = reader.text(flag, max)
    return text === null ? reader.fault(flag, `${flag} must not be blank`) : text
  }
  const name = notBlank('company', companyNameMax) ?? 'My company'
  const email = notBlank('email', userLimits.email) ?? 'admin@localhost'
  if (!isEmail(email)) reader.fault('email', 'Invalid email', emailHint)
  const firstName = reader.text('first-name', userLimits.first_name) ?? null
  const lastName = reader.text('last-name', userLimits.last_name) ?? null
  try {
    reader.finish([])
  } catch (error) {
    throw inWords(error, given)
  }
  return { name, email, firstName, lastName }
}

/** @throws ConfigError the database has a company */
async function refuseBegun(database: Database, config: Config): Promise<void> {
  const [present] = await database.find((db) => db.selectFrom('companies').select('name').limit(1))
  if (present === undefined) return
  throw new ConfigError(
    `The database in ${shownPlace(config)} has begun already, with the company "${present.name}". ` +
      `Serve it, or name another: ${started(config)}`,
  )
}

function started({ data, databaseUrl }: Config): string {
  if (databaseUrl === '') return `waggle serve --data ${shownData(typed(data))}`
  const url = new URL(databaseUrl)
  url.password = '' // whoever started this knows it
  return `waggle serve --database-url ${url.href}`
}
