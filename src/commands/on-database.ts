import { ConfigError, didYouMean } from '../kernel/config.ts'
import { Refusal } from '../kernel/refusal.ts'
import { typed } from '../kernel/shown.ts'
import { holdsDatabase } from '../storage/directory.ts'
import { openDatabase } from '../storage/open.ts'
import type { Database } from '../storage/port.ts'
import { type Arguments, readArguments } from './arguments.ts'
import type { Command, Io } from './command.ts'
import { configOf, placeOf, shownPlace } from './settings.ts'
import { shownData } from './table.ts'

/** The flag that names a company. */
export const companyFlag = {
  company: { value: 'id', about: 'The company; not needed when there is only one.' },
} as const

/** A command on a database that a server may be using at the same time. */
export function onDatabase(
  command: Omit<Command, 'run'> & {
    wordsMax: number
    /** Answers what is printed. */
    act: (database: Database, given: Arguments, io: Io) => Promise<string>
  },
): Command {
  return {
    ...command,
    run: async (argv, io) => {
      const given = readArguments(argv, command.flags, command.wordsMax)
      const config = configOf(given, io)
      // A path that was mistyped is no place for a new database.
      if (config.databaseUrl === '' && !holdsDatabase(config.data)) {
        throw new ConfigError(
          `There is no database in ${shownPlace(config)}. Say with --data where it is, or begin one there: ` +
            `waggle init --data ${shownData(typed(config.data))}`,
        )
      }
      const database = await openDatabase({ ...placeOf(config), listsInTurn: true })
      try {
        io.out(await command.act(database, given, io))
      } catch (error) {
        throw inWords(error, given)
      } finally {
        await database.close()
      }
    },
  }
}

/** A refusal as the terminal tells it: every fault, and what would be right. Other errors are what they are. */
export function inWords(refusal: unknown, given: Arguments): unknown {
  if (!(refusal instanceof Refusal)) return refusal
  if (refusal.failure === 'unavailable') return new ConfigError(aboutUnavailable(refusal.cause))
  const faults = refusal.faults.map(({ path, message, hint }) => {
    const flag = path.slice(1)
    const typed = given.text(flag)
    if (hint === undefined) return typed === undefined ? message : `--${message}`
    return typed === undefined ? `${message} (${hint})` : `--${flag} is "${typed}", but must be ${hint}`
  })
  return new ConfigError(`${faults.length === 0 ? refusal.message : faults.join('; ')}.`)
}

/** Clients of the API are not told why; here it is who can mend it. */
function aboutUnavailable(cause: unknown): string {
  const reasons: string[] = []
  for (let at = cause; at instanceof Error; at = at.cause) {
    const reason = at.message.replace(/\.$/, '')
    if (!reasons.some((told) => told.includes(reason))) reasons.push(reason)
  }
  const why = reasons.join(': ') || 'The database was changed by others at the same time'
  return `${why}. Some may be done already; see to that, and run the same command again.`
}

/**
 * The company that is meant.
 *
 * @throws ConfigError there is none, or several and none was named
 */
export async function companyOf(database: Database, given: Arguments): Promise<number> {
  const companies = await database.find((db) => db.selectFrom('companies').select(['id', 'name']).orderBy('id'))
  const wanted = given.text('company')
  const [first] = companies
  if (first === undefined) throw new ConfigError('The database is empty. Begin it with: waggle init')
  if (wanted === undefined && companies.length === 1) return first.id
  const names = companies.map(({ id, name }) => `${id} (${name})`).join(', ')
  if (wanted === undefined) throw new ConfigError(`Say which company with --company <id>: ${names}.`)
  const found = companies.find(({ id }) => String(id) === wanted)
  if (found !== undefined) return found.id
  throw new ConfigError(
    `There is no company ${wanted}; there are ${names}.${didYouMean(
      wanted,
      companies.map(({ id }) => String(id)),
    )}`,
  )
}

/** @throws ConfigError with the text given, when the word is no whole number of 1 or more */
export function wholeNumber(text: string | undefined, otherwise: string): number {
  if (text === undefined || !/^[1-9]\d{0,14}$/.test(text)) throw new ConfigError(otherwise)
  return Number(text)
}

/**
 * Names of a comma list that a flag holds; undefined when it was not given.
 *
 * @throws ConfigError telling the one that is none of them, and the nearest
 */
export function namesOf<T extends string>(given: Arguments, flag: string, names: readonly T[]): T[] | undefined {
  return given
    .text(flag)
    ?.split(',')
    .map((part) => {
      const typed = part.trim()
      const name = names.find((one) => one === typed)
      if (name !== undefined) return name
      const near = didYouMean(typed, names) || ` It takes: ${names.join(', ')}.`
      throw new ConfigError(`--${flag} does not know "${typed}".${near}`)
    })
}
