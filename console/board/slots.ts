import type { LeadRow } from '../../sdk/index.ts'
import type { Status } from '../../src/contract/lead-members.ts'
import { pageSize } from '../leads/queries.ts'

/** The places of a column, from the top: what has just been moved there, then the server's list without that. */
export interface Slots<Shown> {
  /** Places, also of leads that have not been read yet. */
  readonly length: number
  /** Leads of the column, as a person should be told. */
  readonly count: number
  /** @returns undefined while it has not been read */
  at(index: number): Shown | undefined
  /** The page of the server's list, from 1, that a place is on; undefined for a lead just moved there. */
  pageOf(index: number): number | undefined
}

interface Column {
  readonly status: Status
  /** Leads of the server's list. */
  readonly total: number
  /** What has been read of it, by the place in it from 0. */
  readonly rows: ReadonlyMap<number, LeadRow>
  /** Leads just moved here, newest first. */
  readonly arrived: readonly LeadRow[]
  /** Those of them that the server's list does not have yet. */
  readonly arriving: number
  /** Leads that stand on top of some column, and are not shown anywhere else. */
  readonly moved: ReadonlySet<number>
}

/** Lays out a column. A lead of the list is passed over when it has left, or stands on top already. */
export function slotsOf({ status, total, rows, arrived, arriving, moved }: Column): Slots<LeadRow> {
  const passedOver: number[] = []
  let left = 0
  for (const [place, row] of rows) {
    if (row.status !== status) left += 1
    if (row.status !== status || moved.has(row.id)) passedOver.push(place)
  }
  passedOver.sort((one, other) => one - other)
  const placeOf = (index: number): number => {
    let place = index - arrived.length
    for (const other of passedOver) {
      if (other > place) break
      place += 1
    }
    return place
  }
  return {
    length: Math.max(arrived.length, arrived.length + total - passedOver.length),
    count: Math.max(0, total - left + arriving),
    at: (index) => (index < arrived.length ? arrived[index] : rows.get(placeOf(index))),
    pageOf: (index) => (index < arrived.length ? undefined : Math.floor(placeOf(index) / pageSize) + 1),
  }
}

const cardsAtATime = 5

/** The place in a column that a key leads to; undefined for keys that lead nowhere. */
export function nextPlace(key: string, place: number, length: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowDown: place + 1,
    ArrowUp: place - 1,
    PageDown: place + cardsAtATime,
    PageUp: place - cardsAtATime,
    Home: 0,
    End: length - 1,
  }
  const next = steps[key]
  return next === undefined ? undefined : Math.min(length - 1, Math.max(0, next))
}
