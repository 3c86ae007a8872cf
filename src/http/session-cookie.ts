/** The cookie's name; behind https it has a prefix with which browsers take it from that host and over https only. */
const plainName = 'waggle_session'
const secureName = `__Host-${plainName}`
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
 */
export function sessionIn(cookie: string | undefined): SessionSent | undefined {
  if (cookie === undefined) return undefined
  const own = valueIn(cookie, secureName)
  if (own !== undefined) return { value: own, secure: true }
  const value = valueIn(cookie, plainName)
  return value === undefined ? undefined : { value, secure: false }
}

function valueIn(cookie: string, name: string): string | undefined {
  for (const part of cookie.split(';')) {
    const at = part.indexOf('=')
    if (at < 0 || part.slice(0, at).trim() !== name) continue
    const value = part.slice(at + 1).trim()
    return valueForm.test(value) ? value : undefined
  }
  return undefined
}

/**
 * A `Set-Cookie` header that begins or goes on with a session.
 *
 * @param secure whether the browser came over https
 * @see RFC 6265bis §4.1.3, the prefix `__Host-`
 */
export const sessionCookie = (value: string, { secure, maxAgeSeconds }: { secure: boolean; maxAgeSeconds: number }) =>
  `${secure ? secureName : plainName}=${value}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

/** A `Set-Cookie` header that takes it away. */
export const endedSessionCookie = (secure: boolean): string => sessionCookie('', { secure, maxAgeSeconds: 0 })
