import { hash } from 'node:crypto'

/** Chance that a seed replays: the same draws in the same order, on every machine. */
export interface Chance {
  /** True with a probability of `share`, 0 to 1. */
  happens(share: number): boolean
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number
  pick<T>(from: readonly [T, ...T[]]): T
  /** Between `min` and `max` different elements, in the order in which they stand in `from`. */
  some<T>(from: readonly T[], min: number, max: number): T[]
  /** The text with each `#` replaced by a digit. */
  digits(pattern: string): string
}

/** @param seed any whole number; neighbouring seeds give unrelated draws */
export function chanceFrom(seed: number): Chance {
  let state = seed
  // Mulberry32: small, and even enough for names and amounts.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1))
  return {
    happens: (share) => next() < share,
    between,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
    some: (from, min, max) => {
      let left = between(min, Math.min(max, from.length))
      return from.filter((_, index) => {
        const taken = next() * (from.length - index) < left
        if (taken) left -= 1
        return taken
      })
    },
    digits: (pattern) => pattern.replaceAll('#', () => String(between(0, 9))),
  }
}

/**
 * The uuid of a thing of the sample: the same at every start. Version 4 in form (RFC 9562 §5.4), lower case.
 *
 * @param kind the table or thing, such as `leads`
 */
export function sampleUuid(kind: string, id: number): string {
  const digest = hash('sha256', `waggle sample ${kind} ${id}`)
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-')
}
