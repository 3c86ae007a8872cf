// Builds the console to `dist/console`, unless what stands there was made of the same files. `npm run build:console`
import { join, relative, resolve, sep } from 'node:path'
import type { Plugin } from 'vite'
import { isUpToDate, markUpToDate } from './made-of.ts'

const root = resolve(import.meta.dirname, '../..')

/** All of ours that goes into the console; a module from elsewhere fails the build. */
const ours = ['console', 'sdk', 'src/contract', 'tools/build', 'tsconfig.json', 'package.json']
/** Which packages are there. */
const installed = ['package-lock.json', 'node_modules/.package-lock.json']
const made = { root, inputs: [...ours, ...installed], out: join(root, 'dist/console') }

/** Ends a build that reads a file of ours whose change would go unnoticed. */
const onlyOfInputs: Plugin = {
  name: 'only-of-inputs',
  buildEnd() {
    const known = [...ours, 'node_modules'].map((name) => join(root, name))
    for (const id of this.getModuleIds()) {
      const path = id.replace(/[?#].*$/, '')
      const isFile = path.startsWith(`${root}${sep}`)
      if (isFile && !known.some((one) => path === one || path.startsWith(`${one}${sep}`))) {
        throw new Error(`The console reads ${relative(root, path)}: name its folder in tools/build/console.ts.`)
      }
    }
  },
}

if (!isUpToDate(made)) {
  // Whoever runs tests has another, with which React would be that of development.
  process.env['NODE_ENV'] = 'production'
  const { build } = await import('vite')
  await build({ configFile: join(root, 'console/vite.config.ts'), logLevel: 'warn', plugins: [onlyOfInputs] })
  markUpToDate(made)
}
