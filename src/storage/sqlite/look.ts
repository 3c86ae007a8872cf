import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { shownBytes, typed } from '../../kernel/shown.ts'
import { hasCode } from '../directory.ts'
import { type Finding, findingsOf, fromBackup } from '../looking/finding.ts'
import { type LeadStretch, type Looking, type LookOptions, stretchesOfLeads } from '../looking/looking.ts'
import type { Listing } from '../port.ts'
import { DatabaseRefused } from '../refused.ts'
import type { Row, TableName } from '../tables.ts'
import { isLocked } from './lock.ts'
import { migrations } from './schema.ts'
import { builder, rowMaker } from './statements.ts'

/** How long a look waits for another's lock, in ms. */
const waitMs = 5_000
/** A negative number is one of KiB: events are sought all over the file. */
const cacheKibibytes = -131_072
/** A whole check of a larger file takes minutes. */
const wholeBytesMax = 1_073_741_824
/** So much unused is worth giving back, in bytes, and so large a share of the file. */
const unusedBytesMin = 50_000_000
const unusedShareMin = 0.25
/** The log is begun anew at 64 MiB; far beyond, something keeps it. At 1 GiB changes are refused. In bytes. */
const longLogBytes = 268_435_456
const fullLogBytes = 1_073_741_824
/** "Wagg". */
const applicationId = 0x57616767

const integrity = findingsOf('integrity')
const space = findingsOf('space')
const log = findingsOf('write-ahead log')

/** The embedded database in its directory. */
export class LookSqlite implements Looking {
  readonly shown: string
  readonly kind = 'embedded'
  readonly isServed: boolean
  readonly knownSteps = migrations.map(({ name }) => name)
  readonly #path: string
  readonly #db: DatabaseSync
  readonly #isAlone: boolean

  /** @throws DatabaseRefused there is none, or it cannot be read */
  constructor(directory: string) {
    this.shown = directory
    this.#path = join(directory, 'waggle.db')
    this.#isAlone = !existsSync(`${this.#path}-wal`)
    try {
      accessSync(this.#path, constants.R_OK)
      this.isServed = isLocked(join(directory, 'server.lock'))
      this.#db = openToRead(this.#path)
    } catch (cause) {
      if (hasCode(cause, 'ENOENT')) {
        throw new DatabaseRefused(
          `There is no database in ${directory}. Begin one with: waggle init --data ${typed(directory)}`,
        )
      }
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new DatabaseRefused(`${this.#path} cannot be read: ${reason}.`, { cause })
    }
  }

  get bytes(): number {
    return sizeOf(this.#path) + sizeOf(`${this.#path}-wal`)
  }

  get steps(): readonly string[] | undefined {
    if (this.#pragma('application_id') !== applicationId) return undefined
    return this.#db
      .prepare('SELECT name FROM migrations ORDER BY version')
      .all()
      .map(({ name }) => String(name))
  }

  async findings({ quick }: LookOptions): Promise<Finding[]> {
    const accounts = join(this.shown, 'auth.db')
    return [
      ...(quick ? [] : this.#integrity()),
      ...(quick || !existsSync(accounts) ? [] : accountsIntegrity(accounts)),
      this.#log(),
      this.#space(),
    ]
  }

  /** Beside a server table by table, as one that reads for long keeps the log from being begun anew. */
  #integrity(): Finding[] {
    const inSteps = this.isServed || this.bytes > wholeBytesMax
    const asked = inSteps
      ? this.#db
          .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
          .all()
          .map(({ name }) => `quick_check('${String(name).replaceAll("'", "''")}')`)
      : ['integrity_check(10)']
    const faults = asked.flatMap((one) => faultsOf(this.#db, one))
    if (faults.length > 0) return faults.slice(0, 10).map((says) => integrity.fault(`waggle.db: ${says}`, fromBackup))
    const how = inSteps ? 'its pages and rows are' : 'its pages, rows and indexes are'
    return [integrity.ok(`waggle.db is whole: ${how} as they must be.`)]
  }

  #log(): Finding {
    const bytes = sizeOf(`${this.#path}-wal`)
    if (bytes < longLogBytes) return log.ok(`The write-ahead log takes ${shownBytes(bytes)}.`)
    const says = `The write-ahead log takes ${shownBytes(bytes)}; at ${shownBytes(fullLogBytes)} changes are refused.`
    const advice =
      'Something reads for long, such as a copy or an open shell on the file, or the disk refuses pages: end it, or look at the log of the server.'
    return bytes < fullLogBytes ? log.warning(says, advice) : log.fault(says, advice)
  }

  #space(): Finding {
    const unused = this.#pragma('freelist_count') * this.#pragma('page_size')
    const says = `The database takes ${shownBytes(this.bytes)}, ${shownBytes(unused)} of it unused.`
    return unused >= unusedBytesMin && unused >= this.bytes * unusedShareMin
      ? space.note(says, 'To give it back to the disk, stop the server, then: waggle compact')
      : space.ok(says)
  }

  async find<R>(build: Listing<R>): Promise<R[]> {
    const { sql, parameters } = build(builder).compile()
    return this.#all(sql, parameters.map(bound)) as R[]
  }

  async read<T extends TableName>(table: T, key: Partial<Row<T>>): Promise<Row<T> | undefined> {
    const names = Object.keys(key)
    const where = names.map((name) => `"${name}" = ?`).join(' AND ')
    const values = Object.values(key).map(bound)
    return this.#all(`SELECT * FROM "${table}" WHERE ${where}`, values)[0] as Row<T> | undefined
  }

  async rows<R>(sql: string): Promise<R[]> {
    return this.#all(sql, []) as R[]
  }

  /** Ids are the order of the file, whatever the company. */
  leadStretches(): AsyncGenerator<LeadStretch> {
    return stretchesOfLeads((sql) => this.rows(sql), undefined)
  }

  #all(sql: string, values: SQLInputValue[]): unknown[] {
    const statement = this.#db.prepare(sql)
    statement.setReturnArrays(true)
    const rowOf = rowMaker(statement.columns().map(({ name }) => name))
    return (statement.all(...values) as unknown as readonly unknown[][]).map(rowOf)
  }

  #pragma(name: string): number {
    return Number(Object.values(this.#db.prepare(`PRAGMA ${name}`).get() ?? {})[0])
  }

  async close(): Promise<boolean> {
    this.#db.close()
    return !(this.#isAlone && existsSync(`${this.#path}-wal`))
  }
}

/**
 * A connection that only reads. Where nobody has the file open and no log lies beside it, it is read as a file that nobody
 * changes: SQLite would else leave an empty log behind.
 */
function openToRead(path: string): DatabaseSync {
  const url = pathToFileURL(path)
  if (!existsSync(`${path}-wal`)) url.searchParams.set('immutable', '1')
  const db = new DatabaseSync(url, { readOnly: true, timeout: waitMs })
  try {
    db.exec(`PRAGMA cache_size = ${cacheKibibytes}`)
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function accountsIntegrity(path: string): Finding[] {
  try {
    const db = openToRead(path)
    try {
      const faults = faultsOf(db, 'integrity_check(10)')
      if (faults.length === 0) return [integrity.ok('auth.db is whole.')]
      return faults.map((says) => integrity.fault(`auth.db: ${says}`, fromBackup))
    } finally {
      db.close()
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [integrity.fault(`auth.db cannot be read: ${reason}.`, fromBackup)]
  }
}

/** What a check of SQLite's says is wrong; a file that is too broken for it says so by an error. */
function faultsOf(db: DatabaseSync, check: string): string[] {
  try {
    return db
      .prepare(`PRAGMA ${check}`)
      .all()
      .map((row) => String(Object.values(row)[0]))
      .filter((said) => said !== 'ok')
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
const bound = (value: unknown): SQLInputValue => (typeof value === 'boolean' ? Number(value) : (value as SQLInputValue))
