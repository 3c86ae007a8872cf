import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FailureName } from '../contract/failures.ts'
import { Refusal } from '../kernel/refusal.ts'

/** What the HTTP library refuses by itself, as our failures. */
const ofTheLibrary: Readonly<Record<string, FailureName>> = {
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
}

/** What the HTTP parser refuses before there is a request. */
const ofTheParser: Readonly<Record<string, FailureName>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
}

export const jsonContentType = 'application/json; charset=utf-8'

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

/** Any error as the refusal that is answered; `internal` when it is a bug of ours. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const known = ofTheLibrary[codeOf(error)]
  if (known !== undefined) return new Refusal(known, { cause: error })
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
  return new Refusal(status >= 400 && status < 500 ? 'invalid_request' : 'internal', { cause: error })
}

/** What the parser's error is answered with. */
export const refusalOfParser = (error: unknown): Refusal =>
  new Refusal(ofTheParser[codeOf(error)] ?? 'invalid_request', { cause: error })

/** The body of a refusal: `{"error"}`, with `details` where single members are wrong. */
export function refusalBody(refusal: Refusal): string {
  if (refusal.faults.length === 0) return JSON.stringify({ error: refusal.message })
  const details = refusal.faults.map(({ path, message, hint }) => ({
    path,
    message: hint === undefined ? message : `${message} (expected ${hint})`,
  }))
  return JSON.stringify({ error: refusal.message, details })
}

/** Answers a refusal and remembers it with the request, for the log. */
export function refuse(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  request.refusal = refusal
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', String(refusal.retryAfterSeconds))
  // Fastify takes the header away before it calls an error handler.
  reply.header('content-type', jsonContentType)
  return reply.code(refusal.status).send(refusalBody(refusal))
}
