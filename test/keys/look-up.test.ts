import { expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../../src/kernel/clock.ts'
import { keyLookUp } from '../../src/keys/look-up.ts'
import { backends } from '../backends.ts'
import { keys } from '../fixture.ts'

test.each(backends)('requests that come together with one key look it up once, on %s', async (_, start) => {
  const api = await start()
  onTestFinished(() => api.close())
  const read = vi.spyOn(api.database, 'read')
  const lookUp = keyLookUp(api.database, systemClock, () => {})
  const found = await Promise.all([1, 2, 3].map(() => lookUp(keys.full)))
  expect(found.map((actor) => actor?.companyId)).toEqual([3, 3, 3])
  const readsOfOne = read.mock.calls.length
  expect(readsOfOne).toBe(3) // the key, its company, its user

  read.mockClear()
  const unknown = await Promise.all([1, 2].map(() => lookUp('jb_unknown')))
  expect(unknown).toEqual([undefined, undefined])
  expect(read).toHaveBeenCalledTimes(1)
  await lookUp('jb_unknown')
  expect(read).toHaveBeenCalledTimes(2)
})
