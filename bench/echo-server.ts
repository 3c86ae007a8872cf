import { createServer } from 'node:http'
import { answerAsServer } from './child.ts'

/** The yardstick: reads a JSON body, parses it, and answers it. No routes, no keys, no disk. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()))
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    response.end(body)
  })
})
server.listen(0, '127.0.0.1', () => {
  answerAsServer(server.address(), {
    counts: async () => ({ changes: 0, commits: 0 }),
    stop: async () => {},
  })
})
