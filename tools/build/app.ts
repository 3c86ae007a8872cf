// Builds the web apps that are named, or all, to `dist/`, but for one that stands there and was made of the same files.
// `npm run build:pages`
import { join, relative, resolve, sep } from 'node:path'
import type { Plugin } from 'vite'
import { isUpToDate, markUpToDate } from './made-of.ts'

const root = resolve(import.meta.dirname, '../..')

/** What goes into every app: which packages are there, and how it is built. */
const common = ['tools/build', 'tsconfig.json', 'package.json', 'package-lock.json', 'node_modules/.package-lock.json']

/** Of each app the folder it is built to, and all of ours that goes into it; a module from elsewhere fails the build. */
const apps = {
  console: { out: 'dist/console', ours: ['console', 'sdk', 'src/contract'] },
  reference: { out: 'dist/docs', ours: ['reference', 'console/public', 'console/tsconfig.json', 'src/contract'] },
} as const

type Name = keyof typeof apps
const isName = (name: string): name is Name => Object.hasOwn(apps, name)

/** Ends a build that reads a file of ours whose change would go unnoticed. */
const onlyOf = (name: Name): Plugin => ({
  name: 'only-of-inputs',
  buildEnd() {
    const known = [...apps[name].ours, ...common, 'node_modules'].map((one) => join(root, one))
    for (const id of this.getModuleIds()) {
      const path = id.replace(/[?#].*$/, '')
      const isFile = path.startsWith(`${root}${sep}`)
      if (isFile && !known.some((one) => path === one || path.startsWith(`${one}${sep}`))) {
        throw new Error(`The ${name} reads ${relative(root, path)}: name its folder in tools/build/app.ts.`)
      }
    }
  },
})

async function build(name: Name): Promise<void> {
  const { out, ours } = apps[name]
  const made = { root, inputs: [...ours, ...common], out: join(root, out) }
  if (isUpToDate(made)) return
  // Whoever runs tests has another, with which React would be that of development.
  process.env['NODE_ENV'] = 'production'
  const vite = await import('vite')
  await vite.build({ configFile: join(root, name, 'vite.config.ts'), logLevel: 'warn', plugins: [onlyOf(name)] })
  markUpToDate(made)
}

const asked = process.argv.slice(2)
for (const name of asked.length === 0 ? Object.keys(apps) : asked) {
  if (!isName(name)) throw new Error(`There is no web app ${name}; there are ${Object.keys(apps).join(' and ')}.`)
  await build(name)
}
