import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { isEmail, referenceFromText } from '../contract/forms.ts'
import { eraseLeads } from '../erasure/lead.ts'
import { eraseUser } from '../erasure/user.ts'
import { systemClock } from '../kernel/clock.ts'
import { ConfigError } from '../kernel/config.ts'
import { isCopyBefore } from '../storage/directory.ts'
import { foldedEmail } from '../storage/folded-email.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { accountsOf } from './accounts.ts'
import type { Arguments } from './arguments.ts'
import type { Command, Io } from './command.ts'
import { companyFlag, companyOf, onDatabase } from './on-database.ts'
import { configOf, databaseSettings, settingFlags } from './settings.ts'
import { tableOf } from './table.ts'
import { openVault } from './vault.ts'

const cause = { actor: undefined, requestId: undefined, clock: systemClock }

export const eraseCommand: Command = onDatabase({
  name: 'erase',
  about: 'Erase what is kept of a person: of the leads that an id or an e-mail address names, or of a user. For good.',
  examples: ['waggle erase ada@nordlicht.example', 'waggle erase 4711 --yes'],
  words: '<lead id, uuid or e-mail address>',
  wordsMax: 1,
  flags: {
    ...settingFlags([...databaseSettings, 'secretKey']),
    ...companyFlag,
    user: { value: 'id or e-mail address', about: 'Erase this user, and no lead.' },
    yes: { about: 'Do it. Without, it is only told what would be erased.' },
  },
  act: async (database, given, io) => {
    const [word] = given.words
    const user = given.text('user')
    if ((word === undefined) === (user === undefined)) {
      throw new ConfigError(
        'Say whom: waggle erase <lead id, uuid or e-mail address>, or waggle erase --user <id or e-mail address>.',
      )
    }
    const companyId = await companyOf(database, given)
    const told =
      user === undefined
        ? await leadsErased(database, companyId, word ?? '', given)
        : await userErased(database, companyId, user, { given, io })
    if (given.has('yes')) return `${told}${copiesTold(given, io)}`
    return `${told}Nothing was changed. What is erased cannot be brought back; to do it, add --yes.\n`
  },
})

async function leadsErased(database: Database, companyId: number, word: string, given: Arguments): Promise<string> {
  const leads = await leadsNamed(database, companyId, word)
  if (leads.length === 0) throw new ConfigError(`There is no lead ${word}, not even a deleted one.`)
  const head = ['id', 'uuid', 'company', 'name', 'e-mail', 'state']
  const rows = leads.map(({ id, uuid, company_name, first_name, last_name, email, archived_at, erasure }) => {
    const name = [first_name, last_name].filter(Boolean).join(' ')
    const state = erasure !== null ? 'erased' : archived_at === null ? '' : 'deleted'
    return [String(id), uuid, company_name ?? '', name, email ?? '', state]
  })
  if (!given.has('yes')) return tableOf(head, rows)
  const ids = leads.map(({ id }) => id)
  await eraseLeads(database, companyId, ids, cause)
  return `${ids.length === 1 ? 'Lead' : 'Leads'} ${ids.join(', ')} ${ids.length === 1 ? 'is' : 'are'} erased.\n`
}

/** Deleted leads, too. */
async function leadsNamed(database: Database, companyId: number, word: string): Promise<Row<'leads'>[]> {
  const reference = referenceFromText(word)
  if (reference !== undefined) {
    const key = typeof reference === 'number' ? { id: reference } : { uuid: reference }
    const lead = await database.read('leads', { company_id: companyId, ...key })
    return lead === undefined ? [] : [lead]
  }
  if (!isEmail(word)) throw new ConfigError(`"${word}" is no id of a lead, no uuid and no e-mail address.`)
  const leads = await database.find<Row<'leads'>>((db) =>
    db
      .selectFrom('leads')
      .selectAll()
      .where('company_id', '=', companyId)
      .where((eb) => eb(eb.fn<string>('lower', ['email']), '=', eb.fn<string>('lower', [eb.val(word)])))
      .orderBy('id'),
  )
  return leads.filter(({ email }) => foldedEmail(email ?? '') === foldedEmail(word))
}

async function userErased(
  database: Database,
  companyId: number,
  word: string,
  { given, io }: { readonly given: Arguments; readonly io: Io },
): Promise<string> {
  const { users } = await database.definitions(companyId)
  const isNamed = ({ email }: Row<'users'>): boolean => foldedEmail(email) === foldedEmail(word)
  const user = users.get(referenceFromText(word)) ?? [...users.all()].find(isNamed)
  if (user === undefined) throw new ConfigError(`There is no user ${word}.`)
  const { id, uuid, email, first_name, last_name, role } = user
  if (!given.has('yes')) {
    const name = [first_name, last_name].filter(Boolean).join(' ')
    return tableOf(['id', 'uuid', 'name', 'e-mail', 'role'], [[String(id), uuid, name, email, role]])
  }
  const config = configOf(given, io)
  const accounts = accountsOf(config, await openVault(database, config), false)
  try {
    await eraseUser({ database, accounts, clock: systemClock }, companyId, id, config.wholeSeconds)
  } finally {
    await accounts.close()
  }
  return `User ${id} is erased.\n`
}

/** Copies from before an upgrade stand beside the database, and nobody but their owner should remove them. */
function copiesTold(given: Arguments, io: Io): string {
  const { data } = configOf(given, io)
  const copies = existsSync(data) ? readdirSync(data).filter(isCopyBefore) : []
  const kept = 'Backups, exported files and receivers of webhooks still hold what they were given.'
  if (copies.length === 0) return `${kept}\n`
  return `${kept}\nSo do copies from before an upgrade; remove them when they are needed no more:\n${copies
    .map((name) => `  ${resolve(data, name)}\n`)
    .join('')}`
}
