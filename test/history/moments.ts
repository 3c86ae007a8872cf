/** A time that an event is on one side of, and what says so. */
interface Bound {
  readonly at: number
  readonly why: string
}

/**
 * When the events of a log can have happened. Events happen in the order of the log, each at one moment; requests say
 * after and before which times. There are moments that suit all of them just when no event is bounded to happen
 * after a time that it must be before.
 */
export class Moments {
  readonly #first: number
  readonly #after: Bound[]
  readonly #before: Bound[]

  /**
   * @param first the number of the first event
   * @param count of events
   */
  constructor(first: number, count: number) {
    this.#first = first
    this.#after = Array.from({ length: count }, () => ({ at: Number.NEGATIVE_INFINITY, why: '' }))
    this.#before = Array.from({ length: count }, () => ({ at: Number.POSITIVE_INFINITY, why: '' }))
  }

  /** The event happens after a time. Numbers outside the log say nothing. */
  isAfter(sequence: number, at: number, why: string): void {
    const index = sequence - this.#first
    const held = this.#after[index]
    if (held !== undefined && held.at < at) this.#after[index] = { at, why }
  }

  /** The event happens before a time. Numbers outside the log say nothing. */
  isBefore(sequence: number, at: number, why: string): void {
    const index = sequence - this.#first
    const held = this.#before[index]
    if (held !== undefined && held.at > at) this.#before[index] = { at, why }
  }

  /** The latest time that the event is known to be after, once {@link settle} has been called. */
  earliest(sequence: number): number {
    return this.#after[sequence - this.#first]?.at ?? Number.NEGATIVE_INFINITY
  }

  latest(sequence: number): number {
    return this.#before[sequence - this.#first]?.at ?? Number.POSITIVE_INFINITY
  }

  /**
   * Draws what follows from the order of the log: an event is after all that earlier ones are after, and before all
   * that later ones are before.
   *
   * @returns what cannot be, in a sentence; undefined when everything suits
   */
  settle(): string | undefined {
    for (let index = 1; index < this.#after.length; index += 1) {
      const [left, right] = [this.#after[index - 1], this.#after[index]]
      if (left !== undefined && right !== undefined && left.at > right.at) this.#after[index] = left
    }
    for (let index = this.#before.length - 2; index >= 0; index -= 1) {
      const [left, right] = [this.#before[index], this.#before[index + 1]]
      if (left !== undefined && right !== undefined && right.at < left.at) this.#before[index] = right
    }
    for (const [index, after] of this.#after.entries()) {
      const before = this.#before[index]
      if (before === undefined || after.at <= before.at) continue
      const [from, to] = [after.at.toFixed(3), before.at.toFixed(3)]
      return (
        `event ${this.#first + index} can only be after ${from} ms, since ${after.why}, ` +
        `and only before ${to} ms, since ${before.why}`
      )
    }
    return undefined
  }
}
