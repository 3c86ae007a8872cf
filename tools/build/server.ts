// Compiles the program to `dist/`, where nothing of an older build stays but the web apps. `npm run build:server`
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const dist = join(root, 'dist')
const old = existsSync(dist) ? readdirSync(dist).filter((name) => name !== 'console' && name !== 'docs') : []
for (const name of old) rmSync(join(dist, name), { recursive: true })
const compiler = join(root, 'node_modules/typescript/bin/tsc')
const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'src')], { stdio: 'inherit' })
process.exitCode = status ?? 1
