import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeOnPostgres } from '../postgres/databases.ts'
import { embeddedGround, type Ground, postgresGround } from './ground.ts'
import { simulate } from './simulate.ts'

let embedded: Ground
beforeAll(async () => {
  embedded = await embeddedGround()
})
afterAll(() => embedded.end())

test('receivers fail and the process dies at any step: nothing is wrong, and everything arrives', async () => {
  let crashes = 0
  for (let seed = 1; seed <= 60; seed += 1) crashes += (await simulate(seed, embedded)).crashes
  expect(crashes).toBeGreaterThan(10)
})

test('a seed replays: the same attempts at the same times', async () => {
  for (const seed of [3, 14, 27]) {
    expect((await simulate(seed, embedded)).trace).toBe((await simulate(seed, embedded)).trace)
  }
})

test('many processes share the endpoints, come, go, die and stand still: nothing is wrong, and everything arrives', async () => {
  let crashes = 0
  for (let seed = 1; seed <= 60; seed += 1) crashes += (await simulate(seed, embedded, { many: true })).crashes
  expect(crashes).toBeGreaterThan(10)
})

describeOnPostgres('on PostgreSQL', () => {
  test('receivers fail and the process dies at any step: nothing is wrong, and everything arrives', async () => {
    let crashes = 0
    for (let seed = 1; seed <= 8; seed += 1) crashes += (await simulate(seed, postgresGround)).crashes
    expect(crashes).toBeGreaterThan(3)
  }, 120_000)

  test('many processes share the endpoints: nothing is wrong, and everything arrives', async () => {
    let crashes = 0
    // What a seed brings depends on the server's turns, too: four may pass without a crash.
    for (let seed = 1; seed <= 4 || (crashes === 0 && seed <= 20); seed += 1) {
      crashes += (await simulate(seed, postgresGround, { many: true })).crashes
    }
    expect(crashes).toBeGreaterThan(0)
  }, 120_000)
})
