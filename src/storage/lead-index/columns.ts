import { contactMembers } from '../../contract/lead-members.ts'
import type { Condition } from '../lead-list.ts'
import type { CustomValue } from '../payload.ts'
import type { Row } from '../tables.ts'
import { Keyed } from './keyed.ts'
import { setBit, wordsFor } from './slot-set.ts'
import { Texts } from './texts.ts'

/** What lists go by. Texts and custom values are there only where a column needs them. */
export interface IndexedLead
  extends Pick<
      Row<'leads'>,
      | 'id'
      | 'created_at'
      | 'updated_at'
      | 'status'
      | 'partner_type'
      | 'campaign_id'
      | 'archived_at'
      | 'tags'
      | 'assigned_users'
    >,
    Partial<
      Pick<Row<'leads'>, 'company_name' | 'email' | 'phone_number' | 'first_name' | 'last_name' | 'custom_fields'>
    > {}

/** A part of an index that is made when a list first needs it. */
export interface Column {
  readonly bytes: number
  put(slot: number, lead: IndexedLead): void
}

const held = ({ custom_fields }: IndexedLead, id: number): CustomValue['value'] | undefined =>
  custom_fields?.[id]?.value

/** The texts that `search` goes through. */
export class ContactTexts implements Column {
  readonly texts = new Texts()

  get bytes(): number {
    return this.texts.bytes
  }

  put(slot: number, { company_name, email, phone_number, first_name, last_name }: IndexedLead): void {
    this.texts.put(slot, [company_name, email, phone_number, first_name, last_name])
  }
}

/** A custom field of texts. */
export class FieldTexts implements Column {
  readonly texts = new Texts()
  readonly #id: number

  constructor(id: number) {
    this.#id = id
  }

  get bytes(): number {
    return this.texts.bytes
  }

  put(slot: number, lead: IndexedLead): void {
    const value = held(lead, this.#id)
    this.texts.put(slot, typeof value === 'string' ? [value] : [])
  }
}

/** A custom field of options, one or several, or of yes and no. */
export class FieldOptions implements Column {
  readonly keyed = new Keyed()
  readonly #id: number

  constructor(id: number) {
    this.#id = id
  }

  get bytes(): number {
    return this.keyed.bytes
  }

  put(slot: number, lead: IndexedLead): void {
    const value = held(lead, this.#id)
    if (typeof value === 'object') this.keyed.put(slot, value)
    else this.keyed.put(slot, value === undefined ? [] : [Number(value)])
  }
}

/**
 * A custom field of values that are the same or not, mostly different ones: a number each, and slots of the same hash in a
 * chain.
 */
export class FieldValues implements Column {
  #numbers: Float64Array = new Float64Array(0)
  /** The first slot of each chain, and one more; 0 where there is none. */
  #heads: Uint32Array = new Uint32Array(0)
  /** The slots behind and before a slot in its chain, in the same way. */
  #next: Uint32Array = new Uint32Array(0)
  #previous: Uint32Array = new Uint32Array(0)
  readonly #id: number

  constructor(id: number) {
    this.#id = id
  }

  get bytes(): number {
    const { byteLength } = this.#numbers
    return byteLength + this.#heads.byteLength + this.#next.byteLength + this.#previous.byteLength
  }

  put(slot: number, lead: IndexedLead): void {
    if (slot >= this.#numbers.length) this.#enlarge(slot + 1)
    const number = asNumber(held(lead, this.#id))
    if (Object.is(this.#numbers[slot], number)) return
    this.#unlink(slot)
    this.#numbers[slot] = number
    this.#link(slot)
  }

  /** The slots that have the value, as bits. */
  find(value: string | number, slots: number): Uint32Array {
    const sought = asNumber(value)
    const words = new Uint32Array(wordsFor(slots))
    let slot = (this.#heads[this.#chainOf(sought)] ?? 0) - 1
    for (; slot >= 0; slot = (this.#next[slot] ?? 0) - 1) {
      if (this.#numbers[slot] === sought) setBit(words, slot)
    }
    return words
  }

  #enlarge(slots: number): void {
    const before = this.#numbers.length
    const numbers = new Float64Array(Math.max(64, 2 ** Math.ceil(Math.log2(slots)))).fill(Number.NaN)
    numbers.set(this.#numbers)
    this.#numbers = numbers
    this.#heads = new Uint32Array(numbers.length)
    this.#next = new Uint32Array(numbers.length)
    this.#previous = new Uint32Array(numbers.length)
    for (let slot = 0; slot < before; slot += 1) this.#link(slot)
  }

  #chainOf(number: number): number {
    double[0] = number
    const mixed = Math.imul((words32[0] ?? 0) ^ Math.imul(words32[1] ?? 0, 0x9e3779b1), 0x85ebca6b)
    return ((mixed ^ (mixed >>> 15)) >>> 0) & (this.#heads.length - 1)
  }

  #link(slot: number): void {
    const number = this.#numbers[slot] ?? Number.NaN
    if (Number.isNaN(number)) return
    const chain = this.#chainOf(number)
    const head = this.#heads[chain] ?? 0
    this.#heads[chain] = slot + 1
    this.#next[slot] = head
    this.#previous[slot] = 0
    if (head > 0) this.#previous[head - 1] = slot + 1
  }

  #unlink(slot: number): void {
    const number = this.#numbers[slot] ?? Number.NaN
    if (Number.isNaN(number)) return
    const [next, previous] = [this.#next[slot] ?? 0, this.#previous[slot] ?? 0]
    if (previous > 0) this.#next[previous - 1] = next
    else this.#heads[this.#chainOf(number)] = next
    if (next > 0) this.#previous[next - 1] = previous
  }
}

/** The bits of a number, to make its hash of. */
const double = new Float64Array(1)
const words32 = new Uint32Array(double.buffer)

/** One number for each value of a field: a text's is a hash of 53 bits. No number is itself, as NaN is no value. */
function asNumber(value: CustomValue['value'] | undefined): number {
  if (typeof value === 'string') return hashOf(value)
  return typeof value === 'number' ? value : Number.NaN
}

/** cyrb53, by its author in the public domain: two multiplicative hashes side by side. */
function hashOf(text: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    high = Math.imul(high ^ unit, 2654435761)
    low = Math.imul(low ^ unit, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return 4294967296 * (2097151 & low) + (high >>> 0)
}

/** What a condition's column is called. */
export function columnOf(
  condition: Extract<Condition, { kind: 'search' | 'field is' | 'field has' | 'field holds' }>,
): string {
  return condition.kind === 'search' ? condition.kind : `${condition.kind} ${condition.id}`
}

/** The column that a condition needs beside what every index has. */
export interface Needed {
  readonly name: string
  readonly columns: readonly (keyof IndexedLead)[]
  readonly make: () => Column
}

export function neededBy(condition: Condition): Needed | undefined {
  switch (condition.kind) {
    case 'search':
      return { name: columnOf(condition), columns: contactMembers, make: () => new ContactTexts() }
    case 'field is':
      return { name: columnOf(condition), columns: ['custom_fields'], make: () => new FieldValues(condition.id) }
    case 'field has':
      return { name: columnOf(condition), columns: ['custom_fields'], make: () => new FieldOptions(condition.id) }
    case 'field holds':
      return { name: columnOf(condition), columns: ['custom_fields'], make: () => new FieldTexts(condition.id) }
    default:
      return undefined
  }
}
