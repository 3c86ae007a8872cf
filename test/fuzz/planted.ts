import { connect, createServer, type Socket } from 'node:net'
import type { Api } from './round.ts'

/** An answer as it goes on to the client; the request is the newest that went in on its connection. */
export type Plant = (answer: string, request: string, api: Api) => string | Promise<string>

/**
 * Stands before a server and lets requests through as they are, but answers as a fault makes them. A fault keeps their
 * length.
 *
 * @returns its port, and what ends it
 */
export async function plantedBefore(api: Api, plant: Plant): Promise<{ port: number; close: () => void }> {
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(new URL(api.url).port), '127.0.0.1')
    let request = ''
    let answered = Promise.resolve()
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        void answered.then(() => other.end())
      })
    }
    client.on('data', (chunk) => {
      request = chunk.toString('latin1')
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      answered = answered.then(async () => {
        client.write(Buffer.from(await plant(chunk.toString('latin1'), request, api), 'latin1'))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const close = (): void => {
    server.close()
    for (const socket of open) socket.destroy()
  }
  return { port: typeof address === 'object' && address !== null ? address.port : 0, close }
}
