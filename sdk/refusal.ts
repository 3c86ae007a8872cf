import { type FailureName, failures } from '../src/contract/failures.ts'

/**
 * Why a call failed: what the server refused it for, by the names of the contract, or
 * - `network`: there was no answer, or it broke off. A change may have been carried out all the same.
 * - `timeout`: there was none in time; the same holds.
 * - `aborted`: the caller's signal ended it; the same holds.
 * - `unknown`: an answer that is none of the server's, such as a proxy's page.
 */
export type Failure = FailureName | 'network' | 'timeout' | 'aborted' | 'unknown'

/** One thing wrong with a request: a JSON Pointer (RFC 6901) to the member, and what is wrong with it. */
export interface Detail {
  readonly path: string
  readonly message: string
}

interface More {
  /** The operation that was called, by its id in the contract. */
  readonly operation: string
  readonly status?: number | undefined
  readonly details?: readonly Detail[]
  readonly requestId?: string | undefined
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

/** What every call rejects with. Its `message` is a sentence for people; programs read `failure`. */
export class WaggleError extends Error {
  override readonly name = 'WaggleError'
  readonly failure: Failure
  readonly operation: string
  /** Of the answer; undefined when there was none. */
  readonly status: number | undefined
  /** Where single members are wrong. */
  readonly details: readonly Detail[]
  /** How the server's log names the request. */
  readonly requestId: string | undefined
  /** After how many milliseconds another try makes sense, when the server says so. */
  readonly retryAfterMs: number | undefined

  constructor(failure: Failure, message: string, more: More) {
    super(message, { cause: more.cause })
    this.failure = failure
    this.operation = more.operation
    this.status = more.status
    this.details = more.details ?? []
    this.requestId = more.requestId
    this.retryAfterMs = more.retryAfterMs
  }
}

interface Answer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
}

/**
 * An answer of 4xx or 5xx as an error.
 *
 * @param hasBody whether the operation takes a body: then a fault is one of the body, else of the query
 */
export function refusalOf(
  { status, headers }: Answer,
  text: string,
  { operation, hasBody }: { operation: string; hasBody: boolean },
): WaggleError {
  const told = toldIn(text)
  const more = {
    operation,
    status,
    requestId: headers.get('x-request-id') ?? undefined,
    retryAfterMs: retryAfterMsOf(headers.get('retry-after'), Date.now()),
  }
  if (told === undefined) return new WaggleError('unknown', `The answer was ${status}, and not the server's`, more)
  return new WaggleError(failureOf(status, told.error, hasBody), told.error, { ...more, details: told.details })
}

function toldIn(text: string): { error: string; details: Detail[] } | undefined {
  try {
    const { error, details } = JSON.parse(text)
    return typeof error === 'string' ? { error, details: Array.isArray(details) ? details : [] } : undefined
  } catch {
    return undefined
  }
}

const names = Object.keys(failures).filter((name): name is FailureName => Object.hasOwn(failures, name))

/** By status and text; where the text tells of the single case (behaviour.md §2), by the status. */
function failureOf(status: number, text: string, hasBody: boolean): Failure {
  const named = names.find((name) => failures[name].status === status && failures[name].message === text)
  if (named !== undefined) return named
  if (status === failures.invalid_body.status) return hasBody ? 'invalid_body' : 'invalid_query'
  if (status === failures.in_use.status && text.startsWith('In use by ')) return 'in_use'
  return 'unknown'
}

/** `Retry-After` in milliseconds: seconds, or the time of a date (RFC 9110 §10.2.3). */
function retryAfterMsOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
