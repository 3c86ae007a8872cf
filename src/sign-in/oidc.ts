import { createHmac, randomBytes } from 'node:crypto'
import type { Configuration, ServerMetadata } from 'openid-client'
import type { OidcFailureReason } from '../contract/oidc.ts'
import type { Clock } from '../kernel/clock.ts'

const requestSeconds = 5
const clockToleranceSeconds = 30
/** How long what the provider says of itself counts. */
const discoveryKeptMs = 3_600_000
const seedBytes = 32

export interface ProviderOptions {
  /** Where the provider is found, as it names itself. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Where it sends people back to. */
  readonly redirectUri: string
  readonly clock: Clock
}

/** Nobody was signed in. Its cause, where there is one, is for the operator. */
export class OidcFailure extends Error {
  override readonly name = 'OidcFailure'
  readonly reason: OidcFailureReason

  constructor(reason: OidcFailureReason, cause?: unknown) {
    super(`OpenID Connect: ${reason}`, { cause })
    this.reason = reason
  }
}

/**
 * An OpenID Connect provider: tells whose e-mail address a browser comes with, by the authorization code flow with PKCE.
 *
 * What binds the flow to one browser comes from a seed that this browser alone has: `state`, `nonce` and the verifier are
 * made of it, and none of them tells the seed or another. So the server keeps nothing, and any process can end a flow.
 *
 * @see OpenID Connect Core 1.0 §3.1, RFC 7636, RFC 9700 §2.1
 */
export class Provider {
  readonly #options: ProviderOptions
  #known: { readonly at: number; readonly configuration: Promise<Configuration> } | undefined

  constructor(options: ProviderOptions) {
    this.#options = options
  }

  /**
   * Where a browser is sent to sign in.
   *
   * @throws OidcFailure `unreachable`
   */
  async addressFor(seed: string): Promise<string> {
    const configuration = await this.#configuration()
    const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await library()
    const { state, nonce, verifier } = derived(seed)
    return buildAuthorizationUrl(configuration, {
      redirect_uri: this.#options.redirectUri,
      scope: 'openid email',
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).href
  }

  /**
   * The verified address of whom the provider has signed in.
   *
   * @param query what the browser came back with
   * @throws OidcFailure `ended`, `refused`, `unreachable`, `invalid` or `unverified`
   */
  async emailOf(seed: string, query: URLSearchParams): Promise<string> {
    const { state, nonce, verifier } = derived(seed)
    if (query.get('state') !== state) throw new OidcFailure('ended')
    const configuration = await this.#configuration()
    const { authorizationCodeGrant, AuthorizationResponseError, fetchUserInfo } = await library()
    const came = new URL(this.#options.redirectUri)
    came.search = query.toString()
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
    try {
      const tokens = await authorizationCodeGrant(configuration, came, checks)
      const claims = tokens.claims()
      if (claims === undefined) throw new Error('there is no id token')
      // Providers that keep id tokens small tell the address to who asks with the access token.
      const told =
        claims['email'] === undefined ? await fetchUserInfo(configuration, tokens.access_token, claims.sub) : claims
      return verifiedEmail(told)
    } catch (error) {
      if (error instanceof OidcFailure) throw error
      if (error instanceof AuthorizationResponseError) throw new OidcFailure('refused')
      throw new OidcFailure(isUnreachable(error) ? 'unreachable' : 'invalid', error)
    }
  }

  /** What the provider says of itself, asked for once an hour. */
  #configuration(): Promise<Configuration> {
    const now = this.#options.clock.elapsed()
    if (this.#known !== undefined && now - this.#known.at < discoveryKeptMs) return this.#known.configuration
    const known = { at: now, configuration: this.#discover() }
    this.#known = known
    known.configuration.catch(() => {
      if (this.#known === known) this.#known = undefined
    })
    return known.configuration
  }

  async #discover(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.#options
    const client = await library()
    const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : []
    try {
      const found = await client.discovery(new URL(issuer), clientId, undefined, undefined, {
        execute,
        timeout: requestSeconds,
      })
      const server = found.serverMetadata()
      // Where many tenants share one document, anybody's tenant could name any address.
      if (new URL(server.issuer).href !== new URL(issuer).href) throw new Error(`it names itself ${server.issuer}`)
      const authentication = takesPost(server) ? client.ClientSecretPost : client.ClientSecretBasic
      const metadata = { [client.clockTolerance]: clockToleranceSeconds }
      const configuration = new client.Configuration(server, clientId, metadata, authentication(clientSecret))
      configuration.timeout = requestSeconds
      for (const extend of [...execute, client.enableNonRepudiationChecks]) extend(configuration)
      return configuration
    } catch (error) {
      throw new OidcFailure('unreachable', error)
    }
  }
}

/** It takes a while to load, which servers without a provider should not pay. */
const library = () => import('openid-client')

/** A new secret of one browser, for one flow. */
export const newSeed = (): string => randomBytes(seedBytes).toString('base64url')

const derived = (seed: string): { state: string; nonce: string; verifier: string } => {
  const part = (name: string): string => createHmac('sha256', seed).update(name).digest('base64url')
  return { state: part('state'), nonce: part('nonce'), verifier: part('verifier') }
}

const takesPost = ({ token_endpoint_auth_methods_supported: methods }: ServerMetadata): boolean =>
  methods?.includes('client_secret_post') ?? false

function verifiedEmail(claims: Readonly<Record<string, unknown>>): string {
  const email = claims['email']
  if (typeof email !== 'string' || claims['email_verified'] !== true) throw new OidcFailure('unverified')
  return email
}

/** No connection, no answer in time, or one that says that the provider is out of order. */
const isUnreachable = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof Error && 'code' in error && unreachableCodes.has(String(error.code)))

const unreachableCodes: ReadonlySet<string> = new Set(['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM'])
