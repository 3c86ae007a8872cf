import assert from 'node:assert/strict'
import type pg from 'pg'
import { claimable } from '../claims.ts'
import type { DefinitionRows } from '../definitions.ts'
import type { Batch, Engine, LockedFacts, Reads, Written } from '../engine.ts'
import { IndexThread } from '../lead-index/index-thread.ts'
import { LeadIndexes } from '../lead-index/lead-indexes.ts'
import type { AskedPage, Condition, IdPage, LeadCounts } from '../lead-list.ts'
import { highestIds } from '../numbered.ts'
import type { Listing, NamedLeads, Processes, Wake, Write } from '../port.ts'
import type { IdSource, Row, TableName } from '../tables.ts'
import { Connection } from './connections.ts'
import { distribute, isDistributed } from './distribute.ts'
import { isAnswer, isOfServer, refused, undone, unknown } from './faults.ts'
import { migrate } from './migrate.ts'
import { News } from './news.ts'
import { PoolReads, refusedRead } from './pool-reads.ts'
import { migrations } from './schema.ts'
import { lock, selectBy, selectByEmails, selectIn, selectPairs, statement, steadyPlans, writing } from './statements.ts'

/** Connections of a process for reads; batches and news have one each beside them. */
const readsMax = 8
/** Batches at the same time where a batch is of one company: more than there are machines. */
const lanesByCompany = 8
/**
 * Plans are kept from batch to batch, and made anew now and then: one that was made for an empty table reads a whole
 * company once there are leads in it.
 */
const replanEvery = 64
/** Rows that are inserted by one statement. */
const loadedAtOnce = 1_000

/** What names leads, and its column; all but e-mail addresses, which may name several. */
const leadNames = [
  ['ids', 'id'],
  ['uuids', 'uuid'],
  ['externalIds', 'external_id'],
] as const

const durable: Written = { onDisk: Promise.resolve() }

/**
 * PostgreSQL. A batch is one transaction of two round trips: the companies' rows are locked and the facts read; then all
 * is written and committed. Batches of a process go one after the other; those of other processes wait at the lock.
 *
 * @see ARCHITECTURE.md, PostgreSQL
 */
export class PostgresEngine implements Engine {
  readonly overlaps = false
  readonly #url: string
  /** One for each lane. */
  #writers: readonly Connection[] = []
  #byCompany = false
  #batches = 0
  readonly #reads: PoolReads
  readonly #pages: IndexThread | LeadIndexes
  readonly #news: News

  /** @param options `listsInTurn`: pages of leads are found in this thread, not in one of their own */
  constructor(url: string, { listsInTurn = false }: { readonly listsInTurn?: boolean | undefined } = {}) {
    this.#url = url
    this.#reads = new PoolReads(url, readsMax)
    this.#pages = listsInTurn ? new LeadIndexes(this.#reads) : new IndexThread({ url })
    this.#news = new News(url, this.#reads.pool)
  }

  /**
   * Brings the database to this program's version.
   *
   * @throws DatabaseRefused
   */
  async open(): Promise<void> {
    const client = await this.#reads.pool.connect()
    try {
      await migrate(client, migrations)
      this.#byCompany = await isDistributed(client)
    } finally {
      client.release(true) // its settings were changed
    }
    const lanes = this.#byCompany ? lanesByCompany : 1
    // Citus plans each statement anew: the machine it goes to depends on the company.
    const onMade = async (writer: pg.Client): Promise<unknown> => this.#byCompany || writer.query(steadyPlans)
    this.#writers = Array.from({ length: lanes }, () => new Connection(this.#url, { pipeline: true, onMade }))
  }

  /**
   * Spreads the tables over the machines of the database.
   *
   * @returns the tables that were spread now
   * @throws DatabaseRefused the extension is not there
   */
  async distribute(): Promise<string[]> {
    const client = await this.#connection()
    try {
      await client.query("SELECT set_config('statement_timeout', '0', false), set_config('lock_timeout', '0', false)")
      return await distribute(client)
    } finally {
      client.release(true)
    }
  }

  get lanes(): number {
    return this.#writers.length
  }

  get byCompany(): boolean {
    return this.#byCompany
  }

  async run(batch: Batch, lane: number): Promise<Written> {
    const writer = this.#writers[lane]
    assert(writer !== undefined, `there is no lane ${lane}`)
    let client: pg.Client
    try {
      client = await writer.get()
    } catch (error) {
      throw refused(error)
    }
    let writes: Write[]
    try {
      writes = await this.#decideAll(client, batch)
      if (writes.length === 0) {
        await client.query('COMMIT')
        return durable
      }
    } catch (error) {
      writer.drop()
      throw undone(error)
    }
    try {
      await this.#commit(client, writes)
    } catch (error) {
      writer.drop()
      throw error
    }
    return durable
  }

  /** The first round trip, and the decisions. */
  async #decideAll(client: pg.Client, batch: Batch): Promise<Write[]> {
    const { reads } = batch
    this.#batches += 1
    const replanned = this.#batches % replanEvery === 0 ? [client.query('DISCARD PLANS')] : []
    const companyIds = [...new Set(reads.map(({ companyId }) => companyId))]
    const sent = [client.query('BEGIN'), client.query<Row<'company_log'>>(lock(companyIds))] as const
    const facts = this.#facts(client, reads)
    const [, locked] = await all([...replanned, ...sent, facts.answered]).then(() => Promise.all(sent))
    const locks = new Map(locked.rows.map((row) => [row.company_id, row]))
    const writes: Write[] = []
    for (const [index, one] of reads.entries()) {
      const ofWork = batch.decide(index, locks.get(one.companyId), facts.of(one))
      if (ofWork.length === 0) continue
      for (const write of ofWork) writes.push(write)
      batch.stood(index)
    }
    if (writes.length > 0) writes.push(...batch.counters())
    return writes
  }

  /** The rows that the works claim, read behind the lock: each statement sees what was committed before it began. */
  #facts(client: pg.Client, reads: readonly Reads[]): { answered: Promise<unknown>; of(one: Reads): LockedFacts } {
    const found = new Map<string, unknown>()
    const answered: Promise<unknown>[] = []
    const ask = (table: TableName, column: string, pairs: readonly (readonly [number, unknown])[]): void => {
      if (pairs.length === 0) return
      answered.push(
        client.query(selectPairs(table, column, pairs)).then(({ rows }) => {
          for (const row of rows) found.set(`${table} ${column} ${row.company_id} ${row[column]}`, row)
        }),
      )
    }
    for (const [key, table] of claimable) {
      ask(
        table,
        'id',
        reads.flatMap(({ companyId, keys }) => (keys[key] === undefined ? [] : [[companyId, keys[key]]])),
      )
    }
    ask(
      'deliveries',
      'id',
      reads.flatMap(({ companyId, keys }) => (keys.deliveries ?? []).map((id) => [companyId, id] as const)),
    )
    ask(
      'idempotency_keys',
      'key',
      reads.flatMap(({ companyId, onceKey }) => (onceKey === undefined ? [] : [[companyId, onceKey]])),
    )
    for (const [name, column] of leadNames) {
      const pairs = reads.flatMap(({ companyId, keys }) =>
        (keys.named?.[name] ?? []).map((value) => [companyId, value] as const),
      )
      ask('leads', column, pairs)
    }
    const byEmail: Row<'leads'>[] = []
    for (const { companyId, keys } of reads) {
      const { emails = [], ofEmailMax = 0 } = keys.named ?? {}
      if (emails.length === 0) continue
      const asked = client.query<Row<'leads'>>(selectByEmails(companyId, emails, ofEmailMax))
      answered.push(asked.then(({ rows }) => byEmail.push(...rows)))
    }
    const row = <T extends TableName>(table: T, companyId: number, key: unknown, column = 'id'): Row<T> | undefined =>
      key === undefined ? undefined : (found.get(`${table} ${column} ${companyId} ${key}`) as Row<T> | undefined)
    const named = (companyId: number, names: NamedLeads): Row<'leads'>[] => [
      ...leadNames.flatMap(([name, column]) =>
        (names[name] ?? []).flatMap((value) => row('leads', companyId, value, column) ?? []),
      ),
      ...byEmail, // who names leads by e-mail is alone
    ]
    return {
      answered: all(answered),
      of: ({ companyId, keys, onceKey }) => ({
        lead: row('leads', companyId, keys.lead),
        named: keys.named && named(companyId, keys.named),
        apiKey: row('api_keys', companyId, keys.apiKey),
        integration: row('integrations', companyId, keys.integration),
        webhook: row('webhooks', companyId, keys.webhook),
        view: row('saved_views', companyId, keys.view),
        import: row('imports', companyId, keys.import),
        deliveries: keys.deliveries?.flatMap((id) => row('deliveries', companyId, id) ?? []),
        once: row('idempotency_keys', companyId, onceKey, 'key'),
      }),
    }
  }

  /**
   * The second round trip. A COMMIT behind a failed statement does not fail: it answers with the tag ROLLBACK.
   *
   * @throws StorageFault, BatchUndone
   */
  async #commit(client: pg.Client, writes: readonly Write[]): Promise<void> {
    const written = writing(writes).map((one) => client.query(one))
    const [end, ...others] = await Promise.allSettled([client.query('COMMIT'), ...written])
    const failed = others.find((one) => one.status === 'rejected')
    if (failed === undefined && end?.status === 'fulfilled' && end.value.command === 'COMMIT') return
    if (failed !== undefined && isAnswer(failed.reason)) throw undone(failed.reason)
    if (end?.status === 'rejected' && isAnswer(end.reason)) throw undone(end.reason)
    if (end?.status === 'fulfilled') throw refused(new Error(`the server answered ${end.value.command} to COMMIT`))
    throw unknown(end?.reason)
  }

  async reserve(source: IdSource, count: number): Promise<number> {
    const sql =
      'INSERT INTO id_sources (name, next_id) VALUES ($1, 1 + $2::bigint) ' +
      'ON CONFLICT (name) DO UPDATE SET next_id = id_sources.next_id + $2 RETURNING next_id - $2 AS first'
    const [row] = await this.#reads.ask<{ first: number }>(statement(sql, [source, count]))
    return row?.first ?? 1
  }

  /** The server's own log and its vacuum are beyond reach. */
  async wipe(): Promise<void> {}

  async load(writes: readonly Write[]): Promise<void> {
    const client = await this.#connection()
    try {
      await client.query('BEGIN')
      for (let from = 0; from < writes.length; from += loadedAtOnce) {
        for (const one of writing(writes.slice(from, from + loadedAtOnce))) await client.query(one)
      }
      for (const [source, id] of highestIds(writes)) {
        await client.query(
          'INSERT INTO id_sources (name, next_id) VALUES ($1, $2) ' +
            'ON CONFLICT (name) DO UPDATE SET next_id = greatest(id_sources.next_id, $2)',
          [source, id + 1],
        )
      }
      await client.query('COMMIT')
      client.release()
    } catch (error) {
      client.release(true)
      throw isOfServer(error) && !isAnswer(error) ? refused(error) : error
    }
  }

  async definitionsVersion(companyId: number): Promise<number | undefined> {
    return (await this.read('company_log', { company_id: companyId }))?.definitions_version
  }

  async definitionRows(companyIds: readonly number[]): Promise<ReadonlyMap<number, DefinitionRows>> {
    const client = await this.#connection()
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      const rows = async <T extends TableName>(table: T, column = 'company_id'): Promise<Row<T>[]> =>
        (await client.query<Row<T>>(selectIn(table, column, companyIds))).rows
      const logs = await rows('company_log')
      const companies = new Map((await rows('companies', 'id')).map((company) => [company.id, company]))
      const [tags, users, fields, options, tiers, categories, stages] = [
        byCompany(await rows('tags')),
        byCompany(await rows('users')),
        byCompany(await rows('custom_fields')),
        byCompany(await rows('custom_field_options')),
        byCompany(await rows('tiers')),
        byCompany(await rows('categories')),
        byCompany(await rows('stages')),
      ]
      await client.query('COMMIT')
      client.release()
      const found = logs.flatMap(({ company_id: id, definitions_version: version }) => {
        const company = companies.get(id)
        if (company === undefined) return []
        const ofFields = { fields: fields(id), options: options(id) }
        const ofPartners = { tiers: tiers(id), categories: categories(id), stages: stages(id) }
        return [[id, { version, company, tags: tags(id), users: users(id), ...ofFields, ...ofPartners }]]
      }) as [number, DefinitionRows][]
      return new Map(found)
    } catch (error) {
      client.release(true)
      throw isOfServer(error) ? refusedRead(error) : error
    }
  }

  async read<T extends TableName>(table: T, key: Partial<Row<T>>): Promise<Row<T> | undefined> {
    return (await this.#reads.ask<Row<T>>(selectBy(table, key)))[0]
  }

  find<R>(build: Listing<R>): Promise<R[]> {
    return this.#reads.find(build)
  }

  leadPage(companyId: number, asked: AskedPage, signal?: AbortSignal): Promise<IdPage> {
    return this.#pages.page(companyId, asked, signal)
  }

  leadCounts(companyId: number, conditions: readonly Condition[], signal?: AbortSignal): Promise<LeadCounts> {
    return this.#pages.counts(companyId, conditions, signal)
  }

  async forgetIdempotencyKeys(before: number, limit: number): Promise<number> {
    const sql =
      'WITH gone AS (DELETE FROM idempotency_keys WHERE (company_id, key) IN ' +
      '(SELECT company_id, key FROM idempotency_keys WHERE created_at < $1 ORDER BY created_at LIMIT $2) RETURNING 1) ' +
      'SELECT count(*) AS count FROM gone'
    const [row] = await this.#reads.ask<{ count: number }>(statement(sql, [before, limit]))
    return row?.count ?? 0
  }

  tell(wake: Wake): void {
    this.#news.tell(wake)
  }

  watch(listener: (wake: Wake) => void): () => void {
    return this.#news.watch(listener)
  }

  readonly processes: Processes = {
    join: async (id) => {
      await this.#reads.ask(statement('INSERT INTO processes (id, beats) VALUES ($1, 0)', [id]))
    },
    beat: async (id) => {
      await this.#reads.ask(statement('UPDATE processes SET beats = beats + 1 WHERE id = $1', [id]))
      const rows = await this.#reads.ask<{ id: string; beats: number }>(
        statement('SELECT id, beats FROM processes', []),
      )
      const all = new Map(rows.map((row) => [row.id, row.beats]))
      return all.has(id) ? all : undefined
    },
    remove: async (id, beats) => {
      const sql = 'DELETE FROM processes WHERE id = $1 AND ($2::bigint IS NULL OR beats = $2) RETURNING id'
      return (await this.#reads.ask(statement(sql, [id, beats ?? null]))).length > 0
    },
  }

  async close(): Promise<void> {
    await Promise.all(this.#writers.map((writer) => writer.close()))
    await this.#news.close()
    await this.#pages.close()
    await this.#reads.close()
  }

  async #connection(): Promise<pg.PoolClient> {
    try {
      return await this.#reads.pool.connect()
    } catch (error) {
      throw refusedRead(error)
    }
  }
}

/** Those of each company, oldest first: a row that was changed comes behind others. */
function byCompany<R extends { readonly company_id: number; readonly id: number }>(
  rows: readonly R[],
): (companyId: number) => readonly R[] {
  const sorted = rows.toSorted((one, other) => one.id - other.id)
  const groups = Map.groupBy(sorted, ({ company_id }) => company_id)
  return (companyId) => groups.get(companyId) ?? []
}

/** Waits for all answers, also of those behind one that failed; throws the first failure. */
async function all(answers: readonly Promise<unknown>[]): Promise<void> {
  for (const one of await Promise.allSettled(answers)) if (one.status === 'rejected') throw one.reason
}
