import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, SocketAddress } from 'node:net'

/** The address that a request comes from; empty when the client has gone before it could be asked. */
export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string

/** So many proxies may stand one behind the other; what is told before them is not read. */
const hopsMax = 16

/** `10.0.0.7`, `10.0.0.7:1234`, `2001:db8::7`, `[2001:db8::7]` or `[2001:db8::7]:1234`. */
const hopForm = /^(?:\[([0-9a-f:.]+)\](?::\d{1,5})?|([0-9.]+)(?::\d{1,5})?|([0-9a-f:.]+))$/i

/**
 * The address of the connection; behind a trusted proxy the rightmost address of `X-Forwarded-For` that is no trusted
 * proxy itself. What is no address ends the walk at the proxy that told it.
 *
 * @param trustedProxies networks (`10.0.0.0/8`, `fd00::/8`) and addresses, of a form that was checked
 * @see docs/behaviour.md §1 Failed sign-ins
 */
export function addressReader(trustedProxies: readonly string[]): AddressOf {
  if (trustedProxies.length === 0) return addressOfConnection
  const trusted = networksOf(trustedProxies)
  const isTrusted = (address: string): boolean =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
  return (request) => {
    const told = String(request.headers['x-forwarded-for'] ?? '')
    let address = plain(addressOfConnection(request)) ?? ''
    let end = told.length
    for (let hops = 0; hops < hopsMax && end > 0 && isTrusted(address); hops += 1) {
      const comma = told.lastIndexOf(',', end - 1)
      const before = readHop(told.slice(comma + 1, end))
      if (before === undefined) break
      address = before
      end = comma
    }
    return address
  }
}

const addressOfConnection: AddressOf = ({ socket }) => socket.remoteAddress ?? ''

function readHop(text: string): string | undefined {
  const [, bracketed, four, six] = hopForm.exec(text.trim()) ?? []
  return plain(bracketed ?? four ?? six ?? '')
}

/** The one spelling of an address: IPv6 in short, IPv4 as itself also where it came as IPv6, no zone. */
function plain(text: string): string | undefined {
  const [address = ''] = text.split('%', 1)
  if (isIP(address) !== 6) return isIP(address) === 4 ? address : undefined
  return new SocketAddress({ address, family: 'ipv6' }).address.replace(/^::ffff:(?=\d+\.)/, '')
}

function networksOf(texts: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of texts) {
    const [written = '', bits] = text.split('/')
    const address = plain(written) ?? ''
    const isFour = isIP(address) === 4
    const lengthMax = isFour ? 32 : 128
    // An IPv4 network that was written as IPv6 counts its bits from there.
    const skipped = isFour && isIP(written) === 6 ? 96 : 0
    list.addSubnet(address, bits === undefined ? lengthMax : Number(bits) - skipped, isFour ? 'ipv4' : 'ipv6')
  }
  return list
}
