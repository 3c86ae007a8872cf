import { describe, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/storage/open.ts'
import { backends } from '../backends.ts'
import { serving, temporaryDirectory, waggle } from '../commands/program.ts'
import { keys } from '../fixture.ts'
import { handClock } from '../kernel/hand-clock.ts'
import { describeOnPostgres, testDatabase } from '../postgres/databases.ts'
import { fillRichly } from '../storage/moving/rich.ts'

const dayMs = 86_400_000
/** A machine may have much else to do. */
const patience = { timeout: 30_000 }

describe.each(backends)('a server that keeps events for a year, on %s', (_, start) => {
  test('empties them when it begins, by its own clock', async () => {
    const clock = handClock()
    clock.move(400 * dayMs)
    const api = await start({ clock, dispatch: true, config: { eventRetentionDays: 365 } })
    onTestFinished(() => api.close())
    const emptied = async () => (await api.events()).filter(({ payload }) => payload === null)
    await expect.poll(emptied, patience).toHaveLength(3)
    const metrics = async () => (await fetch(`${api.url}/metrics`)).text()
    await expect.poll(metrics, patience).toContain('waggle_retention_oldest_event_seconds 0\n')
  })
})

/** The fixture with so many leads more, all of January, and an endpoint that has come half the way. */
async function fillHalfway(place: { directory: string; url?: string }, leads: number): Promise<number> {
  await fillRichly(place, leads)
  const database = await openDatabase(place)
  const cursor = leads / 2
  await database.load([
    { kind: 'update', table: 'webhooks', key: { company_id: 3, id: 1 }, set: { cursor } },
    { kind: 'delete', table: 'deliveries', key: { company_id: 3, id: 1 } },
  ])
  await database.close()
  return cursor
}

async function emptiesUpToTheSlowest(place: { directory: string; url?: string }, args: readonly string[]) {
  const cursor = await fillHalfway(place, 1_000)
  const whole = [...args, '--event-retention-days', '30', '--log', 'json']
  const counted = async (url: string): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text()
    return Number(/^waggle_retention_events_emptied_total (\d+)$/m.exec(text)?.[1])
  }
  const erased = async (url: string, after: number): Promise<unknown> => {
    const headers = { authorization: `Bearer ${keys.full}` }
    const text = await (await fetch(`${url}/api/v1/events?limit=1&after=${after}`, { headers })).text()
    return JSON.parse(text)[0].erased
  }
  const first = await serving(whole)
  await expect.poll(() => counted(first.url), patience).toBeGreaterThan(cursor)
  expect(await erased(first.url, cursor - 1)).toBe(true)
  expect(await erased(first.url, cursor), 'the endpoint waits for it').toBeUndefined()
  const { out } = await first.stop()
  const lines: { msg?: string; eventsEmptied?: number }[] = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.find(({ msg }) => msg?.startsWith('retention:'))).toMatchObject({
    eventsEmptied: cursor + 1, // and one of another company
    heldBy: [{ companyId: 3, webhookId: 1, sequence: cursor + 1, events: 503 }],
  })
  expect(await waggle(['webhook', 'remove', '1', ...args])).toMatchObject({ code: 0 })
  const second = await serving(whole)
  await expect.poll(() => counted(second.url), patience).toBe(503)
  expect(await erased(second.url, 1_002)).toBe(true)
}

test('a running server empties what is old up to what the slowest endpoint waits for, and tells so', async () => {
  const directory = temporaryDirectory()
  await emptiesUpToTheSlowest({ directory }, ['--data', directory])
}, 60_000)

describeOnPostgres('with PostgreSQL', () => {
  test('the same', async () => {
    const directory = temporaryDirectory()
    const { url, release } = await testDatabase()
    onTestFinished(release)
    await emptiesUpToTheSlowest({ directory, url }, ['--data', directory, '--database-url', url])
  }, 60_000)
})
