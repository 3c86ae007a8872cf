import type pg from 'pg'
import { type Finding, findingsOf, fromBackup } from '../looking/finding.ts'
import { type LeadStretch, type Looking, type LookOptions, stretchesOfLeads } from '../looking/looking.ts'
import { movedTables } from '../moving/movable.ts'
import type { Listing } from '../port.ts'
import { DatabaseRefused } from '../refused.ts'
import type { Row, TableName } from '../tables.ts'
import { connectAlone, programName } from './connections.ts'
import { healthFacts, healthFindings } from './health.ts'
import { migrations } from './schema.ts'
import { builder } from './statements.ts'

const integrity = findingsOf('integrity')

/** A database on PostgreSQL, on a connection that cannot write. */
export class LookPostgres implements Looking {
  readonly shown: string
  readonly kind = 'postgresql'
  readonly isServed: boolean
  readonly bytes = undefined
  readonly steps: readonly string[] | undefined
  readonly knownSteps = migrations.map(({ name }) => name)
  readonly #client: pg.Client

  private constructor(client: pg.Client, shown: string, seen: Pick<Looking, 'isServed' | 'steps'>) {
    this.#client = client
    this.shown = shown
    this.isServed = seen.isServed
    this.steps = seen.steps
  }

  /** @throws DatabaseRefused it holds nothing */
  static async open(url: string, shown: string): Promise<LookPostgres> {
    const client = await connectAlone(url)
    try {
      await client.query('SET default_transaction_read_only = on')
      const { rows: servers } = await client.query(
        'SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
        [programName],
      )
      return new LookPostgres(client, shown, { isServed: servers[0].count > 0, steps: await stepsIn(client, shown) })
    } catch (error) {
      await client.end()
      throw error
    }
  }

  async findings({ quick, processes }: LookOptions): Promise<Finding[]> {
    const health = healthFindings(await healthFacts(this.#client, movedTables), processes)
    return quick ? health : [...(await this.#integrity()), ...health]
  }

  /** By the extension amcheck, where somebody has made it. */
  async #integrity(): Promise<Finding[]> {
    const { rows: extensions } = await this.#client.query(
      "SELECT extnamespace::regnamespace::text AS schema FROM pg_extension WHERE extname = 'amcheck'",
    )
    const schema: string | undefined = extensions[0]?.schema
    if (schema === undefined) {
      return [
        integrity.note(
          'Tables and indexes were not checked: the database does not have the extension amcheck.',
          'To have them checked from now on, as a superuser: CREATE EXTENSION amcheck',
        ),
      ]
    }
    const { rows: indexes } = await this.#client.query(
      `SELECT i.indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
         JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am a ON a.oid = x.relam
       WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.amname = 'btree'
         AND i.indisvalid ORDER BY 1`,
    )
    const { rows: tables } = await this.#client.query(
      `SELECT oid::regclass::text AS name FROM pg_class
       WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' ORDER BY 1`,
    )
    const found: Finding[] = []
    for (const { name } of indexes) {
      const wrong = await this.#check(`SELECT ${schema}.bt_index_check($1::regclass)`, name)
      if (wrong === 'denied') return [notAllowed]
      if (wrong !== undefined)
        found.push(integrity.fault(`The index ${name}: ${wrong}`, `In psql: REINDEX INDEX ${name}`))
    }
    for (const { name } of tables) {
      const wrong = await this.#check(`SELECT msg FROM ${schema}.verify_heapam($1::regclass) LIMIT 1`, name)
      if (wrong === 'denied') return [notAllowed]
      if (wrong !== undefined) found.push(integrity.fault(`The table ${name}: ${wrong}`, fromBackup))
    }
    if (found.length > 0) return found
    return [integrity.ok(`${tables.length} tables and ${indexes.length} indexes are whole.`)]
  }

  /** What is wrong with a table or an index, as the check says; undefined when nothing is. */
  async #check(sql: string, name: string): Promise<string | 'denied' | undefined> {
    try {
      return (await this.#client.query(sql, [name])).rows[0]?.msg
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === '42501') return 'denied'
      return error instanceof Error ? error.message : String(error)
    }
  }

  async find<R>(build: Listing<R>): Promise<R[]> {
    const { sql, parameters } = build(builder).compile()
    return (await this.#client.query(sql, [...parameters])).rows as R[]
  }

  async read<T extends TableName>(table: T, key: Partial<Row<T>>): Promise<Row<T> | undefined> {
    const where = Object.keys(key).map((name, at) => `"${name}" = $${at + 1}`)
    const sql = `SELECT * FROM "${table}" WHERE ${where.join(' AND ')}`
    return (await this.#client.query(sql, Object.values(key))).rows[0] as Row<T> | undefined
  }

  async rows<R>(sql: string): Promise<R[]> {
    return (await this.#client.query(sql)).rows as R[]
  }

  /** The company leads the key. */
  async *leadStretches(): AsyncGenerator<LeadStretch> {
    for (const { id } of await this.rows<{ id: number }>('SELECT id FROM companies ORDER BY id')) {
      yield* stretchesOfLeads((sql) => this.rows(sql), id)
    }
  }

  async close(): Promise<boolean> {
    await this.#client.end()
    return true
  }
}

const notAllowed = integrity.note(
  'Tables and indexes were not checked: this user may not run the functions of amcheck.',
  'As a superuser: GRANT EXECUTE ON FUNCTION bt_index_check(regclass) TO the user, and verify_heapam alike',
)

async function stepsIn(client: pg.Client, shown: string): Promise<string[] | undefined> {
  const { rows } = await client.query(
    `SELECT count(*) AS tables, count(*) FILTER (WHERE relname IN ('migrations', 'company_log')) AS ours FROM pg_class
     WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')`,
  )
  const { tables, ours } = rows[0]
  if (tables === 0) {
    throw new DatabaseRefused(`There is nothing in the database ${shown}. Begin with: waggle init --database-url …`)
  }
  if (ours < 2) return undefined
  const { rows: steps } = await client.query('SELECT name FROM migrations ORDER BY version')
  return steps.map(({ name }) => name)
}
