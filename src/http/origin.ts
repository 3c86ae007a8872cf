import type { IncomingHttpHeaders } from 'node:http'
import { Refusal } from '../kernel/refusal.ts'

/**
 * Whether a browser says that a page of ours sent the request. Browsers tell `Origin` with each request that changes
 * something; without it `Sec-Fetch-Site` counts, and who tells neither is not of ours.
 *
 * @param publicUrl the address that people know the server by; empty when the `Host` of the request is all there is
 * @see RFC 6454 §7, W3C Fetch Metadata Request Headers
 */
export function isOwnOrigin({ origin, host, ...headers }: IncomingHttpHeaders, publicUrl: string): boolean {
  if (origin === undefined) return headers['sec-fetch-site'] === 'same-origin'
  if (!URL.canParse(origin)) return false
  const sent = new URL(origin)
  if (publicUrl !== '') return sent.origin === new URL(publicUrl).origin
  // A proxy may speak https for us, so that only the host can be compared.
  return /^https?:$/.test(sent.protocol) && sent.host === hostOf(host, sent.protocol)
}

/** A host with its port as an origin writes it: without the one that goes without saying. */
function hostOf(host: string | undefined, protocol: string): string | undefined {
  const address = `${protocol}//${host ?? ''}`
  return URL.canParse(address) ? new URL(address).host : undefined
}

/** @throws Refusal `foreign_origin` */
export function refuseForeign(headers: IncomingHttpHeaders, publicUrl: string): void {
  if (!isOwnOrigin(headers, publicUrl)) throw new Refusal('foreign_origin')
}

/** The address that the sender of a request knows the server by, once {@link refuseForeign} has let it pass. */
export function ownOrigin({ origin, host }: IncomingHttpHeaders, publicUrl: string): string {
  if (publicUrl !== '') return new URL(publicUrl).origin
  return origin ?? `http://${host ?? ''}`
}
