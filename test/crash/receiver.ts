import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

/** A webhook as it arrived, whole. */
export interface Message {
  readonly sequence: number
  readonly headers: IncomingHttpHeaders
  readonly raw: string
  /** Which server sent it: 1 is the first, and each kill begins the next. */
  readonly life: number
  /** The connection ended behind the answer, so that the server may not have heard it. */
  unheard: boolean
}

type Fault = 'cut' | 'silence' | 429 | 500 | 503

/** How likely each fault is: together they meet about a third of the messages. */
const faults: readonly (readonly [Fault, chance: number])[] = [
  ['cut', 0.08],
  ['silence', 0.005],
  [429, 0.02],
  [500, 0.11],
  [503, 0.11],
]
const slowChance = 0.05
/** A slow answer takes so long at the most, in ms: far less than the server waits. */
const slowMs = 200

function faultOf(dice: number): Fault | undefined {
  let upTo = 0
  for (const [fault, chance] of faults) {
    upTo += chance
    if (dice < upTo) return fault
  }
  return undefined
}

/** A receiver on a socket of its own that outlives the servers, and fails at random until it is told to be healthy. */
export class FailingReceiver {
  /** All that came, in order. */
  readonly messages: Message[] = []
  /** Those that were answered with 2xx, in the order of the answers. */
  readonly accepted: Message[] = []
  readonly failures = new Map<Fault, number>()
  healthy = false
  life = 1
  /** The last message over each connection, once it was accepted. */
  readonly #last = new WeakMap<Socket, Message>()
  readonly #server = createServer((request, response) => this.#take(request, response))

  /** @returns the URL to send to */
  async listen(): Promise<string> {
    this.#server.on('connection', (socket) => {
      socket.on('close', () => {
        const message = this.#last.get(socket)
        if (message !== undefined) message.unheard = true
      })
    })
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening))
    const address = this.#server.address()
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket, headers } = request
    this.#last.delete(socket)
    let raw: string
    try {
      raw = await text(request)
    } catch {
      return // the server was killed while it sent
    }
    const sequence = Number(headers['x-waggle-sequence'])
    const message = { sequence, headers, raw, life: this.life, unheard: false }
    this.messages.push(message)
    const fault = this.healthy ? undefined : faultOf(Math.random())
    if (fault !== undefined) {
      this.failures.set(fault, (this.failures.get(fault) ?? 0) + 1)
      fail(response, fault)
      return
    }
    if (!this.healthy && Math.random() < slowChance) await wait(Math.random() * slowMs)
    if (socket.destroyed) return // nobody is there to hear that it was accepted
    this.accepted.push(message)
    this.#last.set(socket, message)
    response.writeHead(204).end()
  }
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault === 'silence') return // until the server gives up and closes the connection
  if (fault === 'cut') response.destroy()
  else response.writeHead(fault, fault === 429 ? { 'retry-after': '1' } : {}).end('not now')
}
