import { closeSync, fdatasync, openSync } from 'node:fs'
import { unavailable } from '../../kernel/refusal.ts'
import { StorageFault } from '../engine.ts'

type Syncing = PromiseWithResolvers<void>

/**
 * Brings commits to the disk beside the main thread: at a commit SQLite writes its log, and this syncs it before
 * anybody is told. Meanwhile the process goes on.
 *
 * Until then nobody may be told either what such a commit changed, since a power cut could still take it back: what
 * was read waits in {@link toldAfter}.
 *
 * @see ARCHITECTURE.md, The disk
 */
export class LogSync {
  readonly #file: number
  #running: Syncing | undefined
  #next: Syncing | undefined
  /** Set once a sync has failed: a second one may lie. */
  #failed: StorageFault | undefined

  /** @param path the log's; the file must be there, and stay for as long as this is open */
  constructor(path: string) {
    this.#file = openSync(path, 'r+')
  }

  /**
   * Resolves when all that was committed before the call is on the disk. Calls during a sync share the next one.
   *
   * @throws StorageFault of unknown fate
   */
  sync(): Promise<void> {
    if (this.#running !== undefined) {
      this.#next ??= Promise.withResolvers()
      return this.#next.promise
    }
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

  #begin(syncing: Syncing): void {
    if (this.#failed !== undefined) {
      syncing.reject(this.#failed)
      return
    }
    this.#running = syncing
    fdatasync(this.#file, (cause) => {
      const next = this.#next
      this.#running = undefined
      this.#next = undefined
      if (cause !== null) {
        this.#failed = new StorageFault(`The log could not be synced: ${cause.message}`, { cause, fateUnknown: true })
        syncing.reject(this.#failed)
      }
      if (next !== undefined) this.#begin(next)
      syncing.resolve()
    })
  }

  /** To be called when nothing is being synced, behind the close of the database. */
  close(): void {
    closeSync(this.#file)
  }
}
