import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import { resolve } from 'node:path'
import { afterAll } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
/** What the client is made of. */
const module = /^\/(?:sdk|src\/contract)\/[\w-]+\.ts$/

/**
 * An empty page at an origin of its own, which may import the client; it ends after the last test of the file.
 *
 * @returns its origin
 */
export async function otherPage(): Promise<string> {
  const server = createServer(async ({ url = '' }, reply) => {
    if (!module.test(url)) {
      reply.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Another page</title>')
      return
    }
    const script = stripTypeScriptTypes(await readFile(`${root}${url}`, 'utf8'))
    reply.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
  })
  await new Promise<void>((listens) => server.listen(0, '127.0.0.1', listens))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('it does not listen')
  return `http://127.0.0.1:${address.port}`
}
