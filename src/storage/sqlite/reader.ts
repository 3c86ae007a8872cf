import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { resultCode } from './faults.ts'

/** What a reader is begun with. */
export interface ReadSettings {
  readonly path: string
  /** About how large one answer may be, in bytes. */
  readonly answerBytesMax: number
  /** All rows of an answer are fetched at once, three times as fast as one by one; it has no bound, and no end before its own. */
  readonly atOnce: boolean
}

export interface Question {
  readonly id: number
  readonly sql: string
  readonly parameters: readonly SQLInputValue[]
}

/** Rows as arrays of their values in the order of `columns`: nothing else costs the reader of the message less. */
export type Answer =
  | { readonly id: number; readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }
  | { readonly id: number; readonly tooLarge: true }
  /** `errcode` is SQLite's extended result code; undefined when the error is not of SQLite. */
  | { readonly id: number; readonly message: string; readonly errcode: number | undefined }

/**
 * In a thread nobody else waits for a lock. The file is not mapped: that makes lists hardly faster, while each page that
 * was once read would count as memory of the process. What leaves the small cache, the system's still holds.
 */
const readerPragmas = `
  PRAGMA busy_timeout = 5000;
  PRAGMA cache_size = -8192;
  PRAGMA temp_store = MEMORY;
`

function opened(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true })
  db.exec(readerPragmas)
  return db
}

/** How many different lists stay prepared; a list with free filters has a statement for each combination. */
const statementsMax = 200

interface Prepared {
  readonly statement: StatementSync
  readonly columns: readonly string[]
}

/** A connection that only reads, and what it prepared. It is opened by the first question. */
export class Reader {
  readonly #settings: ReadSettings
  #db: DatabaseSync | undefined
  readonly #prepared = new Map<string, Prepared>()

  constructor(settings: ReadSettings) {
    this.#settings = settings
  }

  answer(question: Question): Answer {
    try {
      return this.#run(question)
    } catch (error) {
      return failed(question.id, error)
    }
  }

  close(): void {
    this.#db?.close()
    this.#db = undefined
  }

  /**
   * Runs one statement to its end, so that no snapshot stays behind it. Row by row: between two rows the thread can
   * be ended, and an answer that grows too large is given up before it fills the heap.
   */
  #run({ id, sql, parameters }: Question): Answer {
    const { statement, columns } = this.#prepare(sql)
    if (this.#settings.atOnce) return { id, columns, rows: statement.all(...parameters) as unknown as unknown[][] }
    const rows: (readonly unknown[])[] = []
    let bytes = 0
    for (const row of statement.iterate(...parameters)) {
      const values = row as unknown as readonly unknown[]
      bytes += sizeOf(values)
      if (bytes > this.#settings.answerBytesMax) return { id, tooLarge: true }
      rows.push(values)
    }
    return { id, columns, rows }
  }

  #prepare(sql: string): Prepared {
    const present = this.#prepared.get(sql)
    if (present !== undefined) return present
    this.#db ??= opened(this.#settings.path)
    const statement = this.#db.prepare(sql)
    statement.setReturnArrays(true)
    const made = { statement, columns: statement.columns().map(({ name }) => name) }
    if (this.#prepared.size >= statementsMax) this.#prepared.clear()
    this.#prepared.set(sql, made)
    return made
  }
}

/** What a row and a number or null in it take in memory, in bytes; about. */
const rowBytes = 64
const valueBytes = 16

function sizeOf(values: readonly unknown[]): number {
  let bytes = rowBytes
  for (const value of values) {
    if (typeof value === 'string') bytes += value.length
    else if (value instanceof Uint8Array) bytes += value.byteLength
    bytes += valueBytes
  }
  return bytes
}

const failed = (id: number, error: unknown): Answer => ({
  id,
  message: error instanceof Error ? error.message : String(error),
  errcode: resultCode(error),
})
