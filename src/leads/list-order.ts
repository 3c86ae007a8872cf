import { fieldTypes } from '../contract/fields.ts'
import { referenceFromJson } from '../contract/forms.ts'
import { sortTypes } from '../contract/leads.ts'
import { timeFrom } from '../kernel/time.ts'
import type { Definitions } from '../storage/definitions.ts'
import { type Cursor, type ExactCursor, type KeyValue, type OrderEntry, orderName } from '../storage/lead-list.ts'
import { listIn, type Query, refuse, sentIn } from './list-query.ts'

/** Entries of an order, those left out that order nothing any more. */
const entriesMax = 5
const hint = 'JSON such as [{"type":"status","asc":true},{"type":"field","id":5}]'

/**
 * Reads the order of a list. A field that is not known orders nothing, nor does what comes again.
 *
 * @throws Refusal `invalid_query`
 */
export function orderIn(query: Query, definitions: Definitions): OrderEntry[] {
  const order = new Map<string, OrderEntry>()
  for (const { type: sent, id, asc = true } of listIn(query, 'sort', hint)) {
    const type = sortTypes.find((one) => one === sent) ?? refuse('sort', hint)
    if (typeof asc !== 'boolean') refuse('sort', hint)
    const by = type === 'field' ? byField(id, definitions) : byMember(type)
    if (by !== undefined && !order.has(String(by.of))) order.set(String(by.of), { by, descending: asc === false })
  }
  if (order.size > entriesMax) refuse('sort', `at most ${entriesMax} members to sort by`)
  return [...order.values()]
}

const byMember = (type: Exclude<(typeof sortTypes)[number], 'field'>): OrderEntry['by'] =>
  type === 'status' || type === 'created_at' || type === 'updated_at'
    ? { kind: 'number', of: type }
    : { kind: 'text', of: type }

function byField(id: unknown, { fields }: Definitions): OrderEntry['by'] | undefined {
  const field = fields.get(referenceFromJson(id) ?? refuse('sort', hint))
  if (field === undefined || field.category !== 'lead') return undefined
  return { kind: fieldTypes[field.type].key === 'text' ? 'text' : 'number', of: field.id }
}

/** A cursor as `X-Next-Cursor` tells it: with an order, that and the row's values in it stand before the rest. */
export function cursorText(order: readonly OrderEntry[], { values, createdAt, id }: ExactCursor): string {
  const place = `${createdAt}.${id}`
  if (order.length === 0) return place
  return `${Buffer.from(JSON.stringify([orderName(order), ...values])).toString('base64url')}.${place}`
}

const exact = /^(?:([\w-]+)\.)?(\d{1,15})\.([1-9]\d{0,15})$/

/**
 * Reads the cursor of a list in an order.
 *
 * @throws Refusal `invalid_query`
 */
export function cursorIn(query: Query, order: readonly OrderEntry[]): Cursor | undefined {
  const text = sentIn(query, 'cursor')
  if (text === undefined) return undefined
  const [, sorted, createdAt, id] = exact.exec(text) ?? []
  if (createdAt !== undefined) {
    const values = sorted === undefined ? [] : valuesIn(sorted, order)
    if (values?.length !== order.length) return refuse('cursor', 'one of a list in the same order')
    return { kind: 'exact', values, createdAt: Number(createdAt), id: Number(id) }
  }
  const before = timeFrom(text) ?? refuse('cursor', 'an ISO 8601 time, or what X-Next-Cursor told')
  if (order.length > 0) refuse('cursor', 'with sort only what X-Next-Cursor told, or page')
  return { kind: 'time', before }
}

/** The values of a row in an order; undefined when the text tells of another. */
function valuesIn(text: string, order: readonly OrderEntry[]): KeyValue[] | undefined {
  let told: unknown
  try {
    told = JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
  if (!Array.isArray(told) || order.length === 0) return undefined
  const [name, ...values]: unknown[] = told
  if (name !== orderName(order) || values.length !== order.length) return undefined
  const fitting = values.filter(
    (value, at): value is KeyValue =>
      value === null || typeof value === (order[at]?.by.kind === 'text' ? 'string' : 'number'),
  )
  return fitting.length === values.length ? fitting : undefined
}
