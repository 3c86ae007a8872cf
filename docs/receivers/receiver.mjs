// Receives webhooks and verifies them. Needs: npm install jose standardwebhooks
// Start: PORT=5000 SECRET=whsec_… INTEGRATION=<uuid> node receiver.mjs
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { jwtVerify } from 'jose'
import { Webhook } from 'standardwebhooks'

const { PORT = '5000', SECRET = '', INTEGRATION = '' } = process.env
const webhook = new Webhook(SECRET)
const tokenKey = new TextEncoder().encode(INTEGRATION)
const seen = new Set() // in earnest: a table with a unique key

const server = createServer(async (request, response) => {
  const body = await text(request)
  const { headers } = request
  try {
    webhook.verify(body, headers) // the exact bytes, and no older than five minutes
    const token = (headers.authorization ?? '').replace('Bearer ', '')
    await jwtVerify(token, tokenKey, { algorithms: ['HS256'] })
  } catch (error) {
    console.log(`refused: ${error.message}`)
    response.writeHead(401).end()
    return
  }
  if (!seen.has(headers['webhook-id'])) {
    const { event_id, lead, changed_fields } = JSON.parse(body)
    console.log(`${headers['x-waggle-sequence'] ?? 'test'} ${event_id} lead ${lead.id}: ${changed_fields.join(', ')}`)
    seen.add(headers['webhook-id'])
    if (seen.size > 10_000) seen.delete(seen.values().next().value)
  }
  response.writeHead(204).end()
})
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on ${PORT}`))
