interface Keys {
  readonly secret: string
  readonly integration: string
}

interface Receiver {
  readonly name: string
  readonly text: (keys: Keys) => string
}

/** Small receivers that check each message; docs/webhooks.md has whole ones, which drop doubles as well. */
export const receivers: readonly Receiver[] = [
  {
    name: 'Node',
    text: ({ secret }) => `// npm install standardwebhooks
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'

const webhook = new Webhook('${secret}')

createServer(async (request, response) => {
  const body = await buffer(request)
  try {
    // The bytes as they came; refuses what is older than five minutes.
    webhook.verify(body, request.headers, { jsonParse: false })
  } catch {
    return response.writeHead(401).end()
  }
  const change = JSON.parse(body)
  console.log(change.event_id, change.lead?.id, change.changed_fields)
  response.writeHead(204).end()
}).listen(5000, '127.0.0.1')
`,
  },
  {
    name: 'Python',
    text: ({ secret }) => `import base64, hmac, json, time
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode("${secret}".removeprefix("whsec_"))

def is_signed(headers, body):
    sent = headers.get("webhook-timestamp", "0")
    if abs(time.time() - int(sent)) > 300:
        return False
    text = f"{headers['webhook-id']}.{sent}.".encode() + body
    right = b"v1," + base64.b64encode(hmac.digest(KEY, text, "sha256"))
    signatures = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(right, one.encode()) for one in signatures)

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        signed = is_signed(self.headers, body)
        if signed:
            change = json.loads(body)
            print(change["event_id"], change["lead"]["id"], change["changed_fields"])
        self.send_response(204 if signed else 401)
        self.end_headers()

HTTPServer(("127.0.0.1", 5000), Receiver).serve_forever()
`,
  },
  {
    name: 'JourneyBee’s token',
    text: ({ integration }) => `# A receiver that was made for JourneyBee checks the token in Authorization:
# a JWT, HS256, its key the uuid of the integration. It covers no body.
KEY=${integration}
`,
  },
]
