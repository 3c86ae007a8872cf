import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Clock, systemClock } from '../kernel/clock.ts'
import { type Random, systemRandom } from '../kernel/random.ts'
import { refuseHalfRestored } from './backup/staging.ts'
import { type QueueOptions, WorkQueue } from './batch.ts'
import { holdsDatabase, isOneFile, makeDirectory } from './directory.ts'
import type { Engine, StorageFault } from './engine.ts'
import { KnownDefinitions } from './known-definitions.ts'
import { isThere, type Movable, refuseMoved } from './moving/movable.ts'
import type { Committed, Database, Wake } from './port.ts'
import { PostgresEngine } from './postgres/engine.ts'
import { MovablePostgres } from './postgres/movable.ts'
import { DatabaseRefused } from './refused.ts'
import { SqliteEngine } from './sqlite/engine.ts'
import { lockForServing } from './sqlite/lock.ts'
import { migrate } from './sqlite/migrate.ts'
import { MovableSqlite } from './sqlite/movable.ts'
import { migrations } from './sqlite/schema.ts'

export { DatabaseRefused } from './refused.ts'

export interface OpenOptions {
  /** The directory that holds the embedded database, `waggle.db`; made when absent. Not used beside `url`. */
  readonly directory: string
  /** Where a PostgreSQL database is; empty or absent for the embedded one. */
  readonly url?: string | undefined
  /** Set by a server: no second one may use the directory. Commands leave it out and share the file. */
  readonly serving?: boolean
  /**
   * Set where a list may stand in the way of nothing else (a command), or must come at the same time whenever it is
   * run again (a simulation): lists run in the turn that asks, and not in a thread.
   */
  readonly listsInTurn?: boolean
  readonly queueMax?: number
  /** Changes that share one commit at the most. */
  readonly batchWorksMax?: number
  readonly clock?: Clock
  readonly random?: Random
  /** A commit's fate is unknown: the process must stop without closing the database, and start anew. */
  readonly onFateUnknown?: (error: StorageFault) => void
  /** The storage refused a batch; nothing of it stands. */
  readonly onRefusedBatch?: (error: StorageFault) => void
}

const oldestSqlite = [3, 51] as const

/**
 * Opens a database, bringing it to this program's version.
 *
 * @throws DatabaseRefused not writable or not reached, newer than this program, in use by another server, half of a move
 *   or moved away
 */
export const openDatabase = (options: OpenOptions): Promise<Database> =>
  options.url ? openPostgres(options, options.url) : openEmbedded(options)

async function openPostgres(options: OpenOptions, url: string): Promise<Database> {
  const engine = new PostgresEngine(url, { listsInTurn: options.listsInTurn })
  try {
    await engine.open()
    await refuseMoved(shownDatabase(url), (name) => engine.read('meta', { name }))
    return databaseOver(engine, options).database
  } catch (error) {
    await engine.close()
    throw refusedOf(url, error)
  }
}

/**
 * Brings a PostgreSQL database to this program's version and spreads its tables over its machines, by company.
 *
 * @returns the tables that were spread now
 * @throws DatabaseRefused it cannot be reached, or does not have the extension citus
 */
export async function distributeDatabase(url: string): Promise<string[]> {
  const engine = new PostgresEngine(url)
  try {
    await engine.open()
    return await engine.distribute()
  } catch (error) {
    throw refusedOf(url, error)
  } finally {
    await engine.close()
  }
}

const refusedOf = (url: string, error: unknown): DatabaseRefused => {
  if (error instanceof DatabaseRefused) return error
  const reason = error instanceof Error ? error.message || String(error) : String(error)
  return new DatabaseRefused(`The database ${shownDatabase(url)} cannot be used: ${reason}.`, { cause: error })
}

/**
 * Opens a database that is to be moved, bringing it to this program's version. Nobody else can open it so meanwhile, and
 * no server can begin on a directory.
 *
 * @param mustExist where a directory without a database is refused, and not begun
 * @param besides one that is open already: the same is refused, however its place is written
 * @throws DatabaseRefused not writable or not reached, newer than this program, in use by a server or by another process
 *   that moves it, half restored
 */
export async function openMovable(
  { directory, url }: Pick<OpenOptions, 'directory' | 'url'>,
  { mustExist, besides }: { readonly mustExist: boolean; readonly besides?: Movable },
): Promise<Movable> {
  if (url) {
    try {
      const other = besides instanceof MovablePostgres ? besides : undefined
      return await MovablePostgres.open(url, shownDatabase(url), { alone: true, besides: other })
    } catch (error) {
      throw refusedOf(url, error)
    }
  }
  const shown = resolve(directory)
  const path = join(shown, 'waggle.db')
  if (mustExist && !holdsDatabase(shown)) throw new DatabaseRefused(`There is no database in ${shown}.`)
  if (besides instanceof MovableSqlite && isOneFile(path, besides.path)) throw new DatabaseRefused(isThere(shown))
  let unlock = (): void => {}
  try {
    makeDirectory(shown)
    refuseHalfRestored(shown)
    unlock = lockForServing(shown)
    return new MovableSqlite(path, shown, { onOpen: (db) => migrate(db, path, migrations), unlock })
  } catch (error) {
    unlock()
    throw refusedDirectory(shown, error)
  }
}

/**
 * Opens a PostgreSQL database to read it beside its servers, as it is.
 *
 * @throws DatabaseRefused not reached, not of this program's version
 */
export async function openReadable(url: string): Promise<Movable> {
  try {
    return await MovablePostgres.open(url, shownDatabase(url), { alone: false })
  } catch (error) {
    throw refusedOf(url, error)
  }
}

/** The address of a database without user and password. */
export function shownDatabase(url: string): string {
  if (!URL.canParse(url)) return 'of that address'
  const { hostname, port, pathname } = new URL(url)
  return `${pathname.slice(1)} on ${hostname}${port === '' ? '' : `:${port}`}`
}

async function openEmbedded(options: OpenOptions): Promise<Database> {
  refuseOldSqlite()
  const directory = resolve(options.directory)
  const path = join(directory, 'waggle.db')
  let unlock = (): void => {}
  try {
    makeDirectory(directory)
    refuseHalfRestored(directory)
    if (options.serving === true) unlock = lockForServing(directory)
    let onFault = (_fault: StorageFault): void => {}
    const engine = new SqliteEngine(path, {
      clock: options.clock ?? systemClock,
      onOpen: (db) => migrate(db, path, migrations),
      onFault: (fault) => onFault(fault),
      listsInTurn: options.listsInTurn,
    })
    try {
      await refuseMoved(directory, (name) => engine.read('meta', { name }))
    } catch (error) {
      await engine.close()
      throw error
    }
    const { database, queue } = databaseOver(engine, options, unlock)
    onFault = (fault) => queue.report(fault)
    return database
  } catch (error) {
    unlock()
    throw refusedDirectory(directory, error)
  }
}

const refusedDirectory = (directory: string, error: unknown): DatabaseRefused => {
  if (error instanceof DatabaseRefused) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new DatabaseRefused(`The data directory ${directory} cannot be used: ${reason}. Is it writable?`, {
    cause: error,
  })
}

function databaseOver(
  engine: Engine,
  options: OpenOptions,
  unlock: () => void = () => {},
): { database: Database; queue: WorkQueue } {
  const definitions = new KnownDefinitions(engine)
  const listeners = new Set<(wake: Wake) => void>()
  const wake = (one: Wake): void => {
    for (const listener of listeners) listener(one)
  }
  const committed = new Set<(commit: Committed) => void>()
  let unwatch: (() => void) | undefined
  const shared: Omit<QueueOptions, 'lane'> = {
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    queueMax: options.queueMax ?? 4096,
    ...(options.batchWorksMax !== undefined && { batchWorksMax: options.batchWorksMax }),
    definitions,
    onWake: (one) => {
      wake(one)
      engine.tell(one)
    },
    onCommit: (commit) => {
      for (const listener of committed) listener(commit)
    },
    onFateUnknown: (error) => options.onFateUnknown?.(error),
    onRefusedBatch: (error) => options.onRefusedBatch?.(error),
  }
  const queue = new WorkQueue(engine, { ...shared, lane: 0 })
  const others = Array.from({ length: engine.lanes - 1 }, (_, at) => new WorkQueue(engine, { ...shared, lane: at + 1 }))
  const queues = [queue, ...others]
  const database: Database = {
    transact: (work, once) => (queues[work.companyId % queues.length] ?? queue).add(work, once),
    load: (writes) => queue.watch(engine.load(writes)),
    read: (table, key) => engine.read(table, key),
    find: (build) => engine.find(build),
    leadPage: (companyId, asked, signal) => engine.leadPage(companyId, asked, signal),
    leadCounts: (companyId, conditions, signal) => engine.leadCounts(companyId, conditions, signal),
    definitions: (companyId, version) =>
      version === undefined ? definitions.now(companyId) : definitions.at(companyId, version),
    forgetIdempotencyKeys: (before, limit) => queue.watch(engine.forgetIdempotencyKeys(before, limit)),
    wipe: () => queue.watch(engine.wipe()),
    onWake: (listener) => {
      listeners.add(listener)
      unwatch ??= engine.watch((one) => {
        if (database.isOpen) wake(one)
      })
      return () => listeners.delete(listener)
    },
    onCommit: (listener) => void committed.add(listener),
    processes: engine.processes,
    get waiting() {
      return queues.reduce((sum, one) => sum + one.waiting, 0)
    },
    get isOpen() {
      return queue.isOpen
    },
    close: async () => {
      unwatch?.()
      await Promise.all(queues.map((one) => one.close()))
      await engine.close()
      unlock()
    },
  }
  return { database, queue }
}

function refuseOldSqlite(): void {
  const db = new DatabaseSync(':memory:')
  const version = String(db.prepare('SELECT sqlite_version() AS version').get()?.['version'])
  db.close()
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > oldestSqlite[0] || (major === oldestSqlite[0] && minor >= oldestSqlite[1])) return
  throw new DatabaseRefused(
    `This Node brings SQLite ${version}; Waggle needs ${oldestSqlite.join('.')} or newer. Update Node.`,
  )
}
