import { randomBytes } from 'node:crypto'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Api, backends, type Reply } from '../backends.ts'
import { keys } from '../fixture.ts'
import { exchange, expectCommonHeaders, expectRefused, head, leavesAll, serveSuite } from './wire.ts'

const path = '/api/v1/leads/4711'
const bytesMax = 1_048_576
const notObject = 'Request body must be a JSON object'
const notJson = 'Invalid JSON body'
const wrongType = 'Content-Type must be application/json'
const tooLarge = 'Request body too large'

const bytes = (data: string | Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(data))
const rename = (name: string): string => JSON.stringify({ company_name: name })
/** A patch of so many bytes. */
const ofLength = (length: number, patch = '{}'): string => patch + ' '.repeat(length - patch.length)

describe.each(backends)('the body of a request, on %s', (_, start) => {
  let api: Api
  serveSuite(start, (started) => {
    api = started
  })

  const send = (headers: Record<string, string>, body?: string | Uint8Array): Promise<Reply> =>
    api.request('PATCH', path, { headers, ...(body !== undefined && { body: bytes(body) }) })
  const json = { 'content-type': 'application/json' }
  const refused = async (
    [headers, body]: [Record<string, string>, (string | Uint8Array)?],
    status: number,
    error: string,
  ): Promise<void> => {
    expectRefused(await leavesAll(api, () => send(headers, body)), status, error)
  }
  const renames = async (headers: Record<string, string>, body: string | Uint8Array, name: string): Promise<void> => {
    const reply = await send(headers, body)
    expect(reply.status).toBe(200)
    expectCommonHeaders(reply)
    expect(await api.lead()).toMatchObject({ company_name: name })
  }

  describe('its type', () => {
    test.each([
      ['application/json'],
      ['APPLICATION/JSON'],
      ['application/json;charset=utf-8'],
      ['application/json; charset=UTF-8'],
      ['application/json; charset=utf8'],
      ['application/json; charset="utf-8"'],
      ['application/json; charset="UTF8"; x=1'],
      ['application/json; profile=x'],
      ['application/merge-patch+json'],
      ['application/vnd.api+json; charset=utf-8'],
      ['model/gltf+json'],
    ])('%s is JSON', async (type) => {
      await renames({ 'content-type': type }, rename(`by ${type}`), `by ${type}`)
    })

    test.each([
      ['text/plain'],
      ['text/json'],
      ['application/x-www-form-urlencoded'],
      ['multipart/form-data; boundary=x'],
      ['application/jsonx'],
      ['application/x-json'],
      ['application/octet-stream'],
      ['application'],
      ['json'],
      ['+json'],
      ['/'],
      [','],
      [';'],
      ['application/json, text/plain'],
      ['application/json; charset=latin1'],
      ['application/json; charset=utf-16'],
      ['application/json; charset="iso-8859-1"'],
      ['application/merge-patch+json; charset=us-ascii'],
    ])('%s is not', async (type) => {
      await refused([{ 'content-type': type }, rename('lost')], 415, wrongType)
      await refused([{ 'content-type': type }], 415, wrongType)
    })

    test('a long type is not', async () => {
      await refused([{ 'content-type': `application/${'x'.repeat(5_000)}` }, rename('lost')], 415, wrongType)
      await refused([{ 'content-type': `application/json${';'.repeat(5_000)}charset=x` }, '{}'], 415, wrongType)
    })

    test('a body without a type is refused, no body is no object', async () => {
      await refused([{}, rename('lost')], 415, wrongType)
      await refused([{}], 400, notObject)
      await refused([json], 400, notObject)
      await refused([{ 'content-type': 'application/merge-patch+json' }], 400, notObject)
    })

    test('GET and HEAD pass with any type and no body', async () => {
      for (const type of ['application/json', 'text/plain', 'nonsense']) {
        const headers = { 'content-type': type }
        expect(await api.request('GET', path, { headers })).toMatchObject({ status: 200, body: { id: 4711 } })
        expect(await api.request('HEAD', path, { headers })).toMatchObject({ status: 200, body: undefined })
      }
    })

    test('DELETE with a JSON type and no body is no bad request', async () => {
      const reply = await leavesAll(api, () => api.request('DELETE', '/api/v1/leads/999999', { headers: json }))
      expectRefused(reply, 404, 'Lead not found or already deleted')
    })

    test('GET with a body answers as without one', async () => {
      const body = rename('not read')
      const request = head(`GET ${path}`, 'content-type: application/json', `content-length: ${body.length}`)
      const [reply, ...more] = await leavesAll(api, () => exchange(api, [request, body]))
      expect(reply).toMatchObject({ status: 200, body: { id: 4711 } })
      expect(more).toEqual([])
    })
  })

  describe('its bytes', () => {
    const bom = Buffer.from([0xef, 0xbb, 0xbf])

    test('a leading byte order mark is skipped, a second is not', async () => {
      await renames(json, Buffer.concat([bom, Buffer.from(rename('marked'))]), 'marked')
      await refused([json, Buffer.concat([bom, bom, Buffer.from('{}')])], 400, notJson)
      await refused([json, bom], 400, notJson)
      await refused([json, Buffer.concat([Buffer.from('{}'), bom])], 400, notJson)
    })

    test('UTF-16 and UTF-32 are not JSON', async () => {
      await refused([json, Buffer.from(`\ufeff${rename('wide')}`, 'utf16le')], 400, notJson)
      await refused([json, Buffer.from(rename('wide'), 'utf16le')], 400, notJson)
      await refused([json, Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0, 0x7d, 0, 0, 0])], 400, notJson)
    })

    test('a mebibyte is read, one byte more is not', async () => {
      await renames(json, ofLength(bytesMax, rename('full')), 'full')
      await refused([json, ofLength(bytesMax + 1, rename('over'))], 413, tooLarge)
    })

    test('a body in chunks is counted as it comes', async () => {
      const sent = (text: string): string[] => [
        head(`PATCH ${path}`, 'content-type: application/json', 'transfer-encoding: chunked'),
        ...[text.slice(0, 10), text.slice(10)].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`),
        '0\r\n\r\n',
      ]
      const [whole] = await exchange(api, sent(ofLength(bytesMax, rename('in chunks'))))
      expect(whole?.status).toBe(200)
      expect(await api.lead()).toMatchObject({ company_name: 'in chunks' })
      const [over] = await leavesAll(api, () => exchange(api, sent(ofLength(bytesMax + 1, rename('over')))))
      expectRefused(over, 413, tooLarge)
    })

    test('a length over the limit is refused before the body comes', async () => {
      for (const length of ['1048577', '99999999999', '9007199254740993']) {
        const request = head(`PATCH ${path}`, 'content-type: application/json', `content-length: ${length}`)
        const [reply] = await leavesAll(api, () => exchange(api, [request], 'half'))
        expectRefused(reply, 413, tooLarge)
      }
    })
  })

  describe('its coding', () => {
    const zipped = { ...json, 'content-encoding': 'gzip' }

    test('gzip is read, in any case of its name; identity is none', async () => {
      await renames(zipped, gzipSync(rename('zipped')), 'zipped')
      await renames({ ...json, 'content-encoding': 'GZip' }, gzipSync(rename('Zipped')), 'Zipped')
      await renames({ ...json, 'content-encoding': 'identity' }, rename('as it is'), 'as it is')
      await renames(zipped, gzipSync(ofLength(bytesMax, rename('full and zipped'))), 'full and zipped')
    })

    test('gzip and nothing in it is no object', async () => {
      await refused([zipped], 400, notObject)
    })

    test('corrupt gzip is no JSON', async () => {
      const good = gzipSync(rename('never'.repeat(50)))
      const withByte = (at: number, byte: number): Buffer => Buffer.from(good.map((one, i) => (i === at ? byte : one)))
      for (const corrupt of [
        Buffer.from(rename('plain')),
        Buffer.from([0x1f, 0x8b]),
        good.subarray(0, 12),
        good.subarray(0, good.length - 1),
        withByte(15, (good[15] ?? 0) ^ 0xff),
        withByte(good.length - 5, (good[good.length - 5] ?? 0) ^ 0xff),
        withByte(2, 7),
        gzipSync('{bad'),
        gzipSync(Buffer.from([0x22, 0xff, 0x22])),
        deflateSync(rename('never')),
      ]) {
        await refused([zipped, corrupt], 400, notJson)
      }
    })

    test('what unfolds over the limit is refused', async () => {
      await refused([zipped, gzipSync(ofLength(bytesMax + 1, rename('over')))], 413, tooLarge)
      const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
      expect(bomb.length).toBeLessThan(bytesMax)
      const before = process.memoryUsage().rss
      for (let times = 0; times < 5; times += 1) await refused([zipped, bomb], 413, tooLarge)
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024)
    })

    test.each(['br', 'deflate', 'compress', 'zstd', 'gzip, gzip', 'gzip, br', 'nonsense', '*'])(
      '%s is not taken',
      async (coding) => {
        await refused([{ ...json, 'content-encoding': coding }, gzipSync(rename('never'))], 415, wrongType)
        await refused([{ ...json, 'content-encoding': coding }, rename('never')], 415, wrongType)
      },
    )

    test('brotli under the name of gzip is no JSON', async () => {
      await refused([zipped, brotliCompressSync(rename('never'))], 400, notJson)
    })
  })

  describe('a body that is cut off changes nothing', () => {
    const whole = rename('cut')
    const zip = gzipSync(whole)
    const lengths = [`content-type: application/json`, `content-length: ${whole.length + 20}`]
    const chunks = ['content-type: application/json', 'transfer-encoding: chunked']
    const chunk = `${whole.length.toString(16)}\r\n${whole}\r\n`

    test.each([
      ['shorter than its length', [head(`PATCH ${path}`, ...lengths), whole]],
      ['without a byte', [head(`PATCH ${path}`, ...lengths)]],
      ['in its last chunk', [head(`PATCH ${path}`, ...chunks), chunk]],
      ['within a chunk', [head(`PATCH ${path}`, ...chunks), chunk.slice(0, -8)]],
      ['within the end of chunks', [head(`PATCH ${path}`, ...chunks), `${chunk}0\r\n`]],
      [
        'within gzip',
        [
          head(`PATCH ${path}`, ...chunks, 'content-encoding: gzip'),
          `${zip.length.toString(16)}\r\n`,
          zip.subarray(0, zip.length - 4),
        ],
      ],
      [
        'behind whole gzip',
        [head(`PATCH ${path}`, lengths[0] ?? '', 'content-encoding: gzip', `content-length: ${zip.length + 5}`), zip],
      ],
    ])('%s', async (_name, parts) => {
      const replies = await leavesAll(api, () => exchange(api, parts, 'half'))
      expect(replies.length).toBeLessThanOrEqual(1)
      for (const reply of replies) expectRefused(reply, 400, 'Invalid request')
      expect(await leavesAll(api, () => exchange(api, parts, 'cut'))).toEqual([])
    })
  })

  test.each([
    ['a chunk of no number', ['transfer-encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a chunk longer than it says', ['transfer-encoding: chunked'], '1\r\n{}\r\n0\r\n\r\n'],
    ['a length of no number', ['content-length: two'], '{}'],
    ['a negative length', ['content-length: -2'], '{}'],
    ['two lengths', ['content-length: 2', 'content-length: 3'], '{} '],
    ['length and chunks', ['content-length: 2', 'transfer-encoding: chunked'], '2\r\n{}\r\n0\r\n\r\n'],
    ['a coding of transfer that is not known', ['transfer-encoding: nonsense'], '{}'],
  ])('%s is an invalid request', async (_name, headers, body) => {
    const request = head(`PATCH ${path}`, 'content-type: application/json', ...headers)
    const replies = await leavesAll(api, () => exchange(api, [request, body]))
    expect(replies).toHaveLength(1)
    expectRefused(replies[0], 400, 'Invalid request')
  })

  describe('behind a body that was refused, the connection lives on or is said to close', () => {
    const random = randomBytes(900_000)
    const bomb = gzipSync(Buffer.concat([Buffer.alloc(2 * bytesMax), random]))
    const corrupt = Buffer.concat([Buffer.from('no gzip'), random])
    const gzip = 'content-encoding: gzip'
    const type = 'content-type: application/json'

    test.each<[string, number, string[], Uint8Array]>([
      ['another type', 415, ['content-type: text/plain'], random],
      ['another coding', 415, [type, 'content-encoding: br'], random],
      ['a body over the limit', 413, [type], Buffer.concat([random, random])],
      ['bytes that are no JSON', 400, [type], random],
      ['gzip over the limit', 413, [type, gzip], bomb],
      ['corrupt gzip', 400, [type, gzip], corrupt],
    ])('%s', async (_name, status, headers, body) => {
      const keptOpen = (request: string): string => request.replace('connection: close\r\n', '')
      const patch = keptOpen(head(`PATCH ${path}`, ...headers, `content-length: ${body.length}`))
      const replies = await leavesAll(api, () => exchange(api, [patch, body, head(`GET ${path}`)]))
      const [first, second, ...more] = replies
      expect([first?.status, more]).toEqual([status, []])
      expect(second?.status ?? first?.headers.get('connection')).toBe(second === undefined ? 'close' : 200)
    })
  })

  test('the key is asked before the body', async () => {
    for (const [body, type] of [
      ['{bad', 'application/json'],
      ['x'.repeat(bytesMax + 1), 'application/json'],
      ['{}', 'text/plain'],
    ] as const) {
      const headers = { 'content-type': type }
      expectRefused(
        await api.request('PATCH', path, { key: null, headers, body }),
        401,
        'Invalid API key or insufficient permissions',
      )
      expectRefused(
        await api.request('PATCH', path, { key: keys.readOnly, headers, body }),
        403,
        'Write access required for this operation',
      )
    }
  })
})
