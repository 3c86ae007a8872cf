import { eventNames } from '../contract/events.ts'
import { patchMembers } from '../contract/leads.ts'
import { systemClock } from '../kernel/clock.ts'
import { ConfigError, didYouMean } from '../kernel/config.ts'
import { systemRandom } from '../kernel/random.ts'
import type { Vault } from '../kernel/vault.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { addressGuard } from '../webhooks/addresses.ts'
import { createWebhook, newWebhook } from '../webhooks/change.ts'
import { createIntegration, type NewIntegration, sealedIntegration } from '../webhooks/integrate.ts'
import { countOf } from '../webhooks/queries.ts'
import { readIntegration, readNewWebhook } from '../webhooks/read-body.ts'
import { newSecret, sealedAs } from '../webhooks/secrets.ts'
import type { Arguments, Flags } from './arguments.ts'
import type { Io } from './command.ts'
import { companyFlag, companyOf, namesOf } from './on-database.ts'
import { configOf, databaseSettings, settingFlags } from './settings.ts'
import { openVault } from './vault.ts'
import { allowedNetworks } from './webhook-endpoint.ts'

export const addingFlags: Flags = {
  ...settingFlags([...databaseSettings, 'secretKey', 'webhookAllow']),
  ...companyFlag,
  integration: { value: 'uuid', about: "Whose endpoint it is: uuid, id or name. (the company's only one)" },
  name: { value: 'text', about: 'Name of the integration that is made when the company has none. (Default)' },
  events: { value: 'list', about: 'Events it hears of, in a comma list. (all)' },
  fields: { value: 'list', about: 'Of updates, only those of one of these members, in a comma list. (any)' },
  description: { value: 'text', about: 'What it is for.' },
}

/**
 * Makes an endpoint, and an integration for it when the company has none.
 *
 * @throws ConfigError, Refusal something is wrong with what was given: nothing is made then
 */
export async function addEndpoint(database: Database, given: Arguments, io: Io): Promise<string> {
  const config = configOf(given, io)
  const [url] = given.words
  if (url === undefined) throw new ConfigError('Say where to: waggle webhook add <url>')
  const companyId = await companyOf(database, given)
  const vault = await openVault(database, config)
  const present = await integrationFor(database, given, companyId)
  const made = present === undefined ? newIntegration(vault, given) : undefined
  const integration = present?.uuid ?? made?.uuid
  const body = { ...membersGiven(given), integration, url }
  const read = readNewWebhook(body, addressGuard(await allowedNetworks(database, config)).refusalOfUrl)

  const uuid = systemRandom.uuid(systemClock.now())
  const secret = newSecret()
  const webhook = newWebhook(uuid, vault.seal(secret, sealedAs.secret(uuid)), read)
  const count = await countOf(database, 'webhooks', companyId)
  const owner = present ?? (await make(database, companyId, made))
  const { id } = (await database.transact(createWebhook(companyId, owner, webhook, count))).reply
  return (
    `Webhook ${id} hears of ${read.events === undefined ? 'every change' : read.events?.join(', ')} from now on` +
    `${read.fields === undefined ? '' : `, of updates when they touch ${read.fields?.join(' or ')}`}.\n\n` +
    `Its signing secret (webhook-signature) is shown this once:\n\n    ${secret}\n\n` +
    `Its tokens (Authorization) are signed with the uuid of its integration, "${owner.name}":\n\n` +
    `    ${owner.uuid}\n\n` +
    `Try it: waggle webhook test ${id}\n`
  )
}

/** Members that were not given are left out, as an API client would. */
function membersGiven(given: Arguments): Readonly<Record<string, unknown>> {
  const members = {
    events: namesOf(given, 'events', eventNames),
    fields: namesOf(given, 'fields', patchMembers),
    description: given.text('description'),
  }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

type Owner = Pick<Row<'integrations'>, 'id' | 'uuid' | 'name'>

function newIntegration(vault: Vault, given: Arguments): NewIntegration {
  const body = readIntegration({ name: given.text('name') ?? 'Default' })
  return sealedIntegration(vault, systemRandom.uuid(systemClock.now()), body)
}

async function make(database: Database, companyId: number, made: NewIntegration | undefined): Promise<Owner> {
  if (made === undefined) throw new Error('an integration is there or is made')
  const count = await countOf(database, 'integrations', companyId)
  const { reply } = await database.transact(createIntegration(companyId, made, count))
  return { ...reply, name: made.name }
}

/**
 * The integration that is meant; undefined when the company has none and none was named.
 *
 * @throws ConfigError
 */
async function integrationFor(database: Database, given: Arguments, companyId: number): Promise<Owner | undefined> {
  const all = await database.find<Owner>((db) =>
    db.selectFrom('integrations').select(['id', 'uuid', 'name']).where('company_id', '=', companyId).orderBy('id'),
  )
  const wanted = given.text('integration')
  const shown = all.map(({ id, uuid, name }) => `${id} (${name}, ${uuid})`).join(', ')
  if (given.text('name') !== undefined && (wanted !== undefined || all.length > 0)) {
    throw new ConfigError(
      `--name is for an integration that is made when there is none; company ${companyId} has ${shown || 'none'}.`,
    )
  }
  const found =
    wanted === undefined
      ? all
      : all.filter(({ id, uuid, name }) => [String(id), uuid, name].some((one) => isSame(one, wanted)))
  if (found.length === 1 || (wanted === undefined && all.length === 0)) return found[0]
  if (found.length > 1) throw new ConfigError(`Say which integration with --integration <uuid>: ${shown}.`)
  const names = all.map(({ name }) => name)
  throw new ConfigError(
    `There is no integration "${wanted}" in company ${companyId}; ` +
      (all.length === 0 ? 'it has none. Leave --integration out and one is made.' : `there are ${shown}.`) +
      didYouMean(wanted ?? '', names),
  )
}

const isSame = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase()
