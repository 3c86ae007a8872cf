import type { Compilable, Kysely } from 'kysely'
import type { Definitions } from './definitions.ts'
import type { AskedPage, Condition, IdPage, LeadCounts } from './lead-list.ts'
import type { IdSource, Row, TableName, Tables } from './tables.ts'
import type { Write } from './write.ts'

export type { Write } from './write.ts'

/** Leads by what names them in their company. */
export interface NamedLeads {
  readonly ids?: readonly number[]
  readonly uuids?: readonly string[]
  readonly externalIds?: readonly string[]
  /** With A to Z in lower case; deleted leads are left out. */
  readonly emails?: readonly string[]
  /** Leads of one e-mail address that are read at the most. */
  readonly ofEmailMax?: number
}

/** What a work claims, and so reads under the lock: rows by id. */
export interface Keys {
  readonly lead?: number | undefined
  /** Of these only external ids are claimed: who names leads otherwise is alone. */
  readonly named?: NamedLeads | undefined
  readonly apiKey?: number | undefined
  readonly integration?: number | undefined
  readonly webhook?: number | undefined
  readonly deliveries?: readonly number[] | undefined
  readonly view?: number | undefined
  readonly import?: number | undefined
}

/** The rows a work named, as they stand under the lock. */
export interface Facts {
  readonly lead?: Row<'leads'> | undefined
  /** Those that there are, each at least once. */
  readonly named?: readonly Row<'leads'>[] | undefined
  readonly apiKey?: Row<'api_keys'> | undefined
  readonly integration?: Row<'integrations'> | undefined
  readonly webhook?: Row<'webhooks'> | undefined
  /** Those that there are. */
  readonly deliveries?: readonly Row<'deliveries'>[] | undefined
  readonly view?: Row<'saved_views'> | undefined
  readonly import?: Row<'imports'> | undefined
}

/** What a decision is given beside its facts: everything it may not fetch itself. */
export interface Moment {
  /** Unix milliseconds; never before the company's last change. */
  readonly now: number
  /** The number the work's first event takes. */
  readonly sequence: number
  readonly definitions: Definitions
  nextId(source: IdSource): number
  uuid(): string
}

export interface Change<T> {
  readonly reply: T
  readonly writes: readonly Write[]
}

/** A change to be: what it claims, and the decision. `decide` is synchronous and has no effects. */
export interface Work<T> {
  readonly companyId: number
  readonly keys: Keys
  /** The most ids `decide` may draw from each source; they are reserved beforehand. */
  readonly ids?: Readonly<Partial<Record<IdSource, number>>>
  /** Set when definitions, users or keys change: no other work shares the batch, and caches learn of it. */
  readonly changesDefinitions?: boolean
  /** Set when it reads what it cannot claim: no other work shares the batch. */
  readonly alone?: boolean
  /** Set when those who follow the log must read their own settings anew (an endpoint was added, paused …). */
  readonly changesFollowers?: boolean
  /** @throws Refusal when the client is wrong: nothing is written */
  decide(facts: Facts, at: Moment): Change<T>
}

/** A request that may be repeated: its key, and what makes two requests the same. */
export interface Idempotency {
  readonly key: string
  readonly fingerprint: string
}

export interface Outcome<T> {
  readonly reply: T
  /** The number of the change's first event; undefined when nothing changed. */
  readonly sequence: number | undefined
  /** Set when the reply is the one given before. */
  readonly replayed: boolean
}

/** Why those who follow the log are woken. */
export interface Wake {
  /** The companies whose logs have grown; undefined when another process wrote, and nobody knows where. */
  readonly companies: ReadonlySet<number> | undefined
  /** True when the followers' own settings may have changed. */
  readonly followers: boolean
}

/** The processes that share a database, as each has told of itself. */
export interface Processes {
  /** Tells of a process under an id that no other ever had. */
  join(id: string): Promise<void>
  /**
   * Counts up once more for a process.
   *
   * @returns how often each has counted; undefined when this one was removed
   */
  beat(id: string): Promise<ReadonlyMap<string, number> | undefined>
  /**
   * Removes a process for good.
   *
   * @param beats only if it has counted no further
   * @returns false when it was not removed by this call
   */
  remove(id: string, beats?: number): Promise<boolean>
}

export interface Committed {
  readonly works: number
  readonly ms: number
}

/** Builds a list. */
export type Listing<R> = (tables: Kysely<Tables>) => Compilable<R>

export interface Database {
  /**
   * Decides and commits a work, together with others that wait. Resolves when it is on the disk.
   *
   * @throws Refusal what `decide` threw; `unavailable` when the queue is full, the disk refuses, or the
   *   commit's fate is unknown; `idempotency_running` and `idempotency_mismatch`
   * @see docs/behaviour.md §8 Durability, §9 Idempotency
   */
  transact<T>(work: Work<T>, once?: Idempotency): Promise<Outcome<T>>
  /** Inserts rows as they are, all or none: a company's beginning. Id sources move past explicit ids. */
  load(writes: readonly Write[]): Promise<void>
  /** One row by the columns of a unique key. */
  read<T extends TableName>(table: T, key: Partial<Row<T>>): Promise<Row<T> | undefined>
  /** A list with free filters. */
  find<R>(build: Listing<R>): Promise<R[]>
  /**
   * Which leads of a company are on a page of a list, by all that was committed before.
   *
   * @param signal ends it when nobody waits for it any more
   * @throws Refusal `unavailable` when it takes too long: what it goes by is made meanwhile
   * @throws the signal's reason
   */
  leadPage(companyId: number, asked: AskedPage, signal?: AbortSignal): Promise<IdPage>
  /**
   * How many of a company's leads there are for which all conditions hold, in all and of each kind; else as `leadPage`.
   *
   * @throws Refusal `unavailable` when it takes too long
   * @throws the signal's reason
   */
  leadCounts(companyId: number, conditions: readonly Condition[], signal?: AbortSignal): Promise<LeadCounts>
  /**
   * The company's tags, users, fields with their options, tiers, categories and stages as they stand now, or as they stood
   * at a version.
   *
   * @throws Refusal `unavailable` when there is no such company
   */
  definitions(companyId: number, version?: number): Promise<Definitions>
  /** Forgets idempotency keys made before the time (Unix ms), at most `limit`; tells how many. */
  forgetIdempotencyKeys(before: number, limit: number): Promise<number>
  /**
   * What was overwritten or removed stands in no log of this database any more, unless something reads it for long. A server
   * that keeps logs of its own is left alone.
   */
  wipe(): Promise<void>
  /**
   * Calls after a commit that added to a log or changed its followers, and within a second when another process
   * wrote. Waking is a hint: what it missed, the log still holds.
   *
   * @returns ends it
   */
  onWake(listener: (wake: Wake) => void): () => void
  /** Calls after each batch that was committed: its works, and the ms from its lock to its commit. For counting. */
  onCommit(listener: (commit: Committed) => void): void
  /** Who shares the database; undefined where one process has it for itself. */
  readonly processes: Processes | undefined
  /** Works that wait for the disk. */
  readonly waiting: number
  /** False once a commit's fate was unknown, or after `close`. */
  readonly isOpen: boolean
  /** Runs what waits, then closes the files. */
  close(): Promise<void>
}
