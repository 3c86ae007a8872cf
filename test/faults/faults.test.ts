import { afterAll, expect, test } from 'vitest'
import { endAll } from '../crash/server.ts'
import { faults } from './list.ts'

afterAll(endAll)

const quick = faults.filter((fault) => fault.quick)

for (const { name, injected, missing, run } of quick) {
  const lacks = missing?.()
  const notRun = lacks === undefined ? '' : ` (NOT RUN: ${lacks})`
  test.skipIf(lacks !== undefined)(
    `${name}: nothing is lost, nothing half applied; ${injected}${notRun}`,
    async () => {
      expect((await run()).outcome).not.toBe('')
    },
    180_000,
  )
}
