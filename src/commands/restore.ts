import { systemClock } from '../kernel/clock.ts'
import { ConfigError, variableOf } from '../kernel/config.ts'
import { counted } from '../kernel/shown.ts'
import { type Restored, restoreBackup } from '../storage/backup/restore.ts'
import { makeAccounts } from './accounts.ts'
import { readArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { brokenOff, Shower } from './progress.ts'
import { configOf, databaseSettings, placeOf, settingFlags, shownPlace } from './settings.ts'
import { tableOf } from './table.ts'
import { verify } from './verify.ts'

const flags = {
  ...settingFlags(databaseSettings),
  'pause-webhooks': {
    about: 'Pause every endpoint: a copy for a trial sends nothing to the receivers of the original.',
  },
  verify: {
    about: 'Restore nothing: read all of the backup, say whether it is whole and what it holds.',
  },
}

export const restoreCommand: Command = {
  name: 'restore',
  about: 'Put a backup into an empty data directory, or into an empty PostgreSQL database, and check that it is whole.',
  examples: [
    'waggle restore /backups/2026-11-28 --data ./data-of-tomorrow',
    'waggle restore /backups/2026-11-28 --data /tmp/trial --pause-webhooks',
    'waggle restore /backups/2026-11-28 --verify',
  ],
  words: '<directory>',
  flags,
  run: async (argv, io) => {
    const given = readArguments(argv, flags, 1)
    const [directory] = given.words
    if (directory === undefined) throw new ConfigError('Say which backup is meant: waggle restore <directory>.')
    if (given.has('verify')) {
      const other = Object.keys(flags).find(
        (flag) => flag !== 'verify' && (given.has(flag) || given.text(flag) !== undefined),
      )
      if (other !== undefined) throw new ConfigError(`--verify restores nothing: leave out --${other}.`)
      return verify(directory, io)
    }
    const config = configOf(given, io)
    const shower = new Shower(io)
    try {
      const restored = await restoreBackup(directory, placeOf(config), {
        now: systemClock.now(),
        pauseWebhooks: given.has('pause-webhooks'),
        makeAccounts,
        ...shower.watched,
        onResume: (resume) =>
          io.out(
            resume === 'goes on'
              ? 'The restore that was begun before goes on where it stopped.\n'
              : 'A restore was begun before, of something else; it begins anew.\n',
          ),
      })
      shower.end()
      io.out(closing(restored, { to: shownPlace(config), hasKey: restored.hasKey || config.secretKey !== '' }))
    } catch (error) {
      throw inWords(error)
    }
  },
}

const inWords = (error: unknown): unknown =>
  brokenOff(error, {
    stopped: 'Stopped. The same command begins again, or goes on.',
    failed: (reason) => `The restore was broken off: ${reason}. See to that, and run the same command again.`,
  })

function closing({ manifest, endpoints }: Restored, { to, hasKey }: { to: string; hasKey: boolean }): string {
  const { tables, companies, at, program } = manifest
  const logs = tableOf(
    ['company', 'its log goes on behind'],
    companies.map(({ id, last_sequence }) => [String(id), last_sequence.toLocaleString('en')]),
  )
  return (
    `\n${to} holds what a backup of Waggle ${program} held at ${at}: ${counted(tables['leads']?.rows ?? 0, 'lead')} of ` +
    `${counted(companies.length, 'company', 'companies')}. It was read back, and is the same.\n\n${logs}\n` +
    `What was changed after ${at} is not in it. If something was, mind before a server starts:\n` +
    '- New changes and new leads take numbers that were given before. Who follows the feed begins again behind the numbers ' +
    'above.\n' +
    `- ${aboutEndpoints(endpoints)}\n` +
    '- Keys that were revoked and users who were disabled since are good again, and leads that were erased are back: do it ' +
    'again.\n' +
    '- Everybody signs in anew, with the password of that time.\n' +
    `${hasKey ? '' : `\nThe backup brought no key. If the original was served with one, put its secret.key into --data, or set ${variableOf('secretKey')}.\n`}`
  )
}

function aboutEndpoints({ active, paused }: Restored['endpoints']): string {
  if (active === 0) return 'No endpoint is active, so no webhook is sent.'
  const which = counted(active, 'endpoint')
  return paused > 0
    ? `${which} ${paused === 1 ? 'is' : 'are'} paused. \`waggle webhook resume <id>\` lets one send from where it stood.`
    : `${which} ${active === 1 ? 'sends' : 'send'} from where ${active === 1 ? 'it' : 'they'} stood: what was delivered ` +
        'since comes once more, under the same webhook-id. For a copy beside the original restore with --pause-webhooks.'
}
