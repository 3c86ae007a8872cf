import { systemClock } from '../kernel/clock.ts'
import { ConfigError } from '../kernel/config.ts'
import { counted } from '../kernel/shown.ts'
import { MoveStopped, type Progress, type Watched } from '../storage/moving/reading.ts'
import { DatabaseRefused } from '../storage/open.ts'
import type { Io } from './command.ts'
import { barOf, LiveLine } from './live-line.ts'

/** Rows, where nothing else is counted. */
const ofUnit = (count: number, unit = 'row'): string => counted(count, unit)

/** Shows how far something is that goes through all rows, and stops it when the process is asked to stop. */
export class Shower {
  readonly watched: Watched = { onProgress: (progress) => this.#show(progress), isStopped: () => this.#isStopped }
  readonly #io: Io
  readonly #line: LiveLine
  #phase: Progress['phase'] | undefined
  #phaseBegun = 0
  #doneBefore = 0
  #isStopped = false

  constructor(io: Io) {
    this.#io = io
    this.#line = new LiveLine(io)
    io.onStop(() => {
      this.#isStopped = true
    })
  }

  #show(progress: Progress): void {
    const isNew = progress.phase !== this.#phase
    if (isNew) {
      this.end()
      this.#phase = progress.phase
      this.#phaseBegun = systemClock.elapsed()
      this.#doneBefore = progress.done
      if (!this.#io.terminal) this.#io.out(`${progress.phase} ${ofUnit(progress.total, progress.unit)} …\n`)
    }
    this.#line.show(() => this.#text(progress), isNew || progress.done === progress.total)
  }

  end(): void {
    this.#line.end()
  }

  #text({ phase, table, done, total, unit }: Progress): string {
    const seconds = (systemClock.elapsed() - this.#phaseBegun) / 1000
    const perSecond = seconds > 0 ? (done - this.#doneBefore) / seconds : 0
    const left = perSecond > 0 && done < total ? `${Math.ceil((total - done) / perSecond)} s left` : ''
    const bar = barOf(total === 0 ? 1 : done / total)
    return `${phase.padEnd(8)} ${bar}  ${done.toLocaleString('en')} of ${ofUnit(total, unit)}  ${Math.round(perSecond).toLocaleString('en')}/s  ${left}  ${table}`.trimEnd()
  }
}

/** How something that was broken off is told: when it was stopped, and why it failed. */
interface BrokenOff {
  readonly stopped: string
  readonly failed: (reason: string) => string
}

/** What broke it off, as the operator is told of it: a fault of a disk or a server is told with its reason. */
export function brokenOff(error: unknown, { stopped, failed }: BrokenOff): unknown {
  if (error instanceof ConfigError || error instanceof DatabaseRefused) return error
  if (error instanceof MoveStopped) return new ConfigError(stopped)
  const reason = error instanceof Error ? error.message : String(error)
  return new DatabaseRefused(failed(reason), { cause: error })
}
