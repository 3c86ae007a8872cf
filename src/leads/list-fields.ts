import { fieldTypes, readFieldValue } from '../contract/fields.ts'
import { referenceFromJson } from '../contract/forms.ts'
import { smallLetters } from '../kernel/small-letters.ts'
import type { Definitions, FieldRow } from '../storage/definitions.ts'
import type { Condition } from '../storage/lead-list.ts'
import { listIn, type Query, refuse } from './list-query.ts'

const name = 'customFields'
const hint = 'JSON such as [{"id":5,"value":{"number":150000}},{"id":8,"min":10,"max":20},{"id":9,"empty":true}]'
const dayMs = 24 * 60 * 60_000

/**
 * Reads the filters by custom fields.
 *
 * @throws Refusal `invalid_query`
 */
export const fieldsIn = (query: Query, { fields }: Definitions): Condition[] =>
  listIn(query, name, hint).flatMap((one): Condition[] => {
    const reference = referenceFromJson(one['id']) ?? refuse(name, hint)
    const field = fields.get(reference)
    if (field === undefined || field.category !== 'lead') return [{ kind: 'never' }]
    const conditions: Condition[] = []
    if ('value' in one) conditions.push(valueCondition(field, one['value']) ?? refuse(name, hint))
    if ('min' in one || 'max' in one) conditions.push(rangeCondition(field, one))
    if ('empty' in one) conditions.push(emptyCondition(field, one['empty']))
    return conditions.length > 0 ? conditions : refuse(name, hint)
  })

/** Texts are looked for within the value, options among those that are set; all else must be the same. */
function valueCondition({ id, type }: FieldRow, sent: unknown): Condition | undefined {
  const reading = readFieldValue(type, sent)
  if (reading.kind !== 'value') return undefined
  const { value } = reading
  if (typeof value === 'object') return { kind: 'field has', id, options: value }
  if (typeof value === 'boolean' || fieldTypes[type].options) return { kind: 'field has', id, options: [Number(value)] }
  if (fieldTypes[type].key === 'text') return { kind: 'field holds', id, needle: smallLetters(String(value)) }
  return { kind: 'field is', id, value }
}

/** Both bounds belong to a range, and a day as its end lasts to its midnight in UTC. */
function rangeCondition(field: FieldRow, { min = null, max = null }: Record<string, unknown>): Condition {
  const { type, id } = field
  if (type !== 'number' && type !== 'date')
    return refuse(name, `min and max are of numbers and dates; ${id} is a ${type}`)
  if (min === null && max === null) return refuse(name, hint)
  const end = boundOf(type, max)
  const isDay = type === 'date' && String(max).length === '2026-01-31'.length
  return {
    kind: 'within',
    of: id,
    min: boundOf(type, min) ?? Number.NEGATIVE_INFINITY,
    max: end === undefined ? Number.POSITIVE_INFINITY : isDay ? end + dayMs - 1 : end,
  }
}

function boundOf(type: 'number' | 'date', sent: unknown): number | undefined {
  if (sent === null) return undefined
  const reading = fieldTypes[type].read(sent)
  if (reading.kind !== 'value')
    return refuse(name, type === 'number' ? 'bounds that are numbers' : 'bounds that are days')
  return typeof reading.value === 'string' ? Date.parse(reading.value) : Number(reading.value)
}

function emptyCondition({ id }: FieldRow, sent: unknown): Condition {
  if (typeof sent !== 'boolean') return refuse(name, hint)
  return { kind: 'filled', of: id, is: !sent }
}
