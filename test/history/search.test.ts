import { expect, test } from 'vitest'
import { chanceFrom } from '../../src/sample/chance.ts'
import { checkHistory } from './check.ts'
import { doctored } from './doctor.ts'
import type { History } from './history.ts'
import { makeHistory } from './make.ts'
import { hasOrder } from './search.ts'

/** What the check says of a history; undefined when it finds nothing wrong. */
function wrongIn(history: History): string | undefined {
  try {
    checkHistory(history)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const stepsMax = 1_000_000

test('a server that carries out one request at a time leaves histories that both find right', () => {
  for (let seed = 1; seed <= 1_500; seed += 1) {
    const history = makeHistory(chanceFrom(seed))
    expect(wrongIn(history), `seed ${seed}`).toBeUndefined()
    expect(hasOrder(history, stepsMax), `seed ${seed}`).toBe(true)
  }
})

test('of doctored histories both say the same', () => {
  let wrong = 0
  let byOrder = 0
  const histories = 6_000
  for (let seed = 1; seed <= histories; seed += 1) {
    const chance = chanceFrom(seed)
    const history = doctored(makeHistory(chance), chance)
    const said = wrongIn(history)
    expect(hasOrder(history, stepsMax), `seed ${seed}: ${said}`).toBe(said === undefined)
    if (said === undefined) continue
    wrong += 1
    if (said.startsWith('ORDER')) byOrder += 1
  }
  expect(wrong).toBeGreaterThan(histories / 5)
  expect(byOrder).toBeGreaterThan(histories / 20)
  expect(wrong).toBeLessThan((histories * 4) / 5)
})

test('a search that would take too long says that it does not know', () => {
  expect(hasOrder(makeHistory(chanceFrom(1)), 0)).toBeUndefined()
})
