import { wireValue } from '../contract/fields.ts'
import { wireTime } from '../kernel/time.ts'
import type { Definitions, FieldRow } from '../storage/definitions.ts'
import type { CustomValue, Row } from '../storage/tables.ts'

type LeadRow = Row<'leads'>

/** What is told of each custom value of a lead, by field id. */
function eachValue<T>(lead: LeadRow, definitions: Definitions, tell: (field: FieldRow, held: CustomValue) => T): T[] {
  const told: T[] = []
  for (const id of Object.keys(lead.custom_fields)) {
    const field = definitions.fields.get(Number(id))
    const held = lead.custom_fields[id]
    if (field !== undefined && held !== undefined) told.push(tell(field, held))
  }
  return told
}

/** What is told of each row that is there. */
function each<R, T>(ids: readonly number[], rows: { get(id: number): R | undefined }, tell: (row: R) => T): T[] {
  const told: T[] = []
  for (const id of ids) {
    const row = rows.get(id)
    if (row !== undefined) told.push(tell(row))
  }
  return told
}

/** A lead as a row of a list answers it, `total` apart. */
export function leadRow(lead: LeadRow, definitions: Definitions, wholeSeconds: boolean) {
  return {
    id: lead.id,
    uuid: lead.uuid,
    created_at: wireTime(lead.created_at, wholeSeconds),
    updated_at: wireTime(lead.updated_at, wholeSeconds),
    source: lead.source,
    company_name: lead.company_name,
    email: lead.email,
    phone_number: lead.phone_number,
    first_name: lead.first_name,
    last_name: lead.last_name,
    status: lead.status,
    partner_type: lead.partner_type,
    company_id: lead.company_id,
    created_by_user_id: lead.created_by_user_id,
    campaign_id: lead.campaign_id,
    campaign_title: null,
    tags: each(lead.tags, definitions.tags, (tag) => ({
      id: tag.id,
      label: tag.label,
      background_color: tag.background_color,
      text_color: tag.text_color,
    })),
    assigned_users: each(lead.assigned_users, definitions.users, (user) => ({
      id: user.id,
      email: user.email,
      first_name: user.first_name,
      last_name: user.last_name,
      color: user.color,
      profile_image_id: null,
      profile_image_uuid: null,
    })),
    partnership_leads: [],
    campaign_partners: [],
    lead_deals: [],
  }
}

/** A lead as GET of one answers it: a list's row and its custom values. */
export function leadView(lead: LeadRow, definitions: Definitions, wholeSeconds: boolean) {
  const customFields = eachValue(lead, definitions, (field, held) => ({
    id: field.id,
    label: field.label,
    type: field.type,
    value: wireValue(field.type, held.value),
    custom_field_value_id: held.id,
  }))
  return { ...leadRow(lead, definitions, wholeSeconds), custom_fields: customFields }
}

/**
 * A lead as webhooks tell it: uuids, labels and names of this moment; times in Unix ms.
 *
 * @see docs/behaviour.md §10 The event log
 */
export function leadState(lead: LeadRow, definitions: Definitions) {
  const creator = lead.created_by_user_id === null ? undefined : definitions.users.get(lead.created_by_user_id)
  return {
    id: lead.id,
    uuid: lead.uuid,
    created_at: lead.created_at,
    updated_at: lead.updated_at,
    source: lead.source,
    status: lead.status,
    partner_type: lead.partner_type,
    company_name: lead.company_name,
    email: lead.email,
    phone_number: lead.phone_number,
    first_name: lead.first_name,
    last_name: lead.last_name,
    created_by_user_uuid: creator?.uuid ?? null,
    created_by_user_email: creator?.email ?? null,
    created_by_user_first_name: creator?.first_name ?? null,
    created_by_user_last_name: creator?.last_name ?? null,
    custom_fields: eachValue(lead, definitions, (field, held) => ({
      uuid: field.uuid,
      label: field.label,
      type: field.type,
      value: wireValue(field.type, held.value),
      custom_field_value_uuid: held.uuid,
      options: optionsNamed(field, held),
    })),
    tags: each(lead.tags, definitions.tags, ({ uuid, label }) => ({ uuid, label })),
    assigned_users: each(lead.assigned_users, definitions.users, (user) => ({
      uuid: user.uuid,
      email: user.email,
      first_name: user.first_name,
      last_name: user.last_name,
    })),
    received_from_company: [],
    sent_to_companies: [],
  }
}

/** The options that a value names, with their labels. */
function optionsNamed(field: FieldRow, { value }: CustomValue): { id: number; label: string }[] {
  if (field.options.size === 0) return []
  const named = typeof value === 'object' ? value : [Number(value)]
  return each(named, field.options, ({ id, label }) => ({ id, label }))
}
