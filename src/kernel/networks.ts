import { BlockList, isIP } from 'node:net'

/** IPv4 as IPv6 writes it. */
const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

/** `10.0.0.0/8`, `fd00::/8`, or an address alone. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  if (prefix === undefined) return true
  // A mapped IPv4 network is one of IPv4, so the first 96 bits are not for choosing.
  const bitsMin = family === 6 && mapped.check(address, 'ipv6') ? 96 : 0
  return /^\d{1,3}$/.test(prefix) && Number(prefix) >= bitsMin && Number(prefix) <= (family === 4 ? 32 : 128)
}

/**
 * Whether a network holds all addresses, or all of IPv4.
 *
 * @param network of the form that {@link isNetwork} checks
 */
export function isEveryAddress(network: string): boolean {
  const [address = '', prefix] = network.split('/')
  if (prefix === undefined) return false
  const list = new BlockList()
  list.addSubnet(address, Number(prefix), isIP(address) === 4 ? 'ipv4' : 'ipv6')
  // A network has no gaps: what holds the first and the last holds all between. IPv4 counts as mapped here.
  return list.check('0.0.0.0') && list.check('255.255.255.255')
}
