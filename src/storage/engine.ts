import type { DefinitionRows } from './definitions.ts'
import type { AskedPage, Condition, IdPage, LeadCounts } from './lead-list.ts'
import type { Facts, Keys, Listing, Processes, Wake, Write } from './port.ts'
import type { IdSource, Row, TableName } from './tables.ts'

/** The facts of a work, and the row of the idempotency key it claims. */
export interface LockedFacts extends Facts {
  readonly once?: Row<'idempotency_keys'> | undefined
}

/** What a work of a batch reads under the lock. */
export interface Reads {
  readonly companyId: number
  readonly keys: Keys
  readonly onceKey: string | undefined
}

/** The works of one transaction, as the engine sees them. Every call is synchronous: nothing waits inside. */
export interface Batch {
  readonly reads: readonly Reads[]
  /** What work `index` writes; empty when it refuses or changes nothing. */
  decide(index: number, lock: Row<'company_log'> | undefined, facts: LockedFacts): readonly Write[]
  /** The writes of work `index` stand, if the commit does. */
  stood(index: number): void
  /** The writes of work `index` failed and are undone, those of the others not. */
  failed(index: number, error: unknown): void
  /** The companies' counters, written last. */
  counters(): readonly Write[]
}

/** A transaction that did not commit, or of which nobody knows whether it did. */
export class StorageFault extends Error {
  override readonly name = 'StorageFault'
  /** True when the commit may or may not be on the disk: the process must stop and read the file anew. */
  readonly fateUnknown: boolean

  constructor(message: string, options: { cause: unknown; fateUnknown: boolean }) {
    super(message, { cause: options.cause })
    this.fateUnknown = options.fateUnknown
  }
}

/** A batch of which nothing stands, and which is no fault of the storage: its works are tried once more. */
export class BatchUndone extends Error {
  override readonly name = 'BatchUndone'
  /** `alone`: one of its works is to blame, and only a try of each by itself tells which. */
  readonly next: 'again' | 'alone'

  constructor(next: 'again' | 'alone', cause: unknown) {
    super('Nothing of the batch stands.', { cause })
    this.next = next
  }
}

/** A transaction that has committed: those that follow see it, and may begin. */
export interface Written {
  /**
   * Resolves when it cannot be lost any more, nor anything that its works read; only then may anybody be told.
   *
   * @throws StorageFault its fate is unknown
   */
  readonly onDisk: Promise<void>
}

/** What differs from one database to another. */
export interface Engine {
  /** True when a batch may be written while the one before is made durable. */
  readonly overlaps: boolean
  /** How many batches may run at the same time, of different companies. */
  readonly lanes: number
  /** True when a batch should be of one company, as companies stand on different machines. */
  readonly byCompany: boolean
  /**
   * One transaction: locks the companies, reads, lets each work decide, writes, commits.
   *
   * @param lane from 0; of one lane one batch runs at a time
   * @throws StorageFault nothing of the batch stands, or its fate is unknown
   * @throws BatchUndone nothing of it stands, and it may be tried again
   */
  run(batch: Batch, lane: number): Promise<Written>
  /** Takes `count` ids of a source for good; answers the first. */
  reserve(source: IdSource, count: number): Promise<number>
  load(writes: readonly Write[]): Promise<void>
  /** Of the companies that there are, as they stood at one moment for each. */
  definitionRows(companyIds: readonly number[]): Promise<ReadonlyMap<number, DefinitionRows>>
  definitionsVersion(companyId: number): Promise<number | undefined>
  read<T extends TableName>(table: T, key: Partial<Row<T>>): Promise<Row<T> | undefined>
  find<R>(build: Listing<R>): Promise<R[]>
  leadPage(companyId: number, asked: AskedPage, signal?: AbortSignal): Promise<IdPage>
  leadCounts(companyId: number, conditions: readonly Condition[], signal?: AbortSignal): Promise<LeadCounts>
  forgetIdempotencyKeys(before: number, limit: number): Promise<number>
  wipe(): Promise<void>
  /** Who shares the database; undefined where one process has it for itself. */
  readonly processes: Processes | undefined
  /** Tells other processes on the database what was committed. */
  tell(wake: Wake): void
  /**
   * Calls when another process has committed something: within a second at the latest.
   *
   * @returns ends it
   */
  watch(listener: (wake: Wake) => void): () => void
  close(): Promise<void>
}
