import { isIP } from 'node:net'
import type { Clock } from '../kernel/clock.ts'

/**
 * Under which name an address is limited: of IPv6 its first 64 bits, as who has one address there has all that begin so.
 *
 * @param address in its short form, as the address of a client is told
 * @see RFC 6177 §2
 */
export function limitedAs(address: string): string {
  const four = /^::ffff:(\d+\.[\d.]+)$/i.exec(address)?.[1]
  if (four !== undefined || isIP(address) !== 6) return four ?? address
  const [before = '', behind = ''] = address.split('::')
  const groups = before === '' ? [] : before.split(':')
  const last = behind === '' ? [] : behind.split(':')
  const zeros = address.includes('::') ? 8 - groups.length - last.length : 0
  return [...groups, ...Array<string>(zeros).fill('0'), ...last].slice(0, 4).join(':')
}

interface Window {
  /** Times of what was counted and is not over, oldest at `from`; what is before is spent. */
  times: number[]
  from: number
}

export interface Standing {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Whole seconds until the oldest request leaves the window, 1 or more. */
  readonly resetSeconds: number
}

/**
 * A sliding window per name, of one minute unless it is told otherwise. At most `limit` times are kept for each, at most
 * `namesMax` names.
 *
 * @see docs/behaviour.md §1 Keys
 */
export class SlidingWindow {
  readonly #limit: number
  readonly #clock: Clock
  readonly #namesMax: number
  readonly #windowMs: number
  readonly #windows = new Map<string | number, Window>()

  constructor(limit: number, clock: Clock, { namesMax = 10_000, windowMs = 60_000 } = {}) {
    this.#limit = limit
    this.#clock = clock
    this.#namesMax = namesMax
    this.#windowMs = windowMs
  }

  /** Counts a request, unless the window is full. */
  take(name: string | number): Standing {
    const now = this.#clock.elapsed()
    const window = this.#window(name)
    while (window.from < window.times.length && (window.times[window.from] ?? 0) <= now - this.#windowMs)
      window.from += 1
    if (window.from > this.#limit) {
      window.times.splice(0, window.from)
      window.from = 0
    }
    const allowed = window.times.length - window.from < this.#limit
    if (allowed) window.times.push(now)
    const oldest = window.times[window.from] ?? now
    return {
      allowed,
      limit: this.#limit,
      remaining: this.#limit - (window.times.length - window.from),
      resetSeconds: Math.max(1, Math.ceil((oldest + this.#windowMs - now) / 1000)),
    }
  }

  /** Takes back what was counted last, as if it had not been. */
  giveBack(name: string | number): void {
    const window = this.#windows.get(name)
    if (window !== undefined && window.times.length > window.from) window.times.pop()
  }

  #window(name: string | number): Window {
    const present = this.#windows.get(name)
    if (present !== undefined) {
      // Moved behind the others, so that the one dropped first is the one not seen for longest.
      this.#windows.delete(name)
      this.#windows.set(name, present)
      return present
    }
    const [eldest] = this.#windows.keys()
    if (this.#windows.size >= this.#namesMax && eldest !== undefined) this.#windows.delete(eldest)
    const made = { times: [], from: 0 }
    this.#windows.set(name, made)
    return made
  }
}
