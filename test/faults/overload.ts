import assert from 'node:assert/strict'
import { hold } from '../crash/check.ts'
import { newBook, prepareData } from '../crash/load.ts'
import { startServer, temporaryDirectory } from '../crash/server.ts'
import { checkHealed, type Fault, type Told } from './fault.ts'
import { type Pushed, percentileMs, push } from './push.ts'
import { peakMib } from './watch.ts'

const leads = 5_000
const measureSeconds = 3
const overloadSeconds = 5
const times = 3
/** Half of the accepted changes may take longer than the other half, but 99 of 100 no longer than this, in ms. */
const acceptedMsMax = 2_000
const normalAgainMs = 5_000
const growthMibMax = 768

/** How the whole 503 is named among the answers of a push. */
export const refusalKind = JSON.stringify([503, '{"error":"Service unavailable"}', '1'])

function checkAnswered({ refused, unanswered }: Pushed): void {
  const kinds = Object.keys(refused).filter((kind) => kind !== refusalKind)
  hold(kinds.length === 0, `answers that are neither 200 nor the whole 503: ${kinds.join(' ')}`)
  assert.deepEqual(unanswered, {}, 'requests got no answer')
}

/** Three times as much as it can do comes in: it takes what it can, refuses the rest, and is well soon after. */
async function overloaded(): Promise<Told> {
  const directory = temporaryDirectory()
  await prepareData(directory.path, leads)
  const server = await startServer(directory.path)
  const book = newBook()
  try {
    const at = { url: server.url, leads }
    await push({ ...at, connections: 64, seconds: 1 }, book) // warm-up
    const top = await push({ ...at, connections: 64, seconds: measureSeconds }, book)
    const before = peakMib(server)
    const rate = times * top.perSecond
    const over = await push({ ...at, connections: 512, seconds: overloadSeconds, perSecond: rate }, book)
    const growthMib = Math.round(peakMib(server) - before)
    const after = await push({ ...at, connections: 16, seconds: 2, perSecond: top.perSecond / 4 }, book)

    const refused = over.refused[refusalKind] ?? 0
    const p99 = percentileMs(over.taken, 0.99)
    const told =
      `top ${Math.round(top.perSecond)}/s, sent ${Math.round(over.perSecond)}/s for ${overloadSeconds} s: ` +
      `${over.taken.length} accepted, p50 ${percentileMs(over.taken, 0.5)} ms, p99 ${p99} ms, ${refused} refused; ` +
      `the last answer ${over.drainedMs} ms after the last request, then p99 ${percentileMs(after.taken, 0.99)} ms; ` +
      `memory grew by ${growthMib} MiB`
    for (const pushed of [top, over, after]) checkAnswered(pushed)
    hold(over.perSecond > 0.9 * rate, `the load was no overload: ${told}`)
    hold(p99 <= acceptedMsMax, `accepted changes waited too long: ${told}`)
    hold(over.drainedMs <= normalAgainMs, `it is not well soon after: ${told}`)
    hold(Object.keys(after.refused).length === 0, `it refuses though the overload is over: ${told}`)
    hold(percentileMs(after.taken, 0.99) <= 500, `it is slow though the overload is over: ${told}`)
    hold(growthMib <= growthMibMax, `it took too much memory: ${told}`)
    return { ...(await checkHealed({ data: directory.path, book, server }, told)), refused }
  } finally {
    await server.end('SIGKILL')
    directory.remove()
  }
}

export const overloads: readonly Fault[] = [
  {
    name: 'overload',
    injected: `${times} times the top rate for ${overloadSeconds} s from another process, whatever is answered`,
    quick: false,
    run: overloaded,
  },
]
