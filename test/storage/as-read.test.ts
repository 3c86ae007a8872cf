import { describe, expect, onTestFinished, test } from 'vitest'
import { transactAsRead } from '../../src/storage/as-read.ts'
import type { Work } from '../../src/storage/port.ts'
import { backends } from '../backends.ts'

describe.each(backends)('a work that rests on lists on %s', (_, start) => {
  const begin = async () => {
    const api = await start()
    onTestFinished(() => api.close())
    return api.database
  }
  const renamed = (label: string): Work<string> => ({
    companyId: 3,
    keys: {},
    changesDefinitions: true,
    decide: () => ({
      reply: label,
      writes: [{ kind: 'update', table: 'tags', key: { company_id: 3, id: 7 }, set: { label } }],
    }),
  })

  test('is prepared again when definitions changed since, and decided with those it was prepared with', async () => {
    const database = await begin()
    const seen: (string | undefined)[] = []
    const { reply } = await transactAsRead(database, 3, async ({ tags }) => {
      seen.push(tags.get(7)?.label)
      if (seen.length === 1) await database.transact(renamed('Between'))
      return renamed(`${seen.at(-1)}, then last`)
    })
    expect(seen).toEqual(['Tag 7', 'Between'])
    expect(reply).toBe('Between, then last')
  })

  test('is given up when they change at every try, and changes nothing', async () => {
    const database = await begin()
    let tries = 0
    const given = transactAsRead(database, 3, async () => {
      tries += 1
      await database.transact(renamed(`Between ${tries}`))
      return renamed('Never')
    })
    await expect(given).rejects.toMatchObject({ failure: 'unavailable' })
    expect((await database.definitions(3)).tags.get(7)?.label).toBe('Between 3')
  })
})
