import Type from 'typebox'
import { codePoints, digitString, digitsAsId, Id, isObject, isStorable } from './forms.ts'

/** A custom value as it is stored and compared: text, number, day or time as sent, flag, option id, option ids. */
export type FieldValue = string | number | boolean | readonly number[]

/** What one wire value means for a field of a type. */
export type FieldReading =
  | { readonly kind: 'value'; readonly value: FieldValue }
  | { readonly kind: 'clear' }
  | { readonly kind: 'wrong'; readonly hint: string }
  | { readonly kind: 'too long'; readonly max: number }
  | { readonly kind: 'bad characters' }
  | { readonly kind: 'option'; readonly option: string }

interface FieldKind {
  /** The member of `value` that answers carry. */
  readonly key: string
  /** Further members of `value` that requests may use instead. */
  readonly aliases: readonly string[]
  /** Set when the value names options of the field. */
  readonly options: boolean
  /** What the member holds, for the document. */
  readonly schema: Type.TSchema
  /** What a request may send, where that is more. */
  readonly sent?: Type.TSchema
  /** Reads the member's value; null never reaches it. */
  readonly read: (value: unknown) => FieldReading
}

const optionsMax = 1_000
/** The id of an option as a request may name it. */
const OptionId = Type.Union([Id, digitString])

/**
 * The custom-field types: one row each, and nothing else in the code names them.
 *
 * @see docs/behaviour.md §6 Custom fields
 */
export const fieldTypes = {
  text: { key: 'text', aliases: [], options: false, schema: Type.String({ maxLength: 10_000 }), read: text(10_000) },
  textarea: {
    key: 'text',
    aliases: ['textarea'],
    options: false,
    schema: Type.String({ maxLength: 100_000 }),
    read: text(100_000),
  },
  number: { key: 'number', aliases: [], options: false, schema: Type.Number(), read: number },
  date: {
    key: 'date',
    aliases: [],
    options: false,
    schema: Type.String({ description: 'YYYY-MM-DD, or an ISO 8601 date-time with Z or an offset.' }),
    read: date,
  },
  boolean: { key: 'boolean', aliases: [], options: false, schema: Type.Boolean(), read: boolean },
  select: { key: 'select', aliases: [], options: true, schema: Id, sent: OptionId, read: select },
  multi_select: {
    key: 'multi_select',
    aliases: [],
    options: true,
    schema: Type.Array(Id),
    sent: Type.Array(OptionId),
    read: multiSelect,
  },
} as const satisfies Record<string, FieldKind>

export type FieldType = keyof typeof fieldTypes

export const isFieldType = (name: unknown): name is FieldType =>
  typeof name === 'string' && Object.hasOwn(fieldTypes, name)

/** All of them, in the order of the table. */
export const fieldTypeNames = Object.keys(fieldTypes).filter(isFieldType)

/** A custom value as a request names it: one member, that of the field's type; null clears the field. */
export type SentFieldValue =
  | {
      readonly [Kind in (typeof fieldTypes)[FieldType] as Kind['key'] | Kind['aliases'][number]]?: SentBy<Kind> | null
    }
  | null
type SentBy<Kind> = Kind extends { readonly sent: infer Sent extends Type.TSchema }
  ? Type.Static<Sent>
  : Kind extends { readonly schema: infer Schema extends Type.TSchema }
    ? Type.Static<Schema>
    : never

/** `text` and `textarea` count as one type when a request names it. */
export const sameFieldType = (left: FieldType, right: FieldType): boolean =>
  left === right || (fieldTypes[left].key === 'text' && fieldTypes[right].key === 'text')

/** The stored value as answers carry it: `150000` of a number → `{ number: 150000 }`. */
export const wireValue = (type: FieldType, value: FieldValue): Record<string, FieldValue> => ({
  [fieldTypes[type].key]: value,
})

/**
 * Reads `value` of a `customFields` element.
 *
 * @param value null clears; an object must hold the type's own member, further members only as null
 */
export function readFieldValue(type: FieldType, value: unknown): FieldReading {
  if (value === null) return { kind: 'clear' }
  const { key, aliases, read }: FieldKind = fieldTypes[type]
  if (!isObject(value)) return { kind: 'wrong', hint: `an object such as {"${key}": …}` }
  const given = [key, ...aliases].filter((name) => Object.hasOwn(value, name))
  const spoken = given.filter((name) => value[name] !== null)
  const others = Object.keys(value).filter((name) => !given.includes(name) && value[name] !== null)
  const [first] = spoken
  if (given.length === 0 || spoken.length > 1 || others.length > 0) {
    return { kind: 'wrong', hint: `exactly one member, "${key}"` }
  }
  return first === undefined ? { kind: 'clear' } : read(value[first])
}

/** Equality of two stored values of one field; lists of options are sets. */
export function sameFieldValue(left: FieldValue | undefined, right: FieldValue | undefined): boolean {
  if (typeof left !== 'object' || typeof right !== 'object') return left === right
  return left.length === right.length && left.every((option) => right.includes(option))
}

/** The options a stored value names. */
export const optionsOf = (type: FieldType, value: FieldValue): readonly number[] => {
  if (!fieldTypes[type].options) return []
  return typeof value === 'object' ? value : [Number(value)]
}

function text(max: number): (value: unknown) => FieldReading {
  return (value) => {
    if (typeof value !== 'string') return { kind: 'wrong', hint: 'a string' }
    if (value === '') return { kind: 'clear' }
    if (!isStorable(value)) return { kind: 'bad characters' }
    return codePoints(value) > max ? { kind: 'too long', max } : { kind: 'value', value }
  }
}

function number(value: unknown): FieldReading {
  if (typeof value !== 'number' || !Number.isFinite(value)) return { kind: 'wrong', hint: 'a finite JSON number' }
  return { kind: 'value', value: value === 0 ? 0 : value } // -0 is 0
}

const day = /^(\d{4})-(\d{2})-(\d{2})$/
const dayAndTime =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

function date(value: unknown): FieldReading {
  const calendarDay = typeof value === 'string' ? (dayAndTime.exec(value)?.[1] ?? value) : ''
  if (typeof value === 'string' && isRealDay(calendarDay)) return { kind: 'value', value }
  return { kind: 'wrong', hint: 'a calendar day YYYY-MM-DD, or an ISO 8601 date-time with Z or an offset' }
}

function isRealDay(value: string): boolean {
  const [, year = 0, month = 0, dayOfMonth = 0] = (day.exec(value) ?? []).map(Number)
  if (year < 1 || month < 1 || month > 12 || dayOfMonth < 1) return false
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return dayOfMonth <= days
}

function boolean(value: unknown): FieldReading {
  return typeof value === 'boolean' ? { kind: 'value', value } : { kind: 'wrong', hint: 'true or false' }
}

function optionId(value: unknown): number | FieldReading {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && value >= 1 ? value : { kind: 'option', option: String(value) }
  }
  if (typeof value !== 'string') return { kind: 'wrong', hint: 'the id of an option' }
  return digitsAsId(value) ?? { kind: 'option', option: value }
}

function select(value: unknown): FieldReading {
  const option = optionId(value)
  return typeof option === 'number' ? { kind: 'value', value: option } : option
}

function multiSelect(value: unknown): FieldReading {
  if (!Array.isArray(value)) return { kind: 'wrong', hint: 'an array of option ids' }
  const ids = new Set<number>()
  for (const element of value) {
    const option = optionId(element)
    if (typeof option !== 'number') return option
    ids.add(option)
  }
  if (ids.size > optionsMax) return { kind: 'wrong', hint: `at most ${optionsMax} option ids` }
  return ids.size === 0 ? { kind: 'clear' } : { kind: 'value', value: [...ids] }
}
