import { describe, expect, onTestFinished, test } from 'vitest'
import type { Database, Write } from '../../src/storage/port.ts'
import { LogWindow } from '../../src/webhooks/log-window.ts'
import { sweepEvents } from '../../src/webhooks/retention.ts'
import { backends } from '../backends.ts'
import { noon, uuidOf } from '../fixture.ts'
import { tellingLate } from './dispatching.ts'

const dayMs = 86_400_000
const company = { id: 3, uuid: uuidOf(1, 3) }
const numbers = (events: readonly { readonly sequence: number }[]): number[] => events.map(({ sequence }) => sequence)
const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_unused, index) => first + index)

describe.each(backends)('the newest part of the log on %s', (_, start) => {
  /** A log of so many events, and how often it was read. */
  async function begin(last: number) {
    const api = await start()
    onTestFinished(() => api.close())
    const first = await api.database.read('events', { company_id: 3, sequence: 1 })
    if (first === undefined) throw new Error('the fixture has no events')
    const more = range(4, last).map(
      (sequence): Write => ({
        kind: 'insert',
        table: 'events',
        row: { ...first, sequence, version: sequence, previous_sequence: sequence - 1, name: 'lead_updated' },
      }),
    )
    await api.database.load(more)
    const reads = { count: 0 }
    const database: Database = Object.create(api.database, {
      find: {
        value: (build: Parameters<Database['find']>[0]) => {
          reads.count += 1
          return api.database.find(build)
        },
      },
    })
    return { api, reads, window: new LogWindow(database, company) }
  }

  test('comes in pages, in order and without a gap, to its end', async () => {
    const { window } = await begin(300)
    const all: number[] = []
    for (let page = await window.next(0); page.length > 0; page = await window.next(all.at(-1) ?? 0)) {
      expect(page.length).toBeLessThanOrEqual(128)
      all.push(...numbers(page))
    }
    expect(all).toEqual(range(1, 300))
  })

  test('is read once for all who follow it, at the same time or a little later', async () => {
    const { window, reads } = await begin(50)
    const [one, two] = await Promise.all([window.next(0), window.next(0)])
    expect(numbers(one)).toEqual(numbers(two))
    expect(numbers(await window.next(40))).toEqual(range(41, 50))
    expect((await window.one(7))?.sequence).toBe(7)
    expect(reads.count).toBe(1)
  })

  test('is read anew once it was forgotten, and what was asked for before is not kept', async () => {
    const { api, window, reads } = await begin(50)
    await window.next(0)
    window.forget()
    expect(numbers(await window.next(40))).toEqual(range(41, 50))
    expect(reads.count).toBe(2)
    const late = tellingLate(api.database, /selectFrom/)
    const other = new LogWindow(late.database, company)
    late.hold()
    const asked = other.next(0)
    await expect.poll(() => late.waiting.length).toBe(1)
    const key = { company_id: 3, sequence: 7 }
    await api.database.load([{ kind: 'update', table: 'events', key, set: { payload: null } }])
    other.forget()
    late.tell()
    expect((await asked)[6]?.text).toBeDefined()
    expect((await other.one(7))?.text).toBeUndefined()
  })

  test('is not all of it: who lies far behind reads for itself, and takes it from nobody', async () => {
    const { window, reads } = await begin(1_000)
    for (let after = 0; after < 1_000; ) after = (await window.next(after)).at(-1)?.sequence ?? after
    const readOnce = reads.count
    expect(numbers(await window.next(0))).toEqual(range(1, 128))
    expect(reads.count).toBe(readOnce + 1)
    expect(numbers(await window.next(900))).toEqual(range(901, 1_000))
    expect(reads.count).toBe(readOnce + 1)
  })

  test('has no gap when two begin in different places at the same time', async () => {
    const { window } = await begin(600)
    const walk = async (after: number): Promise<number[]> => {
      const seen: number[] = []
      for (let at = after; at < 600; ) {
        const page = numbers(await window.next(at))
        seen.push(...page)
        at = page.at(-1) ?? 600
      }
      return seen
    }
    const [whole, part, late] = await Promise.all([walk(0), walk(300), walk(571)])
    expect(whole).toEqual(range(1, 600))
    expect(part).toEqual(range(301, 600))
    expect(late).toEqual(range(572, 600))
  })

  test('tells one event wherever it stands, and none that is still to come', async () => {
    const { window } = await begin(200)
    await window.next(150)
    for (const sequence of [1, 151, 200]) expect((await window.one(sequence))?.sequence).toBe(sequence)
    expect(await window.one(201)).toBeUndefined()
  })

  test('sees what was written since it stood at the end', async () => {
    const { window, api } = await begin(10)
    expect(numbers(await window.next(3))).toEqual(range(4, 10))
    expect(await window.next(10)).toEqual([])
    const first = await api.database.read('events', { company_id: 3, sequence: 1 })
    if (first !== undefined)
      await api.database.load([{ kind: 'insert', table: 'events', row: { ...first, sequence: 11 } }])
    expect(numbers(await window.next(10))).toEqual([11])
    expect(numbers(await window.next(8))).toEqual([9, 10, 11])
  })

  test('is read again by who comes late to one that found nothing', async () => {
    const { api } = await begin(10)
    const { database, waiting, hold, tell } = tellingLate(api.database, /selectFrom\(.events.\)/)
    const window = new LogWindow(database, company)
    hold()
    const early = window.next(10)
    await expect.poll(() => waiting.length).toBe(1)
    const event = await api.database.read('events', { company_id: 3, sequence: 1 })
    if (event === undefined) throw new Error('the fixture has no events')
    await api.database.load([{ kind: 'insert', table: 'events', row: { ...event, sequence: 11 } }])
    const late = [window.next(10), window.next(10)]
    tell()
    expect(await early).toEqual([])
    expect((await Promise.all(late)).map(numbers)).toEqual([[11], [11]])
  })

  test('holds the text that is sent, or none when the event was emptied', async () => {
    const { window, api } = await begin(3)
    const [before] = await window.next(0)
    expect(JSON.parse(before?.text ?? '')).toMatchObject({ company_uuid: uuidOf(1, 3), event_id: 'lead_created' })
    await sweepEvents(api.database, 1, noon + 2 * dayMs)
    const [after] = await new LogWindow(api.database, company).next(0)
    expect(after).toEqual({ ...before, text: undefined })
  })
})
