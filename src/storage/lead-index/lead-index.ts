import { type Status, statuses } from '../../contract/lead-members.ts'
import type { AskedPage, Condition, Cursor, ExactCursor, IdPage } from '../lead-list.ts'
import {
  type Column,
  ContactTexts,
  columnOf,
  FieldOptions,
  FieldTexts,
  FieldValues,
  type IndexedLead,
} from './columns.ts'
import { Keyed } from './keyed.ts'
import { bitsIn, complement, countOf, grown, hasBit, intersect, SlotSet, setBit, wordsFor } from './slot-set.ts'

/** A page that goes on by a time ends with the last row of its millisecond, if that is among so many rows. */
const extendedRowsMax = 1_000

const statusKey = (status: Status): number => 8 * statuses.indexOf(status)
const tagKey = (id: number): number => 8 * id + 1
const userKey = (id: number): number => 8 * id + 2
const [assignedKey, resellerKey, campaignKey] = [3, 4, 5] as const

function keysOf({ status, tags, assigned_users, partner_type, campaign_id }: IndexedLead): number[] {
  const keys = [statusKey(status)]
  for (const id of tags) keys.push(tagKey(id))
  for (const id of assigned_users) keys.push(userKey(id))
  if (assigned_users.length > 0) keys.push(assignedKey)
  if (partner_type === 'reseller') keys.push(resellerKey)
  if (campaign_id !== null) keys.push(campaignKey)
  return keys
}

/** Slots in the order of a list, one stretch after the other. */
interface Stretch {
  readonly words: Uint32Array
  /** Only places before this one. */
  readonly before: number
}

/**
 * What lists of one company's leads go by, in memory: a slot for each lead, mostly in the order in which they were made,
 * and sets of slots. A filter is a few thousand words to go through, whatever the filter; so is a total, or a page far
 * behind.
 */
export class LeadIndex {
  /** The last change of the company's log that it holds. */
  sequence = 0
  #slots = 0
  #ids: Float64Array = new Float64Array(64)
  #createdAt: Float64Array = new Float64Array(64)
  #updatedAt: Float64Array = new Float64Array(64)
  /** A slot and one more, at the place of its lead's id; open addressing. */
  #table: Uint32Array = new Uint32Array(256)
  /** Slots by time and id, once they did not come in this order. */
  #order: Uint32Array | undefined
  readonly #live = new SlotSet()
  readonly #keyed = new Keyed()
  readonly #columns = new Map<string, Column>()

  get leads(): number {
    return this.#live.size
  }

  /** In memory; about. */
  get bytes(): number {
    let columns = 0
    for (const { bytes } of this.#columns.values()) columns += bytes
    const arrays = [this.#ids, this.#createdAt, this.#updatedAt, this.#table, this.#order]
    return arrays.reduce((sum, one) => sum + (one?.byteLength ?? 0), columns + this.#live.bytes + this.#keyed.bytes)
  }

  has(column: string): boolean {
    return this.#columns.has(column)
  }

  /** Adds a column that holds all leads already. */
  adopt(name: string, column: Column): void {
    this.#columns.set(name, column)
  }

  /** The slot of a lead; undefined when it has none. */
  slotOf(id: number): number | undefined {
    const slot = (this.#table[this.#placeOf(id)] ?? 0) - 1
    return slot < 0 ? undefined : slot
  }

  /** Holds the lead as it is from now on; one that is archived is in no list. */
  put(lead: IndexedLead): void {
    const slot = this.slotOf(lead.id) ?? (lead.archived_at === null ? this.#append(lead) : undefined)
    if (slot === undefined) return
    this.#updatedAt[slot] = lead.updated_at
    if (lead.archived_at === null) this.#live.add(slot)
    else this.#live.delete(slot)
    this.#keyed.put(slot, keysOf(lead))
    for (const column of this.#columns.values()) column.put(slot, lead)
  }

  /**
   * The columns that the conditions need must be there.
   *
   * @throws the signal's reason
   */
  async page({ conditions, byStatus, cursor, page, pageSize }: AskedPage, signal?: AbortSignal): Promise<IdPage> {
    const found = this.#wordsOf([this.#live])
    for (const condition of conditions) intersect(found, await this.#holding(condition, signal))
    const total = countOf(found)
    const isByTime = cursor?.kind === 'time'
    const offset = cursor === undefined ? (page - 1) * pageSize : 0
    if (total <= offset) return { total, ids: [], next: undefined, sequence: this.sequence }
    const slots = this.#take(
      this.#stretches(found, byStatus, cursor),
      offset,
      (isByTime ? extendedRowsMax : pageSize) + 1,
    )
    let end = Math.min(pageSize, slots.length)
    const lastAt = this.#createdAt[slots[end - 1] ?? -1]
    while (isByTime && end < slots.length && end < extendedRowsMax && this.#createdAt[slots[end] ?? -1] === lastAt)
      end += 1
    const ids = slots.slice(0, end).map((slot) => this.#ids[slot] ?? 0)
    const next = end < slots.length ? this.#cursorAt(slots[end - 1] ?? 0, byStatus !== undefined) : undefined
    return { total, ids, next, sequence: this.sequence }
  }

  #append(lead: IndexedLead): number {
    const slot = this.#slots
    this.#slots += 1
    this.#ids = grown(this.#ids, this.#slots)
    this.#createdAt = grown(this.#createdAt, this.#slots)
    this.#updatedAt = grown(this.#updatedAt, this.#slots)
    this.#ids[slot] = lead.id
    this.#createdAt[slot] = lead.created_at
    if (this.#slots * 2 > this.#table.length) this.#enlargeTable()
    else this.#table[this.#placeOf(lead.id)] = slot + 1
    this.#putInOrder(slot, lead)
    return slot
  }

  #putInOrder(slot: number, { created_at: createdAt, id }: IndexedLead): void {
    const isLast = slot === 0 || this.#isBefore(this.#slotAt(slot - 1), createdAt, id)
    if (isLast && this.#order === undefined) return
    this.#order = grown(this.#order ?? Uint32Array.from({ length: slot }, (_, at) => at), slot + 1)
    const place = isLast ? slot : this.#firstNotBefore(createdAt, id, slot)
    this.#order.copyWithin(place + 1, place, slot)
    this.#order[place] = slot
  }

  #slotAt(place: number): number {
    return this.#order === undefined ? place : (this.#order[place] ?? 0)
  }

  #isBefore(slot: number, createdAt: number, id: number): boolean {
    const at = this.#createdAt[slot] ?? 0
    return at < createdAt || (at === createdAt && (this.#ids[slot] ?? 0) < id)
  }

  /** The first place whose lead is not older. */
  #firstNotBefore(createdAt: number, id: number, places: number): number {
    let low = 0
    let high = places
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#isBefore(this.#slotAt(middle), createdAt, id)) low = middle + 1
      else high = middle
    }
    return low
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
    for (let slot = 0; slot < this.#slots; slot += 1) this.#table[this.#placeOf(this.#ids[slot] ?? 0)] = slot + 1
  }

  #wordsOf(sets: readonly (SlotSet | undefined)[]): Uint32Array {
    const words = new Uint32Array(wordsFor(this.#slots))
    for (const set of sets) set?.addTo(words)
    return words
  }

  #withKeys(keys: readonly number[]): Uint32Array {
    return this.#wordsOf(keys.map((key) => this.#keyed.of(key)))
  }

  /** Slots for which a condition holds; what is beyond all slots is of no meaning. */
  async #holding(condition: Condition, signal: AbortSignal | undefined): Promise<Uint32Array> {
    switch (condition.kind) {
      case 'never':
        return this.#wordsOf([])
      case 'status':
        return this.#withKeys(condition.statuses.map(statusKey))
      case 'has':
        return this.#withKeys(condition.ids.map(condition.column === 'tags' ? tagKey : userKey))
      case 'assigned': {
        const words = this.#withKeys([assignedKey])
        return condition.is ? words : complement(words)
      }
      case 'reseller':
        return this.#withKeys([resellerKey])
      case 'campaigns':
        return this.#withKeys([campaignKey])
      case 'updated since':
        return this.#updatedSince(condition.at)
      case 'search': {
        const words = this.#withKeys(condition.users.map(userKey))
        const inTexts = await this.#column(columnOf(condition), ContactTexts).texts.find(
          condition.needle,
          this.#slots,
          signal,
        )
        return words.map((word, at) => word | (inTexts[at] ?? 0))
      }
      case 'field is':
        return this.#column(columnOf(condition), FieldValues).find(condition.value, this.#slots)
      case 'field has': {
        const { keyed } = this.#column(columnOf(condition), FieldOptions)
        return this.#wordsOf(condition.options.map((option) => keyed.of(option)))
      }
      case 'field holds':
        return this.#column(columnOf(condition), FieldTexts).texts.find(condition.needle, this.#slots, signal)
    }
  }

  #column<C extends Column>(name: string, kind: new (id: number) => C): C {
    const column = this.#columns.get(name)
    if (!(column instanceof kind)) throw new Error(`The column "${name}" was not made.`)
    return column
  }

  #updatedSince(at: number): Uint32Array {
    const words = new Uint32Array(wordsFor(this.#slots))
    for (let slot = 0; slot < this.#slots; slot += 1) {
      if ((this.#updatedAt[slot] ?? 0) >= at) setBit(words, slot)
    }
    return words
  }

  /** What is found, in the order that was asked for, from the cursor on. */
  #stretches(found: Uint32Array, byStatus: AskedPage['byStatus'], cursor: Cursor | undefined): Stretch[] {
    const before =
      cursor === undefined
        ? this.#slots
        : cursor.kind === 'time'
          ? this.#firstNotBefore(cursor.before, 0, this.#slots)
          : this.#firstNotBefore(cursor.createdAt, cursor.id, this.#slots)
    if (byStatus === undefined) return [{ words: found, before }]
    const ranks = [...statuses.keys()]
    if (byStatus === 'descending') ranks.reverse()
    const from = cursor?.kind === 'exact' ? ranks.indexOf(cursor.rank ?? 0) : 0
    return ranks.slice(Math.max(from, 0)).map((rank, at) => {
      const words = this.#withKeys([8 * rank])
      intersect(words, found)
      return { words, before: at === 0 ? before : this.#slots }
    })
  }

  /** Newest first. */
  #take(stretches: readonly Stretch[], offset: number, limit: number): number[] {
    const slots: number[] = []
    let skip = offset
    for (const { words, before } of stretches) {
      for (let place = before - 1; place >= 0 && slots.length < limit; ) {
        if (this.#order === undefined && (place & 31) === 31) {
          const word = words[place >>> 5] ?? 0
          const count = word === 0 ? 0 : bitsIn(word)
          if (count <= skip) {
            skip -= count
            place -= 32
            continue
          }
        }
        const slot = this.#slotAt(place)
        if (hasBit(words, slot)) {
          if (skip > 0) skip -= 1
          else slots.push(slot)
        }
        place -= 1
      }
    }
    return slots
  }

  /** Where what is behind a slot goes on. */
  #cursorAt(slot: number, isSorted: boolean): ExactCursor {
    const rank = isSorted ? statuses.findIndex((status) => this.#keyed.of(statusKey(status))?.has(slot)) : undefined
    return { kind: 'exact', rank, createdAt: this.#createdAt[slot] ?? 0, id: this.#ids[slot] ?? 0 }
  }
}
