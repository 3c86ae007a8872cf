import { randomBytes } from 'node:crypto'
import { endErasures } from '../erasure/lead.ts'
import { systemClock } from '../kernel/clock.ts'
import { type Config, flagOf } from '../kernel/config.ts'
import { counted, shownBytes } from '../kernel/shown.ts'
import { Accounts } from '../sign-in/accounts.ts'
import { openAccounts } from '../storage/accounts.ts'
import type { Compacted, Compacting } from '../storage/compacting/compacting.ts'
import { openCompacting } from '../storage/compacting/open.ts'
import { openDatabase } from '../storage/open.ts'
import { type Holder, type Swept, sweep } from '../webhooks/retention.ts'
import { readArguments } from './arguments.ts'
import type { Command, Io } from './command.ts'
import { configOf, databaseSettings, placeOf, settingFlags } from './settings.ts'

const flags = settingFlags([...databaseSettings, 'deliveryRetentionDays', 'eventRetentionDays'])

export const compactCommand: Command = {
  name: 'compact',
  about: 'Empty and remove at once what has had its time, and give unused space back to the disk.',
  examples: ['waggle compact', 'waggle compact --event-retention-days 365'],
  words: '',
  flags,
  run: async (argv, io) => {
    const config = configOf(readArguments(argv, flags, 0), io)
    const compacting = await openCompacting(placeOf(config))
    try {
      io.out(sweptLines(await sweepAll(config), config))
      if (await compacting.hasAccounts()) await sweepAccounts(config)
      await giveBack(compacting, io)
    } finally {
      await compacting.close()
    }
  },
}

/** Sweeps until nothing more has had its time. */
async function sweepAll(config: Config): Promise<Swept> {
  const database = await openDatabase({ ...placeOf(config), listsInTurn: true })
  try {
    let all: Swept = { emptied: 0, deliveries: 0, keys: 0, heldBy: [], more: true }
    while (all.more) {
      const { emptied, deliveries, keys, heldBy, more } = await sweep(database, config, systemClock.now())
      all = {
        emptied: all.emptied + emptied,
        deliveries: all.deliveries + deliveries,
        keys: all.keys + keys,
        heldBy,
        more,
      }
    }
    await endErasures(database, systemClock)
    return all
  } finally {
    await database.close()
  }
}

/** Sessions and links that have expired. No cookie is signed, so any secret will do. */
async function sweepAccounts(config: Config): Promise<void> {
  const accounts = new Accounts(() => openAccounts(placeOf(config)), randomBytes(32).toString('base64'))
  try {
    await accounts.open()
    await accounts.sweep()
  } finally {
    await accounts.close()
  }
}

async function giveBack(compacting: Compacting, io: Io): Promise<void> {
  io.out(`Giving unused space of ${compacting.shown} back …\n`)
  const compacted = await compacting.giveBack((name) => io.terminal && io.out(`  ${name}\n`))
  io.out(spaceLines(compacted))
  for (const sentence of await compacting.advice()) io.out(`${sentence}\n`)
}

function sweptLines({ emptied, deliveries, keys, heldBy }: Swept, config: Config): string {
  const { eventRetentionDays: eventDays, deliveryRetentionDays: deliveryDays } = config
  const events =
    eventDays === 0
      ? `Events are kept for ever: ${flagOf('eventRetentionDays')} is 0.\n`
      : `Emptied: ${counted(emptied, 'event')} older than ${counted(eventDays, 'day')}.\n`
  const older =
    deliveryDays === 0 ? 'of deleted endpoints' : `older than ${counted(deliveryDays, 'day')} or of deleted endpoints`
  const removed = `Removed: ${counted(deliveries, 'delivery', 'deliveries')} ${older}; ${counted(keys, 'answer')} to idempotency keys.\n`
  return events + heldBy.map(heldLine).join('') + removed
}

const heldLine = ({ companyId, webhookId, sequence, events }: Holder): string =>
  `Webhook ${webhookId} of company ${companyId} still waits for event ${sequence}, so ${counted(events, 'event')} ${events === 1 ? 'was' : 'were'} not emptied. ` +
  `See to its receiver, or give up what it missed: waggle webhook pause ${webhookId} && waggle webhook resume ${webhookId} --skip.\n`

function spaceLines(compacted: readonly Compacted[]): string {
  const sum = (of: (one: Compacted) => number): number => compacted.reduce((total, one) => total + of(one), 0)
  const [before, after] = [sum(({ bytesBefore }) => bytesBefore), sum(({ bytesAfter }) => bytesAfter)]
  return `It took ${shownBytes(before)} before, and takes ${shownBytes(after)} now.\n`
}
