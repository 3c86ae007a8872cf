import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type Refusal, unavailable } from '../../kernel/refusal.ts'
import type { AskedPage, Condition, IdPage, LeadCounts } from '../lead-list.ts'
import { threadFile } from '../thread-file.ts'
import type { Answers, Asked, Place, Question, Said } from './index-worker.ts'

/** Lists that may wait; one more is refused. */
const waitingMax = 1_024
/** How long a list waits, in ms. An index that is not made by then goes on being made. */
const waitMsMax = 20_000
/** How long the thread may take to end, in ms. */
const endMsMax = 2_000
/** What the thread's heap may grow to, in MB, short-lived values apart; sets and texts stand outside of it. */
const heap = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 }

interface Waiting {
  readonly resolve: (answer: unknown) => void
  /** Takes it out of those that wait. */
  readonly reject: (error: unknown) => void
}

/** The thread that holds the indexes of leads: whatever it goes through, requests go on. Started by the first list. */
export class IndexThread {
  readonly #place: Place
  readonly #waiting = new Map<number, Waiting>()
  #thread: Worker | undefined
  #lastId = 0
  #open = true

  constructor(place: Place) {
    this.#place = place
  }

  /**
   * @throws Refusal `unavailable` when too many wait, it takes too long, the database refuses, or after `close`
   * @throws the signal's reason
   */
  page(companyId: number, asked: AskedPage, signal?: AbortSignal): Promise<IdPage> {
    return this.#ask({ kind: 'page', companyId, asked }, signal)
  }

  /** As `page`. */
  counts(companyId: number, conditions: readonly Condition[], signal?: AbortSignal): Promise<LeadCounts> {
    return this.#ask({ kind: 'counts', companyId, conditions }, signal)
  }

  async close(): Promise<void> {
    this.#open = false
    const thread = this.#thread
    if (thread === undefined) return
    this.#post({ kind: 'close' })
    const timer = setTimeout(() => void thread.terminate(), endMsMax)
    await once(thread, 'exit')
    clearTimeout(timer)
  }

  async #ask<Q extends Question>(question: Q, signal: AbortSignal | undefined): Promise<Answers[Q['kind']]> {
    signal?.throwIfAborted()
    if (!this.#open) throw refused('The database is closed')
    if (this.#waiting.size >= waitingMax) throw refused('Too many lists wait')
    const id = ++this.#lastId
    return new Promise<Answers[Q['kind']]>((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(late)
        signal?.removeEventListener('abort', gone)
        this.#waiting.delete(id)
        if (this.#waiting.size === 0) this.#thread?.unref()
      }
      const giveUp = (why: unknown): void => {
        this.#post({ kind: 'cancel', id })
        settle()
        reject(why)
      }
      const gone = (): void => giveUp(signal?.reason)
      const late = setTimeout(() => giveUp(refused(`A list was not there within ${waitMsMax} ms`)), waitMsMax)
      signal?.addEventListener('abort', gone)
      this.#waiting.set(id, {
        resolve: (answer) => {
          settle()
          resolve(answer as Answers[Q['kind']])
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      })
      this.#thread ??= this.#start()
      this.#thread.ref()
      this.#post({ kind: 'ask', id, question })
    })
  }

  #post(asked: Asked): void {
    this.#thread?.postMessage(asked)
  }

  #start(): Worker {
    const thread = new Worker(threadFile('index-worker', import.meta.url), {
      name: 'lead index',
      workerData: this.#place,
      resourceLimits: heap,
    })
    let failure: unknown
    thread.on('message', (said: Said) => {
      const waiting = this.#waiting.get(said.id)
      if ('answer' in said) waiting?.resolve(said.answer)
      else waiting?.reject(said.refused ? refused(said.message) : new Error(said.message))
    })
    thread.on('error', (error) => {
      failure = error
    })
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined
      for (const { reject } of [...this.#waiting.values()]) reject(refused('The thread of the lists ended', failure))
    })
    return thread
  }
}

/** 503, with why for the log. */
const refused = (why: string, cause?: unknown): Refusal => unavailable(new Error(`${why}.`, { cause }))
