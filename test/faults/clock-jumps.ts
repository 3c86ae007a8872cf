import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import { type Api, backends, type Start } from '../backends.ts'
import { checkDatabase } from '../crash/check.ts'
import { addLeads, type Book, exchange, markOf, newBook, onceKeyOf, requestOf, startLoad } from '../crash/load.ts'
import { until } from '../crash/server.ts'
import { type Fault, stopLoad, type Told } from './fault.ts'

const hourMs = 3_600_000
/** An idempotency key of the beginning is within its 24 hours all the time. */
const jumpsMs: readonly number[] = [-hourMs, 24 * hourMs, -24 * hourMs]
const rateLimit = 1_000_000

/** The wall clock jumps while changes go on. Spans are measured by another clock, which only grows. */
async function clockJumps(start: (options?: Start) => Promise<Api>): Promise<Told> {
  let aheadMs = 0
  const clock = { now: () => Date.now() + aheadMs, elapsed: () => performance.now() }
  const api = await start({ clock, config: { rateLimit } })
  const book = newBook()
  try {
    await addLeads(api.database)
    const load = startLoad(api.url, book, 8)
    const more = async (): Promise<void> => {
      const before = book.acknowledged.length
      await until('changes go on', () => book.acknowledged.length >= before + 100 || book.refused.length > 0)
    }
    await more()
    for (const jumpMs of jumpsMs) {
      aheadMs += jumpMs
      await more()
      await checkRepeated(api.url, book)
    }
    await stopLoad(load)
    assert.deepEqual(book.refused, [], 'a change was refused')
    await checkDatabase(api.at, book)
    const events = (await api.events()).filter(({ request_id }) => request_id !== null)
    for (const [index, { at, sequence }] of events.entries()) {
      const before = events[index - 1]?.at ?? 0
      assert(at >= before, `event ${sequence} is at ${at}, the one before at ${before}: the log's time goes back`)
    }
    const begun = events.find(({ request_id }) => request_id === markOf(1))?.at ?? 0
    const hours = Math.round(((events.at(-1)?.at ?? 0) - begun) / hourMs)
    assert.equal(hours, 23, 'the log does not tell the farthest time')
    const acknowledged = book.acknowledged.length
    return { acknowledged, refused: 0, unanswered: 0, unheard: 0, outcome: 'the times of the log only grew' }
  } finally {
    await api.close()
  }
}

/** The first request that may be repeated is, and is answered as before; it counts for the rate like any other. */
async function checkRepeated(url: string, book: Book): Promise<void> {
  const first = book.acknowledged.find(({ number }) => onceKeyOf(number) !== undefined)
  assert(first !== undefined)
  const made = book.acknowledged.length
  const agent = new Agent()
  const { path, ...request } = requestOf(first)
  const { status, headers, body } = await exchange(`${url}${path}`, agent, request)
  agent.destroy()
  const told = [status, headers['idempotency-replayed'], headers['x-waggle-sequence']]
  assert.deepEqual(told, [200, 'true', String(first.sequence)], body)
  const counted = rateLimit - Number(headers['ratelimit-remaining'])
  assert(counted > made, `${counted} requests count for the rate, more were made in a minute`)
  assert(Number(headers['ratelimit-reset']) <= 60, 'the rate is held back longer than a minute')
}

export const clockFaults: readonly Fault[] = backends.map(([name, start]) => ({
  name: `clock jumps, on ${name}`,
  injected: 'the wall clock goes an hour back, a day ahead, and a day back, under load',
  quick: true,
  run: () => clockJumps(start),
}))
