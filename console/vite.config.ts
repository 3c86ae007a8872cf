import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { built, compressed } from '../tools/build/web-app.ts'

const out = resolve(import.meta.dirname, '../dist/console')

/** Where `npm run dev:console` finds a server; `npm start` runs one there. */
const server = process.env['WAGGLE_SERVER'] ?? 'http://127.0.0.1:4000'

// biome-ignore lint/style/noDefaultExport: Vite reads it so
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react(), compressed(out)],
  build: built(out),
  server: { proxy: { '/api': { target: server } } },
})
