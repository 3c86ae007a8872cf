import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { BuildOptions, Plugin } from 'vite'

/** How the pages of a web app are built, so that `src/http/files.ts` can serve them. */
export const built = (out: string): BuildOptions => ({
  outDir: out,
  emptyOutDir: true,
  target: 'es2023',
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  reportCompressedSize: false,
})

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
