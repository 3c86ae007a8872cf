import { ConfigError } from '../kernel/config.ts'
import { makeLink } from '../sign-in/links.ts'
import { memberOf, peopleOf } from '../sign-in/people.ts'
import { accountsOf } from './accounts.ts'
import type { Command } from './command.ts'
import { companyFlag, companyOf, onDatabase } from './on-database.ts'
import { configOf, databaseSettings, settingFlags } from './settings.ts'
import { shownTime } from './table.ts'
import { openVault } from './vault.ts'

export const userCommands: readonly Command[] = [
  onDatabase({
    name: 'user link',
    about: 'Make a link with which a user sets a password and signs in to the console, once.',
    examples: ['waggle user link eva@our.example --public-url https://leads.example'],
    words: '<e-mail address>',
    flags: { ...settingFlags([...databaseSettings, 'secretKey', 'publicUrl', 'host', 'port']), ...companyFlag },
    wordsMax: 1,
    act: async (database, given, io) => {
      const [email] = given.words
      if (email === undefined) throw new ConfigError('Say whom the link is for: waggle user link <e-mail address>.')
      const people = await peopleOf(database, email)
      const companyId =
        people.length > 1 || given.has('company') ? await companyOf(database, given) : people[0]?.companyId
      const person = people.find((one) => one.companyId === companyId)
      const member = person === undefined ? undefined : await memberOf(database, person)
      if (member === undefined) {
        throw new ConfigError(
          `There is no user <${email}> who may sign in. Invite one in the console: Settings → Users.`,
        )
      }
      const config = configOf(given, io)
      const accounts = accountsOf(config, await openVault(database, config), false)
      try {
        const origin = config.publicUrl === '' ? `http://${config.host}:${config.port}` : config.publicUrl
        const { url, expiresAt } = await makeLink({ accounts }, member, origin)
        return `Until ${shownTime(expiresAt)} this opens the console once, with a password to be chosen there:\n\n    ${url}\n\n`
      } finally {
        await accounts.close()
      }
    },
  }),
]
