/** The same values with room for more: at least `length`, and by half more than before, so that growing stays rare. */
export function grown<T extends Float64Array | Uint32Array | Uint8Array>(values: T, length: number): T {
  if (length <= values.length) return values
  const larger = new (values.constructor as new (length: number) => T)(
    Math.max(length, Math.ceil(values.length * 1.5), 64),
  )
  larger.set(values)
  return larger
}

/** How many words of bits hold so many slots. */
export const wordsFor = (slots: number): number => Math.ceil(slots / 32)

/** Whether a slot's bit is set. */
export const hasBit = (words: Uint32Array, slot: number): boolean =>
  ((words[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0

/** Sets a slot's bit, in words that have room for it. */
export function setBit(words: Uint32Array, slot: number): void {
  words[slot >>> 5] = (words[slot >>> 5] ?? 0) | (1 << (slot & 31))
}

/** Takes a slot's bit away. */
export function clearBit(words: Uint32Array, slot: number): void {
  words[slot >>> 5] = (words[slot >>> 5] ?? 0) & ~(1 << (slot & 31))
}

/** Sets beyond so many members, and beyond a 32nd of all slots, are kept as bits: from there on they are smaller. */
const fewMax = 64

/** A set of slots, small numbers from 0: sorted numbers while it has few of them, bits when it has many. */
export class SlotSet {
  #few: Uint32Array | undefined = new Uint32Array(4)
  #bits: Uint32Array = new Uint32Array(0)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** In memory; about. */
  get bytes(): number {
    return (this.#few ?? this.#bits).byteLength + 100
  }

  has(slot: number): boolean {
    if (this.#few === undefined) return hasBit(this.#bits, slot)
    const place = this.#placeOf(this.#few, slot)
    return place < this.#size && this.#few[place] === slot
  }

  add(slot: number): void {
    if (this.#few === undefined) {
      if (hasBit(this.#bits, slot)) return
      this.#bits = grown(this.#bits, (slot >>> 5) + 1)
      setBit(this.#bits, slot)
      this.#size += 1
      return
    }
    const place = this.#placeOf(this.#few, slot)
    if (place < this.#size && this.#few[place] === slot) return
    this.#few = grown(this.#few, this.#size + 1)
    this.#few.copyWithin(place + 1, place, this.#size)
    this.#few[place] = slot
    this.#size += 1
    if (this.#size > fewMax && this.#size > (this.#few[this.#size - 1] ?? 0) / 32) this.#toBits(this.#few)
  }

  delete(slot: number): void {
    if (this.#few === undefined) {
      if (!hasBit(this.#bits, slot)) return
      clearBit(this.#bits, slot)
      this.#size -= 1
      return
    }
    const place = this.#placeOf(this.#few, slot)
    if (place === this.#size || this.#few[place] !== slot) return
    this.#few.copyWithin(place, place + 1, this.#size)
    this.#size -= 1
  }

  /** Sets its members' bits in words that have room for every slot. */
  addTo(words: Uint32Array): void {
    if (this.#few === undefined) {
      const count = Math.min(this.#bits.length, words.length)
      for (let at = 0; at < count; at += 1) words[at] = (words[at] ?? 0) | (this.#bits[at] ?? 0)
      return
    }
    for (let at = 0; at < this.#size; at += 1) setBit(words, this.#few[at] ?? 0)
  }

  /** How many of its members are in words that have room for every slot. */
  countIn(words: Uint32Array): number {
    let count = 0
    if (this.#few === undefined) {
      const length = Math.min(this.#bits.length, words.length)
      for (let at = 0; at < length; at += 1) {
        const word = (words[at] ?? 0) & (this.#bits[at] ?? 0)
        if (word !== 0) count += bitsIn(word)
      }
      return count
    }
    for (let at = 0; at < this.#size; at += 1) if (hasBit(words, this.#few[at] ?? 0)) count += 1
    return count
  }

  /** Where a slot stands, or would stand. */
  #placeOf(few: Uint32Array, slot: number): number {
    let low = 0
    let high = this.#size
    if (high === 0 || (few[high - 1] ?? 0) < slot) return high // most come in their order
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((few[middle] ?? 0) < slot) low = middle + 1
      else high = middle
    }
    return low
  }

  #toBits(few: Uint32Array): void {
    const last = few[this.#size - 1] ?? 0
    const bits = new Uint32Array(Math.ceil(wordsFor(last + 1) * 1.1))
    this.addTo(bits)
    this.#bits = bits
    this.#few = undefined
  }
}

/** How many bits of a word are set. */
export function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

export function countOf(words: Uint32Array): number {
  let count = 0
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? 0
    if (word !== 0) count += bitsIn(word)
  }
  return count
}

/** What is not in `words`. */
export const complement = (words: Uint32Array): Uint32Array => words.map((word) => ~word)

/** Leaves in `words` what is in both. */
export function intersect(words: Uint32Array, other: Uint32Array): void {
  for (let at = 0; at < words.length; at += 1) words[at] = (words[at] ?? 0) & (other[at] ?? 0)
}
