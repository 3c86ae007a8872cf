import type { Exchange } from './exchange.ts'

/** Requests that pages of other origins may be let in to: those of the API, never the console's. */
const path = /^(?:https?:\/\/[^/]*)?\/(?:api\/v1\/|openapi\.json(?:\?|$))/i

/** Headers of requests that mean something here; a browser asks before it sends them. */
const understood = [
  'Authorization',
  'Content-Encoding',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'Last-Event-ID',
  'Prefer',
  'X-Request-Id',
].join(', ')

/** Headers of answers that a page may read, beside those that each page may. */
const exposed = [
  'Allow',
  'Content-Disposition',
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'Preference-Applied',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'X-Next-Cursor',
  'X-Request-Id',
  'X-Total-Count',
  'X-Waggle-Ignored-Fields',
  'X-Waggle-Last-Sequence',
  'X-Waggle-Sequence',
].join(', ')

/** How long a browser need not ask again: browsers take two hours at the most. */
const askedAgainSeconds = '7200'

/** @param origins none: no answer says anything of origins */
export const crossOriginOf = (origins: readonly string[]): CrossOrigin | undefined =>
  origins.length === 0 ? undefined : new CrossOrigin(origins)

/** What a page may ask for at a path that is not known, so that it can read the 404. */
const anyMethod: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Tells browsers which pages may read answers of the API. Cookies are never let in: a page of another origin has a key.
 *
 * @see docs/behaviour.md §1 Pages of other origins, https://fetch.spec.whatwg.org/#http-cors-protocol
 */
class CrossOrigin {
  readonly #origins: ReadonlySet<string>

  /** @param origins `https://app.example`, as browsers write them */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins)
  }

  /**
   * Adds to the answer what a browser must be told, and answers a browser that only asks.
   *
   * @param methodsAt the methods of a path; none where it is not known
   * @returns true when it was answered
   */
  greets(exchange: Exchange, methodsAt: (url: string) => readonly string[]): boolean {
    if (!path.test(exchange.url)) return false
    const { origin, 'access-control-request-method': method } = exchange.request.headers
    exchange.header('vary', 'Origin')
    if (origin === undefined || !this.#origins.has(origin)) return false
    exchange.header('access-control-allow-origin', origin)
    if (exchange.method !== 'OPTIONS' || method === undefined) {
      exchange.header('access-control-expose-headers', exposed)
      return false
    }
    const known = methodsAt(exchange.url)
    exchange.header('access-control-allow-methods', (known.length === 0 ? anyMethod : known).join(', '))
    exchange.header('access-control-allow-headers', understood)
    exchange.header('access-control-max-age', askedAgainSeconds)
    exchange.answer(204)
    return true
  }
}
