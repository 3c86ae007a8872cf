import { describe, expect, onTestFinished, test } from 'vitest'
import { backends } from '../backends.ts'
import { fill, walk } from './walk.ts'

describe.each(backends)('an integration that reads all leads on %s', (_, start) => {
  test.each(['cursor', 'time'] as const)(
    'misses none and meets none twice by %s, while others change, make and delete leads; and hears of each change',
    async (by) => {
      const api = await start()
      onTestFinished(() => api.close())
      await fill(api, 1_500)
      const { pages, changed } = await walk(api, 1_500, by)
      expect(pages).toBeGreaterThan(29)
      expect(changed).toBeGreaterThan(0)
    },
    60_000,
  )
})
