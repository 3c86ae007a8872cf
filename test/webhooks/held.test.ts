import { describe, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../src/storage/port.ts'
import { backends } from '../backends.ts'
import { dispatching, tellingLate } from './dispatching.ts'
import { administrator } from './examples.ts'

const subscribers = /selectFrom\(.webhooks.\)[\s\S]*.state.,\s*.=.,\s*.active./

/** A storage that counts how often the log was read to its end. */
function countingLog(real: Database) {
  const log = { reads: 0 }
  const find = async (build: Parameters<Database['find']>[0]): Promise<unknown[]> => {
    const rows = await real.find(build)
    if (/selectFrom\(.events.\)/.test(build.toString())) log.reads += 1
    return rows
  }
  const database: Database = Object.create(real, { find: { value: find } })
  return { database, log }
}

describe.each(backends)('while a change of endpoints is being read, on %s', (_, start) => {
  async function begin(options: Parameters<typeof dispatching>[1], ...webhooks: object[]) {
    const api = await start()
    onTestFinished(() => api.close())
    const admin = administrator(api)
    const ids: number[] = []
    for (const webhook of webhooks) ids.push((await admin.webhook(webhook)).id)
    const { database: counted, log } = countingLog(api.database)
    const { database, ...late } = tellingLate(counted, subscribers)
    const { sent, faults } = await dispatching(api, { ...options, database })
    onTestFinished(late.tell)
    late.hold()
    /** A change of a lead; resolves when the dispatcher has read it, and could have sent it. */
    const change = async (): Promise<void> => {
      const before = log.reads
      await admin.changeLead()
      await expect.poll(() => log.reads).toBeGreaterThan(before)
      await new Promise(setImmediate)
    }
    return { admin, ids, change, sent, faults, ...late }
  }

  test('nothing is sent to one that was paused, and all of it when it is resumed', async () => {
    const { admin, ids, change, sent, faults, waiting, tell } = await begin({}, {})
    await admin.patch(`/webhooks/${ids[0]}`, { state: 'paused' })
    await expect.poll(() => waiting.length).toBe(1)
    await change()
    expect(sent).toEqual([])
    tell()
    await admin.patch(`/webhooks/${ids[0]}`, { state: 'active' })
    await expect.poll(() => sent).toEqual([4])
    expect(faults).toEqual([])
  })

  test('nor is what had been taken up before and waits for another of its lead', async () => {
    let isAnswered = (): void => {}
    const first = new Promise<void>((resolve) => {
      isAnswered = resolve
    })
    const answer = async (): Promise<number> => {
      await first
      return 200
    }
    const { admin, ids, change, sent, waiting, tell } = await begin({ answer }, {})
    await change()
    await change()
    await expect.poll(() => sent).toEqual([4])
    await admin.patch(`/webhooks/${ids[0]}`, { state: 'paused' })
    await expect.poll(() => waiting.length).toBe(1)
    isAnswered()
    await expect.poll(async () => (await admin.row(ids[0] ?? 0)).last_status).toBe(200)
    expect(sent).toEqual([4])
    tell()
    await admin.patch(`/webhooks/${ids[0]}`, { state: 'active' })
    await expect.poll(() => sent).toEqual([4, 5])
  })

  test('no event is passed over that the endpoint has begun to hear of', async () => {
    const { admin, ids, change, sent, waiting, tell } = await begin({}, { fields: ['tags'] })
    await admin.patch(`/webhooks/${ids[0]}`, { fields: null })
    await expect.poll(() => waiting.length).toBe(1)
    await change()
    tell()
    await expect.poll(() => sent).toEqual([4])
  })

  test('the others wait as well, and go on as soon as it has been read', async () => {
    const { admin, ids, change, sent, waiting, tell } = await begin({}, {}, {})
    await admin.patch(`/webhooks/${ids[0]}`, { state: 'paused' })
    await expect.poll(() => waiting.length).toBe(1)
    await change()
    expect(sent).toEqual([])
    tell()
    await expect.poll(() => sent).toEqual([4])
    await admin.changeLead()
    await expect.poll(() => sent).toEqual([4, 5])
  })

  test('a second change keeps them waiting until it has been read, too', async () => {
    const { admin, ids, change, sent, waiting, tell, hold } = await begin({}, {}, {})
    await admin.patch(`/webhooks/${ids[0]}`, { description: 'first' })
    await expect.poll(() => waiting.length).toBe(1)
    await admin.patch(`/webhooks/${ids[1]}`, { state: 'paused' })
    tell()
    hold()
    await expect.poll(() => waiting.length).toBe(1)
    await change()
    expect(sent).toEqual([])
    tell()
    await expect.poll(() => sent).toEqual([4])
    await admin.patch(`/webhooks/${ids[1]}`, { state: 'active' })
    await expect.poll(() => sent).toEqual([4, 4])
  })
})
