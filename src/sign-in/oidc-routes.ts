import type { OidcFailureReason } from '../contract/oidc.ts'
import type { Exchange } from '../http/serve.ts'
import { cookieIn, cookieName, cookieSet } from '../http/session-cookie.ts'
import { Refusal, unavailable } from '../kernel/refusal.ts'
import type { Database } from '../storage/port.ts'
import type { Person } from './accounts.ts'
import { changeSession, originOf } from './answer.ts'
import { Attempts } from './attempts.ts'
import { newSeed, OidcFailure, Provider } from './oidc.ts'
import type { SignInParts } from './parts.ts'
import { memberOf, peopleOf } from './people.ts'

const beginPath = '/api/console/oidc'
const callbackPath = '/api/console/oidc/callback'
const flowCookie = 'waggle_oidc'
const flowSeconds = 600
/** Of the place in the console where a person was going; more would not fit in a cookie of ours. */
const placeBytesMax = 300

/**
 * Signing in with an OpenID Connect provider: two pages that a browser passes, on its way there and back.
 *
 * @returns what the provider is called; undefined where none is set
 * @see docs/behaviour.md §21 Signing in
 */
export function oidcRoutes(parts: SignInParts): string | undefined {
  const { server, database, accounts, clock, config } = parts
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = config
  if (issuer === '') return undefined
  const { publicUrl } = server
  const secure = server.isSecure
  const provider = new Provider({ issuer, clientId, clientSecret, redirectUri: `${publicUrl}${callbackPath}`, clock })
  const attempts = new Attempts(clock)

  server.page(beginPath, (exchange) => {
    const to = queryOf(exchange).get('to') ?? ''
    if (isAskedByOthers(exchange)) {
      exchange.redirect(`/console/sign-in${to === '' ? '' : `?${new URLSearchParams({ to })}`}`)
      return
    }
    const seed = newSeed()
    void sent(exchange, async () => {
      const address = await provider.addressFor(seed)
      const flow = `${seed}.${asCookie(to)}`
      exchange.header('set-cookie', cookieSet(flowCookie, flow, { secure, maxAgeSeconds: flowSeconds }))
      return address
    })
  })

  server.page(callbackPath, (exchange) => {
    const flow = cookieIn(exchange.request.headers.cookie ?? '', cookieName(flowCookie, secure))
    void sent(exchange, async () => {
      if (flow === undefined) throw new OidcFailure('ended')
      const [seed = '', place = ''] = flow.split('.')
      exchange.header('set-cookie', cookieSet(flowCookie, '', { secure, maxAgeSeconds: 0 }))
      const person = await attempts.bounded(seed, exchange.address, async () =>
        personWith(database, await provider.emailOf(seed, queryOf(exchange))),
      )
      await changeSession(exchange, parts, { value: await accounts.begin(person, originOf(exchange)), secure })
      return placeIn(place, publicUrl)
    })
  })
  return config.oidcLabel === '' ? new URL(issuer).host : config.oidcLabel
}

/** Whether a page of another site has sent the browser here: nobody is signed in without having asked for it. */
const isAskedByOthers = ({ request }: Exchange): boolean => {
  const site = request.headers['sec-fetch-site']
  return site === 'cross-site' || site === 'same-site'
}

const queryOf = ({ url }: Exchange): URLSearchParams => new URLSearchParams(url.split('?').slice(1).join('?'))

/** Where a person was going, in letters that a cookie takes; nothing for what is too long. */
const asCookie = (to: string): string =>
  Buffer.byteLength(to) > placeBytesMax ? '' : Buffer.from(to).toString('base64url')

/** The same as a path of the console, whatever it says; its leads, where it says nothing. */
function placeIn(cookie: string, publicUrl: string): string {
  const to = Buffer.from(cookie, 'base64url').toString()
  if (!to.startsWith('/')) return '/console/leads'
  const { pathname, search } = new URL(`${publicUrl}/console${to}`)
  // What climbs out of the console could begin with two slashes, which is another site.
  return pathname.startsWith('/console/') ? `${pathname}${search}` : '/console/leads'
}

/** Sends a browser on; to the page for signing in, with the reason, when that fails. */
async function sent(exchange: Exchange, where: () => Promise<string>): Promise<void> {
  try {
    exchange.redirect(await where())
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === undefined) {
      exchange.refuse(new Refusal('internal', { cause: error }))
      return
    }
    // The line of the log tells the operator what is behind it.
    if (error instanceof OidcFailure && error.cause !== undefined) exchange.refusal = unavailable(error.cause)
    exchange.redirect(`/console/sign-in?failed=oidc&reason=${reason}`)
  }
}

/** What the person is told; undefined when the fault is ours. */
function reasonOf(error: unknown): OidcFailureReason | undefined {
  if (error instanceof OidcFailure) return error.reason
  return error instanceof Refusal && error.failure === 'too_many_attempts' ? 'too_many' : undefined
}

/** @throws OidcFailure `unknown` or `ambiguous`: no user, or one in each of several companies */
async function personWith(database: Database, email: string): Promise<Person> {
  const people: Person[] = []
  for (const person of await peopleOf(database, email)) {
    if ((await memberOf(database, person)) !== undefined) people.push(person)
  }
  const [first, second] = people
  if (first === undefined) throw new OidcFailure('unknown')
  if (second !== undefined) throw new OidcFailure('ambiguous')
  return first
}
