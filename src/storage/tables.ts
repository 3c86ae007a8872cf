import type { DeliveryState } from '../contract/deliveries.ts'
import type { EventName } from '../contract/events.ts'
import type { FieldType } from '../contract/fields.ts'
import type { Status } from '../contract/lead-members.ts'
import type { Pipeline } from '../contract/stages.ts'
import type { importStates, rowOutcomes } from '../contract/transfer.ts'
import type { Layout } from '../contract/views.ts'
import type { CustomValue, EventPayload, ImportedAs } from './payload.ts'

/** How a column is kept: `json` is text on one engine and jsonb on another, `flag` a number or a boolean. */
export type ColumnKind = 'integer' | 'text' | 'bytes' | 'flag' | 'json'

interface Column<T> {
  readonly kind: ColumnKind
  /** Never read: carries the column's type to {@link Row}. */
  readonly type?: T
}

const integer: Column<number> = { kind: 'integer' }
const text: Column<string> = { kind: 'text' }
const bytes: Column<Uint8Array> = { kind: 'bytes' }
const flag: Column<boolean> = { kind: 'flag' }
const json = <T>(): Column<T> => ({ kind: 'json' })
const oneOf = <T extends string>(): Column<T> => ({ kind: 'text' })
const orNull = <T>(column: Column<T>): Column<T | null> => ({ kind: column.kind })

/** Tables of what a company defines: others refer to their rows by id, and their older rows are kept. */
export type DefinitionTable =
  | 'tags'
  | 'users'
  | 'custom_fields'
  | 'custom_field_options'
  | 'tiers'
  | 'categories'
  | 'stages'

/** Every table by its columns. Rows, statements and decoding are made from this one value. */
export const tables = {
  meta: { name: text, value: text },
  id_sources: { name: text, next_id: integer },
  companies: { id: integer, uuid: text, name: text, created_at: integer, suspended_at: orNull(integer) },
  /** The company's lock, its counter and its clock. */
  company_log: { company_id: integer, last_sequence: integer, last_time: integer, definitions_version: integer },
  /** Rows of definitions that were changed or removed since, as they stood up to a version. */
  older_definitions: {
    company_id: integer,
    /** The last version that the row stood in. */
    version: integer,
    /** From 0, among the rows that one change replaced. */
    place: integer,
    of_table: oneOf<DefinitionTable>(),
    content: json<Readonly<Record<string, unknown>>>(),
  },
  users: {
    company_id: integer,
    id: integer,
    uuid: text,
    created_at: integer,
    email: text,
    first_name: orNull(text),
    last_name: orNull(text),
    role: oneOf<'admin' | 'partnerships' | 'partner' | 'indirect'>(),
    position: orNull(text),
    color: orNull(text),
    email_verified: orNull(integer),
    disabled_at: orNull(integer),
  },
  api_keys: {
    company_id: integer,
    id: integer,
    user_id: integer,
    label: text,
    prefix: text,
    digest: bytes,
    may_read: flag,
    may_write: flag,
    may_administer: flag,
    created_at: integer,
    last_used_at: orNull(integer),
    expires_at: orNull(integer),
    revoked_at: orNull(integer),
  },
  tags: {
    company_id: integer,
    id: integer,
    uuid: text,
    created_at: integer,
    label: text,
    background_color: text,
    text_color: text,
    association: oneOf<'lead' | 'lead_deal' | 'partner' | 'card'>(),
    partner_type: orNull(text),
    archived_at: orNull(integer),
  },
  custom_fields: {
    company_id: integer,
    id: integer,
    uuid: text,
    created_at: integer,
    label: text,
    type: oneOf<FieldType>(),
    category: oneOf<'lead' | 'lead_deal' | 'partner'>(),
    partner_type: orNull(text),
    required: flag,
    shared: flag,
    archived_at: orNull(integer),
    /** The number of its newest option: none is given twice, whatever was removed since. */
    options_made: integer,
    /** Fields are told in this order, those with the same one oldest first. */
    position: integer,
  },
  custom_field_options: {
    company_id: integer,
    custom_field_id: integer,
    id: integer,
    label: text,
    archived_at: orNull(integer),
  },
  tiers: {
    company_id: integer,
    id: integer,
    uuid: text,
    created_at: integer,
    label: text,
    background_color: text,
    text_color: text,
    partner_type: orNull(text),
    archived_at: orNull(integer),
  },
  categories: {
    company_id: integer,
    id: integer,
    uuid: text,
    created_at: integer,
    updated_at: integer,
    label: text,
    partner_type: orNull(text),
    archived_at: orNull(integer),
  },
  stages: {
    company_id: integer,
    id: integer,
    uuid: text,
    created_at: integer,
    /** What passes through it. */
    pipeline: oneOf<Pipeline>(),
    label: text,
    /** Its place among the others. */
    series: integer,
    phase: text,
    partner_type: orNull(text),
    archived_at: orNull(integer),
  },
  leads: {
    company_id: integer,
    id: integer,
    uuid: text,
    created_at: integer,
    updated_at: integer,
    version: integer,
    last_sequence: integer,
    source: text,
    company_name: orNull(text),
    email: orNull(text),
    phone_number: orNull(text),
    first_name: orNull(text),
    last_name: orNull(text),
    status: oneOf<Status>(),
    partner_type: orNull(text),
    created_by_user_id: orNull(integer),
    campaign_id: orNull(integer),
    archived_at: orNull(integer),
    tags: json<readonly number[]>(),
    assigned_users: json<readonly number[]>(),
    custom_fields: json<Readonly<Record<string, CustomValue>>>(),
    /** What another system calls the lead; unique in the company, deleted leads included. */
    external_id: orNull(text),
    /** Set for good once all that it said of a person is gone; `begun` while some of that may stand elsewhere. */
    erasure: orNull(oneOf<'begun' | 'done'>()),
  },
  /** What a client sent along when it made a lead, and nothing here goes by: it stays out of the way of changes. */
  lead_details: { company_id: integer, lead_id: integer, content: json<Readonly<Record<string, unknown>>>() },
  events: {
    company_id: integer,
    sequence: integer,
    lead_id: integer,
    version: integer,
    previous_sequence: integer,
    name: oneOf<EventName>(),
    at: integer,
    user_uuid: orNull(text),
    key_id: orNull(integer),
    request_id: orNull(text),
    /** The version of the company's definitions that it was decided with. */
    definitions_version: integer,
    members: json<readonly string[]>(),
    payload: orNull(json<EventPayload>()),
  },
  /** A partner's software: what webhooks for it are signed with and carry along. Secrets are sealed. */
  integrations: {
    company_id: integer,
    id: integer,
    uuid: text,
    created_at: integer,
    name: text,
    configuration: json<readonly unknown[]>(),
    api_key: orNull(bytes),
    external_settings: orNull(bytes),
  },
  /** An endpoint, and how far it has come in its company's log. */
  webhooks: {
    company_id: integer,
    id: integer,
    uuid: text,
    integration_id: integer,
    created_at: integer,
    updated_at: integer,
    url: text,
    /** Events it hears of; null is all. */
    events: orNull(json<readonly EventName[]>()),
    /** Members of which an update must touch one; null is any. */
    fields: orNull(json<readonly string[]>()),
    description: orNull(text),
    state: oneOf<'active' | 'paused' | 'disabled'>(),
    reason: orNull(text),
    secret: bytes,
    old_secret: orNull(bytes),
    old_secret_until: orNull(integer),
    /** One more with every change made by a person, so that the dispatcher notices. */
    revision: integer,
    /** Every event up to here has its delivery, or is none of this endpoint's. */
    cursor: integer,
    /** One more when the cursor is put back: deliveries behind the cursor count only if they are of this round. */
    round: integer,
    /** Up to here events are sent once more; 0 when none are. */
    replay_until: integer,
    /** Up to here what had not arrived was given up by choice; 0 when nothing was. */
    skipped_until: integer,
    /** Since when every attempt has failed. */
    failing_since: orNull(integer),
    last_attempt_at: orNull(integer),
    last_status: orNull(integer),
    last_delivered_at: orNull(integer),
    deleted_at: orNull(integer),
    /** The process that sends to it, where many share the database. */
    holder: orNull(text),
  },
  /** What became of an event at an endpoint. Made by its first attempt, or when it must wait for another. */
  deliveries: {
    company_id: integer,
    id: integer,
    webhook_id: integer,
    sequence: integer,
    round: integer,
    lead_id: integer,
    event_name: oneOf<EventName>(),
    created_at: integer,
    state: oneOf<DeliveryState>(),
    /** Later events of the lead no longer wait for it. */
    late: flag,
    /** It was asked for once more. */
    replay: flag,
    /** In all. */
    attempts: integer,
    /** Since it began, or was asked for once more: its place in the retry schedule. */
    tries: integer,
    /** Of these tries. */
    first_attempt_at: orNull(integer),
    last_attempt_at: orNull(integer),
    next_attempt_at: orNull(integer),
    delivered_at: orNull(integer),
    status: orNull(integer),
    ms: orNull(integer),
    answer: orNull(text),
    error: orNull(text),
  },
  /** A file of leads that was taken in, and how far that came. */
  imports: {
    company_id: integer,
    id: integer,
    uuid: text,
    created_at: integer,
    updated_at: integer,
    ended_at: orNull(integer),
    user_uuid: orNull(text),
    name: text,
    settings: json<ImportedAs>(),
    dry_run: flag,
    state: oneOf<(typeof importStates)[number]>(),
    /** Why it was stopped. */
    message: orNull(text),
    rows: integer,
    created: integer,
    updated: integer,
    unchanged: integer,
    failed: integer,
    undone: integer,
  },
  /** What became of a row of such a file; `kept` was changed since, so that it was not undone. */
  import_rows: {
    company_id: integer,
    import_id: integer,
    row: integer,
    outcome: oneOf<(typeof rowOutcomes)[number]>(),
    lead_id: orNull(integer),
    /** Of the change. */
    sequence: orNull(integer),
    error: orNull(text),
  },
  /** A way to look at the list of leads, which a user has kept under a name. */
  saved_views: {
    company_id: integer,
    id: integer,
    uuid: text,
    created_at: integer,
    updated_at: integer,
    user_uuid: text,
    name: text,
    /** Everybody in the company sees it, and who may write may change it. */
    shared: flag,
    layout: oneOf<Layout>(),
    query: json<Readonly<Record<string, unknown>>>(),
    columns: json<readonly string[]>(),
    position: integer,
  },
  /** How far a follower of the log has come in a company's. */
  log_cursors: { company_id: integer, name: text, sequence: integer },
  idempotency_keys: {
    company_id: integer,
    key: text,
    fingerprint: text,
    created_at: integer,
    reply: text,
    sequence: orNull(integer),
  },
} as const satisfies Record<string, Record<string, Column<unknown>>>

export type TableName = keyof typeof tables

export const columnsOf = (table: TableName): readonly string[] => Object.keys(tables[table])

const ofCompany = ['company_id', 'id'] as const
/** The columns that name a row of each table; a change or a removal names all of them. */
export const primaryKeys = {
  meta: ['name'],
  id_sources: ['name'],
  companies: ['id'],
  company_log: ['company_id'],
  older_definitions: ['company_id', 'version', 'place'],
  users: ofCompany,
  api_keys: ofCompany,
  tags: ofCompany,
  custom_fields: ofCompany,
  custom_field_options: ['company_id', 'custom_field_id', 'id'],
  tiers: ofCompany,
  categories: ofCompany,
  stages: ofCompany,
  leads: ofCompany,
  lead_details: ['company_id', 'lead_id'],
  events: ['company_id', 'sequence'],
  integrations: ofCompany,
  webhooks: ofCompany,
  deliveries: ofCompany,
  imports: ofCompany,
  import_rows: ['company_id', 'import_id', 'row'],
  saved_views: ofCompany,
  log_cursors: ['company_id', 'name'],
  idempotency_keys: ['company_id', 'key'],
} as const satisfies { readonly [T in TableName]: readonly (keyof (typeof tables)[T])[] }

type TypeOf<C> = C extends Column<infer T> ? T : never
export type Row<T extends TableName> = { -readonly [C in keyof (typeof tables)[T]]: TypeOf<(typeof tables)[T][C]> }
/** All tables as Kysely knows them. */
export type Tables = { [T in TableName]: Row<T> }

/** Tables whose rows the server numbers itself. */
export type IdSource =
  | 'companies'
  | 'users'
  | 'api_keys'
  | 'tags'
  | 'custom_fields'
  | 'tiers'
  | 'categories'
  | 'stages'
  | 'leads'
  | 'custom_values'
  | 'integrations'
  | 'webhooks'
  | 'deliveries'
  | 'imports'
  | 'saved_views'
