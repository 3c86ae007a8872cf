import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { addressReader } from '../../src/http/client-address.ts'
import { backends } from '../backends.ts'
import { begin, browserOf } from '../sign-in/browser.ts'

/** A request of a connection from there that tells this. */
function requestFrom(address: string | undefined, told?: string) {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: address })
  return { socket, headers: told === undefined ? {} : { 'x-forwarded-for': told } }
}

const proxies = ['127.0.0.1/32', '::1', '10.1.0.0/16', 'fd00::/8']
const read = addressReader(proxies)

describe('the address of a client', () => {
  test.each([undefined, '203.0.113.7', '127.0.0.1, 203.0.113.7'])(
    'is the connection’s when no proxy is trusted',
    (told) => {
      expect(addressReader([])(requestFrom('127.0.0.1', told))).toBe('127.0.0.1')
      expect(addressReader([])(requestFrom('198.51.100.9', told))).toBe('198.51.100.9')
    },
  )

  test('is the connection’s when that one is no trusted proxy', () => {
    expect(read(requestFrom('198.51.100.9', '203.0.113.7'))).toBe('198.51.100.9')
    expect(read(requestFrom('10.2.0.1', '203.0.113.7'))).toBe('10.2.0.1')
    expect(read(requestFrom('127.0.0.2', '203.0.113.7'))).toBe('127.0.0.2')
    expect(read(requestFrom(undefined, '203.0.113.7'))).toBe('')
  })

  test.each([
    ['alone', '203.0.113.7', '203.0.113.7'],
    ['behind what the client made up', '192.0.2.1, 127.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['behind garbage', 'x, <script>, 203.0.113.7', '203.0.113.7'],
    ['before other trusted proxies', '192.0.2.1,203.0.113.7 , 10.1.2.3,\tfd12::5', '203.0.113.7'],
    ['with its port', '203.0.113.7:49152, 10.1.2.3:80', '203.0.113.7'],
    ['in brackets', '[2001:DB8:0:0::7], [fd12::5]:8080', '2001:db8::7'],
    ['with brackets and a port', '[2001:db8::7]:443', '2001:db8::7'],
    ['as IPv6', '2001:0db8::0007', '2001:db8::7'],
    ['an IPv4 one as IPv6', '::ffff:203.0.113.7', '203.0.113.7'],
    ['the same in hexadecimal', '::ffff:cb00:7107', '203.0.113.7'],
  ])('is the rightmost that is no trusted proxy: %s', (_, told, client) => {
    expect(read(requestFrom('127.0.0.1', told))).toBe(client)
    expect(read(requestFrom('::ffff:127.0.0.1', told))).toBe(client)
    expect(read(requestFrom('::1', told))).toBe(client)
  })

  test.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['a name', 'client.example'],
    ['what is no address', '999.0.0.1'],
    ['a short form', '203.7'],
    ['a zone', 'fe80::1%eth0'],
    ['an obfuscated one', '_hidden'],
    ['unknown', 'unknown'],
    ['an address and more', '203.0.113.7 evil'],
    ['an empty entry', '203.0.113.7,'],
    ['an open bracket', '[2001:db8::7'],
  ])('is the proxy’s own when it tells %s', (_, told) => {
    expect(read(requestFrom('10.1.0.1', told))).toBe('10.1.0.1')
  })

  test('garbage behind a trusted proxy ends the walk there', () => {
    expect(read(requestFrom('127.0.0.1', '203.0.113.7, nonsense, 10.1.2.3'))).toBe('10.1.2.3')
  })

  test('is the first of them when all are trusted', () => {
    expect(read(requestFrom('127.0.0.1', '10.1.9.9, 10.1.2.3'))).toBe('10.1.9.9')
  })

  test('is looked for behind 16 proxies at the most', () => {
    const told = (hops: number) => ['203.0.113.7', ...Array(hops).fill('10.1.2.3')].join(', ')
    expect(read(requestFrom('127.0.0.1', told(15)))).toBe('203.0.113.7')
    expect(read(requestFrom('127.0.0.1', told(16)))).toBe('10.1.2.3')
  })

  test('networks may be written as IPv4 in IPv6', () => {
    const mapped = addressReader(['::ffff:10.1.0.0/112', '::FFFF:192.0.2.1'])
    expect(mapped(requestFrom('10.1.255.1', '203.0.113.7'))).toBe('203.0.113.7')
    expect(mapped(requestFrom('::ffff:192.0.2.1', '203.0.113.7'))).toBe('203.0.113.7')
    expect(mapped(requestFrom('10.2.0.1', '203.0.113.7'))).toBe('10.2.0.1')
  })
})

describe.each(backends)('behind a proxy on %s', (_, start) => {
  const trusted = { trustedProxies: ['127.0.0.1/32', '::1/128'] }
  const from = (...addresses: string[]) => ({ 'x-forwarded-for': addresses.join(', ') })

  test('who fails too often with keys is refused by the address that a trusted proxy tells', async () => {
    const api = await begin(start, { config: { ...trusted, authFailureLimit: 2 } })
    const fail = async (headers: Record<string, string>) =>
      (await api.request('GET', '/api/v1/leads/4711', { key: 'wrong', headers })).status
    for (const made of ['192.0.2.1', '127.0.0.1']) expect(await fail(from(made, '203.0.113.7'))).toBe(401)
    expect(await fail(from('192.0.2.3', '203.0.113.7'))).toBe(429)
    expect(await fail(from('203.0.113.8'))).toBe(401)
    expect(api.log.slice(-2)).toMatchObject([
      { status: 429, address: '203.0.113.7' },
      { status: 401, address: '203.0.113.8' },
    ])
    const good = await api.request('GET', '/api/v1/leads/4711', { headers: from('203.0.113.7') })
    expect(good.status).toBe(200)
    expect(api.log.at(-1)).not.toHaveProperty('address')
    // Whoever comes from the machine itself, past the proxy, is exempt as ever.
    for (let failed = 0; failed < 5; failed += 1) expect(await fail({})).toBe(401)
  })

  test('no client chooses its address while no proxy is trusted', async () => {
    const api = await begin(start, { config: { authFailureLimit: 2 } })
    const headers = from('203.0.113.7')
    for (let failed = 0; failed < 5; failed += 1) {
      expect((await api.request('GET', '/api/v1/leads/4711', { key: 'wrong', headers })).status).toBe(401)
    }
    expect(api.log.at(-1)).toMatchObject({ address: expect.stringMatching(/^(::ffff:)?127\.0\.0\.1$|^::1$/) })
  })

  test('attempts of people to sign in are counted by it too', async () => {
    const api = await begin(start, { config: trusted })
    const browser = browserOf(api)
    const asks = async (client: string, token: string) =>
      (await browser.send('POST', '/api/console/link', { token }, from(client))).status
    for (let tried = 0; tried < 50; tried += 1) expect(await asks('203.0.113.7', `${tried}`.repeat(43))).not.toBe(429)
    expect(await asks('203.0.113.7', 'x'.repeat(43))).toBe(429)
    expect(await asks('203.0.113.8', 'x'.repeat(43))).not.toBe(429)
  })
})
