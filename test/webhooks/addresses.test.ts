import { describe, expect, test } from 'vitest'
import { addressGuard, guardedLookup } from '../../src/webhooks/addresses.ts'

const guard = addressGuard([])

describe('only public addresses pass', () => {
  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '198.17.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:800::200e',
    '::ffff:8.8.8.8',
    '::ffff:808:808',
  ])('%s passes', (address) => {
    expect(guard.refusal(address)).toBeUndefined()
  })

  test.each([
    ['10.0.0.5', 'a private address'],
    ['172.16.0.1', 'a private address'],
    ['172.31.255.255', 'a private address'],
    ['192.168.1.1', 'a private address'],
    ['127.0.0.1', 'a loopback address'],
    ['127.255.255.254', 'a loopback address'],
    ['0.0.0.0', 'an unspecified address'],
    ['0.1.2.3', 'an unspecified address'],
    ['169.254.0.1', 'a link-local address'],
    ['169.254.169.254', "a cloud's metadata address"],
    ['168.63.129.16', "a cloud's metadata address"],
    ['100.100.100.200', "a cloud's metadata address"],
    ['100.64.0.1', 'an address behind carrier-grade NAT'],
    ['100.127.255.255', 'an address behind carrier-grade NAT'],
    ['224.0.0.1', 'a multicast address'],
    ['239.255.255.255', 'a multicast address'],
    ['255.255.255.255', 'a broadcast address'],
    ['240.0.0.1', 'a reserved address'],
    ['192.0.0.192', 'a reserved address'],
    ['192.0.2.1', 'a reserved address'],
    ['192.88.99.1', 'a reserved address'],
    ['198.18.0.1', 'a reserved address'],
    ['198.19.255.255', 'a reserved address'],
    ['198.51.100.7', 'a reserved address'],
    ['203.0.113.7', 'a reserved address'],
    ['::', 'an unspecified address'],
    ['::1', 'a loopback address'],
    ['0:0:0:0:0:0:0:1', 'a loopback address'],
    ['fe80::1', 'a link-local address'],
    ['fe80::1%eth0', 'a link-local address'],
    ['fe80::1%eth0.100', 'a link-local address'],
    ['::1%lo', 'a loopback address'],
    ['fc00::1', 'a private address'],
    ['fdff:ffff::1', 'a private address'],
    ['fec0::1', 'a private address'],
    ['fd00:ec2::254', "a cloud's metadata address"],
    ['FD00:0EC2:0::0254', "a cloud's metadata address"],
    ['ff02::1', 'a multicast address'],
    ['2001:db8::1', 'a reserved address'],
    ['3fff::1', 'a reserved address'],
    ['2001:2::1', 'a benchmarking address'],
    ['2001::1', 'a Teredo address'],
    ['2002:7f00:1::', 'a 6to4 address'],
    ['2002:808:808::', 'a 6to4 address'],
    ['64:ff9b::8.8.8.8', 'a NAT64 address'],
    ['64:ff9b::7f00:1', 'a NAT64 address'],
    ['64:ff9b:1::a00:1', 'a NAT64 address'],
    ['::ffff:0:127.0.0.1', 'a translated IPv4 address'],
    ['100::1', 'a special-purpose address'],
    ['5f00::1', 'a special-purpose address'],
    ['2001:20::1', 'a special-purpose address'],
    ['4000::1', 'not a public address'],
    ['::127.0.0.1', 'not a public address'],
    ['::8.8.8.8', 'not a public address'],
    ['::808:808', 'not a public address'],
    ['::ffff:127.0.0.1', 'a loopback address'],
    ['::ffff:7f00:1', 'a loopback address'],
    ['::FFFF:10.0.0.5', 'a private address'],
    ['0:0:0:0:0:ffff:a9fe:a9fe', "a cloud's metadata address"],
    ['::ffff:100.64.0.1', 'an address behind carrier-grade NAT'],
  ])('%s is %s', (address, kind) => {
    expect(guard.refusal(address)).toBe(`${address} is ${kind}; WAGGLE_WEBHOOK_ALLOW may name its network`)
  })

  test.each([
    '',
    'localhost',
    '0x7f.1',
    '2130706433',
    '0177.0.0.1',
    '127.1',
    '8.8.8',
    '08.8.8.8',
    '1.1.1.1/32',
    '[::1]',
  ])('"%s" is no spelling that is judged', (address) => {
    expect(addressGuard(['0.0.0.0/0', '::/0']).refusal(address)).toBe(`${address} is not an address`)
  })
})

describe('what the operator allows', () => {
  test.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.1.2.3/8', '10.9.9.9', true],
    ['10.0.0.0/8', '192.168.0.1', false],
    ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['10.0.0.0/8', '::ffff:a00:1', true],
    ['10.0.0.0/8', '::10.0.0.1', false],
    ['10.0.0.0/8', '64:ff9b::10.0.0.1', false],
    ['127.0.0.1', '127.0.0.1', true],
    ['127.0.0.1', '127.0.0.2', false],
    ['::1', '::1', true],
    ['::1', '::1%lo', true],
    ['::1', '127.0.0.1', false],
    ['::1/128', '::2', false],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', 'fc12::1', false],
    ['::/0', '::1', true],
    ['::/0', '127.0.0.1', false],
    ['::/0', '::ffff:127.0.0.1', false],
    ['::ffff:127.0.0.1', '127.0.0.1', true],
    ['::ffff:127.0.0.0/104', '127.9.9.9', true],
    ['64:ff9b::/96', '64:ff9b::10.0.0.1', true],
    ['169.254.169.254', '169.254.169.254', true],
    ['0.0.0.0/0', '10.0.0.1', true],
  ])('with %s, %s passes: %s', (network, address, passes) => {
    expect(addressGuard([network]).refusal(address) === undefined).toBe(passes)
  })

  test('any one of several networks is enough', () => {
    const several = addressGuard(['10.0.0.0/8', 'fd00::/8', '192.168.0.0/16'])
    expect(several.refusal('192.168.0.1')).toBeUndefined()
    expect(several.refusal('fd00::1')).toBeUndefined()
    expect(several.refusal('172.16.0.1')).toContain('a private address')
  })

  test.each(['', 'localhost', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', '10/8', '::ffff:10.0.0.0/95'])(
    '"%s" is not a network',
    (text) => {
      expect(() => addressGuard([text])).toThrow(`${text} is not a network`)
    },
  )
})

describe('the URL of an endpoint', () => {
  test.each([
    'https://hooks.example/waggle?x=1',
    'http://8.8.8.8:8080/',
    'http://localhost/',
    'https://u:p@hooks.example',
  ])('%s may be one', (url) => {
    expect(guard.refusalOfUrl(url)).toBeUndefined()
  })

  test.each([
    ['', 'is not a URL'],
    ['hooks.example', 'is not a URL'],
    ['http://', 'is not a URL'],
    ['http://1.2.3.4.5/', 'is not a URL'],
    ['http://[fe80::1%25eth0]/', 'is not a URL'],
    ['ftp://hooks.example/', 'must begin with http:// or https://'],
    ['file:///etc/passwd', 'must begin with http:// or https://'],
    ['javascript:alert(1)', 'must begin with http:// or https://'],
  ])('%s %s', (url, why) => {
    expect(guard.refusalOfUrl(url)).toBe(why)
  })

  test.each([
    ['http://127.0.0.1/', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://0x7f000001/', '127.0.0.1'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://0177.0.0.01/', '127.0.0.1'],
    ['http://017700000001/', '127.0.0.1'],
    ['http://127.1/', '127.0.0.1'],
    ['http://127.0.0.1./', '127.0.0.1'],
    ['http://１２７.０.０.１/', '127.0.0.1'],
    ['http://127%2e0%2e0%2e1/', '127.0.0.1'],
    ['http://0/', '0.0.0.0'],
    ['http://8.8.8.8@10.0.0.5/', '10.0.0.5'],
    ['http://10.0.0.5\\@8.8.8.8/', '10.0.0.5'],
    ['https://0xa9fea9fe/latest/meta-data', '169.254.169.254'],
    ['http://[::1]/', '::1'],
    ['http://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
    ['http://[::127.0.0.1]/', '::7f00:1'],
    ['http://[64:ff9b::169.254.169.254]/', '64:ff9b::a9fe:a9fe'],
  ])('%s is refused for its address %s', (url, address) => {
    expect(guard.refusalOfUrl(url)).toBe(guard.refusal(address))
    expect(guard.refusalOfUrl(url)).toContain(`${address} is `)
  })

  test('an address that is allowed may be one', () => {
    expect(addressGuard(['127.0.0.0/8']).refusalOfUrl('http://0x7f.1/')).toBeUndefined()
  })
})

describe('a look-up behind the guard', () => {
  type Found = Parameters<Parameters<Parameters<typeof guardedLookup>[1]>[2]>
  const answering = (...found: Found) => guardedLookup(guard, (_, __, callback) => callback(...found))
  const ask = (lookup: ReturnType<typeof guardedLookup>, options: { all?: boolean }): Promise<Found> =>
    new Promise((resolve) => lookup('hooks.example', options, (...found) => resolve(found)))
  const mixed = [
    { address: '10.0.0.5', family: 4 },
    { address: '8.8.8.8', family: 4 },
    { address: '::1', family: 6 },
    { address: '2606:4700::1', family: 6 },
  ]

  test('answers only what the guard lets through', async () => {
    const [error, found] = await ask(answering(null, mixed), { all: true })
    expect(error).toBeNull()
    expect(found).toEqual([mixed[1], mixed[3]])
  })

  test('answers the first that passes when one is asked for', async () => {
    expect(await ask(answering(null, mixed), {})).toEqual([null, '8.8.8.8', 4])
  })

  test.each([{ all: true }, { all: false }])('fails with the reason when nothing passes, %o', async (options) => {
    const [error] = await ask(answering(null, '10.0.0.5', 4), options)
    expect(error?.message).toBe(guard.refusal('10.0.0.5'))
  })

  test('an empty answer is a name that is not found', async () => {
    const [error] = await ask(answering(null, []), { all: true })
    expect(error?.code).toBe('ENOTFOUND')
  })

  test('looks a name up once at a time, and anew when it has been answered', async () => {
    const answers: Array<() => void> = []
    const lookup = guardedLookup(guard, (_, __, callback) => answers.push(() => callback(null, '8.8.8.8', 4)))
    const first = [ask(lookup, {}), ask(lookup, { all: true })]
    expect(answers).toHaveLength(1)
    answers[0]?.()
    expect(await Promise.all(first)).toEqual([
      [null, '8.8.8.8', 4],
      [null, [{ address: '8.8.8.8', family: 4 }]],
    ])
    void ask(lookup, {})
    expect(answers).toHaveLength(2)
  })
})
