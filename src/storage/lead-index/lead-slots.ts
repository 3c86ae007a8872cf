import { grown } from './slot-set.ts'

/** A slot for each lead, a small number: in the order in which leads were made, where they come in it. */
export class LeadSlots {
  #count = 0
  #ids: Float64Array = new Float64Array(64)
  #createdAt: Float64Array = new Float64Array(64)
  /** A slot and one more, at the place of its lead's id; open addressing. */
  #table: Uint32Array = new Uint32Array(256)
  /** Slots by time and id, once they did not come in this order. */
  #order: Uint32Array | undefined

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    const { byteLength } = this.#ids
    return byteLength + this.#createdAt.byteLength + this.#table.byteLength + (this.#order?.byteLength ?? 0)
  }

  /** True while slots stand in the order of their places. */
  get inOrder(): boolean {
    return this.#order === undefined
  }

  /** The slot of a lead; undefined when it has none. */
  of(id: number): number | undefined {
    const slot = (this.#table[this.#placeOf(id)] ?? 0) - 1
    return slot < 0 ? undefined : slot
  }

  idOf(slot: number): number {
    return this.#ids[slot] ?? 0
  }

  createdAt(slot: number): number {
    return this.#createdAt[slot] ?? 0
  }

  /** Gives the next slot to a lead that has none. */
  append({ id, created_at: createdAt }: { readonly id: number; readonly created_at: number }): number {
    const slot = this.#count
    this.#count += 1
    this.#ids = grown(this.#ids, this.#count)
    this.#createdAt = grown(this.#createdAt, this.#count)
    this.#ids[slot] = id
    this.#createdAt[slot] = createdAt
    if (this.#count * 2 > this.#table.length) this.#enlargeTable()
    else this.#table[this.#placeOf(id)] = slot + 1
    this.#putInOrder(slot, createdAt, id)
    return slot
  }

  /** The slot at a place, from 0, the oldest first. */
  at(place: number): number {
    return this.#order === undefined ? place : (this.#order[place] ?? 0)
  }

  /** The first place whose lead is not older. */
  firstNotBefore(createdAt: number, id: number, places = this.#count): number {
    let low = 0
    let high = places
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#isBefore(this.at(middle), createdAt, id)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Newest first. */
  compare(left: number, right: number): number {
    return (
      (this.#createdAt[right] ?? 0) - (this.#createdAt[left] ?? 0) || (this.#ids[right] ?? 0) - (this.#ids[left] ?? 0)
    )
  }

  /** All slots, newest first. */
  newestFirst(): Uint32Array {
    return Uint32Array.from({ length: this.#count }, (_, at) => this.at(this.#count - 1 - at))
  }

  #putInOrder(slot: number, createdAt: number, id: number): void {
    const isLast = slot === 0 || this.#isBefore(this.at(slot - 1), createdAt, id)
    if (isLast && this.#order === undefined) return
    this.#order = grown(this.#order ?? Uint32Array.from({ length: slot }, (_, at) => at), slot + 1)
    const place = isLast ? slot : this.firstNotBefore(createdAt, id, slot)
    this.#order.copyWithin(place + 1, place, slot)
    this.#order[place] = slot
  }

  #isBefore(slot: number, createdAt: number, id: number): boolean {
    const at = this.#createdAt[slot] ?? 0
    return at < createdAt || (at === createdAt && (this.#ids[slot] ?? 0) < id)
  }

  #placeOf(id: number): number {
    const mask = this.#table.length - 1
    let place = (Math.imul(id, 0x9e3779b1) >>> 7) & mask
    for (;;) {
      const slot = (this.#table[place] ?? 0) - 1
      if (slot < 0 || this.#ids[slot] === id) return place
      place = (place + 1) & mask
    }
  }

  #enlargeTable(): void {
    this.#table = new Uint32Array(this.#table.length * 2)
    for (let slot = 0; slot < this.#count; slot += 1) this.#table[this.#placeOf(this.#ids[slot] ?? 0)] = slot + 1
  }
}
