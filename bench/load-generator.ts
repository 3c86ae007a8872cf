import { connect, type Socket } from 'node:net'
import { answerParent } from './child.ts'
import { loadOf } from './latencies.ts'
import type { Load, Loading } from './messages.ts'
import { watchLoop } from './pauses.ts'
import { ReplyReader } from './reply-reader.ts'
import { type KnownStatuses, requestsOf, statusesOf } from './requests.ts'
import { drawsOf } from './workspace.ts'

/**
 * Keeps a number of connections busy, each with one request at a time: the next leaves when the answer has come, or
 * when its turn has, if the load has a pace.
 *
 * Arguments: leads in the database.
 */
const leads = Number(process.argv[2])
const known = new Map<number, KnownStatuses>()
const draw = drawsOf(leads)

answerParent(
  async (question) => {
    if (question.ask !== 'load') throw new Error(`the load generator cannot answer ${question.ask}`)
    return load(question)
  },
  async () => {},
)

interface Seen {
  readonly latenciesMs: number[]
  readonly others: Record<string, number>
  firstOther: string | undefined
}

interface Pace {
  readonly untilMs: number
  /** From one request of a connection to its next; 0 is as fast as it is answered. */
  readonly everyMs: number
}

async function load(loading: Loading): Promise<Load> {
  const { port, kind, target, seconds, connections, perSecond, leads: some = leads } = loading
  const statuses = known.get(port) ?? statusesOf(leads)
  known.set(port, statuses)
  const seen: Seen = { latenciesMs: [], others: {}, firstOther: undefined }
  const sockets = await Promise.all(Array.from({ length: connections }, () => connected(port)))
  const talks = sockets.map((socket) => ({ socket, next: requestsOf(kind, statuses.subarray(0, some), draw, target) }))
  const cpuBefore = process.cpuUsage()
  const loopMaxMs = watchLoop()
  const begun = performance.now()
  const everyMs = perSecond === undefined ? 0 : (1000 * connections) / perSecond
  const pace: Pace = { untilMs: begun + seconds * 1000, everyMs }
  await Promise.all(talks.map(({ socket, next }) => talk(socket, next, pace, seen)))
  const all = loadOf(seen.latenciesMs, { begun, cpuBefore, generatorLoopMaxMs: loopMaxMs() })
  for (const socket of sockets) socket.destroy()
  return { ...all, others: seen.others, firstOther: seen.firstOther }
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** One request after another until the time is over; resolves when the last answer is there. */
function talk(socket: Socket, next: () => Buffer, { untilMs, everyMs }: Pace, seen: Seen): Promise<void> {
  const reader = new ReplyReader()
  return new Promise((resolve, reject) => {
    let sentAt = 0
    const send = (): void => {
      sentAt = performance.now()
      socket.write(next())
    }
    socket.on('data', (chunk) => {
      const status = reader.take(chunk)
      if (status === undefined) return
      const now = performance.now()
      seen.latenciesMs.push(now - sentAt)
      if (status !== 200) {
        seen.others[status] = (seen.others[status] ?? 0) + 1
        seen.firstOther ??= chunk.toString()
      }
      const dueMs = sentAt + everyMs
      if (now >= untilMs) resolve()
      else if (everyMs === 0) send()
      else if (dueMs >= untilMs) setTimeout(resolve, untilMs - now)
      else setTimeout(send, Math.max(0, dueMs - now))
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    send()
  })
}
