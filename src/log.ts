import { write, writeSync } from 'node:fs'
import { pino } from 'pino'
import pretty from 'pino-pretty'
import type { RequestLine } from './http/server.ts'
import { systemClock } from './kernel/clock.ts'
import type { Config } from './kernel/config.ts'
import { wireTime } from './kernel/time.ts'
import type { AttemptLine, DisabledLine } from './webhooks/observe.ts'

export interface Log {
  request(line: RequestLine): void
  /** One attempt of a webhook. */
  attempt(line: AttemptLine): void
  /** An endpoint was disabled. */
  disabled(line: DisabledLine): void
  info(message: string, more?: Readonly<Record<string, unknown>>): void
  error(message: string, error: unknown): void
  /** Resolves when all that was held back is written, or could not be. */
  flush(): Promise<void>
}

/** Requests are logged behind their answers, in blocks of so many characters or each quarter of a second. */
const blockLength = 8_192
const flushEveryMs = 250
/** More than so many characters do not wait for a reader that stands still: further lines are dropped. */
const waitingLengthMax = 4_194_304
const standardOutput = 1

/** One line a request in a terminal too; what the message says already is left out behind it. */
const prettyForm = {
  ignore: 'pid,hostname,method,route,status,ms,event,sequence,outcome',
  translateTime: 'SYS:HH:MM:ss.l',
  singleLine: true,
}

const silent: Log = {
  request: () => {},
  attempt: () => {},
  disabled: () => {},
  info: () => {},
  error: () => {},
  flush: async () => {},
}

/**
 * One line a request on standard output: JSON, or pretty in a terminal.
 *
 * A request's line holds its id, route, status, time, company and the key's prefix, and the address of who was refused
 * with 401 or 429; never a key, never a body.
 *
 * @param secrets that no line of an error holds, whoever has told them back
 */
export function createLog(form: Config['log'], terminal: boolean, secrets: readonly string[] = []): Log {
  if (form === 'off') return silent
  const isPretty = form === 'pretty' || (form === 'auto' && terminal)
  const destination = isPretty ? pretty({ ...prettyForm, sync: true }) : new Lines(standardOutput)
  const hidden = (line: string) => secrets.reduce((text, one) => text.replaceAll(one, '***'), line)
  const hooks = { streamWrite: (line: string) => (line.includes(errorLevel) ? hidden(line) : line) }
  const serializers = { err: (error: unknown) => toldError(error, causesMax) }
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, hooks, serializers }, destination)
  return {
    request: (line) => {
      const { error, ...told } = line
      if (error !== undefined) logger.error({ ...told, err: error }, 'request failed')
      else if (isPretty) logger.info(told, prettyLine(line))
      else destination.write(jsonLine(line))
    },
    attempt: (line) => {
      if (isPretty) logger.info(line, prettyAttempt(line))
      else destination.write(`${JSON.stringify({ level: 30, time: timeNow(), msg: 'webhook', ...line })}\n`)
    },
    disabled: (line) => logger.warn(line, 'webhook disabled'),
    info: (message, more) => logger.info(more ?? {}, message),
    error: (message, error) => logger.error({ err: error }, message),
    flush: async () => {
      if (destination instanceof Lines) await destination.flush()
    },
  }
}

const causesMax = 4
const errorLevel = '"level":50'
/** Members of errors that say what went wrong in a word or a number. */
const toldMembers = ['code', 'errno', 'syscall', 'status', 'error', 'severity', 'table', 'constraint', 'responseCode']
const wordForm = /^[\w.:-]{1,64}$/

/**
 * What is told of an error: its text, where it was thrown, its causes, and what says in a word what went wrong. Other
 * members hold what a stranger has answered, or the row that a database did not take.
 */
function toldError(error: unknown, causes: number): unknown {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const members = Object.entries(error).filter(
    ([name, value]) => toldMembers.includes(name) && (typeof value === 'number' || wordForm.test(String(value))),
  )
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...Object.fromEntries(members),
    ...(error.cause instanceof Error && causes > 0 && { cause: toldError(error.cause, causes - 1) }),
  }
}

/**
 * Lines on their way to a descriptor. What cannot be written, as the reader of the pipe is gone or the disk full, is
 * dropped; nothing waits for it.
 */
class Lines {
  readonly #descriptor: number
  /** What is being written, as far as it is not. */
  #block: Uint8Array = new Uint8Array()
  #waiting = ''
  #isWriting = false
  readonly #onEmpty: (() => void)[] = []

  constructor(descriptor: number) {
    this.#descriptor = descriptor
    setInterval(() => this.#next(), flushEveryMs).unref()
    process.once('exit', () => this.#writeAtOnce())
  }

  write(line: string): void {
    if (this.#waiting.length > waitingLengthMax) return
    this.#waiting += line
    if (this.#waiting.length >= blockLength) this.#next()
  }

  flush(): Promise<void> {
    return new Promise((done) => {
      this.#onEmpty.push(done)
      this.#next()
    })
  }

  #next(): void {
    if (this.#isWriting) return
    if (this.#block.length === 0) this.#take()
    if (this.#block.length === 0) {
      for (const done of this.#onEmpty.splice(0)) done()
      return
    }
    this.#isWriting = true
    write(this.#descriptor, this.#block, (error, bytes) => {
      this.#isWriting = false
      if (error?.code === 'EAGAIN') {
        setTimeout(() => this.#next(), flushEveryMs)
        return
      }
      this.#block = error === null ? this.#block.subarray(bytes) : new Uint8Array()
      if (this.#block.length > 0 || this.#waiting.length >= blockLength || this.#onEmpty.length > 0) this.#next()
    })
  }

  #take(): void {
    this.#block = Buffer.from(this.#waiting)
    this.#waiting = ''
  }

  /** The last words of a process that did not wait for {@link flush}. */
  #writeAtOnce(): void {
    if (this.#isWriting) this.#block = new Uint8Array()
    try {
      if (this.#block.length > 0) writeSync(this.#descriptor, this.#block)
      writeSync(this.#descriptor, this.#waiting)
    } catch {
      // nobody is left to be told
    }
  }
}

/**
 * The line that every request costs, in the logger's own form. Its texts need no escapes, those of keys apart: the id has
 * a form that was checked, method and route are names of ours.
 */
function jsonLine({ requestId, method, route, status, ms, company, key, address }: RequestLine): string {
  const where = route === undefined ? '' : `"route":"${route}",`
  const who = company === undefined ? '' : `,"company":${company},"key":${JSON.stringify(key)}`
  const from = address === undefined ? '' : `,"address":${JSON.stringify(address)}`
  return `{"level":30,"time":"${timeNow()}","requestId":"${requestId}","method":"${method}",${where}"status":${status},"ms":${ms}${who}${from}}\n`
}

const timeNow = (): string => wireTime(systemClock.now())

const prettyAttempt = ({ event, sequence, outcome, status, ms }: AttemptLine): string =>
  `webhook ${event} ${sequence} ${outcome} ${status ?? '-'} ${ms} ms`
const prettyLine = ({ method, route, status, ms }: RequestLine): string =>
  `${method} ${route ?? '?'} ${status} ${ms} ms`
