import type { Migration } from '../migration.ts'

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
