import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { BuildOptions, Plugin, ServerOptions } from 'vite'

/** How the pages of a web app are built, so that `src/http/files.ts` can serve them. */
export const built = (out: string): BuildOptions => ({
  outDir: out,
  emptyOutDir: true,
  target: 'es2023',
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  reportCompressedSize: false,
})

/** While an app is worked on, these paths are those of a server; `npm start` runs one there. */
export const askingServer = (...paths: readonly string[]): ServerOptions => {
  const target = process.env['WAGGLE_SERVER'] ?? 'http://127.0.0.1:4000'
  return { proxy: Object.fromEntries(paths.map((path) => [path, { target }])) }
}

/** Texts below this go out in one packet anyway. */
const compressedFromBytes = 1024

/** Each text beside its `.br` and `.gz`, so that the server has nothing to compress. */
export function compressed(out: string): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      const files = readdirSync(out, { recursive: true, encoding: 'utf8' })
      for (const name of files.filter((one) => /\.(?:js|css|html|svg)$/.test(one))) {
        const bytes = readFileSync(join(out, name))
        if (bytes.length < compressedFromBytes) continue
        const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
        writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, { params }))
        writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }))
      }
    },
  }
}
