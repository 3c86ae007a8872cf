import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Says what webhooks may be sent to: public addresses, and those that the operator allows. */
export interface AddressGuard {
  /**
   * Why an address may not be reached, for people; undefined when it may.
   *
   * @param address IPv4 in four decimal parts, or IPv6, with or without a zone; anything else is refused
   */
  refusal(address: string): string | undefined
  /**
   * Why a URL cannot be an endpoint's, for people; undefined when it can. Names are not looked up here: the addresses
   * behind one are judged at every connection.
   */
  refusalOfUrl(url: string): string | undefined
}

/** What each special range of ipaddr.js is called; a range that is not here is "a special-purpose address". */
const kinds: Readonly<Record<string, string>> = {
  private: 'a private address',
  uniqueLocal: 'a private address',
  deprecatedSiteLocal: 'a private address',
  loopback: 'a loopback address',
  linkLocal: 'a link-local address',
  carrierGradeNat: 'an address behind carrier-grade NAT',
  unspecified: 'an unspecified address',
  multicast: 'a multicast address',
  broadcast: 'a broadcast address',
  reserved: 'a reserved address',
  benchmarking: 'a benchmarking address',
  '6to4': 'a 6to4 address',
  teredo: 'a Teredo address',
  rfc6052: 'a NAT64 address',
  rfc6145: 'a translated IPv4 address',
}

/** Where clouds answer with credentials; Azure's is in public space. */
const metadata: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '100.100.100.200',
  '168.63.129.16',
  'fd00:ec2::254',
  'fd20:ce::254',
])

/**
 * @param allow networks (`10.0.0.0/8`, `fd00::/8`) and addresses that may be reached although they are not public
 * @throws Error an entry is neither
 */
export function addressGuard(allow: readonly string[]): AddressGuard {
  const allowed = allow.map(networkOf)
  const refusal = (text: string): string | undefined => {
    const address = addressOf(text)
    if (address === undefined) return `${text} is not an address`
    if (allowed.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits))) return
    const kind = kindOf(address)
    return kind && `${text} is ${kind}; WAGGLE_WEBHOOK_ALLOW may name its network`
  }
  return {
    refusal,
    refusalOfUrl: (text) => {
      if (!URL.canParse(text)) return 'is not a URL'
      const { protocol, hostname } = new URL(text)
      if (protocol !== 'http:' && protocol !== 'https:') return 'must begin with http:// or https://'
      if (hostname === '') return 'names no host'
      const literal = literalOf(hostname)
      return literal === undefined ? undefined : refusal(literal)
    },
  }
}

/**
 * The address that a URL's host is written as, without brackets; undefined when it is a name.
 *
 * @param hostname of a parsed URL, so that `0x7f.1` is `127.0.0.1` already
 */
export function literalOf(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  return isIP(bare) === 0 ? undefined : bare
}

/** Its text is the guard's, for people. */
export class AddressRefused extends Error {}

/**
 * A look-up that answers only what the guard lets through, and fails with `AddressRefused` when nothing is left.
 *
 * One name is looked up once at a time: look-ups share a few threads, and a name whose server hangs shall hold one.
 */
export function guardedLookup(guard: AddressGuard, lookup: LookupFunction): LookupFunction {
  type Answer = (error: Error | null, addresses: LookupAddress[]) => void
  const waiting = new Map<string, Answer[]>()
  const answer = (hostname: string, error: Error | null, addresses: LookupAddress[]): void => {
    const answers = waiting.get(hostname) ?? []
    waiting.delete(hostname)
    for (const one of answers) one(error, addresses)
  }
  return (hostname, options, callback) => {
    const present = waiting.get(hostname)
    const mine: Answer = (error, addresses) => {
      const [first] = addresses
      if (error !== null || first === undefined) callback(error ?? notFound(), [])
      else if (options.all) callback(null, addresses)
      else callback(null, first.address, first.family)
    }
    if (present !== undefined) {
      present.push(mine)
      return
    }
    waiting.set(hostname, [mine])
    lookup(hostname, { all: true }, (error, found, family = 4) => {
      if (error !== null) return answer(hostname, error, [])
      const addresses = typeof found === 'string' ? [{ address: found, family }] : found
      const fine = addresses.filter(({ address }) => guard.refusal(address) === undefined)
      const [refused] = addresses
      const refusal = fine.length === 0 && refused && guard.refusal(refused.address)
      answer(hostname, refusal ? new AddressRefused(refusal) : null, fine)
    })
  }
}

const notFound = (): Error => Object.assign(new Error('name not found'), { code: 'ENOTFOUND' })

/** What is special about an address; undefined when it is a public one. */
function kindOf(address: Address): string | undefined {
  if (metadata.has(address.toString())) return "a cloud's metadata address"
  const range = address.range()
  if (range !== 'unicast') return kinds[range] ?? 'a special-purpose address'
  return 'parts' in address && !isGlobal(address) ? 'not a public address' : undefined
}

/** Only 2000::/3 has been given out as global unicast; ::a.b.c.d, for one, lies outside. */
const isGlobal = ({ parts: [first = 0] }: ipaddr.IPv6): boolean => (first & 0xe000) === 0x2000

/** A mapped address (::ffff:a.b.c.d) is its IPv4 address, as that is what is reached. A zone does not count. */
function addressOf(text: string): Address | undefined {
  const family = isIP(text)
  if (family === 0) return
  return family === 4 ? ipaddr.IPv4.parse(text) : ipaddr.process(inHexadecimal(text.replace(/%.*$/, '')))
}

/** One spelling for each IPv6 address: ipaddr.js takes ::1.2.3.4 for a mapped one, ::102:304 for what it is. */
const inHexadecimal = (address: string): string => new URL(`http://[${address}]`).hostname.slice(1, -1)

function networkOf(text: string): [Address, number] {
  const [, base = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const address = addressOf(base)
  const wholeBits = isIP(base) === 4 ? 32 : 128
  const bits = length === undefined ? wholeBits : Number(length)
  const mappedBits = address?.kind() === 'ipv4' && wholeBits === 128 ? 96 : 0
  if (address === undefined || bits > wholeBits || bits < mappedBits) throw new Error(`${text} is not a network`)
  return [address, bits - mappedBits]
}
