import { type Dirent, existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { Exchange } from './exchange.ts'
import type { Server } from './server.ts'

/** A page may load what is its own, and nothing else; styles alone may stand in the page, as its components set them. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const pageHeaders = [
  ...['content-security-policy', policy],
  ...['referrer-policy', 'no-referrer'],
  ...['cross-origin-opener-policy', 'same-origin'],
  ...['x-content-type-options', 'nosniff'],
]

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Files with their digest in the name, which another content would change. */
const forEver = 'public, max-age=31536000, immutable'

/** A file of an app in each of its forms. */
interface StaticFile {
  readonly type: string
  readonly bytes: Uint8Array
  readonly br: Uint8Array | undefined
  readonly gz: Uint8Array | undefined
}

/** The files of a web app, by their names with slashes. */
export type AppFiles = ReadonlyMap<string, StaticFile>

/** A web app as people know it. */
interface WebApp {
  /** Such as `/console`. */
  readonly path: string
  /** With its article, as a sentence begins with it. */
  readonly name: string
  /** What builds it. */
  readonly command: string
}

/**
 * Serves the files of a web app under a path; every other path below it is answered with `index.html`, as the app
 * finds its views by the address itself. They are all in memory: nothing that a client asks for becomes a path on the disk.
 *
 * @param files undefined where the app was not built: then a page says so, with 404
 */
export function serveFiles(server: Server, { path, name, command }: WebApp, files: AppFiles | undefined): void {
  const notBuilt = Buffer.from(`${name} has not been built in this checkout: run \`${command}\`.\n`)
  const gone = Buffer.from(`This file belongs to an older version of ${name.toLowerCase()}: load the page anew.\n`)
  const answer = (exchange: Exchange, asked: string): void => {
    const index = files?.get('index.html')
    if (files === undefined || index === undefined) {
      exchange.file(404, [...pageHeaders, 'content-type', 'text/plain; charset=utf-8'], notBuilt)
      return
    }
    const file = files.get(asked)
    // A script of an older build that is asked for must fail, and not be answered with a page.
    if (file === undefined && asked.startsWith('assets/')) {
      exchange.file(404, [...pageHeaders, 'content-type', 'text/plain; charset=utf-8'], gone)
      return
    }
    send(exchange, file ?? index, asked.startsWith('assets/') ? forEver : 'no-cache')
  }
  server.page(path, (exchange) => answer(exchange, 'index.html'))
  server.page(`${path}/*`, (exchange, params) => answer(exchange, params['*'] ?? ''))
}

function send(exchange: Exchange, file: StaticFile, caching: string): void {
  const accepted = String(exchange.request.headers['accept-encoding'] ?? '')
  const headers = [...pageHeaders, 'content-type', file.type, 'cache-control', caching, 'vary', 'accept-encoding']
  if (file.br !== undefined && /\bbr\b/.test(accepted)) {
    exchange.file(200, [...headers, 'content-encoding', 'br'], file.br)
  } else if (file.gz !== undefined && /\bgzip\b/.test(accepted)) {
    exchange.file(200, [...headers, 'content-encoding', 'gzip'], file.gz)
  } else {
    exchange.file(200, headers, file.bytes)
  }
}

/**
 * Reads a built web app, once for all that is served of it. Beside a file its `.br` and `.gz` are taken where they stand.
 *
 * @returns undefined where there is none in the folder
 */
export function readFiles(folder: string): AppFiles | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined
  const pathOf = (one: Dirent): string => join(one.parentPath, one.name)
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(pathOf)
  const all = new Map(paths.map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path)]))
  return new Map(
    [...all].flatMap(([name, bytes]): [string, StaticFile][] => {
      const type = types[extname(name)]
      return type === undefined ? [] : [[name, { type, bytes, br: all.get(`${name}.br`), gz: all.get(`${name}.gz`) }]]
    }),
  )
}
