import { type FieldValue, wireValue } from '../contract/fields.ts'
import { type Definitions, each, eachValue, type FieldRow, type UserRow } from '../storage/definitions.ts'
import type { CustomValue, EventPayload } from '../storage/payload.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { memberOf } from './record.ts'

/** What a change did to one member. */
export interface MemberChange {
  readonly old: unknown
  readonly new: unknown
}
export type Changes = Readonly<Record<string, MemberChange>>

/** An event, with the definitions that it was decided with. */
export interface DefinedEvent {
  readonly row: Row<'events'>
  readonly definitions: Definitions
}

/** Finds the definitions of each event of a company. */
export async function withDefinitions(database: Database, rows: readonly Row<'events'>[]): Promise<DefinedEvent[]> {
  const defined: DefinedEvent[] = []
  let definitions: Definitions | undefined
  for (const row of rows) {
    if (definitions?.version !== row.definitions_version) {
      definitions = await database.definitions(row.company_id, row.definitions_version)
    }
    defined.push({ row, definitions })
  }
  return defined
}

/**
 * What changed, by the names of the API.
 *
 * @see docs/behaviour.md §10 The event log
 */
export function changesOf({ was, is }: EventPayload, { fields }: Definitions): Changes {
  const lead = namedMembers(is)
  const now: Readonly<Record<string, unknown>> = lead
  const changes: Record<string, MemberChange> = {}
  for (const [column, old] of Object.entries(was)) {
    if (column === 'archived' || column === 'erased') changes[column] = { old, new: !old }
    else if (column !== 'custom_fields') changes[memberOf(column)] = { old, new: now[column] }
  }
  if (was.custom_fields === undefined) return changes
  const told = Object.entries(was.custom_fields).map(([id, old]) => {
    const type = fields.get(Number(id))?.type
    const wire = (value: FieldValue | null | undefined) => ({
      customFieldId: Number(id),
      value: value === null || value === undefined || type === undefined ? null : wireValue(type, value),
    })
    return { old: wire(old), new: wire(lead.custom_fields[id]?.value) }
  })
  changes['customFields'] = { old: told.map(({ old }) => old), new: told.map((one) => one.new) }
  return changes
}

/**
 * What the numbers in `changes` stood for at that moment: everything that they name, before and after, each once.
 *
 * @see docs/behaviour.md §10 The event log
 */
export function namesOf({ was, is }: EventPayload, { tags, users, fields }: Definitions) {
  const lead = namedMembers(is)
  const both = (before: readonly number[] | undefined, after: readonly number[]): number[] =>
    before === undefined ? [] : [...new Set([...before, ...after])]
  return {
    tags: each(both(was.tags, lead.tags), tags, ({ id, label, background_color, text_color }) => ({
      id,
      label,
      background_color,
      text_color,
    })),
    users: each(both(was.assigned_users, lead.assigned_users), users, personOf),
    customFields: Object.entries(was.custom_fields ?? {}).flatMap(([name, old]) => {
      const field = fields.get(Number(name))
      if (field === undefined) return []
      const values = [old, lead.custom_fields[name]?.value].filter((value) => value !== undefined && value !== null)
      const options = values.flatMap((value) => optionsNamed(field, { value }))
      const byId = new Map(options.map((option) => [option.id, option]))
      return { id: field.id, label: field.label, type: field.type, options: [...byId.values()] }
    }),
  }
}

/** A user as rows that tell of one name them. */
export const personOf = ({ id, uuid, email, first_name, last_name }: UserRow) => ({
  id,
  uuid,
  email,
  first_name,
  last_name,
})

/**
 * The lead right after the change, as webhooks tell it: uuids, labels and names of that moment; times in Unix ms.
 *
 * @see docs/behaviour.md §10 The event log
 */
export function stateOf(row: Pick<Row<'events'>, 'lead_id' | 'at'>, { is }: EventPayload, definitions: Definitions) {
  const lead = namedMembers(is)
  const creator = lead.created_by_user_id === null ? undefined : definitions.users.get(lead.created_by_user_id)
  return {
    id: row.lead_id,
    uuid: lead.uuid,
    created_at: lead.created_at,
    updated_at: row.at,
    source: lead.source,
    status: lead.status,
    partner_type: lead.partner_type,
    company_name: lead.company_name,
    email: lead.email,
    phone_number: lead.phone_number,
    first_name: lead.first_name,
    last_name: lead.last_name,
    external_id: lead.external_id,
    created_by_user_uuid: creator?.uuid ?? null,
    created_by_user_email: creator?.email ?? null,
    created_by_user_first_name: creator?.first_name ?? null,
    created_by_user_last_name: creator?.last_name ?? null,
    custom_fields: eachValue(lead.custom_fields, definitions, (field, held) => ({
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
function optionsNamed(field: FieldRow, { value }: Pick<CustomValue, 'value'>): { id: number; label: string }[] {
  if (field.options.size === 0) return []
  const named = typeof value === 'object' ? value : [Number(value)]
  return each(named, field.options, ({ id, label }) => ({ id, label }))
}

function namedMembers(kept: EventPayload['is']) {
  const [uuid, created_at, source, company_name, email, phone_number, first_name, last_name, ...more] = kept
  const [status, partner_type, created_by_user_id, tags, assigned_users, custom_fields, external_id = null] = more
  const contact = { company_name, email, phone_number, first_name, last_name }
  const rest = { status, partner_type, created_by_user_id, tags, assigned_users, custom_fields, external_id }
  return { uuid, created_at, source, ...contact, ...rest }
}
