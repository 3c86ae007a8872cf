import type { LookupFunction } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { certificate } from './receivers/certificate.ts'
import { rawReceiver, receiver, secureReceiver } from './receivers/receiver.ts'
import { aMessage, answersInTurn, aSender, failure, hasty, moderate } from './receivers/sender.ts'

describe('what is sent', () => {
  test('is the headers and the very bytes that were given', async () => {
    const { url, received } = await receiver((response) => response.end())
    const body = '{"name":"Zoë 🐝 \\u0000"}'

    await aSender().send(aMessage(`${url}/a%20b?x=1&y=ä#z`, { headers: { 'webhook-id': 'abc', 'x-two': 'b' }, body }))

    expect(received).toMatchObject([
      {
        method: 'POST',
        path: '/hook/a%20b?x=1&y=%C3%A4',
        headers: { 'webhook-id': 'abc', 'x-two': 'b', 'content-length': String(Buffer.byteLength(body)) },
        body: Buffer.from(body),
      },
    ])
  })

  test('carries no user name and no password', async () => {
    const { port, received } = await receiver((response) => response.end())
    await aSender().send(aMessage(`http://eva:secret@127.0.0.1:${port}/hook`))
    expect(received[0]?.headers).not.toHaveProperty('authorization')
    expect(received[0]?.headers.host).toBe(`127.0.0.1:${port}`)
  })

  test('goes over a connection that is there already', async () => {
    const { url, received, opened } = await receiver((response) => response.end('fine'))
    const sender = aSender({ connections: 1 })
    for (let sent = 0; sent < 5; sent++) await sender.send(aMessage(url))
    expect(received).toHaveLength(5)
    expect(opened).toHaveLength(1)
  })

  test('takes a new connection when the receiver has closed the old one', async () => {
    const { url, opened } = await receiver((response) => response.setHeader('connection', 'close').end('fine'))
    const sender = aSender()
    expect(await sender.send(aMessage(url))).toMatchObject({ status: 200 })
    expect(await sender.send(aMessage(url))).toMatchObject({ status: 200 })
    expect(opened).toHaveLength(2)
  })
})

describe('an answer', () => {
  test.each([
    [200, 'fine'],
    [201, ''],
    [204, ''],
    [400, 'no'],
    [410, ''],
    [500, 'oh no'],
  ])('of status %i is told as it came', async (status, answer) => {
    const { url } = await receiver((response) => response.writeHead(status).end(answer))
    const returned = await aSender().send(aMessage(url))
    expect(returned).toEqual({ status, retryAfter: undefined, answer, error: undefined, ms: expect.any(Number) })
    expect(Number.isInteger(returned.ms)).toBe(true)
  })

  test('tells when to come again', async () => {
    const { url } = await receiver((response) => response.writeHead(503, { 'Retry-After': '120' }).end())
    expect(await aSender().send(aMessage(url))).toMatchObject({ status: 503, retryAfter: '120' })
  })

  test('that points elsewhere is not followed', async () => {
    const other = await receiver((response) => response.end())
    const { url } = await receiver((response) => response.writeHead(302, { location: other.url }).end('there'))
    expect(await aSender().send(aMessage(url))).toMatchObject({ status: 302, answer: 'there', error: undefined })
    expect(other.received).toEqual([])
  })

  test('after an early hint is the one that counts', async () => {
    const { url } = await receiver((response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' })
      response.writeHead(202).end('taken')
    })
    expect(await aSender().send(aMessage(url))).toMatchObject({ status: 202, answer: 'taken' })
  })

  test('is kept to its first KiB, in whole characters', async () => {
    const { url } = await receiver((response) => response.end(`a${'ä'.repeat(1000)}`))
    expect(await aSender().send(aMessage(url))).toMatchObject({ answer: `a${'ä'.repeat(511)}` })
  })

  test('of exactly one KiB is kept whole', async () => {
    const { url } = await receiver((response) => response.end('ä'.repeat(512)))
    expect(await aSender().send(aMessage(url))).toMatchObject({ answer: 'ä'.repeat(512) })
  })

  test('in several pieces is put together', async () => {
    const bytes = Buffer.from('Zoë')
    const { url } = await receiver((response) => {
      response.write(bytes.subarray(0, 3), () => setImmediate(() => response.end(bytes.subarray(3))))
    })
    expect(await aSender().send(aMessage(url))).toMatchObject({ answer: 'Zoë' })
  })

  test('that is no text becomes one', async () => {
    const { url } = await receiver((response) => response.end(Buffer.from([0x61, 0x00, 0xff, 0x62, 0xc3])))
    expect(await aSender().send(aMessage(url))).toMatchObject({ answer: 'a\uFFFD\uFFFDb\uFFFD' })
  })

  test('without end is read no further than 64 KiB, and its connection is dropped', async () => {
    let written = 0
    const cut = Promise.withResolvers<void>()
    const { url } = await receiver((response) => {
      const piece = Buffer.alloc(16_384, 'x')
      const more = (): void => {
        written += piece.length
        response.write(piece, () => setImmediate(more))
      }
      response.on('close', () => {
        response.write = () => false
        cut.resolve()
      })
      more()
    })
    expect(await aSender().send(aMessage(url))).toMatchObject({ status: 200, answer: 'x'.repeat(1024) })
    await cut.promise
    expect(written).toBeGreaterThan(65_536)
  })

  test('that trickles counts with its status when the time is over', async () => {
    const cut = Promise.withResolvers<void>()
    const { url } = await receiver((response) => {
      response.on('close', cut.resolve)
      response.writeHead(200, { 'content-length': '1000' }).write('on and on')
    })
    const returned = await aSender({ timeoutMs: moderate }).send(aMessage(url))
    expect(returned).toMatchObject({ status: 200, answer: 'on and on', error: undefined })
    await cut.promise
  })

  test('that breaks off counts with its status', async () => {
    const { url } = await receiver((response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('half', () => response.destroy())
    })
    expect(await aSender().send(aMessage(url))).toMatchObject({ status: 200, error: undefined })
  })
})

describe('no answer', () => {
  test('comes from a receiver that hangs, and the connection is dropped', async () => {
    const cut = Promise.withResolvers<void>()
    const { url } = await receiver((response) => response.on('close', cut.resolve))
    const returned = await aSender({ timeoutMs: hasty }).send(aMessage(url))
    expect(returned).toMatchObject(failure('timed out after 150 ms'))
    await cut.promise
  })

  test('is an early hint that nothing follows', async () => {
    const { url } = await receiver((response) => response.writeEarlyHints({ link: '</style.css>; rel=preload' }))
    const returned = await aSender({ timeoutMs: moderate }).send(aMessage(url))
    expect(returned).toMatchObject(failure('timed out after 700 ms'))
  })

  test('comes when a name server hangs', async () => {
    const sender = aSender({ timeoutMs: hasty, lookup: () => {} })
    expect(await sender.send(aMessage('http://hooks.example/'))).toMatchObject(failure('timed out after 150 ms'))
  })

  test('comes when nobody speaks TLS at the other end', async () => {
    const { port } = await rawReceiver(() => {})
    const sender = aSender({ timeoutMs: hasty })
    expect(await sender.send(aMessage(`https://127.0.0.1:${port}/`))).toMatchObject(failure('timed out after 150 ms'))
  })

  test.each([
    ['at once', ''],
    ['in the midst of the head', 'HTTP/1.1 200 O'],
  ])('comes over a connection that is cut %s', async (_, said) => {
    const { url } = await rawReceiver((socket) => socket.on('data', () => socket.end(said)))
    expect(await aSender().send(aMessage(url))).toMatchObject(failure('connection closed before an answer'))
  })

  test('comes over a connection that is reset', async () => {
    const { url } = await rawReceiver((socket) => socket.on('data', () => socket.resetAndDestroy()))
    expect(await aSender().send(aMessage(url))).toMatchObject(failure('connection closed before an answer'))
  })

  test('comes from what does not speak HTTP', async () => {
    const { url } = await rawReceiver((socket) => socket.on('data', () => socket.write('220 smtp.example ESMTP\r\n')))
    expect(await aSender().send(aMessage(url))).toMatchObject(failure('the answer is not HTTP'))
  })

  test('comes from a port where nobody listens', async () => {
    const { url, port } = await rawReceiver(() => {})
    const unused = url.replace(String(port), '1')
    expect(await aSender().send(aMessage(unused))).toMatchObject(failure('connection refused'))
  })

  test.each([
    ['ENOTFOUND', 'name not found'],
    ['EAI_AGAIN', 'name look-up failed'],
  ])('comes from a name whose look-up ends with %s', async (code, error) => {
    const lookup: LookupFunction = (_, __, callback) => callback(Object.assign(new Error(code), { code }), [])
    const sender = aSender({ lookup })
    expect(await sender.send(aMessage('https://eva:secret@hooks.example/'))).toMatchObject(failure(error))
  })

  test.each(['https://', 'hooks.example', ''])('comes from "%s", which is no URL', async (url) => {
    expect(await aSender().send(aMessage(url))).toMatchObject(failure('not a URL'))
  })

  test('comes when a header cannot be sent, and its value is not told', async () => {
    const { url, received } = await receiver((response) => response.end())
    const returned = await aSender().send(aMessage(url, { headers: { authorization: 'Bearer secret\r\nx: y' } }))
    expect(returned).toMatchObject(failure('not sent: UND_ERR_INVALID_ARG'))
    expect(received).toEqual([])
  })
})

describe('a certificate', () => {
  const localhost: LookupFunction = answersInTurn(['127.0.0.1'])

  test('that nobody vouches for is refused, and nothing is sent', async () => {
    const { port, received } = await secureReceiver((response) => response.end())
    const returned = await aSender().send(aMessage(`https://eva:secret@127.0.0.1:${port}/`))
    expect(returned).toMatchObject(failure('certificate: self-signed certificate'))
    expect(received).toEqual([])
  })

  test('is for a name, and refused for another', async () => {
    const before = getCACertificates('default')
    onTestFinished(() => setDefaultCACertificates(before))
    setDefaultCACertificates([...before, certificate])
    const { port, received } = await secureReceiver((response) => response.end('fine'))
    const sender = aSender({ lookup: localhost })

    expect(await sender.send(aMessage(`https://localhost:${port}/`))).toMatchObject({ status: 200, answer: 'fine' })
    const other = await sender.send(aMessage(`https://hooks.example:${port}/`))

    expect(other).toMatchObject(failure(expect.stringMatching(/^certificate: .*hooks\.example/)))
    expect(received).toHaveLength(1)
  })

  test('is no matter when the other end speaks plain HTTP', async () => {
    const { port } = await receiver((response) => response.end())
    const returned = await aSender().send(aMessage(`https://127.0.0.1:${port}/`))
    expect(returned).toMatchObject(failure('TLS could not be agreed on'))
  })
})

describe('an address that is not allowed', () => {
  test.each(['127.0.0.1', '0x7f.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]', 'localhost', '0.0.0.0'])(
    'is not reached as %s',
    async (host) => {
      const { port, opened } = await receiver((response) => response.end(), '0.0.0.0')
      const returned = await aSender({ allow: [] }).send(aMessage(`http://eva:secret@${host}:${port}/`))
      expect(returned).toMatchObject(
        failure(expect.stringMatching(/^address refused: \S+ is an? \S+ address; WAGGLE_WEBHOOK_ALLOW may name/)),
      )
      expect(returned.error).not.toContain('secret')
      expect(opened).toEqual([])
    },
  )

  test('is reached when its network is named', async () => {
    const { port } = await receiver((response) => response.end())
    const sender = aSender({ allow: ['127.0.0.0/8', '::1'] })
    expect(await sender.send(aMessage(`http://localhost:${port}/`))).toMatchObject({ status: 200 })
  })

  test('is not reached by pointing a name elsewhere after its first look-up', async () => {
    const { port, received } = await receiver((response) => response.setHeader('connection', 'close').end(), '0.0.0.0')
    const sender = aSender({ lookup: answersInTurn(['127.0.0.1'], ['127.0.0.2']) })
    const message = aMessage(`http://hooks.example:${port}/`)

    expect(await sender.send(message)).toMatchObject({ status: 200 })
    expect(await sender.send(message)).toMatchObject(
      failure('address refused: 127.0.0.2 is a loopback address; WAGGLE_WEBHOOK_ALLOW may name its network'),
    )
    expect(received).toMatchObject([{ reached: '127.0.0.1' }])
  })

  test('is left out of an answer that names a better one as well', async () => {
    const { port, received } = await receiver((response) => response.end(), '0.0.0.0')
    const sender = aSender({ lookup: answersInTurn(['127.0.0.2', '127.0.0.1']) })
    expect(await sender.send(aMessage(`http://hooks.example:${port}/`))).toMatchObject({ status: 200 })
    expect(received).toMatchObject([{ reached: '127.0.0.1' }])
  })
})
