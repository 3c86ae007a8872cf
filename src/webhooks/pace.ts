import type { Clock, Timers } from '../kernel/clock.ts'

/** Outcomes are written so often at the most, in ms. */
const everyMs = 20

/**
 * When endpoints write down their outcomes: at once after a rest, else together. What is written at the same time
 * shares a commit, and a commit costs as much as many messages.
 */
export class Pace {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #waiting = new Set<() => void>()
  #lastAt = Number.NEGATIVE_INFINITY

  constructor({ clock, timers }: { clock: Clock; timers: Timers }) {
    this.#clock = clock
    this.#timers = timers
  }

  /** Calls once, soon; twice the same is once. */
  soon(call: () => void): void {
    const isFirst = this.#waiting.size === 0
    this.#waiting.add(call)
    if (!isFirst) return
    const inMs = this.#lastAt + everyMs - this.#clock.elapsed()
    if (inMs <= 0) setImmediate(() => this.#callAll())
    else this.#timers.after(inMs, () => this.#callAll())
  }

  #callAll(): void {
    this.#lastAt = this.#clock.elapsed()
    const calls = [...this.#waiting]
    this.#waiting.clear()
    for (const call of calls) call()
  }
}
