import { systemClock, systemTimers } from '../kernel/clock.ts'
import { ConfigError } from '../kernel/config.ts'
import { systemRandom } from '../kernel/random.ts'
import type { Database } from '../storage/port.ts'
import { changeWebhook, deleteWebhook } from '../webhooks/change.ts'
import { webhookViews } from '../webhooks/queries.ts'
import { readWebhookChange } from '../webhooks/read-body.ts'
import { createSender } from '../webhooks/send.ts'
import { sendTest } from '../webhooks/send-test.ts'
import type { Arguments, Flags } from './arguments.ts'
import type { Command, Io } from './command.ts'
import { onDatabase } from './on-database.ts'
import { configOf, databaseSettings, settingFlags } from './settings.ts'
import { shownData, tableOf } from './table.ts'
import { openVault } from './vault.ts'
import { addEndpoint, addingFlags } from './webhook-add.ts'
import { lookingFlags, replay, replayFlags, showDeliveries } from './webhook-deliveries.ts'
import { allowedNetworks, endpointOf } from './webhook-endpoint.ts'

const place: Flags = settingFlags(databaseSettings)

export const webhookCommands: readonly Command[] = [
  onDatabase({
    name: 'webhook add',
    about: 'Make an endpoint; its signing secret is shown once.',
    examples: [
      'waggle webhook add https://crm.example/hook',
      'waggle webhook add https://crm.example/hook --events lead_updated --fields status,tags',
    ],
    words: '<url>',
    flags: addingFlags,
    wordsMax: 1,
    act: addEndpoint,
  }),
  onDatabase({
    name: 'webhook list',
    about: 'Show all endpoints and how they are doing.',
    words: '',
    flags: place,
    wordsMax: 0,
    act: listEndpoints,
  }),
  onDatabase({
    name: 'webhook pause',
    about: 'Send nothing more to an endpoint until it is resumed.',
    words: '<id>',
    flags: place,
    wordsMax: 1,
    act: async (database, given) => {
      const { company_id, id, state } = await endpointOf(database, given)
      if (state === 'paused') return `Webhook ${id} is paused already.\n`
      await database.transact(changeWebhook(company_id, id, asked({ state: 'paused' })))
      return `Webhook ${id} is paused.\n`
    },
  }),
  onDatabase({
    name: 'webhook resume',
    about: 'Go on where a paused or disabled endpoint stopped.',
    words: '<id>',
    flags: { ...place, skip: { about: 'Give up what was missed, and begin with the next change.' } },
    wordsMax: 1,
    act: async (database, given) => {
      const { company_id, id, state } = await endpointOf(database, given)
      if (state === 'active')
        return `Webhook ${id} is active already; nothing was ${given.has('skip') ? 'skipped' : 'changed'}.\n`
      const resume = given.has('skip') ? 'skip' : 'continue'
      await database.transact(changeWebhook(company_id, id, asked({ state: 'active', resume })))
      return `Webhook ${id} is active${resume === 'skip' ? ', from the next change on' : ''}.\n`
    },
  }),
  onDatabase({
    name: 'webhook remove',
    about: 'End an endpoint; what has not arrived is not sent any more.',
    words: '<id>',
    flags: place,
    wordsMax: 1,
    act: async (database, given) => {
      const { company_id, id } = await endpointOf(database, given)
      await database.transact(deleteWebhook(company_id, id))
      return `Webhook ${id} is removed.\n`
    },
  }),
  onDatabase({
    name: 'webhook test',
    about: 'Send a made-up lead now, and tell what came back.',
    words: '<id>',
    flags: settingFlags([...databaseSettings, 'secretKey', 'webhookAllow', 'webhookTimeoutMs']),
    wordsMax: 1,
    act: testEndpoint,
  }),
  onDatabase({
    name: 'webhook deliveries',
    about: 'Show what became of changes at an endpoint, newest first.',
    examples: ['waggle webhook deliveries 1 --state parked,retrying'],
    words: '<id>',
    flags: lookingFlags,
    wordsMax: 1,
    act: showDeliveries,
  }),
  onDatabase({
    name: 'webhook replay',
    about: 'Send once more: one delivery, or everything from an event or a time on.',
    examples: ['waggle webhook replay 1 --delivery 12', 'waggle webhook replay 1 --since 2026-03-01T00:00:00Z'],
    words: '<id>',
    flags: replayFlags,
    wordsMax: 1,
    act: replay,
  }),
]

/** A change of an endpoint as the API would read it. */
const asked = (body: object) => readWebhookChange(body, () => undefined)

async function listEndpoints(database: Database): Promise<string> {
  const companies = await database.find((db) => db.selectFrom('companies').select('id').orderBy('id'))
  const telling = { wholeSeconds: true, now: systemClock.now() }
  const rows: string[][] = []
  for (const { id: companyId } of companies) {
    for (const one of await webhookViews(database, { companyId }, telling)) {
      rows.push([
        String(one.id),
        String(companyId),
        one.integration_name,
        one.reason === null ? one.state : `${one.state}: ${one.reason}`,
        String(one.backlog),
        String(one.undelivered),
        one.last_status === null ? '-' : String(one.last_status),
        one.last_delivered_at ?? '-',
        one.url,
      ])
    }
  }
  if (rows.length === 0) return 'There are no webhooks. Make one with: waggle webhook add <url>\n'
  const head = ['id', 'company', 'integration', 'state', 'backlog', 'undelivered', 'status', 'last delivered', 'url']
  return tableOf(head, rows)
}

/** Who acts when the company has no user: the nil uuid (RFC 9562 §5.9). */
const nobody = '00000000-0000-0000-0000-000000000000'

async function testEndpoint(database: Database, given: Arguments, io: Io): Promise<string> {
  const config = configOf(given, io)
  const webhook = await endpointOf(database, given)
  const vault = await openVault(database, config)
  const [user] = await database.find((db) =>
    db.selectFrom('users').select('uuid').where('company_id', '=', webhook.company_id).orderBy('id').limit(1),
  )
  const sender = createSender({
    allow: await allowedNetworks(database, config),
    timeoutMs: config.webhookTimeoutMs,
    connections: 1,
    clock: systemClock,
    timers: systemTimers,
  })
  try {
    const now = systemClock.now()
    const message = { uuid: systemRandom.uuid(now), now, userUuid: user?.uuid ?? nobody }
    const { delivered, status, ms, answer, error } = await sendTest({ database, vault, sender }, webhook, message)
    const said = answer === null ? '' : ` It said: ${shownData(answer)}`
    if (delivered) return `Accepted: ${status} in ${ms} ms.${said}\n`
    const why = status === null ? `no answer (${shownData(error ?? '')})` : `${status} in ${ms} ms`
    throw new ConfigError(`Not accepted: ${why}.${said}`)
  } finally {
    await sender.close()
  }
}
