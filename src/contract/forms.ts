import Type from 'typebox'

/** The largest integer a JSON reader is sure to keep: 2^53 − 1. */
const idMax = Number.MAX_SAFE_INTEGER

const digits = /^[1-9][0-9]{0,15}$/
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** An object named by its number or by its uuid (lower case). */
export type Reference = number | string

/** `"31"` → 31; undefined for anything else, leading zeros and numbers over 2^53 − 1 included. */
export function digitsAsId(text: string): number | undefined {
  if (!digits.test(text)) return undefined
  const id = Number(text)
  return id <= idMax ? id : undefined
}

/** Digits or a uuid in any case, as paths and query strings write it; undefined for anything else. */
export function referenceFromText(text: string): Reference | undefined {
  return digitsAsId(text) ?? (uuid.test(text) ? text.toLowerCase() : undefined)
}

/** An id as JSON may write it: an integer, digits, or a uuid; undefined for anything else. */
export function referenceFromJson(value: unknown): Reference | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 1 ? value : undefined
  return typeof value === 'string' ? referenceFromText(value) : undefined
}

/**
 * An element of an id list: as {@link referenceFromJson}, or an object with `id` (number or digits) or `uuid`.
 * With both, the id decides.
 *
 * @see docs/behaviour.md §5 Tags and assigned users
 */
export function referenceFromElement(value: unknown): Reference | undefined {
  if (!isObject(value)) return referenceFromJson(value)
  const id = Object.hasOwn(value, 'id') ? value['id'] : undefined
  if (typeof id === 'number') return referenceFromJson(id)
  if (typeof id === 'string') return digitsAsId(id)
  if (id !== undefined && id !== null) return undefined
  const other = Object.hasOwn(value, 'uuid') ? value['uuid'] : undefined
  return typeof other === 'string' && uuid.test(other) ? other.toLowerCase() : undefined
}

/** A JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Unicode code points, which is what limits on text count. */
export function codePoints(text: string): number {
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit >= 0xd800 && unit <= 0xdbff) at += 1
    count += 1
  }
  return count
}

/** False for U+0000 and lone surrogates, which not every database keeps. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

/** Exactly one @ with text on both sides, and no white space or control character. */
export const isEmail = (text: string): boolean => /^[^\s\p{Cc}@]+@[^\s\p{Cc}@]+$/u.test(text)
export const emailHint = 'exactly one @ with text on both sides, no white space'
const mailPart = '[^\\s@\\u0000-\\u001f\\u007f-\\u009f]+'
/** {@link isEmail}, as schemas say it. */
export const emailPattern = `${mailPart}@${mailPart}`

export const Time = Type.String({
  format: 'date-time',
  description: 'ISO 8601, UTC, with milliseconds.',
  examples: ['2026-03-02T09:15:27.482Z'],
})
export const Id = Type.Integer({ minimum: 1, maximum: idMax })
export const digitString = Type.String({ pattern: '^[1-9][0-9]{0,15}$' })
export const uuidText = Type.String({ pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' })
/** An id as JSON may write it; see {@link referenceFromJson}. */
export const IdForm = Type.Union([Id, digitString, uuidText])
export const Uuid = Type.String({ format: 'uuid', description: 'RFC 9562, lower case.' })
export const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
/** A parameter that may be sent: a whole number from 1. */
export const positive = (description: string) =>
  Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,15}$', description }))
