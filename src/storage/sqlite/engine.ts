import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../kernel/clock.ts'
import type { DefinitionRows } from '../definitions.ts'
import { type Batch, type Engine, type LockedFacts, type Reads, StorageFault, type Written } from '../engine.ts'
import { IndexThread } from '../lead-index/index-thread.ts'
import { LeadIndexes } from '../lead-index/lead-indexes.ts'
import type { AskedPage, Condition, IdPage, LeadCounts } from '../lead-list.ts'
import { highestIds } from '../numbered.ts'
import type { Listing, Wake, Write } from '../port.ts'
import type { IdSource, Row, TableName } from '../tables.ts'
import { Checkpoints } from './checkpoints.ts'
import { isBusy, isDiskFault, isSqliteError, storageFault } from './faults.ts'
import { LogSync } from './log-sync.ts'
import { Reads as Lists } from './reads.ts'
import { Statements } from './statements.ts'

/** How long a transaction waits for another process's, in ms. */
const busyTriesMs = 5_000
const busyStepMs = 5
/** How often it is looked whether another process has written, in ms. */
const lookEveryMs = 1_000
/** What a change of one lead writes at the most: itself, its event, the counter, its idempotency key, its details. */
const fewWrites = 5

/**
 * `synchronous = NORMAL` leaves the sync of a commit to {@link LogSync}; SQLite still syncs the log before it copies pages
 * from it, and when it begins the log anew.
 */
const writerPragmas = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA busy_timeout = 0;
  PRAGMA foreign_keys = OFF;
  PRAGMA secure_delete = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -16384;
  PRAGMA wal_autocheckpoint = 0;
`

export interface SqliteOptions {
  readonly clock: Clock
  /** Called first, with the writer's connection. */
  readonly onOpen: (db: DatabaseSync) => void
  /** A sync failed beside any transaction (the process must stop), or the file refuses pages of the log. */
  readonly onFault: (fault: StorageFault) => void
  /** Lists run in the turn that asks, and not in a thread. */
  readonly listsInTurn?: boolean | undefined
}

/** SQLite in this process: one writer, whose every transaction is one uninterrupted turn. */
export class SqliteEngine implements Engine {
  readonly overlaps = true
  readonly processes = undefined
  readonly lanes = 1
  readonly byCompany = false
  readonly #db: DatabaseSync
  readonly #lists: Lists
  readonly #pages: IndexThread | LeadIndexes
  readonly #statements: Statements
  readonly #log: LogSync
  readonly #checkpoints: Checkpoints
  readonly #dataVersion: ReturnType<DatabaseSync['prepare']>
  #lastDataVersion: number

  constructor(path: string, { clock, onOpen, onFault, listsInTurn = false }: SqliteOptions) {
    this.#db = new DatabaseSync(path)
    this.#db.exec('PRAGMA busy_timeout = 5000') // while opening only: there a wait harms nobody
    onOpen(this.#db)
    this.#db.exec(writerPragmas)
    this.#statements = new Statements(this.#db)
    this.#lists = new Lists(path, { inTurn: listsInTurn })
    this.#pages = listsInTurn ? new LeadIndexes(this.#lists) : new IndexThread({ path })
    this.#dataVersion = this.#db.prepare('PRAGMA data_version')
    this.#lastDataVersion = Number(this.#dataVersion.get()?.['data_version'])
    this.#log = new LogSync(`${path}-wal`, clock)
    this.#checkpoints = new Checkpoints(path, this.#db, onFault)
  }

  run(batch: Batch): Promise<Written> {
    return this.#transact(() => {
      const locks = new Map<number, Row<'company_log'> | undefined>()
      for (let index = 0; index < batch.reads.length; index += 1) this.#runOne(batch, index, locks)
      for (const write of batch.counters()) this.#statements.write(write)
    }, batch.reads.length === 1)
  }

  #runOne(batch: Batch, index: number, locks: Map<number, Row<'company_log'> | undefined>): void {
    const reads = batch.reads[index] as Reads
    const { companyId } = reads
    if (!locks.has(companyId)) locks.set(companyId, this.#statements.get('company_log', { company_id: companyId }))
    const writes = batch.decide(index, locks.get(companyId), this.#facts(reads))
    if (writes.length === 0) return
    this.#exec('SAVEPOINT work')
    try {
      for (const write of writes) this.#statements.write(write)
      this.#exec('RELEASE work')
    } catch (error) {
      // A full disk may have rolled everything back; only what harmed this work alone stays with it.
      if (isDiskFault(error) || !this.#db.isTransaction) throw error
      this.#exec('ROLLBACK TO work')
      this.#exec('RELEASE work')
      batch.failed(index, error)
      return
    }
    batch.stood(index)
  }

  #facts({ companyId, keys, onceKey }: Reads): LockedFacts {
    const rows = this.#statements
    return {
      lead: keys.lead === undefined ? undefined : rows.byId('leads', companyId, keys.lead),
      named: keys.named === undefined ? undefined : rows.named(companyId, keys.named),
      apiKey: keys.apiKey === undefined ? undefined : rows.byId('api_keys', companyId, keys.apiKey),
      integration: keys.integration === undefined ? undefined : rows.byId('integrations', companyId, keys.integration),
      webhook: keys.webhook === undefined ? undefined : rows.byId('webhooks', companyId, keys.webhook),
      view: keys.view === undefined ? undefined : rows.byId('saved_views', companyId, keys.view),
      import: keys.import === undefined ? undefined : rows.byId('imports', companyId, keys.import),
      deliveries: keys.deliveries?.flatMap((id) => rows.byId('deliveries', companyId, id) ?? []),
      once: onceKey === undefined ? undefined : rows.get('idempotency_keys', { company_id: companyId, key: onceKey }),
    }
  }

  /** One write transaction; resolves when it is on the disk. */
  async #transaction<T>(body: () => T): Promise<T> {
    const { result, onDisk } = await this.#transact(body)
    await onDisk
    return result
  }

  /**
   * One write transaction. The body begins in the very turn in which the lock was got, so nothing of this process comes
   * between; when another process holds the lock, it is tried again without stopping this one.
   *
   * @param alone it is the change of one, and nobody waits beside it
   */
  async #transact<T>(body: () => T, alone = false): Promise<Written & { readonly result: T }> {
    await this.#begin()
    const writesBefore = this.#statements.writes
    let result: T
    try {
      result = body()
      this.#exec('COMMIT')
    } catch (error) {
      throw this.#undo(error)
    }
    const written = this.#statements.writes - writesBefore
    if (written === 0) return { result, onDisk: this.#log.toldAfter(undefined) }
    const onDisk = this.#log.sync(alone && written <= fewWrites)
    this.#checkpoints.committed()
    return { result, onDisk }
  }

  async #begin(): Promise<void> {
    for (let waitedMs = 0; ; ) {
      const { pause, isFull } = this.#checkpoints
      if (isFull) throw storageFault(new Error('the log is full: its pages cannot be copied into the file'))
      if (pause !== undefined) {
        await pause
        continue
      }
      try {
        this.#exec('BEGIN IMMEDIATE')
        return
      } catch (error) {
        if (!isBusy(error) || waitedMs >= busyTriesMs) throw storageFault(error)
        await wait(busyStepMs)
        waitedMs += busyStepMs
      }
    }
  }

  #undo(error: unknown): unknown {
    // A bug of ours, thrown between the statements, is no fault of the disk.
    const fault = isSqliteError(error) ? storageFault(error) : error
    try {
      if (this.#db.isTransaction) this.#exec('ROLLBACK')
    } catch (second) {
      return new StorageFault('The database could not roll back.', { cause: second, fateUnknown: true })
    }
    return fault
  }

  readonly #prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  #exec(sql: string): void {
    let statement = this.#prepared.get(sql)
    if (statement === undefined) {
      statement = this.#db.prepare(sql)
      this.#prepared.set(sql, statement)
    }
    statement.run()
  }

  reserve(source: IdSource, count: number): Promise<number> {
    return this.#transaction(() => {
      const first = this.#statements.get('id_sources', { name: source })?.next_id
      this.#raise(source, (first ?? 1) + count)
      return first ?? 1
    })
  }

  #raise(source: IdSource, nextId: number): void {
    const present = this.#statements.get('id_sources', { name: source })
    if (present === undefined) {
      this.#statements.write({ kind: 'insert', table: 'id_sources', row: { name: source, next_id: nextId } })
    } else if (present.next_id < nextId) {
      this.#statements.write({ kind: 'update', table: 'id_sources', key: { name: source }, set: { next_id: nextId } })
    }
  }

  load(writes: readonly Write[]): Promise<void> {
    return this.#transaction(() => {
      for (const write of writes) this.#statements.write(write)
      for (const [source, id] of highestIds(writes)) this.#raise(source, id + 1)
    })
  }

  definitionsVersion(companyId: number): Promise<number | undefined> {
    return this.#log.toldAfter(this.#statements.get('company_log', { company_id: companyId })?.definitions_version)
  }

  async definitionRows(companyIds: readonly number[]): Promise<ReadonlyMap<number, DefinitionRows>> {
    const found = companyIds.flatMap((id) => {
      const rows = this.#definitionRows(id)
      return rows === undefined ? [] : [[id, rows] as const]
    })
    return new Map(found)
  }

  #definitionRows(companyId: number): DefinitionRows | undefined {
    // One turn of the event loop, and every writer in this process is a turn of its own; another process's
    // change in between shows as a version that is older than its rows, and the next batch reads again.
    const ofCompany = { company_id: companyId }
    const log = this.#statements.get('company_log', ofCompany)
    const company = this.#statements.get('companies', { id: companyId })
    if (log === undefined || company === undefined) return undefined
    return {
      version: log.definitions_version,
      company,
      tags: this.#statements.all('tags', ofCompany),
      users: this.#statements.all('users', ofCompany),
      fields: this.#statements.all('custom_fields', ofCompany),
      options: this.#statements.all('custom_field_options', ofCompany),
      tiers: this.#statements.all('tiers', ofCompany),
      categories: this.#statements.all('categories', ofCompany),
      stages: this.#statements.all('stages', ofCompany),
    }
  }

  async read<T extends TableName>(table: T, key: Partial<Row<T>>): Promise<Row<T> | undefined> {
    return this.#log.toldAfter(this.#statements.get(table, key))
  }

  async find<R>(build: Listing<R>): Promise<R[]> {
    return this.#log.toldAfter(await this.#lists.find(build))
  }

  async leadPage(companyId: number, asked: AskedPage, signal?: AbortSignal): Promise<IdPage> {
    return this.#log.toldAfter(await this.#pages.page(companyId, asked, signal))
  }

  async leadCounts(companyId: number, conditions: readonly Condition[], signal?: AbortSignal): Promise<LeadCounts> {
    return this.#log.toldAfter(await this.#pages.counts(companyId, conditions, signal))
  }

  async forgetIdempotencyKeys(before: number, limit: number): Promise<number> {
    const sql =
      'DELETE FROM idempotency_keys WHERE rowid IN ' +
      '(SELECT rowid FROM idempotency_keys WHERE created_at < ? ORDER BY created_at LIMIT ?)'
    return this.#transaction(() => this.#statements.run(this.#db.prepare(sql), before, limit))
  }

  async wipe(): Promise<void> {
    await this.#checkpoints.wipe()
  }

  /** Other processes see the file's version. */
  tell(): void {}

  watch(listener: (wake: Wake) => void): () => void {
    const looking = setInterval(() => {
      const version = Number(this.#dataVersion.get()?.['data_version'])
      if (version === this.#lastDataVersion) return
      this.#lastDataVersion = version
      listener({ companies: undefined, followers: true })
    }, lookEveryMs).unref()
    return () => clearInterval(looking)
  }

  async close(): Promise<void> {
    await this.#pages.close()
    await this.#lists.close()
    await this.#checkpoints.close()
    this.#db.close() // the last connection copies the log into the file and removes it
    this.#log.close()
    this.#checkpoints.closeFile()
  }
}
