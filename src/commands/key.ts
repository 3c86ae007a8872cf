import { keyLimits, overlapSecondsDefault } from '../contract/keys.ts'
import { systemClock } from '../kernel/clock.ts'
import { ConfigError } from '../kernel/config.ts'
import { timeFrom } from '../kernel/time.ts'
import { makeKey } from '../keys/make.ts'
import { countInForce } from '../keys/queries.ts'
import { revoke } from '../keys/revoke.ts'
import { rotateKey } from '../keys/rotate.ts'
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

const rotating: Flags = {
  ...settingFlags(databaseSettings),
  overlap: {
    value: 'seconds',
    about: `For how long the old key still opens. (${overlapSecondsDefault})`,
  },
}

export const keyCommands: readonly Command[] = [
  onDatabase({
    name: 'key create',
    about: 'Make a key; it is shown once.',
    examples: [
      'waggle key create --read --write --label "CRM sync"',
      'waggle key create --read --expires 2027-01-01 --label "Report"',
    ],
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
    examples: ['waggle key import - --read --write --label "CRM sync" < key.txt'],
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
    about: 'End a key for good; a running server refuses it within a second. The last admin key stays.',
    words: '<id>',
    flags: settingFlags(databaseSettings),
    wordsMax: 1,
    act: async (database, given) => {
      const { companyId, id } = await named(database, given, 'revoke')
      await revoke(database, companyId, id)
      return `Key ${id} is revoked.\n`
    },
  }),
  onDatabase({
    name: 'key rotate',
    about: 'Make a key in place of one, with all that it may; it is shown once. The old one ends by itself.',
    examples: ['waggle key rotate 2 --overlap 604800'],
    words: '<id>',
    flags: rotating,
    wordsMax: 1,
    act: async (database, given) => {
      const { companyId, id: keyId } = await named(database, given, 'rotate')
      const present = await countInForce(database, companyId, systemClock.now())
      const rotation = { companyId, keyId, key: newKey(), overlapMs: overlapOf(given) * 1_000 }
      const { row, oldEndsAt } = (await database.transact(rotateKey(rotation, present))).reply
      const ends = `Key ${keyId} ends at ${new Date(oldEndsAt).toISOString()}.`
      return `Key ${row.id}. It is shown this once:\n\n    ${rotation.key}\n\n${ends}\n`
    },
  }),
]

/** @throws ConfigError no key was named, or there is none with this number */
async function named(database: Database, given: Arguments, verb: string): Promise<{ companyId: number; id: number }> {
  const id = wholeNumber(given.words[0], `Say which key: waggle key ${verb} <id>. See: waggle key list`)
  const [key] = await database.find((db) => db.selectFrom('api_keys').select('company_id').where('id', '=', id))
  if (key === undefined) throw new ConfigError(`There is no key ${id}. See: waggle key list`)
  return { companyId: key.company_id, id }
}

function overlapOf(given: Arguments): number {
  const text = given.text('overlap')
  if (text === undefined) return overlapSecondsDefault
  if (/^\d{1,7}$/.test(text) && Number(text) <= keyLimits.overlapSeconds) return Number(text)
  throw new ConfigError(`--overlap is "${text}", but must be a whole number from 0 to ${keyLimits.overlapSeconds}.`)
}

async function make(database: Database, given: Arguments, key: string): Promise<number> {
  if (!given.has('read') && !given.has('write') && !given.has('admin')) {
    throw new ConfigError('A key that may do nothing is of no use. Say --read, --write or --admin, or several of them.')
  }
  const companyId = await companyOf(database, given)
  const request = {
    companyId,
    user: await userOf(database, given, companyId),
    label: given.text('label') ?? 'API key',
    key,
    mayRead: given.has('read'),
    mayWrite: given.has('write'),
    mayAdminister: given.has('admin'),
    expiresAt: timeOf(given.text('expires')),
  }
  const present = await countInForce(database, companyId, systemClock.now())
  return (await database.transact(makeKey(request, present))).reply.id
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
  const time = timeFrom(text)
  if (time === undefined)
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
