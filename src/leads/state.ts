import { wireValue } from '../contract/fields.ts'
import { wireTime } from '../kernel/time.ts'
import { type Definitions, each, eachValue } from '../storage/definitions.ts'
import type { Row } from '../storage/tables.ts'

type LeadRow = Row<'leads'>

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
    external_id: lead.external_id,
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
  const customFields = eachValue(lead.custom_fields, definitions, (field, held) => ({
    id: field.id,
    label: field.label,
    type: field.type,
    value: wireValue(field.type, held.value),
    custom_field_value_id: held.id,
  }))
  return { ...leadRow(lead, definitions, wholeSeconds), custom_fields: customFields }
}
