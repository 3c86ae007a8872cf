import { ConfigError } from '../kernel/config.ts'
import { makeKey, revokeKey } from '../keys/make.ts'
import { digestOf, importedLengthMin, newKey } from '../keys/secret.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import type { Arguments, Flags } from './arguments.ts'
import type { Command } from './command.ts'
import { companyFlag, companyOf, onDatabase, wholeNumber } from './on-database.ts'
import { databaseSettings, settingFlags } from './settings.ts'
import { shownTime, tableOf } from './table.ts'

const place: Flags = {
  ...settingFlags(databaseSettings),
  ...companyFlag,
}
const making: Flags = {
  ...place,
  user: { value: 'id', about: "The user the key acts for. (the company's first)" },
  label: { value: 'text', about: 'What the key is for. (API key)' },
  read: { about: 'May read.' },
  write: { about: 'May write.' },
  admin: { about: 'May administer; implies neither of the others.' },
  expires: {
    value: 'time',
    about: 'When the key ends: YYYY-MM-DD (its first moment in UTC), or an ISO 8601 time with Z or an offset. (never)',
  },
}

export const keyCommands: readonly Command[] = [
  onDatabase({
    name: 'key create',
    about: 'Make a key; it is shown once.',
    words: '',
    flags: making,
    wordsMax: 0,
    act: async (database, given) => {
      const key = newKey()
      const id = await make(database, given, key)
      return `Key ${id}. It is shown this once:\n\n    ${key}\n\n`
    },
  }),
  onDatabase({
    name: 'key import',
    about: 'Take over an existing key value, so that a client need not change. "-" reads it from standard input.',
    words: '<value>',
    flags: making,
    wordsMax: 1,
    act: async (database, given, io) => {
      const [word] = given.words
      if (word === undefined) throw new ConfigError('Say which key: waggle key import <value>, or - to read it.')
      const key = word === '-' ? (await io.input()).trim() : word
      if (key.length < importedLengthMin || !/^[\x21-\x7e]+$/.test(key)) {
        throw new ConfigError(
          `A key must have at least ${importedLengthMin} characters, all of them visible ASCII without spaces; ` +
            `this one has ${key.length}.`,
        )
      }
      if ((await database.read('api_keys', { digest: digestOf(key) })) !== undefined) {
        throw new ConfigError('This key is in the database already, maybe revoked. See: waggle key list')
      }
      return `Key ${await make(database, given, key)} imported.\n`
    },
  }),
  onDatabase({
    name: 'key list',
    about: 'Show all keys: their first characters, never the keys.',
    words: '',
    flags: settingFlags(databaseSettings),
    wordsMax: 0,
    act: async (database) => {
      const keys = await database.find((db) =>
        db.selectFrom('api_keys').selectAll().orderBy('company_id').orderBy('id'),
      )
      return keys.length === 0 ? 'There are no keys. Make one with: waggle key create --read --write\n' : keyTable(keys)
    },
  }),
  onDatabase({
    name: 'key revoke',
    about: 'End a key for good; a running server refuses it within a second.',
    words: '<id>',
    flags: settingFlags(databaseSettings),
    wordsMax: 1,
    act: async (database, given) => {
      const id = wholeNumber(given.words[0], 'Say which key: waggle key revoke <id>. See: waggle key list')
      const key = (await database.find((db) => db.selectFrom('api_keys').select('company_id').where('id', '=', id)))[0]
      if (key === undefined) throw new ConfigError(`There is no key ${id}. See: waggle key list`)
      await database.transact(revokeKey(key.company_id, id))
      return `Key ${id} is revoked.\n`
    },
  }),
]

async function make(database: Database, given: Arguments, key: string): Promise<number> {
  if (!given.has('read') && !given.has('write') && !given.has('admin')) {
    throw new ConfigError('A key that may do nothing is of no use. Say --read, --write or --admin, or several of them.')
  }
  const companyId = await companyOf(database, given)
  const request = {
    companyId,
    userId: await userOf(database, given, companyId),
    label: given.text('label') ?? 'API key',
    key,
    mayRead: given.has('read'),
    mayWrite: given.has('write'),
    mayAdminister: given.has('admin'),
    expiresAt: timeOf(given.text('expires')),
  }
  return (await database.transact(makeKey(request))).reply.id
}

async function userOf(database: Database, given: Arguments, companyId: number): Promise<number> {
  const users = await database.find((db) =>
    db.selectFrom('users').select(['id', 'disabled_at']).where('company_id', '=', companyId).orderBy('id'),
  )
  const wanted = given.text('user')
  const found =
    wanted === undefined
      ? users.find((user) => user.disabled_at === null)
      : users.find(({ id }) => String(id) === wanted)
  if (found === undefined) throw new ConfigError(`Company ${companyId} has no user ${wanted ?? 'to act for'}.`)
  return found.id
}

function timeOf(text: string | undefined): number | null {
  if (text === undefined) return null
  const time = /^\d{4}-\d{2}-\d{2}(T.+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time))
    throw new ConfigError(`--expires is "${text}", but must be YYYY-MM-DD, or an ISO 8601 time with Z or an offset.`)
  return time
}

function keyTable(keys: readonly Row<'api_keys'>[]): string {
  const rows = keys.map((key) => [
    String(key.id),
    String(key.company_id),
    `${key.prefix}…`,
    [key.may_read && 'read', key.may_write && 'write', key.may_administer && 'admin'].filter(Boolean).join(' '),
    shownTime(key.last_used_at),
    key.revoked_at === null ? shownTime(key.expires_at) : `revoked ${shownTime(key.revoked_at)}`,
    key.label,
  ])
  return tableOf(['id', 'company', 'key', 'may', 'last used', 'ends', 'label'], rows)
}
