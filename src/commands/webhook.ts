import { referenceFromText } from '../contract/forms.ts'
import { deliveryStates } from '../contract/webhooks.ts'
import { sequenceAt } from '../events/tell.ts'
import { systemClock, systemTimers } from '../kernel/clock.ts'
import { ConfigError, didYouMean } from '../kernel/config.ts'
import { systemRandom } from '../kernel/random.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { addressGuard } from '../webhooks/addresses.ts'
import { changeWebhook, createWebhook, deleteWebhook, newWebhook } from '../webhooks/change.ts'
import { listDeliveries, readFilter } from '../webhooks/deliveries.ts'
import { createIntegration, sealedIntegration } from '../webhooks/integrate.ts'
import { countOf, webhookViews } from '../webhooks/queries.ts'
import { readIntegration, readNewWebhook, readReplay, readWebhookChange } from '../webhooks/read-body.ts'
import { replayDelivery, replaySince } from '../webhooks/replay.ts'
import { newSecret, sealedAs } from '../webhooks/secrets.ts'
import { createSender } from '../webhooks/send.ts'
import { sendTest } from '../webhooks/send-test.ts'
import type { Arguments, Flags } from './arguments.ts'
import type { Command, Io } from './command.ts'
import { companyFlag, companyOf, onDatabase, wholeNumber } from './on-database.ts'
import { configOf, settingFlags } from './settings.ts'
import { tableOf } from './table.ts'
import { openVault } from './vault.ts'

const place: Flags = settingFlags(['data'])
const sealing: Flags = settingFlags(['data', 'secretKey', 'webhookAllow'])
const adding: Flags = {
  ...sealing,
  ...companyFlag,
  integration: { value: 'uuid', about: "Whose endpoint it is: uuid, id or name. (the company's only one)" },
  name: { value: 'text', about: 'Name of the integration that is made when the company has none. (Default)' },
  events: { value: 'list', about: 'Events it hears of, in a comma list. (all)' },
  fields: { value: 'list', about: 'Of updates, only those of one of these members, in a comma list. (any)' },
  description: { value: 'text', about: 'What it is for.' },
}
const looking: Flags = {
  ...place,
  state: { value: 'list', about: `Only these: ${deliveryStates.join(', ')}.` },
  event: { value: 'list', about: 'Only of these events.' },
  lead: { value: 'id', about: 'Only of this lead, by number or uuid.' },
  since: { value: 'time', about: 'Only of events from then on; ISO 8601.' },
  limit: { value: 'number', about: 'Rows at the most, up to 50. (20)' },
}
const again: Flags = {
  ...place,
  since: { value: 'what', about: 'From an event on: its sequence, or an ISO 8601 time.' },
  delivery: { value: 'id', about: 'One delivery, by its id.' },
}

export const webhookCommands: readonly Command[] = [
  onDatabase({
    name: 'webhook add',
    about: 'Make an endpoint; its signing secret is shown once.',
    words: '<url>',
    flags: adding,
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
      const { company_id, id } = await endpointOf(database, given)
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
      const { company_id, id } = await endpointOf(database, given)
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
    flags: settingFlags(['data', 'secretKey', 'webhookAllow', 'webhookTimeoutMs']),
    wordsMax: 1,
    act: testEndpoint,
  }),
  onDatabase({
    name: 'webhook deliveries',
    about: 'Show what became of changes at an endpoint, newest first.',
    words: '<id>',
    flags: looking,
    wordsMax: 1,
    act: showDeliveries,
  }),
  onDatabase({
    name: 'webhook replay',
    about: 'Send once more: one delivery, or everything from an event or a time on.',
    words: '<id>',
    flags: again,
    wordsMax: 1,
    act: replay,
  }),
]

/** A change of an endpoint as the API would read it. */
const asked = (body: object) => readWebhookChange(body, () => undefined)

/** @throws ConfigError there is no such endpoint */
async function endpointOf(database: Database, given: Arguments): Promise<Row<'webhooks'>> {
  const id = wholeNumber(given.words[0], 'Say which webhook by its id. See: waggle webhook list')
  const [webhook] = await database.find<Row<'webhooks'>>((db) =>
    db.selectFrom('webhooks').selectAll().where('id', '=', id).where('deleted_at', 'is', null),
  )
  if (webhook === undefined) throw new ConfigError(`There is no webhook ${id}. See: waggle webhook list`)
  return webhook
}

const listed = (text: string | undefined): string[] | undefined => text?.split(',').map((one) => one.trim())

async function addEndpoint(database: Database, given: Arguments, io: Io): Promise<string> {
  const config = configOf(given, io)
  const [url] = given.words
  if (url === undefined) throw new ConfigError('Say where to: waggle webhook add <url>')
  const companyId = await companyOf(database, given)
  const vault = await openVault(database, config)
  const integration = await integrationFor(database, given, companyId, async () => {
    const body = readIntegration({ name: given.text('name') ?? 'Default' })
    const made = sealedIntegration(vault, systemRandom.uuid(systemClock.now()), body)
    return (await database.transact(createIntegration(companyId, made, 0))).reply
  })
  const allow = [...config.webhookAllow, ...((await isSample(database)) ? ['127.0.0.0/8', '::1/128'] : [])]
  const body = {
    integration: integration.uuid,
    url,
    events: listed(given.text('events')),
    fields: listed(given.text('fields')),
    description: given.text('description'),
  }
  const read = readNewWebhook(withoutAbsent(body), addressGuard(allow).refusalOfUrl)
  const uuid = systemRandom.uuid(systemClock.now())
  const secret = newSecret()
  const webhook = newWebhook(uuid, vault.seal(secret, sealedAs.secret(uuid)), read)
  const present = await countOf(database, 'webhooks', companyId)
  const { id } = (await database.transact(createWebhook(companyId, integration, webhook, present))).reply
  return (
    `Webhook ${id} hears of every change from now on.\n\n` +
    `Its signing secret (webhook-signature) is shown this once:\n\n    ${secret}\n\n` +
    `Its tokens (Authorization) are signed with the uuid of its integration:\n\n    ${integration.uuid}\n\n` +
    `Try it: waggle webhook test ${id}\n`
  )
}

const withoutAbsent = (body: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))

/** The sample's server may send to the machine it runs on, so its endpoints may be there. */
const isSample = async (database: Database): Promise<boolean> =>
  (await database.read('meta', { name: 'begun_as' }))?.value === 'sample'

type Named = Pick<Row<'integrations'>, 'id' | 'uuid'>

async function integrationFor(
  database: Database,
  given: Arguments,
  companyId: number,
  make: () => Promise<Named>,
): Promise<Named> {
  const all = await database.find((db) =>
    db.selectFrom('integrations').select(['id', 'uuid', 'name']).where('company_id', '=', companyId).orderBy('id'),
  )
  const wanted = given.text('integration')
  const [first] = all
  const names = all.map(({ uuid, name }) => `${uuid} (${name})`).join(', ')
  if (wanted === undefined) {
    if (first === undefined) return make()
    if (all.length === 1) return first
    throw new ConfigError(`Say which integration with --integration <uuid>: ${names}.`)
  }
  const found = all.filter(({ id, uuid, name }) => [String(id), uuid, name].includes(wanted))
  if (found.length === 1 && found[0] !== undefined) return found[0]
  const near = didYouMean(
    wanted,
    all.map(({ name }) => name),
  )
  throw new ConfigError(
    `No one integration is "${wanted}"; there ${all.length === 0 ? 'is none' : `are ${names}`}.${near}`,
  )
}

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

async function testEndpoint(database: Database, given: Arguments, io: Io): Promise<string> {
  const config = configOf(given, io)
  const webhook = await endpointOf(database, given)
  const vault = await openVault(database, config)
  const [user] = await database.find((db) =>
    db.selectFrom('users').select('uuid').where('company_id', '=', webhook.company_id).orderBy('id').limit(1),
  )
  const allow = [...config.webhookAllow, ...((await isSample(database)) ? ['127.0.0.0/8', '::1/128'] : [])]
  const sender = createSender({
    allow,
    timeoutMs: config.webhookTimeoutMs,
    connections: 1,
    clock: systemClock,
    timers: systemTimers,
  })
  try {
    const now = systemClock.now()
    const message = { uuid: systemRandom.uuid(now), now, userUuid: user?.uuid ?? '' }
    const { delivered, status, ms, answer, error } = await sendTest({ database, vault, sender }, webhook, message)
    if (delivered) return `Accepted: ${status} in ${ms} ms.${answer === null ? '' : ` It said: ${answer}`}\n`
    const why = status === null ? `no answer (${error})` : `${status} in ${ms} ms`
    throw new ConfigError(`Not accepted: ${why}.${answer === null ? '' : ` It said: ${answer}`}`)
  } finally {
    await sender.close()
  }
}

async function showDeliveries(database: Database, given: Arguments): Promise<string> {
  const webhook = await endpointOf(database, given)
  const names = ['state', 'event', 'lead', 'since'] as const
  const filter = readFilter(Object.fromEntries(names.map((name) => [name, given.text(name)])))
  const limit = given.text('limit')
  const pageSize = limit === undefined ? 20 : Math.min(50, wholeNumber(limit, '--limit must be a whole number.'))
  const telling = { wholeSeconds: true, now: systemClock.now() }
  const { rows } = await listDeliveries(database, webhook, { filter, pageSize, telling })
  if (rows.length === 0) return 'There are no such deliveries.\n'
  const head = [
    'id',
    'sequence',
    'event',
    'lead',
    'state',
    'attempts',
    'status',
    'ms',
    'last attempt',
    'next attempt',
    'error',
  ]
  return tableOf(
    head,
    rows.map((one) => [
      String(one.id),
      String(one.sequence),
      one.event,
      String(one.lead_id),
      one.late ? `${one.state} (late)` : one.state,
      String(one.attempts),
      one.status === null ? '-' : String(one.status),
      one.ms === null ? '-' : String(one.ms),
      one.last_attempt_at ?? '-',
      one.next_attempt_at ?? '-',
      one.error ?? '',
    ]),
  )
}

async function replay(database: Database, given: Arguments): Promise<string> {
  const { company_id: companyId, id: webhookId } = await endpointOf(database, given)
  const [since, delivery] = [given.text('since'), given.text('delivery')]
  if ((since === undefined) === (delivery === undefined)) {
    throw new ConfigError('Say what to send again: --since <sequence or time>, or --delivery <id>.')
  }
  if (delivery !== undefined) {
    const deliveryId = wholeNumber(delivery, '--delivery must be the id of a delivery. See: waggle webhook deliveries')
    await database.transact(replayDelivery({ companyId, webhookId, deliveryId }))
    return `Delivery ${deliveryId} is sent once more.\n`
  }
  const asSequence = since === undefined ? undefined : referenceFromText(since)
  const read = readReplay({ since: typeof asSequence === 'number' ? asSequence : since })
  const first = 'sequence' in read.since ? read.since.sequence : await sequenceAt(database, companyId, read.since.at)
  const { events, from, until } = (await database.transact(replaySince({ companyId, webhookId, since: first }))).reply
  return events === 0
    ? 'There is nothing to send again.\n'
    : `Events ${from} to ${until} are sent once more, in order; what is newer follows.\n`
}
