import { setImmediate as pause } from 'node:timers/promises'
import { smallLetters } from '../../kernel/small-letters.ts'
import { clearBit, grown, setBit, wordsFor } from './slot-set.ts'

/** Between texts, as no text holds it: a search never finds what begins in one and ends in the next. */
const border = '\0'
/** A piece of the texts, looked through in one turn: larger than any text, as none stands in two. */
const chunkBytes = 1024 * 1024
/** Searches whose findings are kept up to date, as pages of one search follow each other. */
const searchesMax = 16

/** Texts of slots in small letters, one behind the other: a search goes through all of them. */
export class Texts {
  #chunks: Buffer[] = []
  /** Of the last chunk. */
  #used = chunkBytes
  /** Of all chunks. */
  #dead = 0
  /** Where each entry begins, in all chunks together; they stand in this order. */
  #starts: Uint32Array = new Uint32Array(64)
  #lengths: Uint32Array = new Uint32Array(64)
  #owners: Uint32Array = new Uint32Array(64)
  #entries = 0
  /** A slot's entry, and one more; 0 when it has none. */
  #entryOf: Uint32Array = new Uint32Array(64)
  readonly #searches = new Map<string, Uint32Array>()

  get bytes(): number {
    const arrays = [this.#starts, this.#lengths, this.#owners, this.#entryOf, ...this.#searches.values()]
    return arrays.reduce((sum, { byteLength }) => sum + byteLength, this.#chunks.length * chunkBytes)
  }

  /** @param texts all that the slot has from now on */
  put(slot: number, texts: readonly (string | null | undefined)[]): void {
    const text = smallLetters(texts.filter(Boolean).join(border))
    this.#entryOf = grown(this.#entryOf, slot + 1)
    for (const [needle, words] of this.#searches) this.#mark(needle, words, slot, text.includes(needle))
    const written = text === '' ? nothing : this.#write(text)
    const entry = (this.#entryOf[slot] ?? 0) - 1
    if (entry >= 0) {
      const before = this.#entryBytes(entry)
      if (before.equals(written)) {
        written.fill(0) // behind all entries nothing may be found
        return
      }
      before.fill(0)
      this.#dead += before.length
    }
    if (text === '') this.#entryOf[slot] = 0
    else this.#keep(slot, written.length)
    if (this.#dead > chunkBytes && this.#dead > (this.#chunks.length * chunkBytes) / 2) this.#compact()
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
    let entry = 0
    for (const [number, chunk] of this.#chunks.entries()) {
      if (number > 0) await pause()
      signal?.throwIfAborted()
      const begin = number * chunkBytes
      for (let from = 0; from < chunkBytes; from = (this.#starts[entry] ?? 0) + (this.#lengths[entry] ?? 0) - begin) {
        const found = chunk.indexOf(sought, from)
        if (found < 0) break
        entry = this.#entryAt(begin + found, entry)
        setBit(words, this.#owners[entry] ?? 0)
      }
    }
    return words
  }

  /** The entry that holds a byte, by ever longer steps from one that is not behind it. */
  #entryAt(byte: number, from: number): number {
    let low = from
    let step = 1
    while (low + step < this.#entries && (this.#starts[low + step] ?? 0) <= byte) {
      low += step
      step *= 2
    }
    let high = Math.min(low + step, this.#entries)
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] ?? 0) <= byte) low = middle
      else high = middle
    }
    return low
  }

  #entryBytes(entry: number): Buffer {
    const start = this.#starts[entry] ?? 0
    const from = start % chunkBytes
    return (this.#chunks[Math.floor(start / chunkBytes)] ?? nothing).subarray(from, from + (this.#lengths[entry] ?? 0))
  }

  /** Writes behind all entries, and does not keep it yet. */
  #write(text: string): Buffer {
    if (this.#used + text.length * 3 > chunkBytes) {
      this.#chunks.push(Buffer.alloc(chunkBytes))
      this.#used = 0
    }
    const chunk = this.#chunks.at(-1) ?? nothing
    return chunk.subarray(this.#used, this.#used + chunk.write(text, this.#used))
  }

  /** Keeps what was written behind all entries; a border follows. */
  #keep(slot: number, length: number): void {
    this.#starts = grown(this.#starts, this.#entries + 1)
    this.#lengths = grown(this.#lengths, this.#entries + 1)
    this.#owners = grown(this.#owners, this.#entries + 1)
    this.#starts[this.#entries] = (this.#chunks.length - 1) * chunkBytes + this.#used
    this.#lengths[this.#entries] = length
    this.#owners[this.#entries] = slot
    this.#entries += 1
    this.#entryOf[slot] = this.#entries
    this.#used += length
    const chunk = this.#chunks.at(-1)
    if (chunk !== undefined && this.#used < chunkBytes) chunk[this.#used] = 0
    this.#used += 1
  }

  #mark(needle: string, words: Uint32Array, slot: number, holds: boolean): void {
    const room = grown(words, (slot >>> 5) + 1)
    if (room !== words) this.#searches.set(needle, room)
    if (holds) setBit(room, slot)
    else clearBit(room, slot)
  }

  /** Leaves out what is dead. What is read lies never before what is written. */
  #compact(): void {
    const before = this.#chunks
    const count = this.#entries
    this.#chunks = []
    this.#used = chunkBytes
    this.#dead = 0
    this.#entries = 0
    for (let entry = 0; entry < count; entry += 1) {
      const slot = this.#owners[entry] ?? 0
      if (this.#entryOf[slot] !== entry + 1) continue
      const start = this.#starts[entry] ?? 0
      const length = this.#lengths[entry] ?? 0
      const from = start % chunkBytes
      if (this.#used + length > chunkBytes) {
        this.#chunks.push(Buffer.alloc(chunkBytes))
        this.#used = 0
      }
      const chunk = before[Math.floor(start / chunkBytes)] ?? nothing
      chunk.copy(this.#chunks.at(-1) ?? nothing, this.#used, from, from + length)
      this.#keep(slot, length)
    }
  }
}

const nothing = Buffer.alloc(0)
