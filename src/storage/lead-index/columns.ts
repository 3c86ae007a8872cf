import { contactMembers } from '../../contract/leads.ts'
import type { Condition } from '../lead-list.ts'
import type { CustomValue, Row } from '../tables.ts'
import { Keyed } from './keyed.ts'
import { grown, wordsFor } from './slot-set.ts'
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

/** A custom field of several options. */
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
    this.keyed.put(slot, typeof value === 'object' ? value : [])
  }
}

/** A custom field whose values are the same or not: a number each. */
export class FieldValues implements Column {
  #numbers: Float64Array = new Float64Array(64).fill(Number.NaN)
  readonly #id: number

  constructor(id: number) {
    this.#id = id
  }

  get bytes(): number {
    return this.#numbers.byteLength
  }

  put(slot: number, lead: IndexedLead): void {
    const before = this.#numbers.length
    this.#numbers = grown(this.#numbers, slot + 1)
    if (this.#numbers.length > before) this.#numbers.fill(Number.NaN, before)
    this.#numbers[slot] = asNumber(held(lead, this.#id))
  }

  /** The slots that have the value, as bits. */
  find(value: string | number | boolean, slots: number): Uint32Array {
    const sought = asNumber(value)
    const words = new Uint32Array(wordsFor(slots))
    const count = Math.min(slots, this.#numbers.length)
    for (let slot = 0; slot < count; slot += 1) {
      if (this.#numbers[slot] === sought) words[slot >>> 5] = (words[slot >>> 5] ?? 0) | (1 << (slot & 31))
    }
    return words
  }
}

/** One number for each value of a field: a text's is a hash of 53 bits. No number is itself, as NaN is no value. */
function asNumber(value: CustomValue['value'] | undefined): number {
  if (typeof value === 'string') return hashOf(value)
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN
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

/** The column that a condition needs beside what every index has. */
export interface Needed {
  readonly name: string
  readonly columns: readonly (keyof IndexedLead)[]
  readonly make: () => Column
}

export function neededBy(condition: Condition): Needed | undefined {
  switch (condition.kind) {
    case 'search':
      return { name: 'texts', columns: contactMembers, make: () => new ContactTexts() }
    case 'field is':
      return { name: `is ${condition.id}`, columns: ['custom_fields'], make: () => new FieldValues(condition.id) }
    case 'field has':
      return { name: `has ${condition.id}`, columns: ['custom_fields'], make: () => new FieldOptions(condition.id) }
    case 'field holds':
      return { name: `holds ${condition.id}`, columns: ['custom_fields'], make: () => new FieldTexts(condition.id) }
    default:
      return undefined
  }
}
