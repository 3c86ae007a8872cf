import { contactMembers, sources, statuses } from '../../contract/lead-members.ts'
import type { Condition, FilledKey, NumberKey, OrderEntry, TextKey } from '../lead-list.ts'
import type { CustomValue } from '../payload.ts'
import type { Column, IndexedLead } from './column.ts'
import { Keyed } from './keyed.ts'
import { setBit, wordsFor } from './slot-set.ts'
import { Numbers, SortTexts } from './sort-keys.ts'
import { Texts } from './texts.ts'

const held = ({ custom_fields }: IndexedLead, id: number): CustomValue['value'] | undefined =>
  custom_fields?.[id]?.value

/** Texts that are looked through for others. */
export class TextsColumn implements Column {
  readonly texts = new Texts()
  readonly #read: (lead: IndexedLead) => readonly (string | null | undefined)[]

  constructor(read: (lead: IndexedLead) => readonly (string | null | undefined)[]) {
    this.#read = read
  }

  get bytes(): number {
    return this.texts.bytes
  }

  put(slot: number, lead: IndexedLead): boolean {
    this.texts.put(slot, this.#read(lead))
    return true
  }
}

/** Sets of slots by what leads have one of, or several: options, yes and no, a user. */
export class KeysColumn implements Column {
  readonly keyed = new Keyed()
  readonly #read: (lead: IndexedLead) => readonly number[]

  constructor(read: (lead: IndexedLead) => readonly number[]) {
    this.#read = read
  }

  get bytes(): number {
    return this.keyed.bytes
  }

  put(slot: number, lead: IndexedLead): boolean {
    this.keyed.put(slot, this.#read(lead))
    return true
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

  put(slot: number, lead: IndexedLead): boolean {
    if (slot >= this.#numbers.length) this.#enlarge(slot + 1)
    const number = asNumber(held(lead, this.#id))
    if (Object.is(this.#numbers[slot], number)) return false
    this.#unlink(slot)
    this.#numbers[slot] = number
    this.#link(slot)
    return true
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

/** The column that a condition or an order needs beside what every index has. */
export interface Needed {
  readonly name: string
  /** What it is made of, beside what every index reads. */
  readonly columns: readonly (keyof IndexedLead)[]
  readonly make: () => Column
}

const sourceNames: readonly string[] = sources

/** The key of a source among those that there are. */
export const sourceKey = (source: string): number => sourceNames.indexOf(source)

/** The one key of sets that tell only whether a lead has something. */
export const filledKey = 1

/** Of a condition that holds unless another does, that of the other. */
export function neededBy(condition: Condition): Needed | undefined {
  switch (condition.kind) {
    case 'search': {
      const texts = (lead: IndexedLead) => contactMembers.map((member) => lead[member])
      return { name: 'search', columns: contactMembers, make: () => new TextsColumn(texts) }
    }
    case 'holds': {
      const { member } = condition
      return { name: `holds ${member}`, columns: [member], make: () => new TextsColumn((lead) => [lead[member]]) }
    }
    case 'field is':
      return ofField(`is ${condition.id}`, () => new FieldValues(condition.id))
    case 'field has':
      return ofField(`has ${condition.id}`, () => new KeysColumn((lead) => optionsIn(held(lead, condition.id))))
    case 'field holds':
      return ofField(`holds ${condition.id}`, () => new TextsColumn((lead) => [textIn(held(lead, condition.id))]))
    case 'filled':
      return filledColumn(condition.of)
    case 'source': {
      const read = ({ source = '' }: IndexedLead) => [sourceKey(source)]
      return { name: 'source', columns: ['source'], make: () => new KeysColumn(read) }
    }
    case 'created by': {
      const read = ({ created_by_user_id: user }: IndexedLead) => (typeof user === 'number' ? [user] : [])
      return { name: 'created by', columns: ['created_by_user_id'], make: () => new KeysColumn(read) }
    }
    case 'within':
      return numbersColumn(condition.of)
    case 'not':
      return neededBy(condition.condition)
    default:
      return undefined
  }
}

/** What an entry of an order needs. */
export const neededToSort = ({ by }: OrderEntry): Needed =>
  by.kind === 'number' ? numbersColumn(by.of) : sortTextsColumn(by.of)

const ofField = (name: string, make: () => Column): Needed => ({ name, columns: ['custom_fields'], make })

export function numbersColumn(of: NumberKey): Needed {
  const name = `number ${of}`
  if (typeof of === 'number') return ofField(name, () => new Numbers((lead) => numberIn(held(lead, of))))
  const read = (lead: IndexedLead): number => (of === 'status' ? statuses.indexOf(lead.status) : lead[of])
  return { name, columns: [], make: () => new Numbers(read) }
}

function sortTextsColumn(of: TextKey): Needed {
  const name = `text ${of}`
  if (typeof of === 'number') return ofField(name, () => new SortTexts((lead) => textIn(held(lead, of))))
  if (of !== 'name') return { name, columns: [of], make: () => new SortTexts((lead) => lead[of]) }
  const read = ({ last_name, first_name }: IndexedLead) => [last_name, first_name].filter(Boolean).join(' ')
  return { name, columns: ['last_name', 'first_name'], make: () => new SortTexts(read) }
}

function filledColumn(of: FilledKey): Needed | undefined {
  const make = (has: (lead: IndexedLead) => boolean) => () => new KeysColumn((lead) => (has(lead) ? [filledKey] : []))
  const name = `filled ${of}`
  if (typeof of === 'number')
    return ofField(
      name,
      make((lead) => held(lead, of) !== undefined),
    )
  if (of === 'tags') return { name, columns: [], make: make(({ tags }) => tags.length > 0) }
  if (of === 'users') return { name, columns: [], make: make(({ assigned_users: users }) => users.length > 0) }
  return { name, columns: [of], make: make((lead) => typeof lead[of] === 'string') }
}

const textIn = (value: CustomValue['value'] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined

const optionsIn = (value: CustomValue['value'] | undefined): readonly number[] =>
  typeof value === 'object' ? value : value === undefined ? [] : [Number(value)]

/** Days at their midnight in UTC, times in Unix ms, no before yes, options by their numbers: of several the first. */
function numberIn(value: CustomValue['value'] | undefined): number {
  if (value === undefined) return Number.NaN
  if (typeof value === 'string') return Date.parse(value)
  return typeof value === 'object' ? Math.min(...value) : Number(value)
}
