import type { Pipeline } from '../contract/stages.ts'
import type { DefinitionRows } from '../storage/definitions.ts'
import type { Row } from '../storage/tables.ts'
import { sampleUuid } from './chance.ts'

type UserRow = Row<'users'>
type FieldRow = Row<'custom_fields'>

export const companyIds = { main: 3, other: 4 } as const

/** Users of the main company by what they are for; `assignable` may be assigned to a lead. */
export const userIds = { assignable: [123, 456, 101, 118, 207, 342], admin: 101, indirect: 388, disabled: 415 } as const

export const tagIds = { lead: [1, 2, 3, 10, 11, 12], deal: 20 } as const

/** Custom fields of the main company by type; `requiredText` and `dealField` are texts. */
export const fieldIds = {
  number: 5,
  select: 6,
  text: 7,
  textarea: 8,
  date: 9,
  boolean: 10,
  multiSelect: 11,
  requiredText: 12,
  dealField: 13,
} as const

export const optionIds = { select: [1, 2, 3], multiSelect: [1, 2, 3, 4] } as const

/** What the other company has of each, none of which the main company sees. */
export const otherIds = { admin: 501, user: 502, tag: 31, field: 41, tier: 11, category: 11, partnerStage: 21 } as const

/** @param times when the company was set up, and when the disabled user left; Unix ms */
export function mainDefinitions({ begunAt, leftAt }: { begunAt: number; leftAt: number }): DefinitionRows {
  const { main } = companyIds
  const user = userOf(main, begunAt, 'cloversoftware.example')
  const tag = tagOf(main, begunAt)
  const field = fieldOf(main, begunAt)
  return {
    version: 1,
    company: companyOf(main, 'Clover Software', begunAt),
    users: [
      user(userIds.admin, 'Ingrid Solberg', 'admin', 'Head of Partnerships', '#7c3aed'),
      user(118, 'Mateus Carvalho', 'partnerships', 'Partner Manager, Americas', '#0891b2'),
      user(123, 'Eva Lindqvist', 'partnerships', 'Partner Manager, EMEA', '#2563eb'),
      user(207, 'Haruka Mori', 'partnerships', 'Partner Manager, APAC', '#db2777'),
      user(342, 'Tomasz Zieliński', 'partner', 'Solutions Partner', '#65a30d'),
      user(456, 'Daniel Okafor', 'partnerships', 'Partner Sales Lead', '#ea580c'),
      user(userIds.indirect, 'Chiara Ferrante', 'indirect', null, null),
      {
        ...user(userIds.disabled, 'Ruth Abernathy', 'partnerships', 'Partner Manager', '#64748b'),
        disabled_at: leftAt,
      },
    ],
    tags: [
      tag(1, 'Hot', '#fee2e2', '#991b1b', 'lead'),
      tag(2, 'Follow up', '#fef3c7', '#92400e', 'lead'),
      tag(3, 'Met at event', '#e0f2fe', '#075985', 'lead'),
      tag(10, 'Enterprise', '#ede9fe', '#5b21b6', 'lead'),
      tag(11, 'Technical buyer', '#dcfce7', '#166534', 'lead'),
      tag(12, 'Multi-year', '#fce7f3', '#9d174d', 'lead'),
      tag(tagIds.deal, 'Renewal', '#f1f5f9', '#334155', 'lead_deal'),
    ],
    fields: [
      field(fieldIds.number, 'Estimated annual value', 'number'),
      field(fieldIds.select, 'Segment', 'select'),
      field(fieldIds.text, 'Current system', 'text'),
      field(fieldIds.textarea, 'Background', 'textarea'),
      field(fieldIds.date, 'Planned start', 'date'),
      field(fieldIds.boolean, 'Budget approved', 'boolean'),
      field(fieldIds.multiSelect, 'Products of interest', 'multi_select'),
      { ...field(fieldIds.requiredText, 'Account reference', 'text'), required: true },
      { ...field(fieldIds.dealField, 'Purchase order', 'text'), category: 'lead_deal' },
    ],
    options: [
      ...optionsOf(main, fieldIds.select, ['Small business', 'Mid-market', 'Enterprise']),
      ...optionsOf(main, fieldIds.multiSelect, ['Analytics', 'Automation', 'Integrations', 'Support plan']),
    ],
    ...partnerDefinitions(begunAt),
  }
}

/** Tiers, categories and stages of the main company. */
function partnerDefinitions(begunAt: number): Pick<DefinitionRows, 'tiers' | 'categories' | 'stages'> {
  const { main } = companyIds
  const tier = tierOf(main, begunAt)
  const category = categoryOf(main, begunAt)
  const stage = stageOf(main, begunAt)
  return {
    tiers: [
      tier(1, 'Gold', '#ffd700', '#000000'),
      tier(2, 'Silver', '#c0c0c0', '#000000'),
      tier(3, 'Registered', '#f1f5f9', '#334155'),
    ],
    categories: [category(1, 'Technology'), category(2, 'Consulting'), category(3, 'Distribution')],
    stages: [
      stage(1, 'partner', 1, 'First talks', 'discovery'),
      stage(2, 'partner', 2, 'Trial project', 'evaluation'),
      stage(3, 'partner', 3, 'Active partner', 'active'),
      stage(4, 'partner', 4, 'Resting', 'inactive'),
      stage(5, 'lead_deal', 1, 'Qualified need', 'discovery'),
      stage(6, 'lead_deal', 2, 'Proposal sent', 'negotiation'),
      stage(7, 'lead_deal', 3, 'Won', 'closed_won'),
      stage(8, 'lead_deal', 4, 'Lost', 'closed_lost'),
    ],
  }
}

/** @param begunAt when the company was set up, Unix ms */
export function otherDefinitions(begunAt: number): DefinitionRows {
  const { other } = companyIds
  const user = userOf(other, begunAt, 'heatheranalytics.example')
  return {
    version: 1,
    company: companyOf(other, 'Heather Analytics', begunAt),
    users: [
      user(otherIds.admin, 'Niamh Gallagher', 'admin', 'Chief Operating Officer', '#0d9488'),
      user(otherIds.user, 'Arjun Menon', 'partnerships', 'Channel Manager', '#c026d3'),
    ],
    tags: [tagOf(other, begunAt)(otherIds.tag, 'Pilot', '#ccfbf1', '#115e59', 'lead')],
    fields: [fieldOf(other, begunAt)(otherIds.field, 'Seats', 'number')],
    options: [],
    tiers: [tierOf(other, begunAt)(otherIds.tier, 'Preferred', '#ccfbf1', '#115e59')],
    categories: [categoryOf(other, begunAt)(otherIds.category, 'Agency')],
    stages: [stageOf(other, begunAt)(otherIds.partnerStage, 'partner', 1, 'Introduced', 'discovery')],
  }
}

const companyOf = (id: number, name: string, begunAt: number): Row<'companies'> => ({
  id,
  uuid: sampleUuid('companies', id),
  name,
  created_at: begunAt,
  suspended_at: null,
})

/** A name as addresses write it: `Zieliński` → `zielinski`, `Złoty Kłos` → `zloty-klos`. */
export const addressPart = (name: string): string =>
  name
    .normalize('NFD')
    .replaceAll('ł', 'l')
    .replaceAll('Ł', 'L')
    .replaceAll('ı', 'i')
    .replaceAll(/[^a-zA-Z0-9 -]/g, '')
    .trim()
    .replaceAll(/[ -]+/g, '-')
    .toLowerCase()

const userOf =
  (companyId: number, begunAt: number, domain: string) =>
  (id: number, name: string, role: UserRow['role'], position: string | null, color: string | null): UserRow => {
    const [first = '', last = ''] = name.split(' ')
    return {
      company_id: companyId,
      id,
      uuid: sampleUuid('users', id),
      created_at: begunAt,
      email: `${addressPart(first)}.${addressPart(last)}@${domain}`,
      first_name: first,
      last_name: last,
      role,
      position,
      color,
      email_verified: begunAt,
      disabled_at: null,
    }
  }

const tagOf =
  (companyId: number, begunAt: number) =>
  (
    id: number,
    label: string,
    background: string,
    text: string,
    association: Row<'tags'>['association'],
  ): Row<'tags'> => ({
    company_id: companyId,
    id,
    uuid: sampleUuid('tags', id),
    created_at: begunAt,
    label,
    background_color: background,
    text_color: text,
    association,
    partner_type: null,
    archived_at: null,
  })

const fieldOf =
  (companyId: number, begunAt: number) =>
  (id: number, label: string, type: FieldRow['type']): FieldRow => ({
    company_id: companyId,
    id,
    uuid: sampleUuid('custom_fields', id),
    created_at: begunAt,
    label,
    type,
    category: 'lead',
    partner_type: null,
    required: false,
    shared: false,
    archived_at: null,
    position: 0,
    options_made:
      type === 'select' ? optionIds.select.length : type === 'multi_select' ? optionIds.multiSelect.length : 0,
  })

const tierOf =
  (companyId: number, begunAt: number) =>
  (id: number, label: string, background: string, text: string): Row<'tiers'> => ({
    company_id: companyId,
    id,
    uuid: sampleUuid('tiers', id),
    created_at: begunAt,
    label,
    background_color: background,
    text_color: text,
    partner_type: null,
    archived_at: null,
  })

const categoryOf =
  (companyId: number, begunAt: number) =>
  (id: number, label: string): Row<'categories'> => ({
    company_id: companyId,
    id,
    uuid: sampleUuid('categories', id),
    created_at: begunAt,
    updated_at: begunAt,
    label,
    partner_type: null,
    archived_at: null,
  })

const stageOf =
  (companyId: number, begunAt: number) =>
  (id: number, pipeline: Pipeline, series: number, label: string, phase: string): Row<'stages'> => ({
    company_id: companyId,
    id,
    uuid: sampleUuid('stages', id),
    created_at: begunAt,
    pipeline,
    label,
    series,
    phase,
    partner_type: pipeline === 'partner' ? 'referral' : null,
    archived_at: null,
  })

/** Options number from 1 in each field. */
const optionsOf = (companyId: number, fieldId: number, labels: readonly string[]): Row<'custom_field_options'>[] =>
  labels.map((label, index) => ({
    company_id: companyId,
    custom_field_id: fieldId,
    id: index + 1,
    label,
    archived_at: null,
  }))
