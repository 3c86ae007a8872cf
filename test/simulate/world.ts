import type { Clock, Timers } from '../../src/kernel/clock.ts'
import type { Random } from '../../src/kernel/random.ts'
import { type Chance, chanceFrom } from '../../src/sample/chance.ts'
import type { Database, Processes, Wake } from '../../src/storage/port.ts'
import type { Returned, Sender, Sending } from '../../src/webhooks/sending.ts'

interface Due {
  readonly at: number
  readonly order: number
  readonly call: () => void
}

/** Time that goes on only when nothing else can happen, and chance that a seed replays. */
export class World implements Clock, Random {
  readonly chance: Chance
  #now: number
  #order = 0
  readonly #due: Due[] = []

  constructor(seed: number, beginsAt: number) {
    this.chance = chanceFrom(seed)
    this.#now = beginsAt
  }

  now = (): number => this.#now
  elapsed = (): number => this.#now
  fraction = (): number => this.chance.between(0, 999_999) / 1_000_000
  uuid = (unixMs: number): string => {
    const time = unixMs.toString(16).padStart(12, '0')
    const hex = (): string => this.chance.between(0, 0xffff).toString(16).padStart(4, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex().slice(1)}-8${hex().slice(1)}-${hex()}${hex()}${hex()}`
  }

  after = (ms: number, call: () => void): (() => void) => {
    this.#order += 1
    const due = { at: this.#now + Math.max(0, Math.round(ms)), order: this.#order, call }
    this.#due.push(due)
    return () => {
      const index = this.#due.indexOf(due)
      if (index >= 0) this.#due.splice(index, 1)
    }
  }

  /** Goes on to the next thing that is due, unless that is behind a time; tells whether there was one. */
  step(until: number): boolean {
    let next: Due | undefined
    for (const due of this.#due) {
      if (next === undefined || due.at < next.at || (due.at === next.at && due.order < next.order)) next = due
    }
    if (next === undefined || next.at > until) {
      this.#now = Math.max(this.#now, until)
      return false
    }
    this.#due.splice(this.#due.indexOf(next), 1)
    this.#now = Math.max(this.#now, next.at)
    next.call()
    return true
  }
}

/** What a process waits for: forgotten when it is gone, and done later while it stands still. */
export class OwnTimers implements Timers {
  readonly #world: World
  readonly #cancels = new Set<() => void>()
  #paused: (() => void)[] | undefined

  constructor(world: World) {
    this.#world = world
  }

  after = (ms: number, call: () => void): (() => void) => {
    let isOver = false
    const cancelDue = this.#world.after(ms, () => {
      this.#cancels.delete(cancel)
      this.whenAwake(() => !isOver && call())
    })
    const cancel = (): void => {
      isOver = true
      this.#cancels.delete(cancel)
      cancelDue()
    }
    this.#cancels.add(cancel)
    return cancel
  }

  get isPaused(): boolean {
    return this.#paused !== undefined
  }

  whenAwake(call: () => void): void {
    if (this.#paused === undefined) call()
    else this.#paused.push(call)
  }

  pause(): void {
    this.#paused ??= []
  }

  resume(): void {
    const calls = this.#paused ?? []
    this.#paused = undefined
    for (const call of calls) this.whenAwake(call)
  }

  forget(): void {
    for (const cancel of [...this.#cancels]) cancel()
    if (this.#paused !== undefined) this.#paused = []
  }
}

/** The table of processes, in memory: one statement is one turn. */
export function processesInMemory(): Processes {
  const beats = new Map<string, number>()
  return {
    join: async (id) => {
      beats.set(id, 0)
    },
    beat: async (id) => {
      const before = beats.get(id)
      if (before === undefined) return undefined
      beats.set(id, before + 1)
      return new Map(beats)
    },
    remove: async (id, count) => {
      if (count !== undefined && beats.get(id) !== count) return false
      return beats.delete(id)
    },
  }
}

/** The ways in which a receiver can be wrong; `ok` is none of them. */
export const faults = [
  'refuses',
  'breaks',
  'is busy',
  'is gone',
  'redirects',
  'hangs',
  'cuts',
  'answers slowly',
  'answers hugely',
  'has a bad certificate',
  'is not found by name',
  'flaps',
] as const
export type Fault = (typeof faults)[number] | 'ok'

/** An attempt that reached the net. */
export interface Arrival {
  readonly endpoint: number
  readonly sequence: number
  readonly at: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** When the dispatcher was told of the outcome; undefined while it is under way, or when it never was. */
  endedAt: number | undefined
  status: number | undefined
}

const timeoutMs = 10_000

/** The net with its receivers, all of them made up. */
export class Net {
  readonly #world: World
  readonly arrivals: Arrival[] = []
  /** What is wrong with each endpoint's receiver now. */
  readonly faults = new Map<number, Fault>()

  constructor(world: World) {
    this.#world = world
  }

  /** What a process sends with. */
  sender(timers: Timers): Sender {
    return { send: (sending) => this.#send(sending, timers), close: async () => {} }
  }

  #send(sending: Sending, timers: Timers): Promise<Returned> {
    const { endpoint, headers, body } = sending
    const arrival: Arrival = {
      endpoint,
      sequence: Number(headers['x-waggle-sequence']),
      at: this.#world.now(),
      headers,
      body,
      endedAt: undefined,
      status: undefined,
    }
    this.arrivals.push(arrival)
    const { ms, ...outcome } = this.#outcome(this.faults.get(endpoint) ?? 'ok')
    return new Promise((resolve) => {
      timers.after(ms, () => {
        arrival.endedAt = this.#world.now()
        arrival.status = outcome.status
        resolve({ answer: '', retryAfter: undefined, ...outcome, ms })
      })
    })
  }

  #outcome(fault: Fault): Pick<Returned, 'status' | 'error' | 'ms'> & Partial<Returned> {
    const { chance } = this.#world
    const soon = chance.between(1, 80)
    const answered = (status: number, more: Partial<Returned> = {}) => ({ status, error: undefined, ms: soon, ...more })
    const failed = (error: string, ms = soon) => ({ status: undefined, error, ms })
    switch (fault) {
      case 'ok':
        return answered(chance.pick([200, 201, 204]))
      case 'refuses':
        return answered(chance.pick([400, 401, 404, 422]))
      case 'breaks':
        return answered(chance.pick([500, 502, 504]))
      case 'is busy':
        return answered(chance.pick([429, 503]), { retryAfter: String(chance.between(0, 900)) })
      case 'is gone':
        return answered(410)
      case 'redirects':
        return answered(302)
      case 'hangs':
        return failed('timed out', timeoutMs)
      case 'cuts':
        return failed('connection closed before an answer')
      case 'answers slowly':
        return answered(200, { ms: timeoutMs })
      case 'answers hugely':
        return answered(200, { answer: 'x'.repeat(1024), ms: chance.between(50, 2_000) })
      case 'has a bad certificate':
        return failed('certificate: self-signed')
      case 'is not found by name':
        return failed('name not found')
      case 'flaps':
        return chance.happens(0.5) ? answered(200) : answered(500)
    }
  }
}

export interface Life {
  readonly timers: OwnTimers
  readonly processes: Processes | undefined
  /** Asked before and behind each change: true when the process dies there. */
  readonly crashes: () => boolean
  /** In how many ms it hears of a wake; 0 is at once. */
  readonly hearsIn: () => number
  /** The same for the answer to a question or a change. */
  readonly answersIn: () => number
}

/** A database as a process sees it that can stand still, or be gone from one moment to the next with what it was doing. */
export class Mortal {
  readonly database: Database
  #outstanding = 0
  #dead = false

  constructor(real: Database, { timers, processes, crashes, hearsIn, answersIn }: Life) {
    const never = new Promise<never>(() => {})
    const guard = async <T>(call: () => Promise<T>, changes: boolean): Promise<T> => {
      if (this.#dead || (changes && crashes() && this.#die())) return never
      this.#outstanding += 1
      try {
        const result = await call()
        if (this.#dead || (changes && crashes() && this.#die())) return never
        return result
      } finally {
        this.#outstanding -= 1
        const ms = answersIn()
        if (ms > 0) await new Promise<void>((answered) => timers.after(ms, answered))
        if (timers.isPaused) await new Promise<void>((awake) => timers.whenAwake(awake))
      }
    }
    const hear = (listener: (wake: Wake) => void, wake: Wake): void => {
      const ms = hearsIn()
      if (ms > 0) timers.after(ms, () => listener(wake))
      else timers.whenAwake(() => !this.#dead && listener(wake))
    }
    const mortal = this
    this.database = {
      transact: (work, once) => guard(() => real.transact(work, once), true),
      load: (writes) => guard(() => real.load(writes), true),
      read: (table, key) => guard(() => real.read(table, key), false),
      find: (build) => guard(() => real.find(build), false),
      leadPage: (companyId, asked) => guard(() => real.leadPage(companyId, asked), false),
      leadCounts: (companyId, asked) => guard(() => real.leadCounts(companyId, asked), false),
      definitions: (companyId) => guard(() => real.definitions(companyId), false),
      forgetIdempotencyKeys: (before, limit) => guard(() => real.forgetIdempotencyKeys(before, limit), true),
      wipe: () => guard(() => real.wipe(), false),
      onWake: (listener) => real.onWake((wake) => !mortal.#dead && hear(listener, wake)),
      onCommit: (listener) => real.onCommit(listener),
      processes: processes && {
        join: (id) => guard(() => processes.join(id), false),
        beat: (id) => guard(() => processes.beat(id), false),
        remove: (id, beats) => guard(() => processes.remove(id, beats), false),
      },
      get waiting() {
        return real.waiting
      },
      get isOpen() {
        return !mortal.#dead && real.isOpen
      },
      close: () => real.close(),
    }
  }

  get isDead(): boolean {
    return this.#dead
  }

  #die(): true {
    this.#dead = true
    return true
  }

  kill(): void {
    this.#die()
  }

  /** True while something is done that takes no time of this world. */
  get isBusy(): boolean {
    return this.#outstanding > 0
  }
}
