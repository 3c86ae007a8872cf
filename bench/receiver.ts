import { createServer } from 'node:http'
import { answerAsServer } from './child.ts'

/** Takes webhooks as cheaply as it can, and counts them: its count is what it tells as `changes`. */
let count = 0
const server = createServer((request, response) => {
  request.on('data', () => {})
  request.on('end', () => {
    count += 1
    response.writeHead(200, { 'content-length': '2' }).end('ok')
  })
})
server.listen(0, '127.0.0.1', () => {
  answerAsServer(server.address(), {
    counts: async () => ({ changes: count, commits: 0 }),
    stop: async () => {},
  })
})
