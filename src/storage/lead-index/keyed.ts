import { grown, SlotSet } from './slot-set.ts'

/**
 * Which slots have which keys, both ways: a set of slots for each key, and for each slot the keys that it has, so that a
 * change touches only what differs.
 */
export class Keyed {
  readonly #numbers = new Map<number, number>()
  readonly #sets: SlotSet[] = []
  /** Lists one behind the other: how many, then the numbers of the sets. */
  #lists: Uint32Array = new Uint32Array(64)
  #used = 0
  /** Entries of lists that no slot has any more. */
  #dead = 0
  /** Where a slot's list stands, and one more; 0 when it has none. */
  #places: Uint32Array = new Uint32Array(64)

  get bytes(): number {
    const sets = this.#sets.reduce((sum, { bytes }) => sum + bytes, 0)
    return sets + this.#lists.byteLength + this.#places.byteLength
  }

  /** Slots that have the key. */
  of(key: number): SlotSet | undefined {
    const number = this.#numbers.get(key)
    return number === undefined ? undefined : this.#sets[number]
  }

  /** How many slots in `words` have each key, without keys that none of them has. */
  *countsIn(words: Uint32Array): Generator<readonly [key: number, count: number]> {
    for (const [key, number] of this.#numbers) {
      const count = this.#sets[number]?.countIn(words) ?? 0
      if (count > 0) yield [key, count]
    }
  }

  /** @param keys all that the slot has from now on, each once */
  put(slot: number, keys: readonly number[]): void {
    const numbers = keys.map((key) => this.#numberOf(key))
    this.#places = grown(this.#places, slot + 1)
    const place = this.#places[slot] ?? 0
    const count = place === 0 ? 0 : (this.#lists[place - 1] ?? 0)
    let kept = 0
    for (let at = place; at < place + count; at += 1) {
      const number = this.#lists[at] ?? 0
      if (numbers.includes(number)) kept += 1
      else this.#sets[number]?.delete(slot)
    }
    if (kept === count && count === numbers.length) return
    for (const number of numbers) this.#sets[number]?.add(slot)
    this.#keep(slot, place, count, numbers)
  }

  #numberOf(key: number): number {
    const present = this.#numbers.get(key)
    if (present !== undefined) return present
    const number = this.#sets.push(new SlotSet()) - 1
    this.#numbers.set(key, number)
    return number
  }

  #keep(slot: number, place: number, count: number, numbers: readonly number[]): void {
    let at = place - 1
    if (place === 0 || numbers.length > count) {
      if (place !== 0) this.#dead += count + 1
      at = this.#used
      this.#lists = grown(this.#lists, at + numbers.length + 1)
      this.#used += numbers.length + 1
      this.#places[slot] = at + 1
    } else this.#dead += count - numbers.length
    this.#lists[at] = numbers.length
    this.#lists.set(numbers, at + 1)
    if (this.#dead > 100_000 && this.#dead > this.#used / 2) this.#compact()
  }

  #compact(): void {
    const lists = new Uint32Array(this.#used - this.#dead + 64)
    let used = 0
    for (let slot = 0; slot < this.#places.length; slot += 1) {
      const place = this.#places[slot] ?? 0
      if (place === 0) continue
      const length = (this.#lists[place - 1] ?? 0) + 1
      lists.set(this.#lists.subarray(place - 1, place - 1 + length), used)
      this.#places[slot] = used + 1
      used += length
    }
    this.#lists = lists
    this.#used = used
    this.#dead = 0
  }
}
