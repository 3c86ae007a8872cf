import type pg from 'pg'
import { DatabaseRefused } from '../refused.ts'
import { type TableName, tables } from '../tables.ts'

/** Tables that stay small, and are asked for without a company: every machine has all of them. */
export const onEveryMachine = ['meta', 'id_sources', 'companies', 'api_keys'] as const satisfies readonly TableName[]

const isOnEveryMachine = (table: string): boolean => onEveryMachine.some((one) => one === table)

/** Tables whose rows stand with those of their company, on one machine. */
export const byCompany: readonly string[] = Object.keys(tables).filter((table) => !isOnEveryMachine(table))

/** True when the tables are spread over machines. */
export async function isDistributed(client: pg.ClientBase): Promise<boolean> {
  if (!(await hasExtension(client))) return false
  const { rows } = await client.query(
    "SELECT 1 FROM pg_dist_partition WHERE logicalrelid = to_regclass('company_log') AND partmethod = 'h'",
  )
  return rows.length > 0
}

const hasExtension = async (client: pg.ClientBase): Promise<boolean> =>
  (await client.query("SELECT 1 FROM pg_extension WHERE extname = 'citus'")).rows.length > 0

/**
 * Spreads the tables over the machines that the database knows, each company's rows together.
 *
 * @returns the tables that were spread now; none when all were before
 * @throws DatabaseRefused the extension is not there
 */
export async function distribute(client: pg.ClientBase): Promise<string[]> {
  if (!(await hasExtension(client))) {
    throw new DatabaseRefused(
      'The database does not have the extension citus, so its tables stay where they are. Install Citus, run ' +
        'CREATE EXTENSION citus in this database, add its machines with citus_add_node, and try again.',
    )
  }
  const { rows } = await client.query('SELECT logicalrelid::text AS name FROM pg_dist_partition')
  const before = new Set(rows.map(({ name }) => String(name)))
  const spread: string[] = []
  for (const table of [...onEveryMachine, ...byCompany]) {
    if (before.has(table)) continue
    if (isOnEveryMachine(table)) await client.query('SELECT create_reference_table($1)', [table])
    else {
      // The first one is by itself, the others go with it: what joins them stays on one machine.
      const beside = table === byCompany[0] ? 'none' : byCompany[0]
      await client.query("SELECT create_distributed_table($1, 'company_id', colocate_with => $2)", [table, beside])
    }
    spread.push(table)
  }
  return spread
}
