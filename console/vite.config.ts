import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { askingServer, built, compressed } from '../tools/build/web-app.ts'

const out = resolve(import.meta.dirname, '../dist/console')

// biome-ignore lint/style/noDefaultExport: Vite reads it so
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react(), compressed(out)],
  build: built(out),
  server: askingServer('/api'),
})
