import { describe, expect, onTestFinished, test } from 'vitest'
import { IndexThread } from '../../../src/storage/lead-index/index-thread.ts'
import type { AskedPage } from '../../../src/storage/lead-list.ts'
import type { Write } from '../../../src/storage/port.ts'
import type { Row } from '../../../src/storage/tables.ts'
import { type Api, backends } from '../../backends.ts'
import { leadUuid } from '../../fixture.ts'

const asked: AskedPage = { conditions: [], order: [], cursor: undefined, page: 1, pageSize: 50 }

describe.each(backends)('the thread of the lists on %s', (_, start) => {
  const begin = async (): Promise<Api> => {
    const api = await start()
    onTestFinished(() => api.close())
    return api
  }

  test('many lists at once, of several companies, are each answered with their own', async () => {
    const { database } = await begin()
    const pages = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        database.leadPage(at % 2 === 0 ? 3 : 4, { ...asked, pageSize: 1 + (at % 3) }),
      ),
    )
    for (const [at, { total }] of pages.entries()) expect(total).toBe(pages[at % 2]?.total)
    expect(pages[0]?.total).not.toBe(pages[1]?.total)
  })

  test('a company that nobody knows has no leads', async () => {
    const { database } = await begin()
    expect(await database.leadPage(404, asked)).toEqual({ total: 0, ids: [], next: undefined, sequence: 0 })
  })

  test('leads with long texts are gone through in small pieces: the thread does not run out of memory', async () => {
    const { database } = await begin()
    const lead = await database.read('leads', { company_id: 3, id: 4711 })
    if (lead === undefined) throw new Error('there is no lead')
    const values = { 12: { id: 1, uuid: leadUuid(1), value: 'long '.repeat(20_000) } }
    for (let from = 0; from < 600; from += 50) {
      const leads = Array.from({ length: 50 }, (_, at): Row<'leads'> => {
        const id = 80_000 + from + at
        return { ...lead, id, uuid: leadUuid(id), external_id: null, custom_fields: values }
      })
      await database.load(leads.map((row): Write => ({ kind: 'insert', table: 'leads', row })))
    }
    const conditions = [{ kind: 'field holds', id: 12, needle: 'ng lo' }] as const
    expect((await database.leadPage(3, { ...asked, conditions })).total).toBe(600)
  })

  test('who goes away is not waited for', async () => {
    const { database } = await begin()
    const controller = new AbortController()
    const mine = database.leadPage(3, asked, controller.signal)
    controller.abort()
    await expect(mine).rejects.toMatchObject({ name: 'AbortError' })
    await expect(database.leadPage(3, asked, controller.signal)).rejects.toMatchObject({ name: 'AbortError' })
    expect((await database.leadPage(3, asked)).total).toBeGreaterThan(0)
  })
})

test('lists of a file that is not there fail, and after the end they are refused', async () => {
  const thread = new IndexThread({ path: '/nowhere/waggle.db' })
  await expect(thread.page(3, asked)).rejects.toThrow('unable to open')
  await thread.close()
  await expect(thread.page(3, asked)).rejects.toMatchObject({ failure: 'unavailable' })
})

test('lists of a server that is not there are refused for a while', async () => {
  const thread = new IndexThread({ url: 'postgres://nobody@127.0.0.1:1/none' })
  await expect(thread.page(3, asked)).rejects.toMatchObject({ failure: 'unavailable' })
  await thread.close()
})
