import { type Status, statuses } from '../../contract/lead-members.ts'
import {
  type AskedPage,
  type Condition,
  type Cursor,
  type ExactCursor,
  type IdPage,
  type LeadCounts,
  type OrderEntry,
  orderName,
} from '../lead-list.ts'
import type { Column, IndexedLead } from './column.ts'
import {
  FieldValues,
  filledKey,
  KeysColumn,
  neededBy,
  neededToSort,
  numbersColumn,
  sourceKey,
  TextsColumn,
} from './columns.ts'
import { Keyed } from './keyed.ts'
import { LeadSlots } from './lead-slots.ts'
import { bitsIn, complement, countOf, hasBit, intersect, SlotSet, wordsFor } from './slot-set.ts'
import { Numbers, type SortKeys, SortTexts } from './sort-keys.ts'
import { SortedSlots } from './sorted-slots.ts'

/** A page that goes on by a time ends with the last row of its millisecond, if that is among so many rows. */
const extendedRowsMax = 1_000
/** Orders that are kept up to date. */
const ordersMax = 8
/** Columns that are kept however large they are: making one reads all leads, and lists of one kind follow each other. */
const columnsMin = 8

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

/**
 * What lists of one company's leads go by, in memory: a slot for each lead, mostly in the order in which they were made,
 * and sets of slots. A filter is a few thousand words to go through, whatever the filter; so is a total, or a page far
 * behind.
 */
export class LeadIndex {
  /** The last change of the company's log that it holds. */
  sequence = 0
  readonly #slots = new LeadSlots()
  readonly #live = new SlotSet()
  readonly #keyed = new Keyed()
  /** The one that was used last stands last, and so it is with orders. */
  readonly #columns = new Map<string, Column>()
  readonly #orders = new Map<string, SortedSlots>()

  constructor() {
    const { name, make } = numbersColumn('updated_at') // who follows changes asks for it again and again
    this.adopt(name, make())
  }

  get leads(): number {
    return this.#live.size
  }

  /** In memory; about. */
  get bytes(): number {
    let bytes = this.#slots.bytes + this.#live.bytes + this.#keyed.bytes
    for (const column of this.#columns.values()) bytes += column.bytes
    for (const order of this.#orders.values()) bytes += order.bytes
    return bytes
  }

  has(column: string): boolean {
    return this.#columns.has(column)
  }

  /** Adds a column that holds all leads already. */
  adopt(name: string, column: Column): void {
    this.#columns.set(name, column)
  }

  /** Gives up columns that were used longest ago, with the orders that go by them, until it is no larger or has few. */
  shrink(bytesMax: number): void {
    for (const [name, column] of [...this.#columns].slice(0, -columnsMin)) {
      if (this.bytes <= bytesMax) return
      this.#columns.delete(name)
      for (const [order, sorted] of this.#orders) if (sorted.goesBy([column])) this.#orders.delete(order)
    }
  }

  /** The slot of a lead; undefined when it has none. */
  slotOf(id: number): number | undefined {
    return this.#slots.of(id)
  }

  /** Holds the lead as it is from now on; one that is archived is in no list. */
  put(lead: IndexedLead): void {
    const isLive = lead.archived_at === null
    const slot = this.#slots.of(lead.id) ?? (isLive ? this.#slots.append(lead) : undefined)
    if (slot === undefined) return
    const isOther = this.#live.has(slot) !== isLive
    if (isLive) this.#live.add(slot)
    else this.#live.delete(slot)
    this.#keyed.put(slot, keysOf(lead))
    const changed: Column[] = []
    for (const column of this.#columns.values()) if (column.put(slot, lead)) changed.push(column)
    for (const order of this.#orders.values()) if (isOther || order.goesBy(changed)) order.touch(slot)
  }

  /**
   * The columns that the conditions and the order need must be there.
   *
   * @throws the signal's reason
   */
  async page({ conditions, order, cursor, page, pageSize }: AskedPage, signal?: AbortSignal): Promise<IdPage> {
    const found = await this.#found(conditions, signal)
    const total = countOf(found)
    const isByTime = cursor?.kind === 'time'
    const offset = cursor === undefined ? (page - 1) * pageSize : 0
    if (total <= offset) return { total, ids: [], next: undefined, sequence: this.sequence }
    const limit = (isByTime ? Math.max(extendedRowsMax, pageSize) : pageSize) + 1
    const sorted = order.length === 0 ? undefined : this.#sorted(order)
    const slots =
      sorted === undefined
        ? this.#newest(found, cursor, offset, limit)
        : await sorted.take(found, { cursor: cursor?.kind === 'exact' ? cursor : undefined, offset, limit }, signal)
    let end = Math.min(pageSize, slots.length)
    const lastAt = this.#slots.createdAt(slots[end - 1] ?? -1)
    while (
      isByTime &&
      end < slots.length &&
      end < extendedRowsMax &&
      this.#slots.createdAt(slots[end] ?? -1) === lastAt
    )
      end += 1
    const ids = slots.slice(0, end).map((slot) => this.#slots.idOf(slot))
    const next = end < slots.length ? this.#cursorAt(slots[end - 1] ?? 0, order) : undefined
    return { total, ids, next, sequence: this.sequence }
  }

  /**
   * The columns that the conditions need must be there.
   *
   * @throws the signal's reason
   */
  async counts(conditions: readonly Condition[], signal?: AbortSignal): Promise<LeadCounts> {
    const found = await this.#found(conditions, signal)
    const total = countOf(found)
    const counts = new Map(this.#keyed.countsIn(found))
    const byId = (keyOfNone: number): ReadonlyMap<number, number> => {
      const ofKind = [...counts].filter(([key]) => key % 8 === keyOfNone)
      return new Map(ofKind.map(([key, count]) => [Math.floor(key / 8), count]))
    }
    const of = (status: Status): number => counts.get(statusKey(status)) ?? 0
    return {
      total,
      unassigned: total - (counts.get(assignedKey) ?? 0),
      status: {
        new: of('new'),
        contacted: of('contacted'),
        qualified: of('qualified'),
        converted: of('converted'),
        lost: of('lost'),
      },
      tags: byId(tagKey(0)),
      users: byId(userKey(0)),
    }
  }

  async #found(conditions: readonly Condition[], signal: AbortSignal | undefined): Promise<Uint32Array> {
    const found = this.#wordsOf([this.#live])
    for (const condition of conditions) intersect(found, await this.#holding(condition, signal))
    return found
  }

  #wordsOf(sets: readonly (SlotSet | undefined)[]): Uint32Array {
    const words = new Uint32Array(wordsFor(this.#slots.count))
    for (const set of sets) set?.addTo(words)
    return words
  }

  #withKeys(keys: readonly number[], keyed = this.#keyed): Uint32Array {
    return this.#wordsOf(keys.map((key) => keyed.of(key)))
  }

  /** Slots for which a condition holds; what is beyond all slots is of no meaning. */
  async #holding(condition: Condition, signal: AbortSignal | undefined): Promise<Uint32Array> {
    switch (condition.kind) {
      case 'never':
        return this.#wordsOf([])
      case 'not':
        return complement(await this.#holding(condition.condition, signal))
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
      case 'search': {
        const words = this.#withKeys(condition.users.map(userKey))
        const inTexts = await this.#textsHolding(condition, condition.needle, signal)
        return words.map((word, at) => word | (inTexts[at] ?? 0))
      }
      default:
        return this.#inColumn(condition, signal)
    }
  }

  /** The same for a condition that one column answers. */
  async #inColumn(
    condition: Extract<
      Condition,
      {
        kind: 'holds' | 'field holds' | 'field is' | 'field has' | 'filled' | 'source' | 'created by' | 'within'
      }
    >,
    signal: AbortSignal | undefined,
  ): Promise<Uint32Array> {
    const withKeys = (keys: readonly number[]): Uint32Array =>
      this.#withKeys(keys, this.#column(neededBy(condition)?.name, KeysColumn).keyed)
    switch (condition.kind) {
      case 'holds':
      case 'field holds':
        return this.#textsHolding(condition, condition.needle, signal)
      case 'field is':
        return this.#column(neededBy(condition)?.name, FieldValues).find(condition.value, this.#slots.count)
      case 'field has':
        return withKeys(condition.options)
      case 'source':
        return withKeys(condition.sources.map(sourceKey))
      case 'created by':
        return withKeys(condition.users)
      case 'filled': {
        const words = withKeys([filledKey])
        return condition.is ? words : complement(words)
      }
      case 'within':
        return this.#column(neededBy(condition)?.name, Numbers).within(condition.min, condition.max, this.#slots.count)
    }
  }

  #textsHolding(condition: Condition, needle: string, signal: AbortSignal | undefined): Promise<Uint32Array> {
    return this.#column(neededBy(condition)?.name, TextsColumn).texts.find(needle, this.#slots.count, signal)
  }

  #column<C extends Column>(name: string | undefined, ...kinds: readonly (new (read: never) => C)[]): C {
    const column = this.#columns.get(name ?? '')
    if (name === undefined || column === undefined || !kinds.some((kind) => column instanceof kind))
      throw new Error(`The column "${name}" was not made.`)
    this.#columns.delete(name)
    this.#columns.set(name, column)
    return column as C
  }

  #keysOf(entry: OrderEntry): SortKeys {
    return this.#column<SortKeys>(neededToSort(entry).name, Numbers, SortTexts)
  }

  #sorted(order: readonly OrderEntry[]): SortedSlots {
    const name = orderName(order)
    const by = order.map((entry) => ({ keys: this.#keysOf(entry), sign: entry.descending ? -1 : 1 }) as const)
    const sorted = this.#orders.get(name) ?? new SortedSlots(this.#slots, this.#live, by)
    this.#orders.delete(name)
    this.#orders.set(name, sorted)
    const [oldest] = this.#orders.keys()
    if (this.#orders.size > ordersMax && oldest !== undefined) this.#orders.delete(oldest)
    return sorted
  }

  /** Of the slots found those behind a cursor, newest first. */
  #newest(found: Uint32Array, cursor: Cursor | undefined, offset: number, limit: number): number[] {
    const before =
      cursor === undefined
        ? this.#slots.count
        : cursor.kind === 'time'
          ? this.#slots.firstNotBefore(cursor.before, 0)
          : this.#slots.firstNotBefore(cursor.createdAt, cursor.id)
    const slots: number[] = []
    let skip = offset
    for (let place = before - 1; place >= 0 && slots.length < limit; ) {
      if (this.#slots.inOrder && (place & 31) === 31) {
        const word = found[place >>> 5] ?? 0
        const count = word === 0 ? 0 : bitsIn(word)
        if (count <= skip) {
          skip -= count
          place -= 32
          continue
        }
      }
      const slot = this.#slots.at(place)
      if (hasBit(found, slot)) {
        if (skip > 0) skip -= 1
        else slots.push(slot)
      }
      place -= 1
    }
    return slots
  }

  /** Where what is behind a slot goes on. */
  #cursorAt(slot: number, order: readonly OrderEntry[]): ExactCursor {
    return {
      kind: 'exact',
      values: order.map((entry) => this.#keysOf(entry).valueOf(slot)),
      createdAt: this.#slots.createdAt(slot),
      id: this.#slots.idOf(slot),
    }
  }
}
