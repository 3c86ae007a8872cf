import type { Migration } from '../migration.ts'
import { erasure, ofPartners, orderOfFields, savedViews } from './schema-later.ts'

/**
 * The same tables as the embedded database has, in the same steps. `company_id` leads the key of every table that grows,
 * so that a company's rows can stand together on one of many machines.
 *
 * A lead's row is changed where it stands, as hardly any index is on what a patch changes; its pages keep room for that. Columns
 * of json keep the order of members, those of jsonb can be searched.
 *
 * @see ARCHITECTURE.md, The layout of the data
 */
const beginning: Migration = {
  name: 'companies, users, keys, definitions and their older rows, leads, events',
  sql: `
CREATE TABLE meta (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE id_sources (name text PRIMARY KEY, next_id bigint NOT NULL);

CREATE TABLE companies (
  id bigint PRIMARY KEY,
  uuid text NOT NULL UNIQUE,
  name text NOT NULL,
  created_at bigint NOT NULL,
  suspended_at bigint
);

CREATE TABLE company_log (
  company_id bigint PRIMARY KEY,
  last_sequence bigint NOT NULL,
  last_time bigint NOT NULL,
  definitions_version bigint NOT NULL
);

CREATE TABLE users (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid text NOT NULL,
  created_at bigint NOT NULL,
  email text NOT NULL,
  first_name text,
  last_name text,
  role text NOT NULL CHECK (role IN ('admin', 'partnerships', 'partner', 'indirect')),
  position text,
  color text,
  email_verified bigint,
  disabled_at bigint,
  UNIQUE (company_id, uuid),
  PRIMARY KEY (company_id, id)
);

CREATE TABLE api_keys (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  user_id bigint NOT NULL,
  label text NOT NULL,
  prefix text NOT NULL,
  digest bytea NOT NULL UNIQUE,
  may_read boolean NOT NULL,
  may_write boolean NOT NULL,
  may_administer boolean NOT NULL,
  created_at bigint NOT NULL,
  last_used_at bigint,
  expires_at bigint,
  revoked_at bigint,
  PRIMARY KEY (company_id, id)
);

CREATE TABLE tags (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid text NOT NULL,
  created_at bigint NOT NULL,
  label text NOT NULL,
  background_color text NOT NULL,
  text_color text NOT NULL,
  association text NOT NULL CHECK (association IN ('lead', 'lead_deal', 'partner', 'card')),
  partner_type text,
  archived_at bigint,
  UNIQUE (company_id, uuid),
  PRIMARY KEY (company_id, id)
);

CREATE TABLE custom_fields (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid text NOT NULL,
  created_at bigint NOT NULL,
  label text NOT NULL,
  type text NOT NULL,
  category text NOT NULL CHECK (category IN ('lead', 'lead_deal', 'partner')),
  partner_type text,
  required boolean NOT NULL,
  shared boolean NOT NULL,
  archived_at bigint,
  UNIQUE (company_id, uuid),
  PRIMARY KEY (company_id, id)
);

CREATE TABLE custom_field_options (
  company_id bigint NOT NULL,
  custom_field_id bigint NOT NULL,
  id bigint NOT NULL,
  label text NOT NULL,
  archived_at bigint,
  PRIMARY KEY (company_id, custom_field_id, id)
);

CREATE TABLE leads (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  version bigint NOT NULL,
  last_sequence bigint NOT NULL,
  source text NOT NULL,
  company_name text,
  email text,
  phone_number text,
  first_name text,
  last_name text,
  status text NOT NULL CHECK (status IN ('new', 'contacted', 'qualified', 'converted', 'lost')),
  partner_type text,
  created_by_user_id bigint,
  campaign_id bigint,
  archived_at bigint,
  tags jsonb NOT NULL,
  assigned_users jsonb NOT NULL,
  custom_fields jsonb NOT NULL,
  UNIQUE (company_id, uuid),
  PRIMARY KEY (company_id, id)
) WITH (fillfactor = 85);
CREATE INDEX leads_newest ON leads (company_id, created_at, id) WHERE archived_at IS NULL;

CREATE TABLE events (
  company_id bigint NOT NULL,
  sequence bigint NOT NULL,
  lead_id bigint NOT NULL,
  version bigint NOT NULL,
  previous_sequence bigint NOT NULL,
  name text NOT NULL,
  at bigint NOT NULL,
  user_uuid text,
  key_id bigint,
  request_id text,
  definitions_version bigint NOT NULL,
  members json NOT NULL,
  payload json,
  PRIMARY KEY (company_id, sequence)
);

CREATE TABLE older_definitions (
  company_id bigint NOT NULL,
  version bigint NOT NULL,
  place bigint NOT NULL,
  of_table text NOT NULL,
  content json NOT NULL,
  PRIMARY KEY (company_id, version, place)
);

CREATE TABLE idempotency_keys (
  company_id bigint NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  created_at bigint NOT NULL,
  reply text NOT NULL,
  sequence bigint,
  PRIMARY KEY (company_id, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE VIEW lead_tag AS
  SELECT company_id, id AS lead_id, tag::bigint AS tag_id
  FROM leads, jsonb_array_elements_text(tags) AS tag;
CREATE VIEW lead_user AS
  SELECT company_id, id AS lead_id, assigned::bigint AS user_id
  FROM leads, jsonb_array_elements_text(assigned_users) AS assigned;
CREATE VIEW lead_custom_value AS
  SELECT company_id, id AS lead_id, field.key::bigint AS custom_field_id,
    (field.value ->> 'id')::bigint AS custom_field_value_id, field.value -> 'value' AS value
  FROM leads, jsonb_each(custom_fields) AS field;
`,
}

const webhooks: Migration = {
  name: 'integrations, webhooks, deliveries',
  sql: `
CREATE TABLE integrations (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid text NOT NULL,
  created_at bigint NOT NULL,
  name text NOT NULL,
  configuration json NOT NULL,
  api_key bytea,
  external_settings bytea,
  UNIQUE (company_id, uuid),
  PRIMARY KEY (company_id, id)
);

CREATE TABLE webhooks (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid text NOT NULL,
  integration_id bigint NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  url text NOT NULL,
  events json,
  fields json,
  description text,
  state text NOT NULL CHECK (state IN ('active', 'paused', 'disabled')),
  reason text,
  secret bytea NOT NULL,
  old_secret bytea,
  old_secret_until bigint,
  revision bigint NOT NULL,
  cursor bigint NOT NULL,
  round bigint NOT NULL,
  replay_until bigint NOT NULL,
  skipped_until bigint NOT NULL,
  failing_since bigint,
  last_attempt_at bigint,
  last_status bigint,
  last_delivered_at bigint,
  deleted_at bigint,
  UNIQUE (company_id, uuid),
  PRIMARY KEY (company_id, id)
);

CREATE TABLE deliveries (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  webhook_id bigint NOT NULL,
  sequence bigint NOT NULL,
  round bigint NOT NULL,
  lead_id bigint NOT NULL,
  event_name text NOT NULL,
  created_at bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'retrying', 'delivered', 'parked', 'expired', 'skipped')),
  late boolean NOT NULL,
  replay boolean NOT NULL,
  attempts bigint NOT NULL,
  tries bigint NOT NULL,
  first_attempt_at bigint,
  last_attempt_at bigint,
  next_attempt_at bigint,
  delivered_at bigint,
  status bigint,
  ms bigint,
  answer text,
  error text,
  UNIQUE (company_id, webhook_id, sequence),
  PRIMARY KEY (company_id, id)
);
CREATE INDEX deliveries_not_arrived ON deliveries (company_id, webhook_id, sequence) WHERE delivered_at IS NULL;
CREATE INDEX deliveries_due ON deliveries (company_id, webhook_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE log_cursors (
  company_id bigint NOT NULL,
  name text NOT NULL,
  sequence bigint NOT NULL,
  PRIMARY KEY (company_id, name)
);
`,
}

/** `processes` is of this moment alone: it is no part of what a database keeps. */
const holders: Migration = {
  name: 'processes share the endpoints',
  sql: `
ALTER TABLE webhooks ADD COLUMN holder text;
CREATE TABLE processes (id text PRIMARY KEY, beats bigint NOT NULL);
`,
}

const details: Migration = {
  name: 'leads keep what was sent along',
  sql: `
CREATE TABLE lead_details (
  company_id bigint NOT NULL,
  lead_id bigint NOT NULL,
  content json NOT NULL,
  PRIMARY KEY (company_id, lead_id)
);
`,
}

/**
 * What a lead is found by beside its ids. A change that leaves e-mail and external id alone touches neither index. E-mail
 * addresses compare whatever the case of A to Z, alike on every engine.
 */
const names: Migration = {
  name: 'leads have external ids, and are found by e-mail',
  sql: `
ALTER TABLE leads ADD COLUMN external_id text;
CREATE UNIQUE INDEX leads_by_external_id ON leads (company_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX leads_by_email ON leads (company_id, lower(email COLLATE "C"), id) WHERE archived_at IS NULL;
`,
}

const imports: Migration = {
  name: 'imports and their rows',
  sql: `
CREATE TABLE imports (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  ended_at bigint,
  user_uuid text,
  name text NOT NULL,
  settings json NOT NULL,
  dry_run boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'undoing', 'undone')),
  message text,
  rows bigint NOT NULL,
  created bigint NOT NULL,
  updated bigint NOT NULL,
  unchanged bigint NOT NULL,
  failed bigint NOT NULL,
  undone bigint NOT NULL,
  UNIQUE (company_id, uuid),
  PRIMARY KEY (company_id, id)
);

CREATE TABLE import_rows (
  company_id bigint NOT NULL,
  import_id bigint NOT NULL,
  row bigint NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('created', 'updated', 'unchanged', 'failed', 'undone', 'kept')),
  lead_id bigint,
  sequence bigint,
  error text,
  PRIMARY KEY (company_id, import_id, row)
);
`,
}

export const migrations: readonly Migration[] = [
  beginning,
  webhooks,
  holders,
  details,
  names,
  imports,
  ofPartners,
  savedViews,
  orderOfFields,
  erasure,
]
