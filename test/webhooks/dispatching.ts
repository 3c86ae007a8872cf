import { onTestFinished } from 'vitest'
import { systemClock, systemTimers, type Timers } from '../../src/kernel/clock.ts'
import { systemRandom } from '../../src/kernel/random.ts'
import type { Database } from '../../src/storage/port.ts'
import { Dispatcher } from '../../src/webhooks/dispatch.ts'
import type { LaneRules } from '../../src/webhooks/lane.ts'
import type { AttemptLine, DisabledLine } from '../../src/webhooks/observe.ts'
import type { Sending } from '../../src/webhooks/sending.ts'
import type { Api } from '../backends.ts'

export interface Dispatching {
  /** The numbers of the events that were sent, in order. */
  readonly sent: number[]
  /** The same with all that went out. */
  readonly sendings: Sending[]
  /** What the storage refused. */
  readonly faults: unknown[]
  /** What the log was told. */
  readonly attempts: AttemptLine[]
  readonly disabled: DisabledLine[]
  close(): Promise<void>
}

interface Options {
  /** In place of the server's own. */
  readonly database?: Database
  readonly timers?: Timers
  readonly rules?: Partial<LaneRules>
  /** The status that the receiver answers. */
  readonly answer?: (sending: Sending) => number | Promise<number>
}

/** A dispatcher beside a server that has none, with a receiver that is made up. It ends with the test. */
export async function dispatching(api: Api, options: Options = {}): Promise<Dispatching> {
  const { database = api.database, timers = systemTimers, rules = {}, answer = () => 200 } = options
  const sent: number[] = []
  const sendings: Sending[] = []
  const faults: unknown[] = []
  const attempts: AttemptLine[] = []
  const disabled: DisabledLine[] = []
  const dispatcher = new Dispatcher({
    database,
    vault: api.vault,
    sender: {
      send: async (sending) => {
        sent.push(Number(sending.headers['x-waggle-sequence']))
        sendings.push(sending)
        return { status: await answer(sending), retryAfter: undefined, answer: '', error: undefined, ms: 1 }
      },
      close: async () => {},
    },
    clock: systemClock,
    timers,
    random: systemRandom,
    beatEveryMs: 900, // another time than what `heldTimers` holds
    rules: { scheduleMs: [0, 0], holdMs: 0, concurrency: 4, disableAfterMs: 86_400_000, ...rules },
    observer: {
      attempt: (line) => attempts.push(line),
      disabled: (line) => disabled.push(line),
      fault: (error) => faults.push(error),
    },
  })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= dispatcher.close()
    return closing
  }
  onTestFinished(close)
  await dispatcher.start()
  return { sent, sendings, faults, attempts, disabled, close }
}

/** Timers whose waits of a second end when the test says so; others end by themselves. */
export function heldTimers() {
  const held = new Set<() => void>()
  const timers: Timers = {
    after: (ms, call) => {
      if (ms !== 1_000) return systemTimers.after(ms, call)
      held.add(call)
      return () => held.delete(call)
    },
  }
  const ring = (): void => {
    const calls = [...held]
    held.clear()
    for (const call of calls) call()
  }
  return { held, timers, ring }
}

/** The storage, which refuses what a test says. */
export function refusing(real: Database) {
  const refuses = { transact: false, find: false }
  const guarded = <Name extends 'transact' | 'find'>(name: Name) => ({
    value: (...args: unknown[]) =>
      refuses[name] ? Promise.reject(new Error('the disk is full')) : Reflect.apply(real[name], real, args),
  })
  const database: Database = Object.create(real, { transact: guarded('transact'), find: guarded('find') })
  return { refuses, database }
}

/** A storage that reads some lists at once, and tells what it read when the test says so. */
export function tellingLate(real: Database, lists: RegExp) {
  const waiting: (() => void)[] = []
  let isHolding = false
  const find = async (build: Parameters<Database['find']>[0]): Promise<unknown[]> => {
    const rows = await real.find(build)
    if (isHolding && lists.test(build.toString())) await new Promise<void>((tell) => waiting.push(tell))
    return rows
  }
  const database: Database = Object.create(real, { find: { value: find } })
  return {
    database,
    waiting,
    hold: (): void => {
      isHolding = true
    },
    tell: (): void => {
      isHolding = false
      for (const one of waiting.splice(0)) one()
    },
  }
}
