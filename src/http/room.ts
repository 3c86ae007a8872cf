import type { Clock } from '../kernel/clock.ts'

/** So many changes may be under way however long it takes: they fit into one commit. */
const alwaysRoom = 256
/** More may be if the last of them is not kept waiting longer than this, in ms. */
const waitMsMax = 500
/** Commits of fewer changes say nothing of how fast it goes when many wait. */
const tellingChanges = 64
/** What is assumed of a change until commits have told, in ms. */
const changeMsAtFirst = 0.5

/**
 * Room for changes. An overload is refused at the door, where it costs least, as soon as what is under way would keep
 * one more waiting: who is let in is served soon, on a slow disk as on a fast one.
 */
export class Room {
  readonly #underWayMax: number
  readonly #clock: Clock
  #underWay = 0
  #changeMs = changeMsAtFirst
  /** When the last commit ended that left others under way. */
  #busySince: number | undefined

  constructor(underWayMax: number, clock: Clock) {
    this.#underWayMax = underWayMax
    this.#clock = clock
  }

  enter(): void {
    this.#underWay += 1
  }

  leave(): void {
    this.#underWay -= 1
  }

  /** A commit of so many changes has ended, and they have not left yet. */
  committed(changes: number): void {
    const now = this.#clock.elapsed()
    if (this.#busySince !== undefined && changes >= tellingChanges) {
      this.#changeMs = (this.#changeMs + (now - this.#busySince) / changes) / 2
    }
    this.#busySince = this.#underWay > changes ? now : undefined
  }

  isFull(): boolean {
    if (this.#underWay >= this.#underWayMax) return true
    return this.#underWay >= alwaysRoom && this.#underWay * this.#changeMs > waitMsMax
  }
}
