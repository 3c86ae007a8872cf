import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  /** By name in lower case; of a name that stands twice the last. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Waiting {
  readonly bodiless: boolean
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

const headEnd = '\r\n\r\n'
/** A server that does not answer for so long has failed, in ms. */
const patienceMs = 30_000

/**
 * One connection that is kept, and made anew when the server has closed it. Requests go out as the bytes they are, so
 * that they may be wrong in any way; several may be under way, and are answered in order.
 */
export class Connection {
  readonly #port: number
  readonly #waiting: Waiting[] = []
  #socket: Socket | undefined
  #held: Buffer = Buffer.alloc(0)

  constructor(port: number) {
    this.#port = port
  }

  /**
   * @param bodiless the answer has no body whatever its headers say, as to HEAD
   * @throws Error the connection ends before the answer is whole
   */
  send(bytes: Uint8Array, bodiless = false): Promise<Answer> {
    this.#socket ??= this.#opened()
    const socket = this.#socket
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bodiless, resolve, reject })
      socket.write(bytes)
    })
  }

  /** Ends it; the next request opens another. */
  end(): void {
    this.#socket?.destroy()
    this.#drop(new Error('the connection was ended'))
  }

  #opened(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    const mine = (call: () => void): void => {
      if (this.#socket === socket) call()
    }
    socket.setTimeout(patienceMs, () => {
      if (this.#waiting.length > 0) socket.destroy(new Error(`no answer within ${patienceMs} ms`))
    })
    socket.on('data', (chunk) => mine(() => this.#take(chunk)))
    socket.on('error', (error) => mine(() => this.#drop(error)))
    socket.on('close', () => mine(() => this.#drop(new Error('the server closed the connection without an answer'))))
    return socket
  }

  #drop(error: Error): void {
    this.#socket = undefined
    this.#held = Buffer.alloc(0)
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  #take(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    while (this.#held.length > 0) {
      const [first] = this.#waiting
      if (first === undefined) {
        this.#fault('an answer that nobody asked for')
        return
      }
      const end = this.#held.indexOf(headEnd)
      if (end < 0) return
      const [statusLine = '', ...lines] = this.#held.toString('latin1', 0, end).split('\r\n')
      const headers: Record<string, string> = {}
      for (const line of lines) {
        const colon = line.indexOf(':')
        headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
      }
      const status = Number(statusLine.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
      const length = first.bodiless || status === 204 ? 0 : Number(headers['content-length'])
      if (Number.isNaN(length)) {
        this.#fault(`an answer without a length: ${statusLine}`)
        return
      }
      const from = end + headEnd.length
      if (this.#held.length < from + length) return
      const body = this.#held.toString('utf8', from, from + length)
      this.#held = this.#held.subarray(from + length)
      this.#waiting.shift()
      const last = headers['connection']?.toLowerCase() === 'close'
      first.resolve({ status, headers, body })
      if (!last) continue
      this.end()
      return
    }
  }

  #fault(text: string): void {
    const socket = this.#socket
    this.#drop(new Error(text))
    socket?.destroy()
  }
}
