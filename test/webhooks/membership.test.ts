import { describe, expect, onTestFinished, test } from 'vitest'
import type { Clock } from '../../src/kernel/clock.ts'
import { systemRandom } from '../../src/kernel/random.ts'
import type { Processes } from '../../src/storage/port.ts'
import { Membership } from '../../src/webhooks/membership.ts'
import { OwnTimers, processesInMemory, World } from '../simulate/world.ts'

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate)
}

/** Processes that share a world, told to beat once in 1,000 ms. */
function town() {
  const world = new World(1, 0)
  const processes = processesInMemory()
  const pass = async (ms: number): Promise<void> => {
    const until = world.now() + ms
    do await settle()
    while (world.step(until))
  }
  const join = async (more: { processes?: Processes; clock?: Clock } = {}) => {
    const timers = new OwnTimers(world)
    const told = { changes: 0, lost: 0, faults: 0 }
    const tell = (what: keyof typeof told): void => {
      told[what] += 1
    }
    const member = new Membership({
      processes,
      clock: world,
      timers,
      random: systemRandom,
      beatEveryMs: 1_000,
      onBeat: (changed) => changed && tell('changes'),
      onLost: () => tell('lost'),
      fault: () => tell('faults'),
      ...more,
    })
    member.start()
    await member.look()
    return { member, timers, told }
  }
  return { world, processes, pass, join }
}

const numbers = Array.from({ length: 1_000 }, (_, at) => at + 1)

describe('processes that share the endpoints', () => {
  test('send to each endpoint from one of them, and to about as many each', async () => {
    const { join, pass } = town()
    const all = [await join(), await join(), await join()]
    await pass(1_000)
    const shares = await Promise.all(all.map(({ member }) => member.look()))
    const counts = shares.map(({ isMine }) => numbers.filter(isMine).length)
    expect(numbers.every((id) => shares.filter(({ isMine }) => isMine(id)).length === 1)).toBe(true)
    for (const count of counts) expect(count).toBeGreaterThan(250)
  })

  test('move few endpoints when one comes', async () => {
    const { join } = town()
    const { member } = await join()
    const before = numbers.filter((await member.look()).isMine)
    await join()
    const after = numbers.filter((await member.look()).isMine)
    expect(after.every((id) => before.includes(id))).toBe(true)
    expect(after.length).toBeGreaterThan(400)
  })

  test('take over what one held that is dead, and not before its time', async () => {
    const { join, pass } = town()
    const one = await join()
    const other = await join()
    await pass(3_000)
    const { self } = await one.member.look()
    other.timers.forget() // it is gone from one moment to the next
    await pass(4_500)
    expect((await one.member.look()).alive.size).toBe(2)
    await pass(1_500)
    expect((await one.member.look()).alive).toEqual(new Set([self]))
    expect(one.told.changes).toBe(2) // the other came, and went
  })

  test('know at once of one that stops in order', async () => {
    const { join } = town()
    const one = await join()
    const other = await join()
    await other.member.end()
    expect((await one.member.look()).alive.size).toBe(1)
  })

  test('begin nothing once they stood still for so long that others may hold what they held', async () => {
    const { join, pass } = town()
    const one = await join()
    const other = await join()
    await pass(2_000)
    const { self } = await other.member.look()
    other.timers.pause()
    await pass(3_900)
    expect(other.member.holds(self)).toBe(true)
    await pass(100)
    expect(other.member.holds(self)).toBe(false)
    expect((await one.member.look()).alive.size).toBe(2)
    await pass(3_000)
    expect((await one.member.look()).alive.size).toBe(1)
    other.timers.resume()
    await pass(0)
    expect(other.told.lost).toBe(1)
    expect(other.member.holds(self)).toBe(false) // it is another now
    await pass(1_000)
    expect((await one.member.look()).alive.size).toBe(2)
  })

  test('begin nothing while the database does not answer, and go on as they were', async () => {
    const { join, pass, processes } = town()
    let answers = true
    const beat: Processes['beat'] = (id) => (answers ? processes.beat(id) : Promise.reject(new Error('gone')))
    const { member, told } = await join({ processes: { ...processes, beat } })
    const { self } = await member.look()
    answers = false
    await pass(4_000)
    expect(member.holds(self)).toBe(false)
    answers = true
    await pass(1_000)
    expect(member.holds(self)).toBe(true)
    expect(told).toMatchObject({ faults: 1, lost: 0 })
  })

  test('are led by one, for what only one has to do', async () => {
    const { join, pass } = town()
    const all = [await join(), await join(), await join()]
    await pass(1_000)
    expect(all.filter(({ member }) => member.isFirst)).toHaveLength(1)
  })

  test('care for no wall clock: it may step back by an hour', async () => {
    const { world, join, pass } = town()
    let behindMs = 0
    const clock: Clock = { now: () => world.now() - behindMs, elapsed: world.elapsed }
    const one = await join({ clock })
    const other = await join()
    await pass(2_000)
    behindMs = 3_600_000
    await pass(10_000)
    expect((await other.member.look()).alive.size).toBe(2)
    expect(one.told.lost + other.told.lost).toBe(0)
    onTestFinished(() => one.member.end())
  })
})
