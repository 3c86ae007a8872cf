import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTemplate, simulate } from './simulate.ts'

let template: string
beforeAll(async () => {
  template = await makeTemplate()
})
afterAll(() => rmSync(template, { recursive: true, force: true }))

test('receivers fail and the process dies at any step: nothing is wrong, and everything arrives', async () => {
  let crashes = 0
  for (let seed = 1; seed <= 60; seed += 1) crashes += (await simulate(seed, template)).crashes
  expect(crashes).toBeGreaterThan(10)
})

test('a seed replays: the same attempts at the same times', async () => {
  for (const seed of [3, 14, 27]) {
    expect((await simulate(seed, template)).trace).toBe((await simulate(seed, template)).trace)
  }
})

test('many processes share the endpoints, come, go, die and stand still: nothing is wrong, and everything arrives', async () => {
  let crashes = 0
  for (let seed = 1; seed <= 60; seed += 1) crashes += (await simulate(seed, template, { many: true })).crashes
  expect(crashes).toBeGreaterThan(10)
})
