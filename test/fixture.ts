import { companyWrites } from '../src/companies/begin.ts'
import type { FieldType } from '../src/contract/fields.ts'
import { keyRow } from '../src/keys/make.ts'
import { beginLead } from '../src/leads/begin.ts'
import { type DefinitionRows, definitionsFrom } from '../src/storage/definitions.ts'
import type { CustomValue } from '../src/storage/payload.ts'
import type { Database } from '../src/storage/port.ts'
import type { Row } from '../src/storage/tables.ts'

/** When everything of the fixture was made. */
export const noon = Date.UTC(2026, 0, 15, 12)

export const keys = {
  full: 'jb_api_full_0000000000000000',
  readOnly: 'jb_api_read_0000000000000000',
  writeOnly: 'jb_api_write_000000000000000',
  admin: 'jb_api_admin_000000000000000',
  revoked: 'jb_api_revoked_0000000000000',
  expired: 'jb_api_expired_0000000000000',
  other: 'jb_api_other_000000000000000',
  otherAdmin: 'jb_api_other_admin_000000000',
  suspended: 'jb_api_suspended_00000000000',
} as const

/** A uuid that tells what it stands for: `uuidOf(7, 4711)`. */
export const uuidOf = (kind: number, id: number): string =>
  `00000000-0000-7000-8000-${String(kind).padStart(4, '0')}${String(id).padStart(8, '0')}`

const kinds = { company: 1, user: 2, tag: 3, field: 4, lead: 5, value: 6, tier: 9, category: 10, stage: 11 } as const
export const leadUuid = (id: number): string => uuidOf(kinds.lead, id)
export const tagUuid = (id: number): string => uuidOf(kinds.tag, id)
export const userUuid = (id: number): string => uuidOf(kinds.user, id)
export const fieldUuid = (id: number): string => uuidOf(kinds.field, id)
export const tierUuid = (id: number): string => uuidOf(kinds.tier, id)
export const categoryUuid = (id: number): string => uuidOf(kinds.category, id)
export const stageUuid = (id: number): string => uuidOf(kinds.stage, id)

const company = (id: number, name: string, more: Partial<Row<'companies'>> = {}): Row<'companies'> => ({
  id,
  uuid: uuidOf(kinds.company, id),
  name,
  created_at: noon,
  suspended_at: null,
  ...more,
})

const user = (company_id: number, id: number, more: Partial<Row<'users'>> = {}): Row<'users'> => ({
  company_id,
  id,
  uuid: userUuid(id),
  created_at: noon,
  email: `user${id}@our.example`,
  first_name: 'Eva',
  last_name: `Nr ${id}`,
  role: 'partnerships',
  position: null,
  color: '#3B82F6',
  email_verified: noon,
  disabled_at: null,
  ...more,
})

const tag = (company_id: number, id: number, more: Partial<Row<'tags'>> = {}): Row<'tags'> => ({
  company_id,
  id,
  uuid: tagUuid(id),
  created_at: noon,
  label: `Tag ${id}`,
  background_color: '#6B7280',
  text_color: '#FFFFFF',
  association: 'lead',
  partner_type: null,
  archived_at: null,
  ...more,
})

const field = (
  company_id: number,
  id: number,
  type: FieldType,
  more: Partial<Row<'custom_fields'>> = {},
): Row<'custom_fields'> => ({
  company_id,
  id,
  uuid: fieldUuid(id),
  created_at: noon,
  label: `Field ${id}`,
  type,
  category: 'lead',
  partner_type: null,
  required: false,
  shared: false,
  archived_at: null,
  position: 0,
  options_made: { 6: 3, 7: 2, 18: 2 }[id] ?? 0,
  ...more,
})

const option = (custom_field_id: number, id: number, archived_at: number | null = null) => ({
  company_id: 3,
  custom_field_id,
  id,
  label: `Option ${id}`,
  archived_at,
})

const value = (id: number, held: CustomValue['value']): CustomValue => ({
  id,
  uuid: uuidOf(kinds.value, id),
  value: held,
})

const tier = (company_id: number, id: number, more: Partial<Row<'tiers'>> = {}): Row<'tiers'> => ({
  company_id,
  id,
  uuid: tierUuid(id),
  created_at: noon,
  label: `Tier ${id}`,
  background_color: '#6B7280',
  text_color: '#FFFFFF',
  partner_type: null,
  archived_at: null,
  ...more,
})

const category = (company_id: number, id: number, more: Partial<Row<'categories'>> = {}): Row<'categories'> => ({
  company_id,
  id,
  uuid: categoryUuid(id),
  created_at: noon,
  updated_at: noon,
  label: `Category ${id}`,
  partner_type: null,
  archived_at: null,
  ...more,
})

const stage = (
  company_id: number,
  id: number,
  pipeline: Row<'stages'>['pipeline'],
  series: number,
  more: Partial<Row<'stages'>> = {},
): Row<'stages'> => ({
  company_id,
  id,
  uuid: stageUuid(id),
  created_at: noon,
  pipeline,
  label: `Stage ${id}`,
  series,
  phase: 'discovery',
  partner_type: pipeline === 'partner' ? 'referral' : null,
  archived_at: null,
  ...more,
})

const lead = (company_id: number, id: number, more: Partial<Row<'leads'>> = {}) => ({
  company_id,
  id,
  uuid: leadUuid(id),
  created_at: noon + id,
  source: 'manual',
  company_name: 'Nordlicht GmbH',
  email: 'ada@nordlicht.example',
  phone_number: null,
  first_name: 'Ada',
  last_name: 'Berg',
  status: 'new' as const,
  partner_type: 'referral',
  created_by_user_id: company_id === 3 ? 31 : 44,
  campaign_id: null,
  tags: [7],
  assigned_users: [31, 33],
  custom_fields: { 9: value(1, 'kept') },
  ...more,
})

export const fixture = {
  companies: [company(3, 'Our Ltd'), company(4, 'Other AG'), company(5, 'Late AG', { suspended_at: noon })],
  users: [
    user(3, 31, { role: 'admin' }),
    user(3, 32),
    user(3, 33, { disabled_at: noon }),
    user(3, 34, { role: 'indirect' }),
    user(3, 35, { email_verified: null }),
    user(4, 44, { email: 'user44@other.example' }),
    user(5, 55),
  ],
  tags: [
    tag(3, 7),
    tag(3, 8),
    tag(3, 15, { association: 'lead_deal' }),
    tag(3, 16, { partner_type: 'reseller' }),
    tag(3, 17, { archived_at: noon }),
    tag(4, 90),
  ],
  fields: [
    field(3, 5, 'number'),
    field(3, 6, 'select'),
    field(3, 7, 'multi_select'),
    field(3, 9, 'text', { required: true }),
    field(3, 10, 'date'),
    field(3, 11, 'boolean'),
    field(3, 12, 'textarea'),
    field(3, 13, 'text', { category: 'lead_deal' }),
    field(3, 14, 'text', { archived_at: noon }),
    field(3, 18, 'select'),
    field(4, 91, 'number'),
  ],
  options: [option(6, 1), option(6, 2), option(6, 3), option(7, 1), option(7, 2), option(18, 1), option(18, 2, noon)],
  tiers: [tier(3, 61), tier(3, 62, { partner_type: 'reseller' }), tier(3, 63, { archived_at: noon }), tier(4, 64)],
  categories: [category(3, 71), category(3, 72, { archived_at: noon }), category(4, 74)],
  stages: [
    stage(3, 81, 'partner', 2, { phase: 'active' }),
    stage(3, 82, 'partner', 1),
    stage(3, 83, 'partner', 1, { partner_type: 'reseller' }),
    stage(3, 84, 'partner', 3, { archived_at: noon }),
    stage(3, 85, 'lead_deal', 1),
    stage(3, 86, 'lead_deal', 2, { phase: 'closed_won' }),
    stage(4, 88, 'partner', 1),
    stage(4, 89, 'lead_deal', 1),
  ],
  leads: [
    lead(3, 4711),
    lead(3, 4713, {
      tags: [7, 17],
      assigned_users: [],
      custom_fields: { 9: value(2, 'kept'), 14: value(3, 'old'), 18: value(4, 2) },
    }),
    lead(4, 5000, { tags: [90], assigned_users: [44], custom_fields: {} }),
    lead(3, 4712, { tags: [], assigned_users: [] }),
  ],
}

const apiKey = (
  key: string,
  id: number,
  { companyId = 3, userId = 31, may = 'rw' }: { companyId?: number; userId?: number; may?: string },
): Row<'api_keys'> =>
  keyRow(
    {
      companyId,
      userId,
      label: `Key ${id}`,
      key,
      mayRead: may.includes('r'),
      mayWrite: may.includes('w'),
      mayAdminister: may.includes('a'),
      expiresAt: null,
    },
    id,
    noon,
  )

const apiKeys: readonly Row<'api_keys'>[] = [
  apiKey(keys.full, 1, {}),
  apiKey(keys.readOnly, 2, { may: 'r' }),
  apiKey(keys.writeOnly, 3, { may: 'w' }),
  apiKey(keys.admin, 4, { may: 'a' }),
  { ...apiKey(keys.revoked, 5, {}), revoked_at: noon },
  { ...apiKey(keys.expired, 6, {}), expires_at: noon },
  apiKey(keys.other, 7, { companyId: 4, userId: 44 }),
  apiKey(keys.suspended, 8, { companyId: 5, userId: 55 }),
  apiKey(keys.otherAdmin, 9, { companyId: 4, userId: 44, may: 'a' }),
]

/** Fills an empty database with the fixture of the acceptance vectors. */
export async function loadFixture(database: Database): Promise<void> {
  const ofCompany = <R extends { company_id: number }>(rows: readonly R[], { id }: Row<'companies'>): R[] =>
    rows.filter(({ company_id }) => company_id === id)
  const companies = fixture.companies.flatMap((one) =>
    companyWrites({
      definitions: definitionRowsOf(one.id),
      keys: ofCompany(apiKeys, one),
      log: { last_sequence: ofCompany(fixture.leads, one).length, last_time: noon + 10_000 },
    }),
  )
  const leads = fixture.companies.flatMap((one) =>
    ofCompany(fixture.leads, one).flatMap((row, index) =>
      beginLead(row, index + 1, definitionsOf(one.id).version, { actor: undefined, requestId: undefined }).map(
        (write) =>
          write.table === 'leads' && write.kind === 'insert' && row.id === 4712
            ? { ...write, row: { ...write.row, archived_at: noon } }
            : write,
      ),
    ),
  )
  await database.load([...companies, ...leads])
}

const definitionRowsOf = (companyId: number): DefinitionRows => ({
  version: 1,
  company: fixture.companies.find(({ id }) => id === companyId) ?? company(companyId, 'None'),
  tags: fixture.tags.filter(({ company_id }) => company_id === companyId),
  users: fixture.users.filter(({ company_id }) => company_id === companyId),
  fields: fixture.fields.filter(({ company_id }) => company_id === companyId),
  options: fixture.options.filter(({ company_id }) => company_id === companyId),
  tiers: fixture.tiers.filter(({ company_id }) => company_id === companyId),
  categories: fixture.categories.filter(({ company_id }) => company_id === companyId),
  stages: fixture.stages.filter(({ company_id }) => company_id === companyId),
})

export const definitionsOf = (companyId: number) => definitionsFrom(definitionRowsOf(companyId))
