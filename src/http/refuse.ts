import type { FailureName } from '../contract/failures.ts'
import { Refusal } from '../kernel/refusal.ts'

/** What the HTTP parser refuses before there is a request. */
const ofTheParser: Readonly<Record<string, FailureName>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

/** Any error as the refusal that is answered; `internal` when it is a bug of ours. */
export const refusalOf = (error: unknown): Refusal =>
  error instanceof Refusal ? error : new Refusal('internal', { cause: error })

/** What the parser's error is answered with. */
export const refusalOfParser = (error: unknown): Refusal =>
  new Refusal(ofTheParser[codeOf(error)] ?? 'invalid_request', { cause: error })

export interface RefusalContent {
  readonly error: string
  readonly details?: readonly { readonly path: string; readonly message: string }[]
}

/** What a refusal tells: `{"error"}`, with `details` where single members are wrong. */
export function refusalContent(refusal: Refusal): RefusalContent {
  if (refusal.faults.length === 0) return { error: refusal.message }
  const details = refusal.faults.map(({ path, message, hint }) => ({
    path,
    message: hint === undefined ? message : `${message} (expected ${hint})`,
  }))
  return { error: refusal.message, details }
}

/** The body of a refusal. */
export const refusalBody = (refusal: Refusal): string => JSON.stringify(refusalContent(refusal))
