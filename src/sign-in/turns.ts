import { unavailable } from '../kernel/refusal.ts'

/** Runs tasks that keep the machine busy, only so many of them at once and in their order. */
export class Turns {
  readonly #atOnce: number
  readonly #waitingMax: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor({ atOnce, waitingMax }: { readonly atOnce: number; readonly waitingMax: number }) {
    this.#atOnce = atOnce
    this.#waitingMax = waitingMax
  }

  /** @throws Refusal `unavailable` when too many wait */
  async take<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running += 1
    else if (this.#waiting.length >= this.#waitingMax) throw unavailable()
    else await new Promise<void>((turn) => this.#waiting.push(turn))
    try {
      return await task()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}
