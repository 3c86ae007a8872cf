import { createServer, type IncomingHttpHeaders } from 'node:http'
import { jwtVerify } from 'jose'
import { Webhook } from 'standardwebhooks'
import { onTestFinished } from 'vitest'

/** A message as it arrived. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly raw: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the server sends
  readonly body: any
  readonly sequence: number
}

/** What the receiver answers to a message: a status, or one with headers; a promise holds the answer back. */
export type Reaction = (received: Received) => number | { status: number; headers?: Record<string, string> }

export interface Receiver {
  readonly url: string
  readonly received: Received[]
  react: Reaction
  /** Resolves when so many messages have arrived in all. */
  arrived(count: number): Promise<readonly Received[]>
}

/** A receiver on a socket of its own, for one test. */
export async function receiver(react: Reaction = () => 200): Promise<Receiver> {
  const received: Received[] = []
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8')
      const sequence = Number(request.headers['x-waggle-sequence'])
      const one = { path: request.url ?? '', headers: request.headers, raw, body: JSON.parse(raw), sequence }
      const answer = made.react(one)
      received.push(one)
      const { status, headers = {} } = typeof answer === 'number' ? { status: answer } : answer
      response.writeHead(status, headers).end('thanks')
      for (const look of waiting) look()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const made: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    react,
    arrived: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (received.length < count) return
          waiting.delete(look)
          resolve(received)
        }
        waiting.add(look)
        look()
      }),
  }
  return made
}

/**
 * Checks a message as a receiver would, with libraries that are not ours.
 *
 * @returns the token's claims
 */
export async function verified({ raw, headers }: Received, secret: string, integration: string) {
  const text = (name: string): string => String(headers[name])
  new Webhook(secret).verify(raw, {
    'webhook-id': text('webhook-id'),
    'webhook-timestamp': text('webhook-timestamp'),
    'webhook-signature': text('webhook-signature'),
  })
  const token = text('authorization').replace('Bearer ', '')
  const { payload } = await jwtVerify(token, new TextEncoder().encode(integration), { algorithms: ['HS256'] })
  return payload
}
