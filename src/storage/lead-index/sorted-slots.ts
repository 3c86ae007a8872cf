import { setImmediate as pause } from 'node:timers/promises'
import type { ExactCursor } from '../lead-list.ts'
import type { Column } from './column.ts'
import type { LeadSlots } from './lead-slots.ts'
import { countOf, hasBit, type SlotSet, setBit, wordsFor } from './slot-set.ts'
import type { SortKeys } from './sort-keys.ts'

/** A key of an order, and which way it goes. */
export interface SortedBy {
  readonly keys: SortKeys
  readonly sign: 1 | -1
}

/** Changed slots that are put in one by one, beyond a part of all; with more the order is made anew. */
const changedMax = 1_000
const changedPart = 8

/**
 * All slots that lists show, in one order, newest first where it leaves them equal. Slots that were changed are put to their new places when
 * a page is next asked for: one pass over the others.
 */
export class SortedSlots {
  readonly #slots: LeadSlots
  readonly #shown: SlotSet
  readonly #by: readonly SortedBy[]
  readonly #changed = new Set<number>()
  #sorted: Uint32Array | undefined

  constructor(slots: LeadSlots, shown: SlotSet, by: readonly SortedBy[]) {
    this.#slots = slots
    this.#shown = shown
    this.#by = by
  }

  get bytes(): number {
    return (this.#sorted?.byteLength ?? 0) + this.#changed.size * 32
  }

  /** The slot's keys may be others from now on, or whether it is shown. */
  touch(slot: number): void {
    if (this.#sorted === undefined) return
    this.#changed.add(slot)
    if (this.#changed.size > Math.max(changedMax, this.#sorted.length / changedPart)) this.#forget()
  }

  /** Whether one of these columns has a part in the order. */
  goesBy(columns: readonly Column[]): boolean {
    return this.#by.some(({ keys }) => columns.includes(keys))
  }

  /**
   * Those of the slots in `words` that stand behind a cursor, from an offset on. Nothing may be changed meanwhile.
   *
   * @throws the signal's reason
   */
  async take(
    words: Uint32Array,
    { cursor, offset, limit }: { cursor: ExactCursor | undefined; offset: number; limit: number },
    signal: AbortSignal | undefined,
  ): Promise<number[]> {
    const sorted = await this.#upToDate(signal)
    const slots: number[] = []
    const isAll = countOf(words) === sorted.length
    const begin = cursor === undefined ? 0 : this.#behind(sorted, cursor)
    let skip = isAll ? 0 : offset
    for (let place = isAll ? begin + offset : begin; place < sorted.length; place += 1) {
      const slot = sorted[place] ?? 0
      if (!hasBit(words, slot)) continue
      if (skip > 0) skip -= 1
      else if (slots.push(slot) === limit) break
    }
    return slots
  }

  #forget(): void {
    this.#sorted = undefined
    this.#changed.clear()
  }

  async #upToDate(signal: AbortSignal | undefined): Promise<Uint32Array> {
    if (this.#sorted === undefined) {
      const shown = this.#slots.newestFirst().filter((slot) => this.#shown.has(slot))
      const compare = (left: number, right: number): number => this.#compareKeys(left, right)
      this.#sorted = await sortInTurns(shown, compare, signal)
    } else if (this.#changed.size > 0) this.#sorted = this.#merged(this.#sorted)
    this.#changed.clear()
    return this.#sorted
  }

  #merged(sorted: Uint32Array): Uint32Array {
    const isChanged = new Uint32Array(wordsFor(this.#slots.count))
    for (const slot of this.#changed) setBit(isChanged, slot)
    const others = without(sorted, isChanged)
    const changed = Uint32Array.from(this.#changed)
      .filter((slot) => this.#shown.has(slot))
      .sort((left, right) => this.#compare(left, right))
    const merged = new Uint32Array(others.length + changed.length)
    let [from, used] = [0, 0]
    for (const slot of changed) {
      const place = firstWhere(others, (other) => this.#compare(other, slot) > 0, from)
      merged.set(others.subarray(from, place), used)
      used += place - from
      merged[used] = slot
      used += 1
      from = place
    }
    merged.set(others.subarray(from), used)
    return merged
  }

  #compareKeys(left: number, right: number): number {
    for (const { keys, sign } of this.#by) {
      const compared = keys.compare(left, right, sign)
      if (compared !== 0) return compared
    }
    return 0
  }

  #compare(left: number, right: number): number {
    return this.#compareKeys(left, right) || this.#slots.compare(left, right)
  }

  /** The first place behind a cursor. */
  #behind(sorted: Uint32Array, { values, createdAt, id }: ExactCursor): number {
    return firstWhere(sorted, (slot) => {
      for (const [at, { keys, sign }] of this.#by.entries()) {
        const compared = keys.compareTo(slot, values[at] ?? null, sign)
        if (compared !== 0) return compared > 0
      }
      const made = this.#slots.createdAt(slot)
      return made < createdAt || (made === createdAt && this.#slots.idOf(slot) < id)
    })
  }
}

/** Slots that are sorted in one turn, and by the library. */
const runLength = 16_384

/**
 * Sorts slots, and keeps the order of what is equal. A million of them take seconds, so others come between.
 *
 * @throws the signal's reason
 */
async function sortInTurns(
  slots: Uint32Array,
  compare: (left: number, right: number) => number,
  signal: AbortSignal | undefined,
): Promise<Uint32Array> {
  const turn = async (): Promise<void> => {
    await pause()
    signal?.throwIfAborted()
  }
  for (let from = 0; from < slots.length; from += runLength) {
    if (from > 0) await turn()
    slots.subarray(from, from + runLength).sort(compare)
  }
  let sorted: Uint32Array = slots
  let room: Uint32Array = new Uint32Array(slots.length)
  for (let length = runLength; length < slots.length; length *= 2) {
    for (let from = 0; from < slots.length; from += 2 * length) {
      const [left, right] = [sorted.subarray(from, from + length), sorted.subarray(from + length, from + 2 * length)]
      merge(left, right, room.subarray(from), compare)
      await turn()
    }
    ;[sorted, room] = [room, sorted]
  }
  return sorted
}

function merge(
  left: Uint32Array,
  right: Uint32Array,
  into: Uint32Array,
  compare: (left: number, right: number) => number,
): void {
  let [fromLeft, fromRight, used] = [0, 0, 0]
  while (fromLeft < left.length && fromRight < right.length) {
    const [one, other] = [left[fromLeft] ?? 0, right[fromRight] ?? 0]
    const isLeft = compare(one, other) <= 0
    if (isLeft) fromLeft += 1
    else fromRight += 1
    into[used] = isLeft ? one : other
    used += 1
  }
  into.set(left.subarray(fromLeft), used)
  into.set(right.subarray(fromRight), used + left.length - fromLeft)
}

/** The slots that are not in `words`, in their order. */
function without(slots: Uint32Array, words: Uint32Array): Uint32Array {
  const others = new Uint32Array(slots.length)
  let used = 0
  for (let at = 0; at < slots.length; at += 1) {
    const slot = slots[at] ?? 0
    others[used] = slot
    if (!hasBit(words, slot)) used += 1
  }
  return others.subarray(0, used)
}

/** The first place for which something holds that holds for all places behind it too. */
function firstWhere(slots: Uint32Array, holds: (slot: number) => boolean, from = 0): number {
  let low = from
  let high = slots.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(slots[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}
