import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

/** What becomes of a request at the proxy. */
type Trouble =
  /** The server never hears of it. */
  | 'cut before'
  /** The server carries it out, and its answer is lost. */
  | 'cut after'
  /** The server never hears of it, and nobody answers. */
  | 'silence'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

export interface Proxy {
  readonly url: string
  /** Of the next requests, in turn; the others pass. */
  readonly troubles: Trouble[]
  readonly requests: { method: string; url: string; headers: IncomingMessage['headers'] }[]
  /** Cuts every connection. */
  cut(): void
}

/** Stands between a client and a server for one test. */
export async function proxyTo(target: string): Promise<Proxy> {
  const proxy = { troubles: [] as Trouble[], requests: [] as Proxy['requests'] }
  const pass = (incoming: IncomingMessage, response: ServerResponse, isLost: boolean): void => {
    const { method, headers } = incoming
    const outgoing = request(`${target}${incoming.url}`, { method, headers }, (answer) => {
      if (isLost) answer.resume().on('end', () => incoming.socket.destroy())
      else {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        response.flushHeaders()
        answer.on('error', () => response.destroy()).pipe(response)
      }
    })
    outgoing.on('error', () => response.destroy())
    response.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
  }
  const server = createServer((incoming, response) => {
    const { method = '', url = '', headers } = incoming
    proxy.requests.push({ method, url, headers })
    const trouble = proxy.troubles.shift()
    if (trouble === 'silence') return
    if (trouble === 'cut before') incoming.socket.destroy()
    else if (trouble === undefined || trouble === 'cut after') pass(incoming, response, trouble !== undefined)
    else incoming.resume().on('end', () => response.writeHead(trouble.status, trouble.headers).end(trouble.body))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    ...proxy,
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    cut: () => server.closeAllConnections(),
  }
}
