import type { Timers } from './clock.ts'

/** What comes round; it ends early, and in order, when `closing` is aborted. */
export type Task = (closing: AbortSignal) => Promise<unknown>

interface Round {
  /** Has it done now instead of when its time comes; nothing when it is under way. */
  begin(): void
}

/**
 * Tasks that come round while a server runs: each is done once at a time, however long it takes. A close tells those that
 * are under way to end, and waits for them.
 */
export class Rounds {
  readonly #timers: Timers
  readonly #onFault: (error: unknown) => void
  readonly #closing = new AbortController()
  readonly #underWay = new Set<Promise<void>>()

  /** @param onFault told why a task failed; it is tried again in its next round */
  constructor(timers: Timers, onFault: (error: unknown) => void) {
    this.#timers = timers
    this.#onFault = onFault
  }

  /** Has a task done so many ms from now, and then each time so many ms after its end. */
  add(everyMs: number, task: Task): Round {
    const { signal } = this.#closing
    let takeBack: (() => void) | undefined
    const wait = (): void => {
      if (!signal.aborted) takeBack = this.#timers.after(everyMs, begin)
    }
    const begin = (): void => {
      if (signal.aborted || takeBack === undefined) return
      takeBack()
      takeBack = undefined
      const done = this.#run(task).then(() => {
        this.#underWay.delete(done)
        wait()
      })
      this.#underWay.add(done)
    }
    signal.addEventListener('abort', () => takeBack?.(), { once: true })
    wait()
    return { begin }
  }

  async #run(task: Task): Promise<void> {
    try {
      await task(this.#closing.signal)
    } catch (error) {
      this.#onFault(error)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all(this.#underWay)
  }
}
