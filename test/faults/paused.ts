import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { until } from '../crash/server.ts'
import { checkHealed, type Fault, onServer, stopLoad, type Told, underLoad } from './fault.ts'

/**
 * A process that stands still for a while, as on a machine that is moved or starved, works on at once.
 *
 * @param resumedWithinMs how soon after it may run again it must acknowledge something
 */
const standsStill = (ms: number, resumedWithinMs: number): Promise<Told> =>
  onServer(async (ground) => {
    const { book, server } = ground
    const load = await underLoad(ground, 32)
    process.kill(server.pid, 'SIGSTOP')
    await wait(ms)
    const before = book.acknowledged.length
    const resumedAt = performance.now()
    process.kill(server.pid, 'SIGCONT')
    await until('a change is acknowledged', () => book.acknowledged.length > before || !server.isRunning())
    const tookMs = Math.round(performance.now() - resumedAt)
    await stopLoad(load)
    assert.equal(book.refused.length, 0, 'a change was refused')
    assert(tookMs < resumedWithinMs, `it took ${tookMs} ms to work on`)
    return checkHealed(ground, `worked on ${tookMs} ms after it could`)
  })

const pausedFor = (seconds: number, quick: boolean): Fault => ({
  name: `paused for ${seconds} s`,
  injected: `SIGSTOP, and SIGCONT ${seconds} s later`,
  quick,
  run: () => standsStill(seconds * 1000, quick ? Number.POSITIVE_INFINITY : 1_000),
})

export const pauses: readonly Fault[] = [pausedFor(1, true), pausedFor(10, false)]
