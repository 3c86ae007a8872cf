import type { Migration } from '../migration.ts'

// Migrations that stand behind those of `schema.ts`, in their order.

export const ofPartners: Migration = {
  name: 'tiers, categories, stages; numbers of options are given once',
  sql: `
CREATE TABLE tiers (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  label TEXT NOT NULL,
  background_color TEXT NOT NULL,
  text_color TEXT NOT NULL,
  partner_type TEXT,
  archived_at INTEGER,
  UNIQUE (company_id, uuid)
) STRICT;

CREATE TABLE categories (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  label TEXT NOT NULL,
  partner_type TEXT,
  archived_at INTEGER,
  UNIQUE (company_id, uuid)
) STRICT;

CREATE TABLE stages (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  pipeline TEXT NOT NULL CHECK (pipeline IN ('partner', 'lead_deal')),
  label TEXT NOT NULL,
  series INTEGER NOT NULL,
  phase TEXT NOT NULL,
  partner_type TEXT,
  archived_at INTEGER,
  UNIQUE (company_id, uuid)
) STRICT;

ALTER TABLE custom_fields ADD COLUMN options_made INTEGER NOT NULL DEFAULT 0;
UPDATE custom_fields SET options_made = made.newest
  FROM (
    SELECT company_id, custom_field_id, max(id) AS newest
    FROM custom_field_options GROUP BY company_id, custom_field_id
  ) AS made
  WHERE made.company_id = custom_fields.company_id AND made.custom_field_id = custom_fields.id;
`,
}

export const savedViews: Migration = {
  name: 'saved views of the list of leads',
  sql: `
CREATE TABLE saved_views (
  company_id INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  uuid TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  user_uuid TEXT NOT NULL,
  name TEXT NOT NULL,
  shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
  layout TEXT NOT NULL CHECK (layout IN ('table', 'board')),
  query TEXT NOT NULL,
  columns TEXT NOT NULL,
  position INTEGER NOT NULL,
  UNIQUE (company_id, uuid)
) STRICT;
CREATE INDEX saved_views_by_user ON saved_views (company_id, user_uuid);
CREATE INDEX saved_views_shared ON saved_views (company_id) WHERE shared;
`,
}

export const orderOfFields: Migration = {
  name: 'the order of custom fields',
  sql: 'ALTER TABLE custom_fields ADD COLUMN position INTEGER NOT NULL DEFAULT 0;',
}

/** Few leads have the mark: a change of any other leaves the index alone. */
export const erasure: Migration = {
  name: 'leads can be erased',
  sql: `
ALTER TABLE leads ADD COLUMN erasure TEXT CHECK (erasure IN ('begun', 'done'));
CREATE INDEX leads_erased ON leads (erasure) WHERE erasure IS NOT NULL;
`,
}
