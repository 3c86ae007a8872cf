import type { SQLInputValue } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { type Refusal, unavailable } from '../../kernel/refusal.ts'
import type { Listing } from '../port.ts'
import { threadFile } from '../thread-file.ts'
import { isBusy, isDiskFault } from './faults.ts'
import type { Said } from './read-worker.ts'
import { type Answer, type Question, Reader, type ReadSettings } from './reader.ts'
import { builder, type RowOf, rowMaker } from './statements.ts'

export interface ReadLimits {
  /** Reads that may wait for their answers; one more is refused. */
  readonly waitingMax: number
  /** How long one read may run, in ms; the start of the thread does not count. */
  readonly readMsMax: number
  /** About how large one answer may be, in bytes. */
  readonly answerBytesMax: number
  /** What the thread's own heap may grow to, in MB; beyond it the thread dies and its read is refused. */
  readonly heapMbMax: number
}

export interface ReadOptions extends Partial<ReadLimits> {
  /** Reads run in the turn that asks, in no thread: none waits, and none is ended. */
  readonly inTurn?: boolean
  /** Answers are small by what is asked: all rows of one are fetched at once, and none is too large. */
  readonly atOnce?: boolean
}

const standard: ReadLimits = {
  waitingMax: 1_024,
  readMsMax: 10_000,
  answerBytesMax: 16 * 1024 * 1024,
  heapMbMax: 64,
}
/** Short-lived values of the thread, in MB; Node's own choice would be 48. */
const youngHeapMb = 8

/**
 * Threads that were given up and still run. SQLite cannot be interrupted from here: such a thread ends between two
 * rows, and a statement that makes none for long holds it, a core and its snapshot until then.
 */
const endingMax = 2

/** How many row makers are kept; as many as the thread keeps statements. */
const shapesMax = 200

interface Waiting extends Question {
  readonly resolve: (rows: never[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * Lists with free filters, run by a thread with a connection of its own: whatever they scan, requests go on.
 *
 * The thread is started by the first read. Reads run one after the other, each as a statement that begins after the
 * call, so it sees everything that was committed before.
 */
export class Reads {
  readonly #path: string
  readonly #limits: ReadLimits
  readonly #atOnce: boolean
  readonly #inTurn: Reader | undefined
  /** In the order in which they run; the first is in hand. */
  readonly #waiting = new Map<number, Waiting>()
  /** Those of this turn: they go in one message. */
  #unposted: Waiting[] = []
  #thread: Worker | undefined
  /** False while the thread starts: that is no fault of the read in hand. */
  #isReady = false
  readonly #ending = new Set<Worker>()
  readonly #shapes = new Map<string, RowOf>()
  readonly #watch: NodeJS.Timeout
  /** Grows whenever another read is in hand. */
  #steps = 0
  #lastId = 0
  #open = true
  #whenIdle: (() => void) | undefined

  constructor(path: string, { inTurn = false, atOnce = false, ...limits }: ReadOptions = {}) {
    this.#path = path
    this.#limits = { ...standard, ...limits }
    this.#atOnce = atOnce
    if (inTurn) this.#inTurn = new Reader(this.#settings)
    this.#watch = setTimeout(() => this.#late(), this.#limits.readMsMax).unref()
  }

  get #settings(): ReadSettings {
    return { path: this.#path, answerBytesMax: this.#limits.answerBytesMax, atOnce: this.#atOnce }
  }

  /**
   * @throws Refusal `unavailable` when too many wait, the read takes too long or answers too much, the disk refuses,
   *   or after `close`
   */
  async find<R>(build: Listing<R>): Promise<R[]> {
    const compiled = build(builder).compile()
    const question: Question = { id: ++this.#lastId, sql: compiled.sql, parameters: compiled.parameters.map(bound) }
    if (!this.#open) throw refused('The database is closed')
    if (this.#inTurn !== undefined) return this.#rows(question, this.#inTurn.answer(question)) as R[]
    if (this.#waiting.size >= this.#limits.waitingMax) throw refused('Too many reads wait')
    if (this.#ending.size >= endingMax) throw refused('Reads that were given up still run')
    return new Promise<R[]>((resolve, reject) => {
      const read: Waiting = { ...question, resolve, reject }
      this.#waiting.set(read.id, read)
      if (this.#unposted.push(read) === 1) setImmediate(() => this.#post())
    })
  }

  /** Lets what waits run, then ends the thread; resolves when its connection is closed. */
  async close(): Promise<void> {
    this.#open = false
    if (this.#waiting.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve
      })
    }
    clearTimeout(this.#watch)
    this.#inTurn?.close()
    this.#endThread()
    await Promise.all([...this.#ending].map((thread) => thread.terminate()))
  }

  #post(): void {
    const reads = this.#unposted.splice(0)
    if (reads.length === 0) return
    if (reads.length === this.#waiting.size) this.#step()
    try {
      this.#thread ??= this.#startThread()
      this.#thread.ref()
      this.#thread.postMessage(reads.map(({ id, sql, parameters }): Question => ({ id, sql, parameters })))
    } catch (cause) {
      for (const read of reads) this.#refuse(read, refused('The thread that reads cannot be started', cause))
      this.#rest()
    }
  }

  #startThread(): Worker {
    const { heapMbMax } = this.#limits
    const thread = new Worker(threadFile('read-worker', import.meta.url), {
      name: 'reads',
      workerData: this.#settings,
      resourceLimits: { maxOldGenerationSizeMb: heapMbMax, maxYoungGenerationSizeMb: youngHeapMb },
    })
    this.#isReady = false
    let failure: unknown
    thread.on('message', (said: Said) => {
      if (thread !== this.#thread) return
      if (said !== 'ready') return this.#take(said)
      this.#isReady = true
      this.#step()
    })
    thread.on('error', (error) => {
      failure = error
    })
    thread.on('exit', () => {
      this.#ending.delete(thread)
      if (thread !== this.#thread) return
      this.#thread = undefined
      const [inHand] = this.#waiting.values()
      const why = `The thread that reads died${inHand === undefined ? '' : ` at: ${inHand.sql}`}`
      this.#goOn(refused(why, failure), this.#isReady)
    })
    return thread
  }

  #endThread(): void {
    if (this.#thread === undefined) return
    this.#ending.add(this.#thread)
    this.#thread.terminate()
    this.#thread.unref()
    this.#thread = undefined
  }

  #take(answer: Answer): void {
    const read = this.#waiting.get(answer.id)
    if (read === undefined) return
    this.#waiting.delete(answer.id)
    try {
      read.resolve(this.#rows(read, answer) as never[])
    } catch (error) {
      read.reject(error)
    }
    this.#rest()
  }

  /** @throws what became of the read, when it is no rows */
  #rows({ sql }: Question, answer: Answer): unknown[] {
    if ('rows' in answer) return answer.rows.map(this.#shape(sql, answer.columns))
    if ('tooLarge' in answer) {
      throw refused(`A read answered more than ${this.#limits.answerBytesMax} bytes: ${sql}`)
    }
    const error = Object.assign(new Error(`${answer.message}, in: ${sql}`), { errcode: answer.errcode })
    throw isBusy(error) || isDiskFault(error) ? refused('The database refused a read', error) : error
  }

  #shape(sql: string, columns: readonly string[]): RowOf {
    const present = this.#shapes.get(sql)
    if (present !== undefined) return present
    const made = rowMaker(columns)
    if (this.#shapes.size >= shapesMax) this.#shapes.clear()
    this.#shapes.set(sql, made)
    return made
  }

  /** Another read is in hand, or none: a process with nothing else to do may end. */
  #rest(): void {
    if (this.#waiting.size > 0) {
      this.#step()
      return
    }
    this.#thread?.unref()
    this.#whenIdle?.()
  }

  #step(): void {
    this.#steps += 1
    this.#watch.refresh()
  }

  #late(): void {
    const steps = this.#steps
    // When it was this thread that stood still, the answer lies here already and is taken first.
    setImmediate(() => {
      const [inHand] = this.#waiting.values()
      if (inHand === undefined || steps !== this.#steps || !this.#isReady) return
      this.#endThread()
      this.#goOn(refused(`A read ran longer than ${this.#limits.readMsMax} ms: ${inHand.sql}`), true)
    })
  }

  /** The read in hand is refused; those behind it go to the next thread, when there may be one. */
  #goOn(refusal: Refusal, mayStart: boolean): void {
    const goesOn = mayStart && this.#ending.size < endingMax
    const [inHand, ...others] = this.#waiting.values()
    for (const read of goesOn ? [inHand] : [inHand, ...others]) if (read !== undefined) this.#refuse(read, refusal)
    this.#unposted = [...this.#waiting.values()]
    this.#rest()
    this.#post()
  }

  #refuse(read: Waiting, refusal: Refusal): void {
    this.#waiting.delete(read.id)
    read.reject(refusal)
  }
}

const bound = (value: unknown): SQLInputValue => (typeof value === 'boolean' ? Number(value) : (value as SQLInputValue))

/** 503, with why for the log. */
const refused = (why: string, cause?: unknown): Refusal => unavailable(new Error(`${why}.`, { cause }))
