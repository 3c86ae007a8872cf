import { listMembers, plainMembers, readOnlyMembers } from '../contract/columns.ts'
import { fieldTypes } from '../contract/fields.ts'
import type { FieldRow } from '../storage/definitions.ts'
import type { Row } from '../storage/tables.ts'
import { csvLine, defused, listCell } from './cells.ts'
import type { Names } from './labels.ts'

/** Custom fields of leads, as columns. */
export const fieldsOfLeads = ({ definitions }: Names): FieldRow[] =>
  [...definitions.fields.all()].filter(({ category, archived_at }) => category === 'lead' && archived_at === null)

/** The header of a custom field: its label for people, its id for the way back. */
const fieldHeader = ({ id, label }: Pick<FieldRow, 'id' | 'label'>): string => `${label} [${id}]`

/** The first line of an exported table. */
export const headerLine = (names: Names): string =>
  csvLine([
    ...plainMembers,
    ...readOnlyMembers,
    ...listMembers,
    ...fieldsOfLeads(names).map((field) => defused(fieldHeader(field))),
  ])

/** A lead as a line of an exported table. */
export function leadLine(lead: Row<'leads'>, names: Names): string {
  const { definitions } = names
  const plain: Record<(typeof plainMembers)[number], string | number | null> = {
    id: lead.id,
    uuid: lead.uuid,
    external_id: lead.external_id,
    status: lead.status,
    company_name: lead.company_name,
    email: lead.email,
    phone_number: lead.phone_number,
    first_name: lead.first_name,
    last_name: lead.last_name,
    source: lead.source,
    associationType: lead.partner_type ?? 'campaigns',
    companyCampaignId: lead.campaign_id,
  }
  const tags = lead.tags.flatMap((id) => definitions.tags.get(id) ?? [])
  const users = lead.assigned_users.flatMap((id) => definitions.users.get(id) ?? [])
  return csvLine([
    ...plainMembers.map((member) => defused(String(plain[member] ?? ''))),
    new Date(lead.created_at).toISOString(),
    new Date(lead.updated_at).toISOString(),
    defused(listCell(tags.map((tag) => names.tags.written(tag)))),
    defused(listCell(users.map(({ id, email }) => names.users.written({ id, label: email })))),
    ...fieldsOfLeads(names).map((field) => valueCell(lead, field, names)),
  ])
}

function valueCell({ custom_fields }: Row<'leads'>, field: FieldRow, names: Names): string {
  const value = custom_fields[field.id]?.value
  if (value === undefined) return ''
  if (!fieldTypes[field.type].options) return typeof value === 'string' ? defused(value) : String(value)
  const ids = typeof value === 'object' ? value : [Number(value)]
  const labels = names.options(field)
  return defused(listCell(ids.map((id) => labels.written(field.options.get(id) ?? { id, label: '' }))))
}
