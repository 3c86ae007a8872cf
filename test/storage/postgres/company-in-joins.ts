import { byCompany } from '../../../src/storage/postgres/distribute.ts'

/**
 * Tells whether a statement could be answered where a company's rows stand: of the tables that are spread by company,
 * all those it takes rows from are bound to one another, or to a value, by their `company_id`.
 *
 * @param sql as the query builder writes it, with quoted names
 */
export function bindsCompanies(sql: string): boolean {
  const taken = [...sql.matchAll(/\b(?:from|join) "(\w+)"/g)].filter(([, table = '']) => byCompany.includes(table))
  const bound = [...sql.matchAll(/"company_id" (?:=|in) /g)]
  return taken.length <= bound.length + 1
}
