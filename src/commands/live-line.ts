import { systemClock } from '../kernel/clock.ts'
import type { Io } from './command.ts'

const barCells = 24
/** How often a line is written where it cannot be written over, in ms. */
const lineEveryMs = 5_000
const overEveryMs = 100

/** A line that tells how far something is: drawn over on a terminal, lines now and then elsewhere. */
export class LiveLine {
  readonly #io: Io
  #shownAt: number
  #width = 0

  constructor(io: Io) {
    this.#io = io
    this.#shownAt = io.terminal ? Number.NEGATIVE_INFINITY : systemClock.elapsed()
  }

  /** @param always on a terminal shown however short ago the last one was; elsewhere what is short stays silent */
  show(text: () => string, always: boolean): void {
    const now = systemClock.elapsed()
    const everyMs = this.#io.terminal ? (always ? 0 : overEveryMs) : lineEveryMs
    if (now - this.#shownAt < everyMs) return
    this.#shownAt = now
    const line = text()
    this.#io.out(this.#io.terminal ? `\r${line.padEnd(this.#width)}` : `${line}\n`)
    this.#width = line.length
  }

  /** Leaves the last line as it is. */
  end(): void {
    if (this.#io.terminal && this.#width > 0) this.#io.out('\n')
    this.#width = 0
    this.#shownAt = this.#io.terminal ? Number.NEGATIVE_INFINITY : systemClock.elapsed()
  }
}

/** How much of something is done, as a bar and a number. */
export function barOf(share: number): string {
  const full = Math.round(share * barCells)
  return `${'█'.repeat(full)}${'░'.repeat(barCells - full)} ${`${Math.floor(share * 100)} %`.padStart(5)}`
}
