import { connect, createServer, type Server, type Socket } from 'node:net'

/** Where in a commit its connection is cut. */
export type Cut = 'before the server has it' | 'before its answer'

/** Stands between a program and PostgreSQL, and cuts connections in the middle of commits when a test says so. */
export class CuttingProxy {
  readonly #server: Server
  readonly #pairs = new Set<Pair>()
  /** How the next commits are cut, in turn; none is when it is empty. */
  readonly cuts: Cut[] = []

  /** @param port of the server, on the loopback */
  constructor(port: number) {
    this.#server = createServer((client) => {
      const pair = new Pair(client, connect(port, '127.0.0.1'), () => this.cuts.shift())
      this.#pairs.add(pair)
      client.on('close', () => this.#pairs.delete(pair))
    })
  }

  /** @returns its port */
  async listen(): Promise<number> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening))
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  close(): void {
    this.#server.close()
    for (const pair of this.#pairs) pair.cut()
  }
}

/** The message of the protocol (postgresql.org/docs/current/protocol-message-formats.html, Query). */
const commit = Buffer.from('COMMIT\0')

class Pair {
  readonly #client: Socket
  readonly #server: Socket

  constructor(client: Socket, server: Socket, nextCut: () => Cut | undefined) {
    this.#client = client
    this.#server = server
    let isDeaf = false
    for (const socket of [client, server]) {
      socket.setNoDelay(true)
      socket.on('error', () => {}) // the other side is told by the close
      socket.on('close', () => this.cut())
    }
    client.on('data', (chunk: Buffer) => {
      const at = chunk.indexOf(commit)
      const cut = at < 0 ? undefined : nextCut()
      if (cut === undefined) {
        server.write(chunk)
      } else if (cut === 'before its answer') {
        isDeaf = true
        server.write(chunk)
      } else {
        server.write(chunk.subarray(0, at - 5)) // its letter and length stand in front
        this.cut()
      }
    })
    let heard = Buffer.alloc(0)
    server.on('data', (chunk: Buffer) => {
      if (!isDeaf) {
        client.write(chunk)
        return
      }
      heard = Buffer.concat([heard, chunk])
      if (heard.includes(commit)) this.cut() // CommandComplete: the server has done it
    })
  }

  cut(): void {
    this.#client.destroy()
    this.#server.end()
  }
}
