import { expect, test } from 'vitest'
import { Turns } from '../../src/sign-in/turns.ts'

/** Tasks that end when they are told to. */
function tasks() {
  const begun: number[] = []
  const ends = new Map<number, () => void>()
  const task = (name: number) => () =>
    new Promise<number>((end) => {
      begun.push(name)
      ends.set(name, () => end(name))
    })
  return { begun, task, end: (name: number) => ends.get(name)?.() }
}

test('so many run at once, others in their order, and too many are refused', async () => {
  const turns = new Turns({ atOnce: 2, waitingMax: 2 })
  const { begun, task, end } = tasks()
  const [first, second, third, fourth] = [1, 2, 3, 4].map((name) => turns.take(task(name)))
  await expect(turns.take(task(5))).rejects.toMatchObject({ failure: 'unavailable', status: 503 })
  expect(begun).toEqual([1, 2])
  end(2)
  expect(await second).toBe(2)
  await expect.poll(() => begun).toEqual([1, 2, 3])
  end(1)
  expect(await first).toBe(1)
  await expect.poll(() => begun).toEqual([1, 2, 3, 4])
  end(3)
  end(4)
  expect(await Promise.all([third, fourth])).toEqual([3, 4])
  const sixth = turns.take(task(6))
  expect(begun.at(-1)).toBe(6)
  end(6)
  expect(await sixth).toBe(6)
})

test('a task that fails gives its turn on', async () => {
  const turns = new Turns({ atOnce: 1, waitingMax: 1 })
  const failing = turns.take(() => Promise.reject(new Error('no')))
  const next = turns.take(async () => 'next')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('next')
})
