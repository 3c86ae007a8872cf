import type { KeyValue } from '../lead-list.ts'
import type { Column, IndexedLead } from './column.ts'
import { grown, setBit, wordsFor } from './slot-set.ts'

/** What slots are sorted by. */
export interface SortKeys extends Column {
  /** @param sign −1 turns the order round; slots without a value come last all the same */
  compare(left: number, right: number, sign: 1 | -1): number
  /** As `compare`, of a slot and a value that some slot has or had. */
  compareTo(slot: number, value: KeyValue, sign: 1 | -1): number
  /** The slot's value; null when it has none. */
  valueOf(slot: number): KeyValue
}

/** A number for each slot: a time, a rank, an amount. NaN is none. */
export class Numbers implements SortKeys {
  #numbers: Float64Array = new Float64Array(0)
  #used = 0
  readonly #read: (lead: IndexedLead) => number

  /** @param read NaN when the lead has no value */
  constructor(read: (lead: IndexedLead) => number) {
    this.#read = read
  }

  get bytes(): number {
    return this.#numbers.byteLength
  }

  put(slot: number, lead: IndexedLead): boolean {
    this.#numbers = grown(this.#numbers, slot + 1)
    // Slots come in any order to a column that is made later; those between have no value.
    if (slot > this.#used) this.#numbers.fill(Number.NaN, this.#used, slot)
    this.#used = Math.max(this.#used, slot + 1)
    const number = this.#read(lead)
    if (Object.is(this.#numbers[slot], number)) return false
    this.#numbers[slot] = number
    return true
  }

  compare(left: number, right: number, sign: 1 | -1): number {
    return compareNumbers(this.#at(left), this.#at(right), sign)
  }

  compareTo(slot: number, value: KeyValue, sign: 1 | -1): number {
    return compareNumbers(this.#at(slot), typeof value === 'number' ? value : Number.NaN, sign)
  }

  valueOf(slot: number): number | null {
    const number = this.#at(slot)
    return Number.isNaN(number) ? null : number
  }

  /** The slots whose number is neither less nor more, as bits. */
  within(min: number, max: number, slots: number): Uint32Array {
    const words = new Uint32Array(wordsFor(slots))
    const end = Math.min(slots, this.#used)
    for (let slot = 0; slot < end; slot += 1) {
      const number = this.#numbers[slot] ?? Number.NaN
      if (number >= min && number <= max) setBit(words, slot)
    }
    return words
  }

  #at(slot: number): number {
    return slot < this.#used ? (this.#numbers[slot] ?? Number.NaN) : Number.NaN
  }
}

function compareNumbers(left: number, right: number, sign: 1 | -1): number {
  if (left < right) return -sign
  if (left > right) return sign
  if (left === right) return 0
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right))
}

/** Code points of a text that its order goes by. */
const keyMax = 255
/** Letters with a stroke or of two, which do not come apart into a letter and a mark. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ı: 'i',
  þ: 'th',
}

/**
 * What a text is sorted by, code point by code point: its first 255, in small letters without their marks, so that
 * "Ärzte" stands where "arzte" does. The rule knows no language and no version of a library's tables.
 *
 * @see docs/behaviour.md §17 Lists of leads
 */
export function foldedText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: most texts are ASCII and need no folding
  if (/^[\x00-\x7f]*$/.test(text)) return text.slice(0, keyMax).toLowerCase()
  const begin = [...text.slice(0, 2 * keyMax)].slice(0, keyMax).join('')
  return begin
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøđðłıþ]/g, (letter) => letters[letter] ?? letter)
}

/** A folded text for each slot: UTF-8, one behind the other, whose bytes have the order of their code points. */
export class SortTexts implements SortKeys {
  #bytes: Uint8Array = new Uint8Array(1024)
  #used = 0
  /** Bytes that no slot has any more. */
  #dead = 0
  #starts: Uint32Array = new Uint32Array(0)
  /** 0 where a slot has no text. */
  #lengths: Uint32Array = new Uint32Array(0)
  readonly #read: (lead: IndexedLead) => string | null | undefined

  constructor(read: (lead: IndexedLead) => string | null | undefined) {
    this.#read = read
  }

  get bytes(): number {
    return this.#bytes.byteLength + this.#starts.byteLength + this.#lengths.byteLength
  }

  put(slot: number, lead: IndexedLead): boolean {
    this.#starts = grown(this.#starts, slot + 1)
    this.#lengths = grown(this.#lengths, slot + 1)
    const text = Buffer.from(foldedText(this.#read(lead) ?? ''))
    const [start, length] = [this.#starts[slot] ?? 0, this.#lengths[slot] ?? 0]
    if (text.equals(this.#bytes.subarray(start, start + length))) return false
    this.#dead += length
    if (text.length > length) {
      this.#bytes = grown(this.#bytes, this.#used + text.length)
      this.#starts[slot] = this.#used
      this.#used += text.length
    } else this.#dead -= text.length
    this.#bytes.set(text, this.#starts[slot] ?? 0)
    this.#lengths[slot] = text.length
    if (this.#dead > deadMax && this.#dead > this.#used / 2) this.#compact()
    return true
  }

  compare(left: number, right: number, sign: 1 | -1): number {
    const [leftLength, rightLength] = [this.#lengths[left] ?? 0, this.#lengths[right] ?? 0]
    if (leftLength === 0 || rightLength === 0) return Number(leftLength === 0) - Number(rightLength === 0)
    const bytes = this.#bytes
    let [at, other] = [this.#starts[left] ?? 0, this.#starts[right] ?? 0]
    for (const end = at + Math.min(leftLength, rightLength); at < end; at += 1, other += 1) {
      const difference = (bytes[at] ?? 0) - (bytes[other] ?? 0)
      if (difference !== 0) return sign * difference
    }
    return sign * (leftLength - rightLength)
  }

  compareTo(slot: number, value: KeyValue, sign: 1 | -1): number {
    const [mine, other] = [this.#textOf(slot), Buffer.from(typeof value === 'string' ? value : '')]
    if (mine.length === 0 || other.length === 0) return Number(mine.length === 0) - Number(other.length === 0)
    return sign * Buffer.compare(mine, other)
  }

  valueOf(slot: number): string | null {
    const text = this.#textOf(slot)
    return text.length === 0 ? null : Buffer.from(text).toString()
  }

  #textOf(slot: number): Uint8Array {
    const start = this.#starts[slot] ?? 0
    return this.#bytes.subarray(start, start + (this.#lengths[slot] ?? 0))
  }

  #compact(): void {
    const bytes = new Uint8Array(this.#used - this.#dead + 1024)
    let used = 0
    for (let slot = 0; slot < this.#starts.length; slot += 1) {
      const text = this.#textOf(slot)
      bytes.set(text, used)
      this.#starts[slot] = used
      used += text.length
    }
    this.#bytes = bytes
    this.#used = used
    this.#dead = 0
  }
}

/** Bytes that may be dead whatever the rest is. */
const deadMax = 1024 * 1024
