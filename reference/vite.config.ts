import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { askingServer, built, compressed } from '../tools/build/web-app.ts'

const out = resolve(import.meta.dirname, '../dist/docs')

// biome-ignore lint/style/noDefaultExport: Vite reads it so
export default defineConfig({
  root: import.meta.dirname,
  base: '/docs/',
  publicDir: resolve(import.meta.dirname, '../console/public'),
  plugins: [compressed(out)],
  // One element that is used whole: 0.56 MB, of which 0.15 are sent.
  build: { ...built(out), chunkSizeWarningLimit: 600 },
  server: askingServer('/api', '/openapi.json', '/healthz', '/readyz', '/metrics'),
})
