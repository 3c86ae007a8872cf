import { pino } from 'pino'
import pretty from 'pino-pretty'
import type { RequestLine } from './http/server.ts'
import type { Config } from './kernel/config.ts'

export interface Log {
  request(line: RequestLine): void
  info(message: string, more?: Readonly<Record<string, unknown>>): void
  error(message: string, error: unknown): void
  /** Writes what is still held back. */
  flush(): void
}

/** Requests are logged behind their answers, in blocks of so many bytes or each quarter of a second. */
const blockBytes = 8_192
const flushEveryMs = 250

const silent: Log = { request: () => {}, info: () => {}, error: () => {}, flush: () => {} }

/**
 * One line a request on standard output: JSON, or pretty in a terminal.
 *
 * A line holds the request's id, route, status, time, company and the key's prefix; never a key, never a body.
 */
export function createLog(form: Config['log'], terminal: boolean): Log {
  if (form === 'off') return silent
  const isPretty = form === 'pretty' || (form === 'auto' && terminal)
  const destination = isPretty
    ? pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l', sync: true })
    : pino.destination({ fd: 1, sync: false, minLength: blockBytes, periodicFlush: flushEveryMs })
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
  return {
    request: ({ error, ...line }) => {
      if (error === undefined) logger.info(line, isPretty ? prettyLine(line) : undefined)
      else logger.error({ ...line, err: error }, 'request failed')
    },
    info: (message, more) => logger.info(more ?? {}, message),
    error: (message, error) => logger.error({ err: error }, message),
    flush: () => {
      if ('flushSync' in destination) destination.flushSync()
    },
  }
}

const prettyLine = ({ method, route, status, ms }: RequestLine): string =>
  `${method} ${route ?? '?'} ${status} ${ms} ms`
