import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Refusal } from '../kernel/refusal.ts'

/** What a request's headers ask of a change. */
export interface Conditions {
  /** Versions of `If-Match`, `*` for any; undefined when the header is absent. */
  readonly ifMatch: readonly number[] | '*' | undefined
  /** `Prefer: handling=strict` */
  readonly strict: boolean
  /** `Prefer: return=representation` */
  readonly representation: boolean
  readonly once: { readonly key: string; readonly fingerprint: string } | undefined
}

/**
 * @param raw the body's bytes: with method and path they make two requests the same
 * @throws Refusal `invalid_idempotency_key`
 * @see docs/behaviour.md §8 Versions, §9 Idempotency
 */
export function conditionsOf(
  headers: IncomingHttpHeaders,
  { method, path, raw }: { method: string; path: string; raw: Uint8Array },
): Conditions {
  const prefer = headers['prefer']
  const key = headers['idempotency-key']
  return {
    ifMatch: versionsOf(headers['if-match']),
    strict: prefer !== undefined && prefers(prefer, 'handling', 'strict'),
    representation: prefer !== undefined && prefers(prefer, 'return', 'representation'),
    once: key === undefined ? undefined : { key: idempotencyKey(key), fingerprint: fingerprint(method, path, raw) },
  }
}

/** The answer of a change: its reply, and in a header whether that was given before. */
export const answerOf = <T>({ reply, replayed }: { readonly reply: T; readonly replayed: boolean }) => ({
  body: reply,
  headers: replayed ? { 'idempotency-replayed': 'true' } : {},
})

function idempotencyKey(header: string | string[]): string {
  const key = String(header)
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(key)) throw new Refusal('invalid_idempotency_key')
  return key
}

const fingerprint = (method: string, path: string, raw: Uint8Array): string =>
  hash('sha256', Buffer.concat([Buffer.from(`${method} ${path}\n`), raw]), 'hex')

/** Strong comparison (RFC 9110 §13.1.1): a weak tag and what is no tag of ours match nothing. */
function versionsOf(header: string | undefined): readonly number[] | '*' | undefined {
  if (header === undefined) return undefined
  if (header.trim() === '*') return '*'
  return header.split(',').flatMap((one) => {
    const version = /^\s*"v([1-9]\d{0,15})"\s*$/.exec(one)?.[1]
    return version === undefined ? [] : [Number(version)]
  })
}

/** RFC 7240: names in any case, values plain or quoted, parameters behind a semicolon. */
function prefers(header: string | string[], name: string, value: string): boolean {
  return String(header)
    .split(',')
    .some((one) => {
      const [preference = ''] = one.split(';')
      const [left = '', right = ''] = preference.split('=').map((part) => part.trim())
      return left.toLowerCase() === name && right.replace(/^"(.*)"$/, '$1').toLowerCase() === value
    })
}
