import { defineConfig } from 'vitest/config'

/** A test that hangs on a mutant has found it; one that is only slow on a busy machine has not. */
// biome-ignore lint/style/noDefaultExport: vitest reads it
export default defineConfig({ test: { testTimeout: 5_000, hookTimeout: 30_000 } })
