import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { onTestFinished } from 'vitest'

/** What a test has told the program, or the program has told the test, and no log may hold. */
export class Secrets {
  readonly #all = new Map<string, string>()

  /** Notes a secret under a name for people; it must be long enough to be found by chance nowhere. */
  add(name: string, secret: string): string {
    if (secret.length < 8) throw new Error(`${name} is too short to be looked for: "${secret}"`)
    this.#all.set(name, secret)
    return secret
  }

  /** The names of those that a text holds: as they are, escaped, in hexadecimal digits or in base64 at any place. */
  foundIn(text: string, except: readonly string[] = []): string[] {
    return [...this.#all]
      .filter(([name, secret]) => !except.includes(name) && formsOf(secret).some((form) => text.includes(form)))
      .map(([name]) => name)
  }
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  // Where base64 begins within a group of three, its first and last letters depend on what stands beside.
  const inBase64 = [0, 1, 2].map((skipped) => {
    const whole = bytes.subarray(skipped, skipped + Math.floor((bytes.length - skipped) / 3) * 3)
    return whole.toString('base64')
  })
  const inUrls = inBase64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))
  return [secret, encodeURIComponent(secret), bytes.toString('hex'), ...inBase64, ...inUrls]
}

async function listening(http: ReturnType<typeof createServer>): Promise<string> {
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(async () => {
    http.closeAllConnections()
    await new Promise((closed) => http.close(closed))
  })
  return `127.0.0.1:${(http.address() as AddressInfo).port}`
}

/** A receiver that answers with all it was sent, its token read, and a failure. */
export async function echoingReceiver() {
  const received: Record<string, unknown>[] = []
  const http = createServer((request, response) => {
    text(request).then((body) => {
      received.push(request.headers)
      const [, claims = ''] = (request.headers.authorization ?? '').split('.')
      const read = Buffer.from(claims, 'base64url').toString()
      const { authorization, 'webhook-signature': signature } = request.headers
      response.writeHead(500, `Failed ${signature}`, { 'x-echo': authorization ?? '' })
      response.end(JSON.stringify({ read, signature, authorization, body }))
    })
  })
  return { host: await listening(http), received }
}

/** A provider that answers requests for tokens with what it was sent. */
export async function echoingProvider() {
  const asked: string[] = []
  const http = createServer((request, response) => {
    const issuer = `http://${request.headers.host}`
    text(request).then((body) => {
      const isToken = request.url === '/token'
      if (isToken) asked.push(body)
      const told = `${body} ${request.headers.authorization}`
      const found = {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      }
      const answer = isToken ? { error: 'invalid_client', error_description: told } : found
      response.writeHead(isToken ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  const host = await listening(http)
  return { issuer: `http://${host.replace('127.0.0.1', 'localhost')}`, asked }
}

/** A mail server that lets nobody in, and says with what they came. */
export async function echoingMailServer() {
  const tried: string[] = []
  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _, done) => {
      tried.push(String(password))
      done(new Error(`no entry for ${username} with ${password}`))
    },
  })
  const listens = smtp.listen(0, '127.0.0.1')
  await once(listens, 'listening')
  onTestFinished(() => new Promise<void>((closed) => smtp.close(() => closed())))
  return { host: `127.0.0.1:${(listens.address() as AddressInfo).port}`, tried }
}
