import type { Migration } from '../migration.ts'

// Migrations that stand behind those of `schema.ts`, in their order.

export const ofPartners: Migration = {
  name: 'tiers, categories, stages; numbers of options are given once',
  sql: `
CREATE TABLE tiers (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid text NOT NULL,
  created_at bigint NOT NULL,
  label text NOT NULL,
  background_color text NOT NULL,
  text_color text NOT NULL,
  partner_type text,
  archived_at bigint,
  UNIQUE (company_id, uuid),
  PRIMARY KEY (company_id, id)
);

CREATE TABLE categories (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  label text NOT NULL,
  partner_type text,
  archived_at bigint,
  UNIQUE (company_id, uuid),
  PRIMARY KEY (company_id, id)
);

CREATE TABLE stages (
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid text NOT NULL,
  created_at bigint NOT NULL,
  pipeline text NOT NULL CHECK (pipeline IN ('partner', 'lead_deal')),
  label text NOT NULL,
  series bigint NOT NULL,
  phase text NOT NULL,
  partner_type text,
  archived_at bigint,
  UNIQUE (company_id, uuid),
  PRIMARY KEY (company_id, id)
);

ALTER TABLE custom_fields ADD COLUMN options_made bigint NOT NULL DEFAULT 0;
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
  company_id bigint NOT NULL,
  id bigint NOT NULL,
  uuid text NOT NULL,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL,
  user_uuid text NOT NULL,
  name text NOT NULL,
  shared boolean NOT NULL,
  layout text NOT NULL CHECK (layout IN ('table', 'board')),
  query jsonb NOT NULL,
  columns jsonb NOT NULL,
  position bigint NOT NULL,
  UNIQUE (company_id, uuid),
  PRIMARY KEY (company_id, id)
);
CREATE INDEX saved_views_by_user ON saved_views (company_id, user_uuid);
CREATE INDEX saved_views_shared ON saved_views (company_id) WHERE shared;
`,
}

export const orderOfFields: Migration = {
  name: 'the order of custom fields',
  sql: 'ALTER TABLE custom_fields ADD COLUMN position bigint NOT NULL DEFAULT 0;',
}

/** Few leads have the mark: a change of any other leaves the index alone. */
export const erasure: Migration = {
  name: 'leads can be erased',
  sql: `
ALTER TABLE leads ADD COLUMN erasure text CHECK (erasure IN ('begun', 'done'));
CREATE INDEX leads_erased ON leads (erasure) WHERE erasure IS NOT NULL;
`,
}
