import { describe, expect, it } from 'vitest'
import { Rounds } from '../../src/kernel/rounds.ts'

/** Timers that are over when they are told so. */
function handTimers() {
  const waiting = new Map<number, () => void>()
  return {
    waiting,
    after: (ms: number, call: () => void) => {
      waiting.set(ms, call)
      return () => waiting.delete(ms)
    },
    over: (ms: number) => {
      const call = waiting.get(ms)
      waiting.delete(ms)
      call?.()
    },
  }
}

/** As many microtasks as anything here needs. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

const noFault = (error: unknown) => expect.unreachable(String(error))

describe('what comes round', () => {
  it('is done each time its time is over, and not before', async () => {
    const timers = handTimers()
    let done = 0
    new Rounds(timers, noFault).add(1000, async () => (done += 1))
    expect(done).toBe(0)
    timers.over(1000)
    await settled()
    timers.over(1000)
    await settled()
    expect(done).toBe(2)
  })

  it('is done at once when it is begun, and comes round after that', async () => {
    const timers = handTimers()
    let done = 0
    const round = new Rounds(timers, noFault).add(1000, async () => (done += 1))
    round.begin()
    expect(done).toBe(1)
    expect(timers.waiting.size).toBe(0)
    await settled()
    expect(timers.waiting.size).toBe(1)
  })

  it('is done once at a time, however long it takes', async () => {
    const timers = handTimers()
    const { promise, resolve } = Promise.withResolvers<void>()
    let begun = 0
    const round = new Rounds(timers, noFault).add(1000, () => {
      begun += 1
      return promise
    })
    round.begin()
    round.begin()
    timers.over(1000)
    expect(begun).toBe(1)
    resolve()
    await settled()
    timers.over(1000)
    expect(begun).toBe(2)
  })

  it('is tried again when it failed, and the fault is told', async () => {
    const timers = handTimers()
    const faults: unknown[] = []
    const fault = new Error('the disk is full')
    let tries = 0
    new Rounds(timers, (error) => faults.push(error)).add(1000, async () => {
      tries += 1
      if (tries === 1) throw fault
    })
    timers.over(1000)
    await settled()
    timers.over(1000)
    await settled()
    expect(faults).toEqual([fault])
    expect(tries).toBe(2)
  })

  it('is told of a close, which waits for its end and lets nothing begin any more', async () => {
    const timers = handTimers()
    const { promise, resolve } = Promise.withResolvers<void>()
    const rounds = new Rounds(timers, noFault)
    let told: AbortSignal | undefined
    let others = 0
    const round = rounds.add(1000, (closing) => {
      told = closing
      return promise
    })
    const other = rounds.add(2000, async () => (others += 1))
    round.begin()
    expect(told?.aborted).toBe(false)
    let closed = false
    const closing = rounds.close().then(() => (closed = true))
    expect(told?.aborted).toBe(true)
    await settled()
    expect(closed).toBe(false)
    resolve()
    await closing
    expect(timers.waiting.size).toBe(0)
    other.begin()
    expect(others).toBe(0)
  })
})
