import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'

export const clientId = 'waggle'
export const clientSecret = 'secret of waggle & co'

/** What a test may bend. */
interface Bends {
  /** Claims of the id token beside those that belong there, or in place of them. */
  claims: JWTPayload
  /** What is told at the address for it; the id token has no address then. */
  userInfo: Record<string, unknown> | undefined
  /** Signs with this key in place of the one that is published. */
  forgedKey: CryptoKey | undefined
  /** Leaves the id token unsigned. */
  unsigned: boolean
  /** Leaves requests for these paths without an answer. */
  silent: ReadonlySet<string>
  /** Answers requests for these paths with 500. */
  broken: ReadonlySet<string>
  /** How the client may prove what it is. */
  authentication: 'client_secret_basic' | 'client_secret_post'
  /** The issuer that it names. */
  named: string | undefined
}

export interface TestProvider {
  readonly issuer: string
  readonly bends: Bends
  /** Paths that were asked for by the server, in turn. */
  readonly asked: string[]
  /** What the page of the provider sends a browser back to, once the person has signed in there. */
  signIn(authorizationUrl: string): URL
  close(): Promise<void>
}

interface Grant {
  readonly challenge: string
  readonly nonce: string
  readonly redirectUri: string
}

/** A small OpenID Connect provider on a real socket; its people need no password. Whoever asks for it closes it. */
export async function startProvider(): Promise<TestProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const grants = new Map<string, Grant>()
  const asked: string[] = []
  const bends: Bends = {
    claims: {},
    userInfo: undefined,
    forgedKey: undefined,
    unsigned: false,
    silent: new Set(),
    broken: new Set(),
    authentication: 'client_secret_post',
    named: undefined,
  }
  const http = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://provider')
    asked.push(pathname)
    if (bends.silent.has(pathname)) return
    if (pathname === '/authorize') {
      response.writeHead(302, { location: signIn(`${issuer}${request.url}`).href }).end()
      return
    }
    answer(pathname, request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const issuer = `http://localhost:${(http.address() as AddressInfo).port}`
  const close = async () => {
    http.closeAllConnections()
    if (http.listening) await new Promise((closed) => http.close(closed))
  }

  const idToken = (nonce: string): Promise<string> | string => {
    const now = Math.floor(Date.now() / 1000)
    const own = { iss: issuer, aud: clientId, sub: 'someone', iat: now, exp: now + 60, nonce }
    const claims: JWTPayload = { ...own, ...bends.claims }
    if (bends.unsigned) return new UnsecuredJWT(claims).encode()
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(bends.forgedKey ?? privateKey)
  }

  const token = async (request: IncomingMessage): Promise<[number, unknown]> => {
    const sent = new URLSearchParams(await text(request))
    const grant = grants.get(sent.get('code') ?? '')
    grants.delete(sent.get('code') ?? '')
    const encoded = (part: string) => encodeURIComponent(part).replaceAll('%20', '+')
    const proved =
      bends.authentication === 'client_secret_post'
        ? sent.get('client_id') === clientId && sent.get('client_secret') === clientSecret
        : request.headers.authorization ===
          `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64')}`
    if (!proved) return [401, { error: 'invalid_client' }]
    const verifier = sent.get('code_verifier') ?? ''
    const isHolder = createHash('sha256').update(verifier).digest('base64url') === grant?.challenge
    if (!isHolder || sent.get('redirect_uri') !== grant?.redirectUri) return [400, { error: 'invalid_grant' }]
    const id_token = await idToken(grant.nonce)
    return [200, { access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token }]
  }

  const answer = async (path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [status, body] = bends.broken.has(path) ? [500, {}] : await reply(path, request)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }

  const reply = async (path: string, request: IncomingMessage): Promise<[number, unknown]> => {
    if (path === '/token') return token(request)
    if (path === '/jwks') return [200, { keys: [jwk] }]
    if (path === '/userinfo' && request.headers.authorization === 'Bearer access') {
      return [200, { sub: 'someone', ...bends.userInfo }]
    }
    if (path !== '/.well-known/openid-configuration') return [404, {}]
    return [
      200,
      {
        issuer: bends.named ?? issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        token_endpoint_auth_methods_supported: [bends.authentication],
      },
    ]
  }

  const signIn = (authorizationUrl: string): URL => {
    const { origin, pathname, searchParams } = new URL(authorizationUrl)
    const read = (name: string) => searchParams.get(name) ?? ''
    const fits =
      `${origin}${pathname}` === `${issuer}/authorize` &&
      read('response_type') === 'code' &&
      read('client_id') === clientId &&
      read('scope') === 'openid email' &&
      read('code_challenge_method') === 'S256'
    if (!fits) throw new Error(`the provider refuses ${authorizationUrl}`)
    const code = randomUUID()
    const redirectUri = read('redirect_uri')
    grants.set(code, { challenge: read('code_challenge'), nonce: read('nonce'), redirectUri })
    const back = new URL(redirectUri)
    back.search = new URLSearchParams({ code, state: read('state') }).toString()
    return back
  }

  return { issuer, bends, asked, signIn, close }
}
