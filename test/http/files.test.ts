import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { readFiles, serveFiles } from '../../src/http/files.ts'
import { Room } from '../../src/http/room.ts'
import { createServer } from '../../src/http/server.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { configFrom } from '../../src/kernel/config.ts'

const page = '<!doctype html><title>An app</title>'
const script = 'console.log(1)'

function built(): string {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-files-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'index.html'), page)
  writeFileSync(join(folder, 'assets/main-1a2b.js'), script)
  writeFileSync(join(folder, 'assets/main-1a2b.js.br'), brotliCompressSync(script))
  writeFileSync(join(folder, 'secret.key'), 'not a type that is served')
  return folder
}

async function served(folder: string) {
  const server = createServer({
    config: configFrom({}, {}),
    clock: systemClock,
    room: new Room(100, systemClock),
    log: () => {},
    lookUp: () => undefined,
    newRequestId: () => 'request-1',
    home: '/console',
  })
  serveFiles(server, { path: '/console', name: 'The console', command: 'npm run build:console' }, readFiles(folder))
  const origin = await server.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.close())
  const ask = (path: string, { method = 'GET', encoding = '', accept = 'text/html,*/*' } = {}) =>
    new Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
      // As it stands: fetch would take the dots out of a path.
      const { hostname, port } = new URL(origin)
      const sent = request(
        { hostname, port, path, method, headers: { 'accept-encoding': encoding, accept } },
        (reply) => {
          const parts: Buffer[] = []
          reply.on('data', (part: Buffer) => parts.push(part))
          reply.on('end', () => {
            resolve({ status: reply.statusCode ?? 0, headers: reply.headers, bytes: Buffer.concat(parts) })
          })
        },
      )
      sent.on('error', reject).end()
    })
  return ask
}

test('every path of the app is its page, which may run its own scripts alone', async () => {
  const ask = await served(built())
  const paths = ['/console', '/console/', '/console/leads?status=new', '/console/leads/789']
  for (const path of [...paths, '/console/%', '/console/leads/%E0%A4%A', '/console/leads?search=%E0%A4%A']) {
    const { status, headers, bytes } = await ask(path)
    expect([status, String(bytes)], path).toEqual([200, page])
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': expect.stringContaining("script-src 'self';"),
      'x-content-type-options': 'nosniff',
    })
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  }
})

test('a file with its digest in the name is kept for ever, and sent as it was compressed', async () => {
  const ask = await served(built())
  const plain = await ask('/console/assets/main-1a2b.js')
  expect(String(plain.bytes)).toBe(script)
  expect(plain.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  })
  const packed = await ask('/console/assets/main-1a2b.js', { encoding: 'gzip, deflate, br' })
  expect(packed.headers['content-encoding']).toBe('br')
  expect(String(brotliDecompressSync(packed.bytes))).toBe(script)
  const head = await ask('/console/assets/main-1a2b.js', { method: 'HEAD' })
  expect(head).toMatchObject({ status: 200, bytes: Buffer.alloc(0), headers: { 'content-length': '14' } })
})

test('nothing but files of the app is read, and an older script is not found', async () => {
  const ask = await served(built())
  for (const path of ['/console/../secret.key', '/console/%2e%2e/secret.key', '/console/secret.key']) {
    expect(String((await ask(path)).bytes), path).not.toContain('not a type')
  }
  const { status, headers, bytes } = await ask('/console/assets/main-0000.js')
  expect([status, headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8'])
  expect(String(bytes)).toContain('older version')
  expect((await ask('/console', { method: 'POST' })).status).toBe(404)
})

test('where nothing was built a page says what to run', async () => {
  const ask = await served(join(tmpdir(), 'waggle-never-built'))
  const { status, bytes } = await ask('/console')
  expect(status).toBe(404)
  expect(String(bytes)).toContain('npm run build:console')
})

test('a browser that asks for the server alone is sent to the app; a client of the API is not', async () => {
  const ask = await served(built())
  expect(await ask('/')).toMatchObject({ status: 302, headers: { location: '/console' } })
  expect(await ask('/', { accept: '*/*' })).toMatchObject({ status: 404 })
  expect(await ask('/', { method: 'POST' })).toMatchObject({ status: 404 })
})
