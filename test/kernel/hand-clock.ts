import type { Clock } from '../../src/kernel/clock.ts'
import { noon } from '../fixture.ts'

/** A clock that stands still until it is moved; it begins a day behind everything of the fixture unless told otherwise. */
export interface HandClock extends Clock {
  move(ms: number): void
}

/** @param begin Unix ms */
export function handClock(begin = noon + 24 * 60 * 60 * 1000): HandClock {
  let passed = 0
  return {
    now: () => begin + passed,
    elapsed: () => passed,
    move: (ms) => {
      passed += ms
    },
  }
}
