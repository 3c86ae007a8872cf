import pg from 'pg'
import type { FieldValue } from '../../src/contract/fields.ts'
import { event } from '../../src/events/record.ts'
import { systemRandom } from '../../src/kernel/random.ts'
import type { CustomValue, LeadBefore } from '../../src/storage/payload.ts'
import type { Row } from '../../src/storage/tables.ts'
import { numberFieldId } from '../workspace.ts'
import { actor, type Body, type WritePath } from './path.ts'

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)),
}

/** A pool as applications have one. */
const poolOf = (url: string, max: number): pg.Pool => new pg.Pool({ connectionString: url, max, types })

/** The values of a body by field id, as the database keeps them. */
const valuesOf = ({ customFields }: Body): Record<string, FieldValue> =>
  Object.fromEntries(
    customFields.map(({ customFieldId, value }) => [customFieldId, value.number ?? value.select ?? null]),
  ) as Record<string, FieldValue>

const optionOf = ({ customFields }: Body): number | undefined =>
  customFields.find(({ customFieldId }) => customFieldId !== numberFieldId)?.value.select

const leadColumns =
  'company_id, id, uuid, created_at, updated_at, version, last_sequence, source, company_name, email, phone_number, ' +
  'first_name, last_name, status, partner_type, created_by_user_id, campaign_id, archived_at, tags, assigned_users, ' +
  'custom_fields'

/**
 * (a) A transaction of nine statements for each patch, as an application with a pool and prepared statements writes it.
 * The company's counter comes late, so that others wait for it no longer than they must.
 */
export function nineStatements(url: string, connections: number): WritePath {
  const pool = poolOf(url, connections)
  return {
    patch: async (companyId, leadId, body) => {
      const client = await pool.connect()
      try {
        await patchInNine(client, companyId, leadId, body)
        client.release()
      } catch (error) {
        client.release(true)
        throw error
      }
    },
    close: () => pool.end(),
  }
}

async function patchInNine(client: pg.ClientBase, companyId: number, leadId: number, body: Body): Promise<void> {
  const ask = async (name: string, text: string, values: unknown[] = []) =>
    (await client.query({ name, text, values })).rows
  await ask('begin', 'BEGIN')
  const [lead]: Row<'leads'>[] = await ask(
    'lead',
    `SELECT ${leadColumns} FROM leads WHERE company_id = $1 AND id = $2 AND archived_at IS NULL FOR UPDATE`,
    [companyId, leadId],
  )
  if (lead === undefined) throw new Error('there is no such lead')
  const tags = await ask(
    'tags',
    'SELECT id FROM tags WHERE company_id = $1 AND id = ANY($2::bigint[]) AND archived_at IS NULL',
    [companyId, body.tags],
  )
  const users = await ask(
    'users',
    'SELECT id FROM users WHERE company_id = $1 AND id = ANY($2::bigint[]) AND disabled_at IS NULL',
    [companyId, body.assignedUsers],
  )
  const fields = await ask(
    'fields',
    'SELECT field.id, field.type, option.id AS option FROM custom_fields AS field LEFT JOIN custom_field_options AS option ' +
      'ON option.company_id = $1 AND option.custom_field_id = field.id AND option.id = $3 AND option.archived_at IS NULL ' +
      'WHERE field.company_id = $1 AND field.id = ANY($2::bigint[]) AND field.archived_at IS NULL',
    [companyId, body.customFields.map(({ customFieldId }) => customFieldId), optionOf(body)],
  )
  const isRight = ({ type, option }: { type: string; option: number | null }): boolean =>
    type !== 'select' || option !== null
  if (
    tags.length !== body.tags.length ||
    users.length !== body.assignedUsers.length ||
    fields.length !== body.customFields.length ||
    !fields.every(isRight)
  ) {
    throw new Error('a reference does not hold')
  }
  const [log]: Row<'company_log'>[] = await ask(
    'log',
    'UPDATE company_log SET last_sequence = last_sequence + 1, last_time = greatest(last_time, $2) WHERE company_id = $1 ' +
      'RETURNING last_sequence, last_time, definitions_version',
    [companyId, Date.now()],
  )
  if (log === undefined) throw new Error('there is no such company')
  const { saved, was } = changed(lead, body, log)
  await ask(
    'update',
    'UPDATE leads SET status = $3, company_name = $4, phone_number = $5, assigned_users = $6, tags = $7, ' +
      'custom_fields = $8, updated_at = $9, version = $10, last_sequence = $11 WHERE company_id = $1 AND id = $2',
    [
      companyId,
      leadId,
      saved.status,
      saved.company_name,
      saved.phone_number,
      JSON.stringify(saved.assigned_users),
      JSON.stringify(saved.tags),
      JSON.stringify(saved.custom_fields),
      saved.updated_at,
      saved.version,
      saved.last_sequence,
    ],
  )
  await ask('event', insertEvent, eventValues(saved, was, lead.last_sequence, log.definitions_version))
  await ask('commit', 'COMMIT')
}

const insertEvent =
  'INSERT INTO events (company_id, sequence, lead_id, version, previous_sequence, name, at, user_uuid, key_id, ' +
  'request_id, definitions_version, members, payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)'

function eventValues(saved: Row<'leads'>, was: LeadBefore, previousSequence: number, version: number): unknown[] {
  const change = { name: 'lead_updated', was, previousSequence, definitionsVersion: version } as const
  const { row } = event(saved, change, { actor, requestId: systemRandom.uuid(Date.now()) }) as {
    row: Row<'events'>
  }
  const { members, payload, ...plain } = row
  return [...Object.values(plain), JSON.stringify(members), JSON.stringify(payload)]
}

/** The lead as it is saved, and what it was. */
function changed(lead: Row<'leads'>, body: Body, log: Row<'company_log'>): { saved: Row<'leads'>; was: LeadBefore } {
  const custom: Record<string, CustomValue> = { ...lead.custom_fields }
  const wasCustom: Record<string, FieldValue | null> = {}
  for (const [id, value] of Object.entries(valuesOf(body))) {
    const held = custom[id]
    if (held === undefined) throw new Error('the lead has no such value')
    if (held.value === value) continue
    wasCustom[id] = held.value
    custom[id] = { ...held, value }
  }
  const saved: Row<'leads'> = {
    ...lead,
    status: body.status,
    company_name: body.company_name,
    phone_number: body.phone_number,
    assigned_users: body.assignedUsers,
    tags: body.tags,
    custom_fields: custom,
    updated_at: Math.max(log.last_time, lead.updated_at + 1),
    version: lead.version + 1,
    last_sequence: log.last_sequence,
  }
  const was: LeadBefore = {
    ...(saved.status !== lead.status && { status: lead.status }),
    ...(saved.company_name !== lead.company_name && { company_name: lead.company_name }),
    ...(saved.phone_number !== lead.phone_number && { phone_number: lead.phone_number }),
    ...(saved.assigned_users.join() !== lead.assigned_users.join() && { assigned_users: lead.assigned_users }),
    ...(saved.tags.join() !== lead.tags.join() && { tags: lead.tags }),
    ...(Object.keys(wasCustom).length > 0 && { custom_fields: wasCustom }),
  }
  return { saved, was }
}

const triesMax = 10

/**
 * (b) One statement for each patch, written by hand, that does the same in one round trip and one commit. When another
 * changed the lead after its snapshot was taken it finds nothing to change, and is sent again.
 */
export function oneStatement(url: string, connections: number): WritePath {
  const pool = poolOf(url, connections)
  const once = async (companyId: number, leadId: number, body: Body): Promise<boolean> => {
    const { rowCount } = await pool.query({
      name: 'patch',
      text: patchInOne,
      values: [
        companyId,
        leadId,
        body.status,
        body.company_name,
        body.phone_number,
        body.assignedUsers,
        body.tags,
        JSON.stringify(valuesOf(body)),
        Date.now(),
        optionOf(body),
        actor.userUuid,
        actor.keyId,
        systemRandom.uuid(Date.now()),
      ],
    })
    return rowCount === 1
  }
  return {
    patch: async (companyId, leadId, body) => {
      for (let tries = 1; tries <= triesMax; tries += 1) if (await once(companyId, leadId, body)) return
      throw new Error('the lead is not there, or a reference does not hold')
    },
    close: () => pool.end(),
  }
}

const patchInOne = `
WITH old AS (
  SELECT * FROM leads WHERE company_id = $1 AND id = $2 AND archived_at IS NULL FOR UPDATE
), given AS (
  SELECT to_jsonb($6::bigint[]) AS users, to_jsonb($7::bigint[]) AS tags, old.custom_fields || (
      SELECT jsonb_object_agg(key, jsonb_set(old.custom_fields -> key, '{value}', value)) FROM jsonb_each($8::jsonb)
    ) AS custom_fields
  FROM old
  WHERE (SELECT count(*) FROM tags WHERE company_id = $1 AND id = ANY($7::bigint[]) AND archived_at IS NULL)
      = cardinality($7::bigint[])
    AND (SELECT count(*) FROM users WHERE company_id = $1 AND id = ANY($6::bigint[]) AND disabled_at IS NULL)
      = cardinality($6::bigint[])
    AND (
      SELECT count(*) FROM jsonb_object_keys($8::jsonb) AS sent
      JOIN custom_fields AS field ON field.company_id = $1 AND field.id = sent::bigint AND field.archived_at IS NULL
      LEFT JOIN custom_field_options AS option ON option.company_id = $1 AND option.custom_field_id = field.id
        AND option.id = $10::bigint AND option.archived_at IS NULL
      WHERE field.type <> 'select' OR option.id IS NOT NULL
    ) = (SELECT count(*) FROM jsonb_object_keys($8::jsonb))
), log AS (
  UPDATE company_log SET last_sequence = last_sequence + 1, last_time = greatest(last_time, $9)
  WHERE company_id = $1 AND EXISTS (SELECT FROM given)
  RETURNING last_sequence, last_time, definitions_version
), saved AS (
  UPDATE leads AS lead SET status = $3, company_name = $4, phone_number = $5, assigned_users = given.users,
    tags = given.tags, custom_fields = given.custom_fields, updated_at = greatest(log.last_time, old.updated_at + 1),
    version = old.version + 1, last_sequence = log.last_sequence
  FROM old, given, log WHERE lead.company_id = $1 AND lead.id = $2 AND lead.version = old.version
  RETURNING lead.*
), was AS (
  SELECT jsonb_strip_nulls(jsonb_build_object(
      'status', CASE WHEN old.status <> saved.status THEN old.status END,
      'company_name', CASE WHEN old.company_name <> saved.company_name THEN old.company_name END,
      'phone_number', CASE WHEN old.phone_number <> saved.phone_number THEN old.phone_number END,
      'assigned_users', CASE WHEN old.assigned_users <> saved.assigned_users THEN old.assigned_users END,
      'tags', CASE WHEN old.tags <> saved.tags THEN old.tags END,
      'custom_fields', (
        SELECT jsonb_object_agg(key, old.custom_fields -> key -> 'value') FROM jsonb_each($8::jsonb)
        WHERE old.custom_fields -> key -> 'value' <> value
      )
    )) AS members
  FROM old, saved
)
INSERT INTO events (company_id, sequence, lead_id, version, previous_sequence, name, at, user_uuid, key_id, request_id,
  definitions_version, members, payload)
SELECT $1, saved.last_sequence, $2, saved.version, old.last_sequence, 'lead_updated', saved.updated_at, $11, $12, $13,
  log.definitions_version,
  (SELECT json_agg(CASE key WHEN 'assigned_users' THEN 'assignedUsers' WHEN 'custom_fields' THEN 'customFields' ELSE key END)
    FROM jsonb_object_keys(was.members) AS key),
  json_build_object('was', was.members, 'is', json_build_array(saved.uuid, saved.created_at, saved.source,
    saved.company_name, saved.email, saved.phone_number, saved.first_name, saved.last_name, saved.status,
    saved.partner_type, saved.created_by_user_id, saved.tags, saved.assigned_users, saved.custom_fields))
FROM old, saved, was, log`
