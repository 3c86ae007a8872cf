import type { Migration } from '../migration.ts'
import { erasure, ofPartners, orderOfFields, savedViews } from './schema-later.ts'

/**
 * The lead's row holds all that a patch replaces, so that a change is two rows: the lead and its event.
 * No index stands on what a patch changes, e-mail and external id apart. `lead_*` views are for people who read the file with SQL.
 *
 * @see ARCHITECTURE.md, The layout
 */
const beginning: Migration = {
  name: 'companies, users, keys, definitions and their older rows, leads, events',
  sql: `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE id_sources (name TEXT PRIMARY KEY, next_id INTEGER NOT NULL) STRICT;

CREATE TABLE companies (
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  suspended_at INTEGER
) STRICT;

CREATE TABLE company_log (
  company_id INTEGER PRIMARY KEY,
  last_sequence INTEGER NOT NULL,
  last_time INTEGER NOT NULL,
  definitions_version INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  email TEXT NOT NULL,
  first_name TEXT,
  last_name TEXT,
  role TEXT NOT NULL CHECK (role IN ('admin', 'partnerships', 'partner', 'indirect')),
  position TEXT,
  color TEXT,
  email_verified INTEGER,
  disabled_at INTEGER,
  UNIQUE (company_id, uuid)
) STRICT;

CREATE TABLE api_keys (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  user_id INTEGER NOT NULL,
  label TEXT NOT NULL,
  prefix TEXT NOT NULL,
  digest BLOB NOT NULL UNIQUE,
  may_read INTEGER NOT NULL CHECK (may_read IN (0, 1)),
  may_write INTEGER NOT NULL CHECK (may_write IN (0, 1)),
  may_administer INTEGER NOT NULL CHECK (may_administer IN (0, 1)),
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE INDEX api_keys_of_company ON api_keys (company_id, id);

CREATE TABLE tags (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  label TEXT NOT NULL,
  background_color TEXT NOT NULL,
  text_color TEXT NOT NULL,
  association TEXT NOT NULL CHECK (association IN ('lead', 'lead_deal', 'partner', 'card')),
  partner_type TEXT,
  archived_at INTEGER,
  UNIQUE (company_id, uuid)
) STRICT;

CREATE TABLE custom_fields (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  label TEXT NOT NULL,
  type TEXT NOT NULL,
  category TEXT NOT NULL CHECK (category IN ('lead', 'lead_deal', 'partner')),
  partner_type TEXT,
  required INTEGER NOT NULL CHECK (required IN (0, 1)),
  shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
  archived_at INTEGER,
  UNIQUE (company_id, uuid)
) STRICT;

CREATE TABLE custom_field_options (
  company_id INTEGER NOT NULL,
  custom_field_id INTEGER NOT NULL,
  id INTEGER NOT NULL,
  label TEXT NOT NULL,
  archived_at INTEGER,
  PRIMARY KEY (company_id, custom_field_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE leads (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  source TEXT NOT NULL,
  company_name TEXT,
  email TEXT,
  phone_number TEXT,
  first_name TEXT,
  last_name TEXT,
  status TEXT NOT NULL CHECK (status IN ('new', 'contacted', 'qualified', 'converted', 'lost')),
  partner_type TEXT,
  created_by_user_id INTEGER,
  campaign_id INTEGER,
  archived_at INTEGER,
  tags TEXT NOT NULL,
  assigned_users TEXT NOT NULL,
  custom_fields TEXT NOT NULL,
  UNIQUE (company_id, uuid)
) STRICT;
CREATE INDEX leads_newest ON leads (company_id, created_at, id) WHERE archived_at IS NULL;

CREATE TABLE events (
  company_id INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  lead_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  previous_sequence INTEGER NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  user_uuid TEXT,
  key_id INTEGER,
  request_id TEXT,
  definitions_version INTEGER NOT NULL,
  members TEXT NOT NULL,
  payload TEXT,
  UNIQUE (company_id, sequence)
) STRICT;

CREATE TABLE older_definitions (
  company_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  place INTEGER NOT NULL,
  of_table TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (company_id, version, place)
) STRICT;

CREATE TABLE idempotency_keys (
  company_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  reply TEXT NOT NULL,
  sequence INTEGER,
  PRIMARY KEY (company_id, key)
) STRICT;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE VIEW lead_tag AS
  SELECT leads.company_id, leads.id AS lead_id, tag.value AS tag_id
  FROM leads, json_each(leads.tags) AS tag;
CREATE VIEW lead_user AS
  SELECT leads.company_id, leads.id AS lead_id, assigned.value AS user_id
  FROM leads, json_each(leads.assigned_users) AS assigned;
CREATE VIEW lead_custom_value AS
  SELECT leads.company_id, leads.id AS lead_id, CAST(field.key AS INTEGER) AS custom_field_id,
    field.value ->> '$.id' AS custom_field_value_id, field.value -> '$.value' AS value
  FROM leads, json_each(leads.custom_fields) AS field;
`,
}

/**
 * A healthy delivery is written once, when it has arrived: both indexes with a condition leave it out.
 *
 * @see ARCHITECTURE.md, Webhooks
 */
const webhooks: Migration = {
  name: 'integrations, webhooks, deliveries',
  sql: `
CREATE TABLE integrations (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  configuration TEXT NOT NULL,
  api_key BLOB,
  external_settings BLOB,
  UNIQUE (company_id, uuid)
) STRICT;

CREATE TABLE webhooks (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  integration_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  url TEXT NOT NULL,
  events TEXT,
  fields TEXT,
  description TEXT,
  state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'disabled')),
  reason TEXT,
  secret BLOB NOT NULL,
  old_secret BLOB,
  old_secret_until INTEGER,
  revision INTEGER NOT NULL,
  cursor INTEGER NOT NULL,
  round INTEGER NOT NULL,
  replay_until INTEGER NOT NULL,
  skipped_until INTEGER NOT NULL,
  failing_since INTEGER,
  last_attempt_at INTEGER,
  last_status INTEGER,
  last_delivered_at INTEGER,
  deleted_at INTEGER,
  UNIQUE (company_id, uuid)
) STRICT;

CREATE TABLE deliveries (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  webhook_id INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  round INTEGER NOT NULL,
  lead_id INTEGER NOT NULL,
  event_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'retrying', 'delivered', 'parked', 'expired', 'skipped')),
  late INTEGER NOT NULL CHECK (late IN (0, 1)),
  replay INTEGER NOT NULL CHECK (replay IN (0, 1)),
  attempts INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  first_attempt_at INTEGER,
  last_attempt_at INTEGER,
  next_attempt_at INTEGER,
  delivered_at INTEGER,
  status INTEGER,
  ms INTEGER,
  answer TEXT,
  error TEXT,
  UNIQUE (company_id, webhook_id, sequence)
) STRICT;
CREATE INDEX deliveries_not_arrived ON deliveries (company_id, webhook_id, sequence) WHERE delivered_at IS NULL;
CREATE INDEX deliveries_due ON deliveries (company_id, webhook_id, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE log_cursors (
  company_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  PRIMARY KEY (company_id, name)
) STRICT, WITHOUT ROWID;
`,
}

const holders: Migration = {
  name: 'processes share the endpoints',
  sql: 'ALTER TABLE webhooks ADD COLUMN holder TEXT;',
}

const details: Migration = {
  name: 'leads keep what was sent along',
  sql: `
CREATE TABLE lead_details (
  company_id INTEGER NOT NULL,
  lead_id INTEGER NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (company_id, lead_id)
) STRICT;
`,
}

/**
 * What a lead is found by beside its ids. A change that leaves e-mail and external id alone touches neither index. E-mail
 * addresses compare whatever the case of A to Z, alike on every engine.
 */
const names: Migration = {
  name: 'leads have external ids, and are found by e-mail',
  sql: `
ALTER TABLE leads ADD COLUMN external_id TEXT;
CREATE UNIQUE INDEX leads_by_external_id ON leads (company_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX leads_by_email ON leads (company_id, lower(email)) WHERE archived_at IS NULL;
`,
}

const imports: Migration = {
  name: 'imports and their rows',
  sql: `
CREATE TABLE imports (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  ended_at INTEGER,
  user_uuid TEXT,
  name TEXT NOT NULL,
  settings TEXT NOT NULL,
  dry_run INTEGER NOT NULL CHECK (dry_run IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'undoing', 'undone')),
  message TEXT,
  rows INTEGER NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  undone INTEGER NOT NULL,
  UNIQUE (company_id, uuid)
) STRICT;

CREATE TABLE import_rows (
  company_id INTEGER NOT NULL,
  import_id INTEGER NOT NULL,
  row INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('created', 'updated', 'unchanged', 'failed', 'undone', 'kept')),
  lead_id INTEGER,
  sequence INTEGER,
  error TEXT,
  PRIMARY KEY (company_id, import_id, row)
) STRICT, WITHOUT ROWID;
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
