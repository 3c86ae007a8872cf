import type { Migration } from '../migration.ts'

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
