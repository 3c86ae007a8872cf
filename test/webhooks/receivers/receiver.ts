import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { certificate, key } from './certificate.ts'

interface Received {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Our address that the connection came to. */
  readonly reached: string | undefined
}

/** A server that webhooks are sent to; it is closed when the test is over. */
export interface Receiver {
  readonly port: number
  /** On 127.0.0.1. */
  readonly url: string
  /** Whole requests, in the order they came. */
  readonly received: Received[]
  /** Connections that were opened so far. */
  readonly opened: Socket[]
}

type Answer = (response: ServerResponse, request: Received) => void

/** Answers every request when all of it has come. */
export const receiver = (answer: Answer, host = '127.0.0.1'): Promise<Receiver> => {
  const received: Received[] = []
  return listening(createServer(collecting(received, answer)), received, host)
}

/** The same over TLS, with the certificate that signs itself. */
export const secureReceiver = (answer: Answer): Promise<Receiver> => {
  const received: Received[] = []
  return listening(createSecureServer({ key, cert: certificate }, collecting(received, answer)), received)
}

/** Does with every connection what it is told, below HTTP. */
export const rawReceiver = (accept: (socket: Socket) => void): Promise<Receiver> =>
  listening(createRawServer(accept), [])

const collecting =
  (received: Received[], answer: Answer): RequestListener =>
  async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url: path, headers, socket } = request
    const whole = { method, path, headers, body: Buffer.concat(chunks), reached: socket.localAddress }
    received.push(whole)
    answer(response, whole)
  }

async function listening(server: Server, received: Received[], host = '127.0.0.1'): Promise<Receiver> {
  const opened: Socket[] = []
  server.on('connection', (socket: Socket) => {
    opened.push(socket)
    socket.on('error', () => {}) // senders cut connections
  })
  await new Promise<void>((done) => server.listen(0, host, done))
  onTestFinished(() => {
    server.close()
    for (const socket of opened) socket.destroy()
  })
  const { port } = server.address() as AddressInfo
  return { port, url: `http://127.0.0.1:${port}/hook`, received, opened }
}
