import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

// Loaded into a process before its program: every disk has 100 kB left, or, with NO_BLOCKS, does not tell.

const { statfsSync } = fs
fs.statfsSync = ((path: string) => ({
  ...statfsSync(path),
  blocks: process.env['NO_BLOCKS'] === undefined ? 1_000_000 : 0,
  bsize: 1_000,
  bavail: process.env['NO_BLOCKS'] === undefined ? 100 : 0,
})) as typeof statfsSync
syncBuiltinESMExports()
