import type { TSchema } from 'typebox'
import type { FailureName } from './failures.ts'

/** What a key must be allowed to do; `public` asks for no key, and `person` for somebody who is signed in. */
type Access = 'public' | 'read' | 'write' | 'admin' | 'person'

/**
 * An endpoint as a value: the route, the checks, the OpenAPI document and the client's types read it.
 *
 * `path` is written with `:name` parameters; `aliases` are further spellings of the same endpoint.
 * `failures` names only what this endpoint adds; {@link failuresOf} adds what every one of its kind may answer.
 */
export interface Operation<
  Params extends TSchema = TSchema,
  Query extends TSchema = TSchema,
  Body extends TSchema = TSchema,
  Reply extends TSchema = TSchema,
> {
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly description: string
  readonly access: Access
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** Its body may be as large as `--batch-bytes-max`. */
  readonly hasLargeBody?: true
  /** Media types of a file that is its body, which the handler reads as it comes. */
  readonly file?: readonly string[]
  /** Request headers the endpoint reads, with what each does. */
  readonly headers?: Readonly<Record<string, string>>
  /** What `application/json` carries. */
  readonly reply: Reply
  /** Media types of a success, JSON alone when absent; those that are not JSON are told as text. */
  readonly media?: readonly string[]
  /** What a success looks like that is not JSON, by its media type. */
  readonly textExamples?: Readonly<Record<string, string>>
  /** The status of success; 200 when absent, and 204 answers no body. */
  readonly status?: 200 | 201 | 204
  /** Answer headers beside the common ones, with what each says. */
  readonly replyHeaders?: Readonly<Record<string, string>>
  readonly failures: readonly FailureName[]
}

/**
 * The operation as it is written, so that its types are known to the letter: the client's are mapped from them.
 *
 * A member that operations do not have is a compiler error, as it would be with a type of its own.
 */
export const operation = <const Value extends Operation>(
  value: Value & Record<Exclude<keyof Value, keyof Operation>, never>,
): Value => value

/** Whether it signs people in, so that only pages of ours may ask for it. */
export const asksForOrigin = ({ access, method, path }: Pick<Operation, 'access' | 'method' | 'path'>): boolean =>
  access === 'public' && method !== 'GET' && path.startsWith('/api/console/')

/** Every failure an operation may answer: its own, and those of its access and its body. */
export function failuresOf(one: Operation): readonly FailureName[] {
  const common: FailureName[] = ['invalid_request', 'request_timeout', 'headers_too_large', 'internal', 'unavailable']
  if (one.access !== 'public') common.push('invalid_key', 'rate_limited')
  if (one.access === 'read') common.push('read_access_required')
  if (one.access === 'write') common.push('write_access_required')
  if (one.access === 'admin') common.push('admin_access_required')
  if (one.access === 'person') common.push('sign_in_required')
  if ((one.access !== 'public' && one.method !== 'GET') || asksForOrigin(one)) common.push('foreign_origin')
  if (one.method !== 'GET') common.push('invalid_idempotency_key')
  if (one.body !== undefined) {
    common.push('invalid_json', 'body_not_object', 'invalid_body', 'body_too_large', 'unsupported_media_type')
  }
  if (one.file !== undefined) common.push('body_too_large', 'unsupported_file_type')
  if (one.query !== undefined) common.push('invalid_query')
  return [...new Set([...common, ...one.failures])]
}

/** Of an operation with a body: how it may be read, and what the answer says of it. */
export const strictHeader = { Prefer: '`handling=strict` refuses members that are not known.' } as const
export const ignoredHeader = {
  'X-Waggle-Ignored-Fields': 'Members of the body that are not known, percent-encoded, comma-separated.',
} as const

/** The header of an operation whose request may be repeated, and what that may be answered with beside. */
export const onceHeader = {
  'Idempotency-Key': 'Makes a repeated request safe for 24 hours: the first 2xx answer is given again.',
} as const
export const onceReplyHeader = { 'Idempotency-Replayed': '`true` when this answer was given before.' } as const
export const onceFailures = ['idempotency_running', 'idempotency_mismatch'] as const satisfies readonly FailureName[]
