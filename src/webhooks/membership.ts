import type { Clock, Timers } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import type { Processes } from '../storage/port.ts'

/** How often a process tells that it is alive, in ms. */
export const beatEveryMs = 1_000
/** A process is dead to the others when it has told nothing for so many beats. */
const beatsToDeath = 5
/** One that could not tell for so many beats begins nothing more: before the others count it as dead. */
const beatsToSilence = 4

interface Seen {
  readonly beats: number
  readonly since: number
}

interface MembershipParts {
  readonly processes: Processes
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly beatEveryMs: number
  /**
   * Called behind every beat.
   *
   * @param changed it found other processes than the one before, or this one may begin something again
   */
  readonly onBeat: (changed: boolean) => void
  /** The others have counted this process as dead: nothing it held is its own any more. */
  readonly onLost: () => void
  readonly fault: (error: unknown) => void
}

/** The processes that are alive, as they stood at one look. */
export interface Share {
  readonly self: string
  readonly alive: ReadonlySet<string>
  /** True when an endpoint is this process's to send to. */
  isMine(webhookId: number): boolean
}

/**
 * Which processes share the endpoints of a database. Each tells that it is alive by counting up; one whose count another
 * process has seen stand still for five beats is removed by that one. No wall clock takes part: a count that stands
 * still is measured by the monotonic clock of whoever looks at it.
 *
 * @see ARCHITECTURE.md, Webhooks by many processes
 */
export class Membership {
  readonly #parts: MembershipParts
  #self = ''
  /** By the monotonic clock, when the last beat began that arrived. */
  #toldAt = Number.NEGATIVE_INFINITY
  /** The count of each other process, and since when it has stood there. */
  #seen = new Map<string, Seen>()
  #alive: ReadonlySet<string> = new Set()
  #looking: Promise<Share> | undefined
  #cancel: (() => void) | undefined
  #faulted = false
  #closed = false

  constructor(parts: MembershipParts) {
    this.#parts = parts
  }

  /** False once the others may have counted this process as dead. */
  get #isCurrent(): boolean {
    const { clock, beatEveryMs: every } = this.#parts
    return clock.elapsed() - this.#toldAt < every * beatsToSilence
  }

  /** True while this process may begin something for an endpoint with this holder. */
  holds(holder: string | null): boolean {
    return holder === this.#self && this.#isCurrent
  }

  /** True in one process of all: the one that does what only one has to do. */
  get isFirst(): boolean {
    for (const id of this.#alive) if (id < this.#self) return false
    return this.#isCurrent
  }

  /** Begins to tell that this process is alive. */
  start(): void {
    this.#later()
  }

  /** Nothing is held any more: the others may take all of it at once. */
  async end(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.#looking?.catch(() => {})
    if (this.#self !== '') await this.#parts.processes.remove(this.#self)
  }

  /**
   * Tells that this process is alive, and who else is: as it stands behind this call, not before.
   *
   * @throws Refusal `unavailable`
   */
  async look(): Promise<Share> {
    await this.#looking?.catch(() => {}) // what it reads may be older
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #look(): Promise<Share> {
    const { processes, clock, random } = this.#parts
    let begunAt = clock.elapsed()
    let beats = this.#self === '' ? undefined : await processes.beat(this.#self)
    while (beats === undefined) {
      if (this.#self !== '') this.#parts.onLost()
      this.#self = random.uuid(clock.now())
      begunAt = clock.elapsed()
      await processes.join(this.#self)
      beats = await processes.beat(this.#self)
    }
    this.#toldAt = begunAt
    this.#alive = await this.#withoutDead(beats)
    return shareOf(this.#self, this.#alive)
  }

  async #withoutDead(beats: ReadonlyMap<string, number>): Promise<ReadonlySet<string>> {
    const now = this.#parts.clock.elapsed()
    const seen = new Map<string, Seen>()
    const alive = new Set<string>()
    for (const [id, count] of beats) {
      const last = this.#seen.get(id)
      const since = last?.beats === count ? last.since : now
      const isDead = id !== this.#self && now - since >= this.#parts.beatEveryMs * beatsToDeath
      if (isDead && (await this.#parts.processes.remove(id, count))) continue
      seen.set(id, { beats: count, since })
      alive.add(id)
    }
    this.#seen = seen
    return alive
  }

  #later(): void {
    if (this.#closed) return
    this.#cancel = this.#parts.timers.after(this.#parts.beatEveryMs, () => void this.#beat())
  }

  async #beat(): Promise<void> {
    const before = this.#alive
    const wasCurrent = this.#isCurrent
    try {
      await this.look()
      this.#faulted = false
      this.#parts.onBeat(!wasCurrent || !isSame(before, this.#alive))
    } catch (error) {
      if (!this.#faulted) this.#parts.fault(error)
      this.#faulted = true
    }
    this.#later()
  }
}

const isSame = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((id) => other.has(id))

/** Each endpoint is the process's that draws the highest number for it: when one comes or goes, few endpoints move. */
function shareOf(self: string, alive: ReadonlySet<string>): Share {
  const others = [...alive].filter((id) => id !== self)
  return {
    self,
    alive,
    isMine: (webhookId) => {
      const own = drawn(self, webhookId)
      return others.every((id) => {
        const its = drawn(id, webhookId)
        return its < own || (its === own && id < self)
      })
    },
  }
}

/** FNV-1a, with its bits mixed once more as the texts differ in their ends only. */
function drawn(process: string, webhookId: number): number {
  let hash = 0x811c9dc5
  for (const char of `${process} ${webhookId}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
