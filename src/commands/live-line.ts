import { systemClock } from '../kernel/clock.ts'
import type { Io } from './command.ts'

const barCells = 24
/** How often a line is written where it cannot be written over, in ms. */
const lineEveryMs = 5_000
const overEveryMs = 100

/** A line that tells how far something is: drawn over on a terminal, lines now and then elsewhere. */
export class LiveLine {
  readonly #io: Io
  #shownAt = Number.NEGATIVE_INFINITY
  #width = 0

  constructor(io: Io) {
    this.#io = io
  }

  /** @param always shown however short ago the last one was */
  show(text: () => string, always: boolean): void {
    const now = systemClock.elapsed()
    if (!always && now - this.#shownAt < (this.#io.terminal ? overEveryMs : lineEveryMs)) return
    this.#shownAt = now
    const line = text()
    this.#io.out(this.#io.terminal ? `\r${line.padEnd(this.#width)}` : `${line}\n`)
    this.#width = line.length
  }

  /** Leaves the last line as it is. */
  end(): void {
    if (this.#io.terminal && this.#width > 0) this.#io.out('\n')
    this.#width = 0
    this.#shownAt = Number.NEGATIVE_INFINITY
  }
}

/** How much of something is done, as a bar and a number. */
export function barOf(share: number): string {
  const full = Math.round(share * barCells)
  return `${'█'.repeat(full)}${'░'.repeat(barCells - full)} ${`${Math.floor(share * 100)} %`.padStart(5)}`
}
