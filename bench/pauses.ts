import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Pauses } from './messages.ts'

/** Watches this process's event loop at a resolution of 1 ms; the function it answers ends that and tells the longest pause in ms. */
export function watchLoop(): () => number {
  const histogram = monitorEventLoopDelay({ resolution: 1 })
  histogram.enable()
  return () => {
    histogram.disable()
    return histogram.max / 1e6
  }
}

/** Watches for pauses of a server, between `begin` and `end`. */
export class PauseWatch {
  #endLoop: (() => number) | undefined
  #settledAt: number | undefined
  #gapMaxMs = 0
  #batches = 0

  begin(): void {
    this.#settledAt = undefined
    this.#gapMaxMs = 0
    this.#batches = 0
    this.#endLoop = watchLoop()
  }

  /** A batch is on the disk. */
  settled(): void {
    if (this.#endLoop === undefined) return
    const now = performance.now()
    if (this.#settledAt !== undefined) this.#gapMaxMs = Math.max(this.#gapMaxMs, now - this.#settledAt)
    this.#settledAt = now
    this.#batches += 1
  }

  end(): Pauses {
    const loopMaxMs = this.#endLoop?.() ?? Number.NaN
    this.#endLoop = undefined
    return { loopMaxMs, batchGapMaxMs: this.#gapMaxMs, batches: this.#batches }
  }
}
