import { type Status, statuses } from '../src/contract/lead-members.ts'

/** What the database of a run holds, as the seed writes it and the requests name it. */
export const companyId = 1
export const key = 'jb_api_bench_00000000000'
export const userIds = Array.from({ length: 20 }, (_, index) => 100 + index)
export const tagIds = Array.from({ length: 40 }, (_, index) => 1 + index)
export const numberFieldId = 5
export const selectFieldId = 6
export const optionIds = Array.from({ length: 10 }, (_, index) => 1 + index)

/** Ids of leads have seven digits each, so that one is written into a prepared request without moving the rest. */
export const firstLeadId = 1_000_001
export const leadsMax = 8_999_999

/** The place in `statuses` of the status that a lead begins with. */
export const firstStatus = (leadIndex: number): number => leadIndex % statuses.length
export const statusAt = (place: number): Status => statuses[place] ?? 'new'

/** A whole number from 0 up to, not including, a bound. */
export type Draw = (below: number) => number

/** Draws that a seed repeats exactly (mulberry32). */
export function drawsOf(seed: number): Draw {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

/** Some elements of a list, none twice. */
export function some<T>(from: readonly T[], count: number, draw: Draw): T[] {
  const left = [...from]
  return Array.from({ length: count }, () => left.splice(draw(left.length), 1)).flat()
}

/** A company's name, about as long as real ones are. */
export const companyName = (draw: Draw): string => `Company ${draw(1_000_000_000).toString(36)} Solutions Inc`
export const phoneNumber = (draw: Draw): string => `+1-555-${100 + draw(900)}-${1000 + draw(9000)}`
