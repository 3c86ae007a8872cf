/** Behind https a cookie's name has a prefix with which browsers take it from that host and over https only. */
export const cookieName = (plain: string, secure: boolean): string => (secure ? `__Host-${plain}` : plain)

const plainName = 'waggle_session'
const secureName = cookieName(plainName, true)
const valueForm = /^[A-Za-z0-9._%-]{1,512}$/

/** A session as a cookie carries it. */
export interface SessionSent {
  readonly value: string
  /** Whether it came under the name that is set behind https. */
  readonly secure: boolean
}

/**
 * The session that a request's cookies carry; undefined when there is none. Where both names are sent, the one that only
 * this host can have set counts.
 *
 * @param cookie the `Cookie` header
 * @param secureOnly whether the other name counts for nothing: a neighbour below the same domain may have set it
 */
export function sessionIn(cookie: string | undefined, secureOnly = false): SessionSent | undefined {
  if (cookie === undefined) return undefined
  const own = cookieIn(cookie, secureName)
  if (own !== undefined) return { value: own, secure: true }
  if (secureOnly) return undefined
  const value = cookieIn(cookie, plainName)
  return value === undefined ? undefined : { value, secure: false }
}

/** The value of a cookie of ours; undefined when it is not there, or has another form than we set. */
export function cookieIn(cookie: string, name: string): string | undefined {
  for (const part of cookie.split(';')) {
    const at = part.indexOf('=')
    if (at < 0 || part.slice(0, at).trim() !== name) continue
    const value = part.slice(at + 1).trim()
    return valueForm.test(value) ? value : undefined
  }
  return undefined
}

/** For whom a cookie is, and for how long. */
interface CookieBounds {
  /** Whether the browser came over https. */
  readonly secure: boolean
  readonly maxAgeSeconds: number
}

/**
 * A `Set-Cookie` header that scripts do not see and other sites send with links alone.
 *
 * @param plain the name without its prefix
 * @see RFC 6265bis §4.1.3, the prefix `__Host-`
 */
export const cookieSet = (plain: string, value: string, { secure, maxAgeSeconds }: CookieBounds): string =>
  `${cookieName(plain, secure)}=${value}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

/** A `Set-Cookie` header that begins or goes on with a session. */
export const sessionCookie = (value: string, bounds: CookieBounds): string => cookieSet(plainName, value, bounds)

/** A `Set-Cookie` header that takes it away. */
export const endedSessionCookie = (secure: boolean): string => sessionCookie('', { secure, maxAgeSeconds: 0 })
