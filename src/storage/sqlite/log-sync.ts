import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs'
import type { Clock } from '../../kernel/clock.ts'
import { unavailable } from '../../kernel/refusal.ts'
import { StorageFault } from '../engine.ts'

/** On a disk whose last sync took less, in ms, a sync may hold the process up when there is nothing else to do. */
const shortMs = 2

type Syncing = PromiseWithResolvers<void>

/**
 * Brings commits to the disk beside the main thread: at a commit SQLite writes its log, and this syncs it before
 * anybody is told. Meanwhile the process goes on. The commit of a single change is synced on the main thread while the
 * disk is fast: the way to the pool and back takes longer than the disk does.
 *
 * Until then nobody may be told either what such a commit changed, since a power cut could still take it back: what
 * was read waits in {@link toldAfter}.
 *
 * @see ARCHITECTURE.md, The disk
 */
export class LogSync {
  readonly #file: number
  readonly #clock: Clock
  /** Of the sync that ended last. */
  #lastMs = Number.POSITIVE_INFINITY
  #running: Syncing | undefined
  #next: Syncing | undefined
  /** Set once a sync has failed: a second one may lie. */
  #failed: StorageFault | undefined

  /** @param path the log's; the file must be there, and stay for as long as this is open */
  constructor(path: string, clock: Clock) {
    this.#file = openSync(path, 'r+')
    this.#clock = clock
  }

  /**
   * Resolves when all that was committed before the call is on the disk. Calls during a sync share the next one.
   *
   * @param alone nobody else is served any later when the process waits for a short sync
   * @throws StorageFault of unknown fate
   */
  sync(alone: boolean): Promise<void> {
    if (this.#running !== undefined) {
      this.#next ??= Promise.withResolvers()
      return this.#next.promise
    }
    if (alone && this.#lastMs < shortMs && this.#failed === undefined) return this.#syncHere()
    const syncing: Syncing = Promise.withResolvers()
    this.#begin(syncing)
    return syncing.promise
  }

  /**
   * A value that was read, once all that it may show is on the disk.
   *
   * @throws Refusal `unavailable`: it may show what is lost
   */
  toldAfter<T>(value: T): Promise<T> {
    if (this.#failed !== undefined) return Promise.reject(unavailable(this.#failed))
    const syncing = this.#next ?? this.#running
    if (syncing === undefined) return Promise.resolve(value)
    return syncing.promise.then(
      () => value,
      (error: unknown) => {
        throw unavailable(error)
      },
    )
  }

  async #syncHere(): Promise<void> {
    const begun = this.#clock.elapsed()
    try {
      fdatasyncSync(this.#file)
    } catch (cause) {
      throw this.#fail(cause)
    }
    this.#lastMs = this.#clock.elapsed() - begun
  }

  #begin(syncing: Syncing): void {
    if (this.#failed !== undefined) {
      syncing.reject(this.#failed)
      return
    }
    this.#running = syncing
    const begun = this.#clock.elapsed()
    fdatasync(this.#file, (cause) => {
      this.#lastMs = this.#clock.elapsed() - begun
      const next = this.#next
      this.#running = undefined
      this.#next = undefined
      if (cause !== null) syncing.reject(this.#fail(cause))
      if (next !== undefined) this.#begin(next)
      syncing.resolve()
    })
  }

  #fail(cause: unknown): StorageFault {
    const reason = cause instanceof Error ? cause.message : String(cause)
    this.#failed = new StorageFault(`The log could not be synced: ${reason}`, { cause, fateUnknown: true })
    return this.#failed
  }

  /** To be called when nothing is being synced, behind the close of the database. */
  close(): void {
    closeSync(this.#file)
  }
}
