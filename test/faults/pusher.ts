import { connect, type Socket } from 'node:net'
import { leadIdsOf, nextOf, requestOf, type Sent } from '../crash/load.ts'
import { keys } from '../fixture.ts'
import type { Pushed, PushOrder, Taken } from './push.ts'
import { type RawReply, ReplyParser } from './reply-parser.ts'

/**
 * A program of its own, so that what it does costs the server nothing but its requests: changes leads at a given
 * rate whatever becomes of them, or as fast as each connection gets its answers. Takes an order as JSON in its
 * argument, and prints what it saw as JSON.
 */
const order: PushOrder = JSON.parse(process.argv[2] ?? '')
const leadIds = leadIdsOf(order.leads)
const book = { nextNumber: order.firstNumber }
/** How long answers may still come when all is sent, in ms. */
const patienceMs = 60_000

interface Connection {
  readonly socket: Socket
  readonly waiting: Sent[]
  /** Set when one request at a time is sent: sends the next. */
  onAnswer: () => void
}

const taken: Taken[] = []
const refused: Record<string, number> = {}
const unanswered: Record<string, number> = {}
let [sent, answered] = [0, 0]

function send({ socket, waiting }: Connection): void {
  const one = nextOf(book, leadIds)
  const { method, path, headers, body } = requestOf(one)
  const lines = Object.entries({
    host: 'here',
    authorization: `Bearer ${keys.full}`,
    ...headers,
    'content-length': Buffer.byteLength(body),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  waiting.push(one)
  sent += 1
  socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

function note({ number, leadId, sentAt }: Sent, { status, headers, body }: RawReply): void {
  answered += 1
  if (status !== 200) {
    const kind = JSON.stringify([status, body, headers.get('retry-after') ?? null])
    refused[kind] = (refused[kind] ?? 0) + 1
    return
  }
  const version = Number(/^"v(\d+)"$/.exec(headers.get('etag') ?? '')?.[1])
  const sequence = Number(headers.get('x-waggle-sequence'))
  taken.push([number, leadId, version, sequence, Math.round((performance.now() - sentAt) * 10) / 10])
}

const connected = (): Promise<Connection> =>
  new Promise((resolve, reject) => {
    const parser = new ReplyParser()
    const socket = connect({ port: Number(new URL(order.url).port), host: '127.0.0.1', noDelay: true })
    const connection: Connection = { socket, waiting: [], onAnswer: () => {} }
    socket.once('connect', () => resolve(connection))
    socket.once('error', reject)
    socket.on('data', (chunk) => {
      for (const reply of parser.take(chunk)) {
        const one = connection.waiting.shift()
        if (one === undefined) throw new Error('an answer to no request')
        note(one, reply)
        connection.onAnswer()
      }
    })
    let reason = 'closed'
    socket.on('error', (error) => {
      reason = error.message
    })
    socket.once('close', () => {
      const lost = connection.waiting.splice(0).length
      if (lost > 0) unanswered[reason] = (unanswered[reason] ?? 0) + lost
      answered += lost
    })
  })

const connections = await Promise.all(Array.from({ length: order.connections }, connected))
const begun = performance.now()
const isOver = (): boolean => performance.now() - begun >= order.seconds * 1000
if (order.perSecond === undefined) {
  for (const connection of connections) {
    connection.onAnswer = () => {
      if (!isOver()) send(connection)
    }
    send(connection)
  }
}

/** Sends what is due by now, each request on the next connection, whether or not it has answers to come. */
function sendDue(): void {
  const due = Math.floor(((performance.now() - begun) / 1000) * (order.perSecond ?? 0))
  while (sent < due && !isOver()) {
    const connection = connections[sent % connections.length]
    if (connection !== undefined) send(connection)
  }
}

let sentForMs = 0
function turn(): void {
  if (order.perSecond !== undefined) sendDue()
  if (isOver()) {
    if (sentForMs === 0) sentForMs = performance.now() - begun
    if (answered >= sent || performance.now() - begun > sentForMs + patienceMs) {
      tell()
      return
    }
  }
  setTimeout(turn, 1)
}

function tell(): void {
  if (answered < sent) unanswered[`no answer for ${patienceMs} ms`] = sent - answered
  const told: Pushed = {
    sent,
    taken,
    refused,
    unanswered,
    perSecond: sent / (sentForMs / 1000),
    drainedMs: Math.round(performance.now() - begun - sentForMs),
  }
  process.stdout.write(JSON.stringify(told), () => process.exit())
}
turn()
