import { closeSync, openSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { StorageFault } from '../engine.ts'
import { threadFile } from '../thread-file.ts'

/** Pages in the log from which on they are copied into the file. */
const copyFrom = 250
/** Pages the log may hold before the writer waits for the last ones, so that it begins anew. */
const resetFrom = 16_000
/** So few pages must be left for that: the wait is a few ms. */
const leftMax = 300
/** Pages in the log from which on nothing more is written into it: 1 GiB. */
const logMax = 262_144
/** Before another try when one brought nothing: a reader, another process or a full disk stands in the way. In ms. */
const restMs = 20

/** What the worker is given. */
export interface CheckpointData {
  readonly path: string
  /** An open descriptor of the file: see {@link Checkpoints}. */
  readonly file: number
  readonly leftMax: number
  readonly resetFrom: number
}
export type Asked = 'copy' | 'finish' | 'wipe' | 'stop'
/** What a pass, or several, came to; in pages. */
export interface Copied {
  readonly log: number
  readonly left: number
  readonly moved: number
  readonly fault: { readonly message: string; readonly ofSync: boolean } | undefined
}

/**
 * Keeps the log short without stopping the writer: a worker copies pages while changes go on. When the log is long and
 * little is left, the writer waits for one last pass. The next change then begins the log anew.
 *
 * The descriptor of the file is opened once and closed behind the last connection: closing any descriptor of a file
 * drops the locks that this process holds on it (sqlite.org/howtocorrupt.html §2.2).
 *
 * @see ARCHITECTURE.md, The disk
 */
export class Checkpoints {
  readonly #path: string
  readonly #file: number
  readonly #look: StatementSync
  readonly #onFault: (fault: StorageFault) => void
  #worker: Worker | undefined
  #asked: Asked | undefined
  #pause: PromiseWithResolvers<void> | undefined
  #resting: NodeJS.Timeout | undefined
  /** Set while the log is to be emptied. */
  #wiping: PromiseWithResolvers<boolean> | undefined
  /** Pages in the log; behind a pause that did not reset it, so many must be there for another. */
  #log = 0
  #nextReset = resetFrom

  /** @param onFault a sync failed (the process must stop), or the disk refuses pages (they are tried again) */
  constructor(path: string, db: DatabaseSync, onFault: (fault: StorageFault) => void) {
    this.#path = path
    this.#file = openSync(path, 'r+')
    this.#look = db.prepare('PRAGMA wal_checkpoint(NOOP)')
    this.#onFault = onFault
  }

  /** Set while the writer must wait. */
  get pause(): Promise<void> | undefined {
    return this.#pause?.promise
  }

  /** True when the log has become too long to take more. */
  get isFull(): boolean {
    return this.#log >= logMax
  }

  /** To be told of every commit. */
  committed(): void {
    const row = this.#look.get()
    this.#log = Number(row?.['log'])
    if (this.#log < resetFrom) this.#nextReset = resetFrom
    if (this.#log - Number(row?.['checkpointed']) >= copyFrom) this.#ask('copy')
  }

  /**
   * Copies all of the log and cuts it to nothing, so that it holds nothing of earlier pages. The writer waits meanwhile.
   *
   * @returns false when something that reads, or another process, stood in the way
   */
  wipe(): Promise<boolean> {
    if (this.#wiping === undefined) {
      this.#wiping = Promise.withResolvers()
      this.#beginWipe()
    }
    return this.#wiping.promise
  }

  #beginWipe(): void {
    if (this.#wiping === undefined || this.#asked !== undefined) return
    clearTimeout(this.#resting)
    this.#resting = undefined
    this.#pause = Promise.withResolvers()
    this.#ask('wipe')
  }

  #ask(asked: 'copy' | 'finish' | 'wipe'): void {
    if (this.#asked !== undefined || this.#resting !== undefined) return
    this.#asked = asked
    this.#worker ??= this.#start()
    this.#worker.postMessage(asked)
  }

  #start(): Worker {
    const workerData: CheckpointData = { path: this.#path, file: this.#file, leftMax, resetFrom }
    const worker = new Worker(threadFile('checkpoint-worker', import.meta.url), { workerData })
    worker.unref()
    worker.on('message', (copied: Copied) => this.#copied(copied))
    worker.on('error', (cause) => {
      this.#worker = undefined
      const fault = { message: cause instanceof Error ? cause.message : String(cause), ofSync: false }
      this.#copied({ log: this.#log, left: 0, moved: 0, fault })
    })
    return worker
  }

  #copied({ log, left, moved, fault }: Copied): void {
    const asked = this.#asked
    this.#asked = undefined
    this.#log = log
    if (fault !== undefined) {
      const message = `Pages could not be copied from the log into the file: ${fault.message}`
      this.#onFault(new StorageFault(message, { cause: undefined, fateUnknown: fault.ofSync }))
    }
    if (asked === 'wipe') {
      this.#resume()
      this.#wiping?.resolve(fault === undefined && log === 0)
      this.#wiping = undefined
    } else if (asked === 'finish') this.#resume()
    else if (fault === undefined && log >= this.#nextReset && left <= leftMax) this.#finish()
    else if (moved === 0) this.#rest()
    this.#beginWipe()
  }

  #finish(): void {
    this.#pause = Promise.withResolvers()
    this.#nextReset = this.#log + copyFrom
    this.#ask('finish')
  }

  #resume(): void {
    this.#pause?.resolve()
    this.#pause = undefined
  }

  #rest(): void {
    this.#resting = setTimeout(() => {
      this.#resting = undefined
    }, restMs).unref()
  }

  /** Ends the worker; the connections may then be closed, and behind them the descriptor with {@link closeFile}. */
  async close(): Promise<void> {
    clearTimeout(this.#resting)
    await this.#wiping?.promise
    const worker = this.#worker
    if (worker === undefined) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.postMessage('stop' satisfies Asked)
    worker.ref()
    await ended
  }

  closeFile(): void {
    closeSync(this.#file)
  }
}
