/** Attempts under way in all endpoints together. */
const slotsMax = 1_024

interface Taker {
  readonly underWay: number
  pump(): void
}

/**
 * How many attempts may be under way in all. An endpoint that has none may always begin one, so that slow ones cannot
 * keep it out.
 */
export class Slots {
  #taken = 0
  readonly #refused = new Set<Taker>()

  take(taker: Taker): boolean {
    if (this.#taken >= slotsMax && taker.underWay > 0) {
      this.#refused.add(taker)
      return false
    }
    this.#taken += 1
    return true
  }

  give(taker: Taker): void {
    this.#taken -= 1
    this.#refused.delete(taker)
    const [next] = this.#refused
    if (next === undefined || this.#taken >= slotsMax) return
    this.#refused.delete(next)
    setImmediate(() => next.pump())
  }
}
