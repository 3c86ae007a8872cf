import { expect, test } from 'vitest'
import { Pace } from '../../src/webhooks/pace.ts'

/** A clock with timers that the test sets off. */
function begin() {
  let now = 1_000
  const timers: { at: number; call: () => void }[] = []
  const pace = new Pace({
    clock: { now: () => now, elapsed: () => now },
    timers: {
      after: (ms, call) => {
        timers.push({ at: now + ms, call })
        return () => {}
      },
    },
  })
  const pass = (ms: number): void => {
    now += ms
    for (const timer of timers.splice(0)) timer.at <= now ? timer.call() : timers.push(timer)
  }
  return { pace, timers, pass }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('after a rest it calls at once', async () => {
  const { pace } = begin()
  const called: string[] = []
  pace.soon(() => called.push('one'))
  await turn()
  expect(called).toEqual(['one'])
})

test('then what comes within the pace is called together, each once', async () => {
  const { pace, timers, pass } = begin()
  const called: string[] = []
  const [one, two] = [() => void called.push('one'), () => void called.push('two')]
  pace.soon(one)
  await turn()
  for (let times = 0; times < 50; times += 1) {
    pace.soon(one)
    pace.soon(two)
  }
  expect(timers).toHaveLength(1)
  pass(19)
  expect(called).toEqual(['one'])
  pass(1)
  expect(called).toEqual(['one', 'one', 'two'])
})
