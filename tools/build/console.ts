// Builds the console to `dist/console`, unless what stands there was made of the same files. `npm run build:console`
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import type { Plugin } from 'vite'

const root = resolve(import.meta.dirname, '../..')
const out = join(root, 'dist/console')

/** Tells what `dist/console` was made of. Building empties the folder first, so a build that broke off has none. */
const mark = join(out, '.made-of')

/** All that goes into the console: a module from elsewhere fails the build. */
const inputs = ['console', 'sdk', 'src/contract', 'tools/build/console.ts', 'tsconfig.json', 'package.json']
const installed = ['package-lock.json', 'node_modules/.package-lock.json']

/** The files of a file or folder, with what is made there left out. */
function filesOf(path: string): string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && !relative(path, one.parentPath).split(sep).includes('dist'))
    .map((one) => join(one.parentPath, one.name))
    .sort()
}

/** A digest of names and contents. */
function digestOf(paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) {
    const bytes = readFileSync(path)
    hash.update(`${relative(root, path)}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}

/** What the console is made of now, and what stands in its folder. */
const present = (): string => {
  const made = filesOf(out).filter((path) => path !== mark)
  const sources = [...inputs, ...installed].flatMap((name) => filesOf(join(root, name)))
  return JSON.stringify({ node: process.version, of: digestOf(sources), made: digestOf(made) })
}

/** Ends a build that reads a file of ours whose change would go unnoticed. */
const onlyOfInputs: Plugin = {
  name: 'only-of-inputs',
  buildEnd() {
    const known = [...inputs, 'node_modules'].map((name) => join(root, name))
    for (const id of this.getModuleIds()) {
      const path = id.replace(/[?#].*$/, '')
      const isFile = path.startsWith(`${root}${sep}`)
      if (isFile && !known.some((one) => path === one || path.startsWith(`${one}${sep}`))) {
        throw new Error(
          `The console reads ${relative(root, path)}: name it among the inputs in tools/build/console.ts.`,
        )
      }
    }
  },
}

if (!existsSync(mark) || readFileSync(mark, 'utf8') !== present()) {
  // Whoever runs tests has another, with which React would be that of development.
  process.env['NODE_ENV'] = 'production'
  const { build } = await import('vite')
  await build({ configFile: join(root, 'console/vite.config.ts'), logLevel: 'warn', plugins: [onlyOfInputs] })
  writeFileSync(mark, present())
}
