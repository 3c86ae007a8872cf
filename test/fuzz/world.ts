import { companyWrites } from '../../src/companies/begin.ts'
import type { Vault } from '../../src/kernel/vault.ts'
import { keyRow } from '../../src/keys/make.ts'
import { beginLead } from '../../src/leads/begin.ts'
import { type DefinitionRows, type Definitions, definitionsFrom } from '../../src/storage/definitions.ts'
import type { Write } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import { newSecret, sealedAs } from '../../src/webhooks/secrets.ts'
import { fixture, noon, uuidOf } from '../fixture.ts'
import { aWebhook } from '../webhooks/examples.ts'

/** The company of the fixture that every world is a copy of, and the lead of it that is archived. */
const copied = 3
const archivedLead = 4712
/** Leads that a world has beside those of the fixture: copies of the first. */
const addedLeads = [4714, 4715, 4716]
/** Ids of a world are those of the fixture, so much apart from those of another world. */
const spanOfIds = 10_000
/** Worlds of one database are numbered from here on: below are the companies of the fixture. */
export const firstWorld = 100

/** Events that the first endpoint of a world has delivered. */
export const firstSequences = [1, 2, 3] as const

export type LeadSeed = Parameters<typeof beginLead>[0]

/** A company of its own for one sequence of requests, as it stands before the first. */
export interface World {
  readonly companyId: number
  readonly rows: DefinitionRows
  readonly definitions: Definitions
  /** In the order of their events; the archived one among them. */
  readonly leads: readonly LeadSeed[]
  readonly archivedLead: number
  readonly keys: Readonly<Record<KeyName, string>>
  readonly integration: Row<'integrations'>
  readonly webhook: Omit<Row<'webhooks'>, 'secret'>
  readonly deliveries: readonly Row<'deliveries'>[]
  /** The id in this world of what has it in the fixture. */
  idOf(id: number): number
}

const switches = {
  full: 'rw',
  all: 'rwa',
  read: 'r',
  write: 'w',
  admin: 'a',
  revoked: 'rwa',
  expired: 'rwa',
} as const
export type KeyName = keyof typeof switches
const keyNames = ['full', 'all', 'read', 'write', 'admin', 'revoked', 'expired'] as const satisfies readonly KeyName[]

/** The same rows for the same number. */
export function worldOf(companyId: number): World {
  const idOf = (id: number): number => companyId * spanOfIds + id
  const uuidIn = (uuid: string): string => uuidOf(Number(uuid.slice(24, 28)), idOf(Number(uuid.slice(28))))
  const placed = <R extends { company_id: number; id: number; uuid: string }>(rows: readonly R[]): R[] =>
    rows
      .filter(({ company_id }) => company_id === copied)
      .map((row) => ({ ...row, company_id: companyId, id: idOf(row.id), uuid: uuidIn(row.uuid) }))
  const company = fixture.companies.find(({ id }) => id === copied)
  const [model] = fixture.leads
  if (company === undefined || model === undefined) throw new Error('the fixture has lost its company')
  const rows: DefinitionRows = {
    version: 1,
    company: { ...company, id: companyId, uuid: uuidOf(1, companyId) },
    tags: placed(fixture.tags),
    users: placed(fixture.users),
    fields: placed(fixture.fields),
    tiers: placed(fixture.tiers),
    categories: placed(fixture.categories),
    stages: placed(fixture.stages),
    options: fixture.options.map((one) => ({
      ...one,
      company_id: companyId,
      custom_field_id: idOf(one.custom_field_id),
    })),
  }
  // All at one moment, so that the list orders them by their ids.
  const added = addedLeads.map((id) => ({ ...model, id, uuid: uuidOf(5, id), created_at: noon + spanOfIds }))
  // Ids of values are the lead's and a digit, as those of the fixture's first lead would stand in all its copies.
  const leads = placed([...fixture.leads, ...added]).map((lead) => ({
    ...lead,
    created_by_user_id: lead.created_by_user_id === null ? null : idOf(lead.created_by_user_id),
    tags: lead.tags.map(idOf),
    assigned_users: lead.assigned_users.map(idOf),
    custom_fields: Object.fromEntries(
      Object.entries(lead.custom_fields).map(([field, held], index) => [
        idOf(Number(field)),
        { ...held, id: lead.id * 10 + index },
      ]),
    ),
  }))
  const integration = integrationOf(companyId, idOf(1))
  const webhook = webhookOf(integration, idOf(1), leads.length)
  return {
    companyId,
    rows,
    definitions: definitionsFrom(rows),
    leads,
    archivedLead: idOf(archivedLead),
    keys: keysOf(companyId),
    integration,
    webhook,
    deliveries: firstSequences.map((sequence) => deliveryOf(webhook, idOf(sequence), sequence, leads)),
    idOf,
  }
}

const keyOf = (companyId: number, name: KeyName): string => `jb_api_${name}_${companyId}_00000000000000`

const keysOf = (companyId: number): World['keys'] => ({
  full: keyOf(companyId, 'full'),
  all: keyOf(companyId, 'all'),
  read: keyOf(companyId, 'read'),
  write: keyOf(companyId, 'write'),
  admin: keyOf(companyId, 'admin'),
  revoked: keyOf(companyId, 'revoked'),
  expired: keyOf(companyId, 'expired'),
})

/** The id of a world's key, as histories tell it. */
export const keyIdOf = (world: World, name: KeyName): number => world.idOf(keyNames.indexOf(name) + 1)

function keyRows(world: World): Row<'api_keys'>[] {
  return keyNames.map((name) => {
    const may: string = switches[name]
    const request = {
      companyId: world.companyId,
      userId: world.idOf(31),
      label: name,
      key: world.keys[name],
      mayRead: may.includes('r'),
      mayWrite: may.includes('w'),
      mayAdminister: may.includes('a'),
      expiresAt: name === 'expired' ? noon : null,
    }
    const row = keyRow(request, keyIdOf(world, name), noon)
    return name === 'revoked' ? { ...row, revoked_at: noon } : row
  })
}

/** All rows of a world, for an empty place in a database. */
export function writesOf(world: World, vault: Vault): Write[] {
  const { companyId, definitions, leads, integration, webhook, deliveries } = world
  const secret = vault.seal(newSecret(), sealedAs.secret(webhook.uuid))
  return [
    ...companyWrites({
      definitions: world.rows,
      keys: keyRows(world),
      log: { last_sequence: leads.length, last_time: noon + spanOfIds },
    }),
    ...leads.flatMap((lead, index) =>
      beginLead(lead, index + 1, definitions.version, { actor: undefined, requestId: undefined }).map(
        (write): Write =>
          write.table === 'leads' && write.kind === 'insert' && lead.id === world.archivedLead
            ? { ...write, row: { ...write.row, archived_at: noon } }
            : write,
      ),
    ),
    { kind: 'insert', table: 'integrations', row: { ...integration, company_id: companyId } },
    { kind: 'insert', table: 'webhooks', row: { ...webhook, secret } },
    ...deliveries.map((row): Write => ({ kind: 'insert', table: 'deliveries', row })),
  ]
}

const integrationOf = (companyId: number, id: number): Row<'integrations'> => ({
  company_id: companyId,
  id,
  uuid: uuidOf(7, id),
  created_at: noon,
  name: 'CRM',
  configuration: [],
  api_key: null,
  external_settings: null,
})

/** An endpoint that has taken up the first events of the log. */
function webhookOf(integration: Row<'integrations'>, id: number, cursor: number): World['webhook'] {
  const { secret, ...row } = aWebhook({
    company_id: integration.company_id,
    id,
    uuid: uuidOf(8, id),
    integration_id: integration.id,
    revision: 1,
    cursor,
    round: 1,
  })
  return row
}

const deliveryOf = (
  webhook: World['webhook'],
  id: number,
  sequence: number,
  leads: readonly LeadSeed[],
): Row<'deliveries'> => ({
  company_id: webhook.company_id,
  id,
  webhook_id: webhook.id,
  sequence,
  round: 1,
  lead_id: leads[sequence - 1]?.id ?? 0,
  event_name: 'lead_created',
  created_at: noon,
  state: 'delivered',
  late: false,
  replay: false,
  attempts: 1,
  tries: 1,
  first_attempt_at: noon,
  last_attempt_at: noon,
  next_attempt_at: null,
  delivered_at: noon,
  status: 200,
  ms: 1,
  answer: null,
  error: null,
})
