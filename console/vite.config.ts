import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const out = resolve(import.meta.dirname, '../dist/console')

/** Where `npm run dev:console` finds a server; `npm start` runs one there. */
const server = process.env['WAGGLE_SERVER'] ?? 'http://127.0.0.1:4000'

// biome-ignore lint/style/noDefaultExport: Vite reads it so
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react(), compressed()],
  build: {
    outDir: out,
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': { target: server } } },
})

/** Texts below this go out in one packet anyway. */
const compressedFromBytes = 1024

/** Each text beside its `.br` and `.gz`, so that the server has nothing to compress. */
function compressed(): Plugin {
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
