import { connect, type Socket } from 'node:net'
import { answerParent } from './child.ts'
import type { Load, Question } from './messages.ts'
import { ReplyReader } from './reply-reader.ts'
import { type KnownStatuses, requestsOf, statusesOf } from './requests.ts'
import { drawsOf } from './workspace.ts'

/**
 * Keeps a number of connections busy, each with one request at a time: the next leaves when the answer has come.
 *
 * Arguments: leads in the database, connections.
 */
const [leads = 0, connections = 0] = process.argv.slice(2).map(Number)
const known = new Map<number, KnownStatuses>()
const draw = drawsOf(leads + connections)

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

async function load({ port, kind, seconds }: Extract<Question, { ask: 'load' }>): Promise<Load> {
  const statuses = known.get(port) ?? statusesOf(leads)
  known.set(port, statuses)
  const seen: Seen = { latenciesMs: [], others: {}, firstOther: undefined }
  const sockets = await Promise.all(Array.from({ length: connections }, () => connected(port)))
  const talks = sockets.map((socket) => ({ socket, next: requestsOf(kind, statuses, draw) }))
  const cpuBefore = process.cpuUsage()
  const begun = performance.now()
  await Promise.all(talks.map(({ socket, next }) => talk(socket, next, begun + seconds * 1000, seen)))
  const elapsedMs = performance.now() - begun
  const { user, system } = process.cpuUsage(cpuBefore)
  for (const socket of sockets) socket.destroy()

  const sorted = Float64Array.from(seen.latenciesMs).sort()
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return {
    answers: sorted.length,
    others: seen.others,
    firstOther: seen.firstOther,
    seconds: elapsedMs / 1000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    generatorShare: (user + system) / 1000 / elapsedMs,
  }
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** One request after another until the time is over; resolves when the last answer is there. */
function talk(socket: Socket, next: () => Buffer, untilMs: number, seen: Seen): Promise<void> {
  const reader = new ReplyReader()
  return new Promise((resolve, reject) => {
    let sentAt = performance.now()
    socket.on('data', (chunk) => {
      const status = reader.take(chunk)
      if (status === undefined) return
      const now = performance.now()
      seen.latenciesMs.push(now - sentAt)
      if (status !== 200) {
        seen.others[status] = (seen.others[status] ?? 0) + 1
        seen.firstOther ??= chunk.toString()
      }
      if (now >= untilMs) {
        resolve()
        return
      }
      sentAt = now
      socket.write(next())
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed a connection')))
    socket.write(next())
  })
}
