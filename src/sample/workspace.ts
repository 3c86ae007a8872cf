import { companyWrites } from '../companies/begin.ts'
import { type DefinitionRows, definitionsFrom } from '../storage/definitions.ts'
import type { Database, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { sampleUuid } from './chance.ts'
import {
  companyIds,
  fieldIds,
  mainDefinitions,
  optionIds,
  otherDefinitions,
  otherIds,
  tagIds,
  userIds,
} from './definitions.ts'
import { historyOf } from './history.ts'
import { keyRows, sampleKeys } from './keys.ts'
import { leadIds, type SampleLead, sampleLeads } from './leads.ts'

export { sampleKeys } from './keys.ts'

/** The integration of each company. */
export const integrationUuids = {
  main: '5b8f0c52-6a1e-4d0b-9c37-2f4f0e8a7d11',
  other: 'c2d94e07-83b5-4f6a-a1de-7e90b35c6f22',
} as const

const dayMs = 86_400_000

/**
 * Fills an empty database with the sample workspace, all or none. The same `now` gives the same rows.
 *
 * @param now Unix ms; the sample's past is counted from it
 */
export async function fillWithSample(database: Database, now: number): Promise<void> {
  const times = { begunAt: now - 150 * dayMs, madeAt: now - 140 * dayMs, leftAt: now - dayMs, revokedAt: now - dayMs }
  const leads = sampleLeads(now)
  await database.load([
    { kind: 'insert', table: 'meta', row: { name: 'begun_as', value: 'sample' } },
    ...rowsOf(mainDefinitions(times), keyRows(companyIds.main, times), leads.main),
    ...rowsOf(otherDefinitions(times.begunAt), keyRows(companyIds.other, times), leads.other),
    integration(1, companyIds.main, 'CRM connector', times.madeAt),
    integration(2, companyIds.other, 'Marketing connector', times.madeAt),
  ])
}

/** An integration without endpoints, with the settings of the documented example and no credentials. */
const integration = (id: number, companyId: number, name: string, createdAt: number): Write => ({
  kind: 'insert',
  table: 'integrations',
  row: {
    company_id: companyId,
    id,
    uuid: companyId === companyIds.main ? integrationUuids.main : integrationUuids.other,
    created_at: createdAt,
    name,
    configuration: [{ id: 'lead_integration_settings', selected: [{ id: 'unique_field_lead', value: 'email' }] }],
    api_key: null,
    external_settings: null,
  },
})

/** What scripts need of the sample: its address, its keys, and the id of one thing of each kind. */
export const sampleMap = (baseUrl: string) => ({
  baseUrl,
  companyId: companyIds.main,
  otherCompanyId: companyIds.other,
  integrationUuid: integrationUuids.main,
  keys: sampleKeys,
  leadId: leadIds.example,
  leadUuid: sampleUuid('leads', leadIds.example),
  leadIds: leadIds.more,
  archivedLeadId: leadIds.archived,
  userIds: userIds.assignable,
  disabledUserId: userIds.disabled,
  tagIds: tagIds.lead,
  dealTagId: tagIds.deal,
  customFields: {
    number: fieldIds.number,
    select: fieldIds.select,
    selectOptions: optionIds.select,
    multiSelect: fieldIds.multiSelect,
    multiSelectOptions: optionIds.multiSelect,
    text: fieldIds.text,
    textarea: fieldIds.textarea,
    date: fieldIds.date,
    boolean: fieldIds.boolean,
    requiredText: fieldIds.requiredText,
    dealField: fieldIds.dealField,
  },
  other: {
    leadId: leadIds.other[0],
    tagId: otherIds.tag,
    userId: otherIds.user,
    customFieldId: otherIds.field,
    integrationUuid: integrationUuids.other,
  },
})

/** All rows of a company. */
function rowsOf(definitions: DefinitionRows, keys: readonly Row<'api_keys'>[], leads: readonly SampleLead[]): Write[] {
  const history = historyOf(leads, definitionsFrom(definitions))
  const log = {
    last_sequence: history.lastSequence,
    last_time: Math.max(history.lastTime, ...keys.map((key) => key.revoked_at ?? key.created_at)),
  }
  return [...companyWrites({ definitions, keys, log }), ...history.writes]
}
