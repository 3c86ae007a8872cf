import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A receiver of webhooks that keeps nothing, and fails at random while it is told to. */
export class CountingReceiver {
  failing = false
  arrived = 0
  failed = 0
  readonly #server = createServer((request, response) => {
    request.resume()
    request.once('end', () => {
      if (this.failing && Math.random() < 0.5) {
        this.failed += 1
        if (Math.random() < 0.5) response.destroy()
        else response.writeHead(500).end()
        return
      }
      this.arrived += 1
      response.writeHead(204).end()
    })
    request.on('error', () => {}) // the server was killed while it sent
  })

  /** @returns the URL to send to */
  async listen(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening))
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}/hook`
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
