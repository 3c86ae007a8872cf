import { isLoopback } from '../http/authenticate.ts'
import { limitedAs, SlidingWindow } from '../http/limits.ts'
import type { Clock } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'

const windowMs = 600_000
const perAccount = 10
const perAddress = 50
const namesMax = 100_000

/** Attempts that have failed in the last ten minutes: 10 for each account and 50 for each address that asks. */
export class Attempts {
  readonly #accounts: SlidingWindow
  readonly #addresses: SlidingWindow

  constructor(clock: Clock) {
    this.#accounts = new SlidingWindow(perAccount, clock, { windowMs, namesMax })
    this.#addresses = new SlidingWindow(perAddress, clock, { windowMs, namesMax })
  }

  /**
   * Counts an attempt, whatever comes of it.
   *
   * @throws Refusal `too_many_attempts`
   */
  count(account: string, address: string): void {
    take(this.#accounts, account)
    if (!isLoopback(address)) take(this.#addresses, limitedAs(address))
  }

  /**
   * Counts an attempt before it is made, so that many at once are no more than one after the other; what has succeeded is
   * taken back, and so is what could not be tried for want of room.
   *
   * @param account what is tried to be opened
   * @param address who asks; loopback is exempt, as a local proxy's clients all come from it
   * @throws Refusal `too_many_attempts`
   */
  async bounded<T>(account: string, address: string, attempt: () => Promise<T>): Promise<T> {
    this.count(account, address)
    try {
      const done = await attempt()
      this.#giveBack(account, address)
      return done
    } catch (error) {
      if (error instanceof Refusal && error.failure === 'unavailable') this.#giveBack(account, address)
      throw error
    }
  }

  #giveBack(account: string, address: string): void {
    this.#accounts.giveBack(account)
    if (!isLoopback(address)) this.#addresses.giveBack(limitedAs(address))
  }
}

function take(window: SlidingWindow, name: string): void {
  const { allowed, resetSeconds } = window.take(name)
  if (!allowed) throw new Refusal('too_many_attempts', { retryAfterSeconds: resetSeconds })
}
