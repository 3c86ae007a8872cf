import { expect, test } from 'vitest'
import { clockFindings } from '../../../src/commands/doctor/times.ts'
import type { Looking } from '../../../src/storage/looking/looking.ts'
import { handClock } from '../../kernel/hand-clock.ts'

test('a change that a server made during the look does not lie in the future, one of an hour later does', async () => {
  const clock = handClock()
  const looking = (aheadMs: number): Pick<Looking, 'find'> => ({
    find: async () => {
      clock.move(60_000)
      return JSON.parse(`[{"company_id": 3, "last_time": ${clock.now() + aheadMs}}]`)
    },
  })
  expect(await clockFindings(looking(0), clock)).toMatchObject([{ state: 'ok' }])
  expect(await clockFindings(looking(3_600_000), clock)).toMatchObject([{ check: 'clock', state: 'fault' }])
})
