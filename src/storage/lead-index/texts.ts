import { setImmediate as pause } from 'node:timers/promises'
import { grown, wordsFor } from './slot-set.ts'

/** Between texts, as no text holds it: a search never finds what begins in one and ends in the next. */
const border = '\0'
/** Entries that are looked through in one turn. */
const entriesATurn = 20_000
/** Searches whose findings are kept up to date, as pages of one search follow each other. */
const searchesMax = 16

/** Texts of slots in small letters, one behind the other in one buffer: a search goes through all of them. */
export class Texts {
  #bytes: Buffer = Buffer.alloc(256)
  #used = 0
  #dead = 0
  /** Where each entry begins; they stand in this order. */
  #starts: Uint32Array = new Uint32Array(64)
  #owners: Uint32Array = new Uint32Array(64)
  #entries = 0
  /** A slot's entry, and one more; 0 when it has none. */
  #entryOf: Uint32Array = new Uint32Array(64)
  readonly #searches = new Map<string, Uint32Array>()

  get bytes(): number {
    let searches = 0
    for (const words of this.#searches.values()) searches += words.byteLength
    return this.#bytes.length + this.#starts.byteLength + this.#owners.byteLength + this.#entryOf.byteLength + searches
  }

  /** @param texts all that the slot has from now on */
  put(slot: number, texts: readonly (string | null | undefined)[]): void {
    const text = texts.filter(Boolean).join(border).toLowerCase()
    this.#entryOf = grown(this.#entryOf, slot + 1)
    for (const [needle, words] of this.#searches) this.#mark(needle, words, slot, text.includes(needle))
    const end = this.#write(text)
    const entry = (this.#entryOf[slot] ?? 0) - 1
    if (entry >= 0) {
      const [from, to] = [this.#starts[entry] ?? 0, this.#endOf(entry)]
      if (this.#bytes.compare(this.#bytes, this.#used, end, from, to) === 0) return
      this.#bytes.fill(0, from, to)
      this.#dead += to - from
    }
    if (text === '') this.#entryOf[slot] = 0
    else {
      this.#starts = grown(this.#starts, this.#entries + 1)
      this.#owners = grown(this.#owners, this.#entries + 1)
      this.#starts[this.#entries] = this.#used
      this.#owners[this.#entries] = slot
      this.#entries += 1
      this.#entryOf[slot] = this.#entries
      this.#used = end
    }
    if (this.#dead > 1024 * 1024 && this.#dead > this.#used / 2) this.#compact()
  }

  /**
   * The slots whose texts hold another, as bits.
   *
   * @param needle in small letters, not empty
   * @param slots how many there are
   * @throws the signal's reason
   */
  async find(needle: string, slots: number, signal: AbortSignal | undefined): Promise<Uint32Array> {
    const known = this.#searches.get(needle)
    this.#searches.delete(needle)
    const words = known === undefined ? await this.#search(needle, slots, signal) : grown(known, wordsFor(slots))
    this.#searches.set(needle, words)
    const [oldest] = this.#searches.keys()
    if (this.#searches.size > searchesMax && oldest !== undefined) this.#searches.delete(oldest)
    return words
  }

  async #search(needle: string, slots: number, signal: AbortSignal | undefined): Promise<Uint32Array> {
    const words = new Uint32Array(wordsFor(slots))
    const sought = Buffer.from(needle)
    for (let first = 0; first < this.#entries; first += entriesATurn) {
      if (first > 0) await pause()
      signal?.throwIfAborted()
      this.#look(sought, first, Math.min(first + entriesATurn, this.#entries), words)
    }
    return words
  }

  #look(sought: Buffer, first: number, behind: number, words: Uint32Array): void {
    const window = this.#bytes.subarray(0, this.#endOf(behind - 1))
    let entry = first
    for (let from = this.#starts[first] ?? 0; ; ) {
      const found = window.indexOf(sought, from)
      if (found < 0) return
      entry = this.#entryAt(found, entry, behind)
      const slot = this.#owners[entry] ?? 0
      words[slot >>> 5] = (words[slot >>> 5] ?? 0) | (1 << (slot & 31))
      from = this.#endOf(entry)
      if (from >= window.length) return
    }
  }

  /** The entry that holds a byte, by ever longer steps from one that is not behind it. */
  #entryAt(byte: number, from: number, behind: number): number {
    let low = from
    let step = 1
    while (low + step < behind && (this.#starts[low + step] ?? 0) <= byte) {
      low += step
      step *= 2
    }
    let high = Math.min(low + step, behind)
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] ?? 0) <= byte) low = middle
      else high = middle
    }
    return low
  }

  #endOf(entry: number): number {
    return entry + 1 < this.#entries ? (this.#starts[entry + 1] ?? 0) : this.#used
  }

  /** Writes behind all entries; tells where it ends. */
  #write(text: string): number {
    const most = this.#used + text.length * 3 + 1
    if (most > this.#bytes.length) {
      const larger = Buffer.alloc(Math.ceil(most * 1.3))
      this.#bytes.copy(larger, 0, 0, this.#used)
      this.#bytes = larger
    }
    const end = this.#used + this.#bytes.write(text, this.#used)
    this.#bytes[end] = 0
    return end + 1
  }

  #mark(needle: string, words: Uint32Array, slot: number, holds: boolean): void {
    const place = slot >>> 5
    const room = place < words.length ? words : grown(words, place + 1)
    if (room !== words) this.#searches.set(needle, room)
    const bit = 1 << (slot & 31)
    room[place] = holds ? (room[place] ?? 0) | bit : (room[place] ?? 0) & ~bit
  }

  #compact(): void {
    const bytes = Buffer.alloc(Math.ceil((this.#used - this.#dead) * 1.1) + 256)
    let used = 0
    let entries = 0
    for (let entry = 0; entry < this.#entries; entry += 1) {
      const slot = this.#owners[entry] ?? 0
      if (this.#entryOf[slot] !== entry + 1) continue
      const [from, to] = [this.#starts[entry] ?? 0, this.#endOf(entry)]
      this.#bytes.copy(bytes, used, from, to)
      // What is read lies never before what is written.
      this.#starts[entries] = used
      this.#owners[entries] = slot
      entries += 1
      this.#entryOf[slot] = entries
      used += to - from
    }
    this.#bytes = bytes
    this.#used = used
    this.#dead = 0
    this.#entries = entries
  }
}
