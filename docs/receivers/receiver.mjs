// Receives webhooks: verifies each, drops doubles, prints a line for each change.
// Needs: npm install jose standardwebhooks
// Start: PORT=5000 SECRET=whsec_… INTEGRATION=<uuid> node receiver.mjs
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { jwtVerify } from 'jose'
import { Webhook } from 'standardwebhooks'

const { PORT = '5000', SECRET, INTEGRATION } = process.env
if (!SECRET || !INTEGRATION) throw new Error('Set SECRET and INTEGRATION.')
const webhook = new Webhook(SECRET)
const tokenKey = new TextEncoder().encode(INTEGRATION)
const bytesMax = 16 * 1024 * 1024
const done = new Set() // in earnest: a table with a unique key, written together with your work
const doneMax = 10_000

/** What a change means to you. If it throws, the answer is 500 and the change comes again. */
function handle(change, headers) {
  const number = headers['x-waggle-test'] ? 'test' : headers['x-waggle-sequence']
  console.log(`${number} ${change.event_id} lead ${change.lead?.id}: ${change.changed_fields.join(', ')}`)
}

/** @throws Error the message is not from Waggle, or too old */
async function verify(body, headers) {
  webhook.verify(body, headers, { jsonParse: false }) // the bytes as they came, and no older than five minutes
  const token = (headers.authorization ?? '').replace(/^Bearer /, '')
  await jwtVerify(token, tokenKey, { algorithms: ['HS256'], requiredClaims: ['exp'] })
}

/** The status to answer. */
async function receive(request) {
  const { method, headers } = request
  const bytes = Number(headers['content-length'])
  if (method !== 'POST' || !(bytes > 0 && bytes <= bytesMax)) return 400
  const body = await buffer(request)
  try {
    await verify(body, headers)
  } catch (error) {
    console.log(`refused: ${error.message}`)
    return 401
  }
  const id = headers['webhook-id']
  if (done.has(id)) return 204
  handle(JSON.parse(body), headers)
  done.add(id)
  if (done.size > doneMax) done.delete(done.values().next().value)
  return 204
}

const server = createServer(async (request, response) => {
  const status = await receive(request).catch((error) => {
    console.log(error)
    return 500
  })
  response.writeHead(status).end()
})
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
