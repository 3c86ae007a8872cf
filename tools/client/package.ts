// Writes the package: plain JavaScript with its types, and nothing to install beside it. `npm run build:sdk`
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { isObject } from '../../src/contract/forms.ts'
import type { Operation } from '../../src/contract/operation.ts'
import { version } from '../../src/version.ts'
import { commentOf, contractTypes } from './types.ts'

const root = resolve(import.meta.dirname, '../..')

/** Of the contract, what the client carries: plain data. */
const plain = ['failures']

const isOperation = (value: unknown): value is Operation =>
  isObject(value) && ['id', 'method', 'path', 'reply', 'failures'].every((name) => name in value)

/** Every operation that a file of the contract exports. */
async function operations(): Promise<Operation[]> {
  const files = readdirSync(join(root, 'src/contract'))
  const modules = await Promise.all(files.map((file) => import(join(root, 'src/contract', file))))
  return modules.flatMap((module) => Object.values(module)).filter(isOperation)
}

/** JavaScript and declarations of the client, as the compiler writes them. */
function compile(directory: string): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', join(root, 'sdk'), '--outDir', directory], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stdout)
}

/** The declarations name each other by what the package holds: `.js`. */
const withPackagedNames = (text: string): string => text.replace(/(from\s+['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2')

/** What operations do stands above their rows, where editors find it for the functions of the client. */
const withComments = (text: string, known: readonly Operation[]): string =>
  text.replace(/^( *)(readonly \w+: Route<"(\w+)")/gm, (line, indent: string, row: string, id: string) => {
    const one = known.find((operation) => operation.id === id)
    return one === undefined ? line : `${indent}${commentOf(one)}${indent}${row}`
  })

/** @param target is emptied first */
async function write(target: string): Promise<void> {
  mkdirSync(target, { recursive: true })
  rmSync(target, { recursive: true })
  const compiled = mkdtempSync(join(tmpdir(), 'waggle-client-'))
  try {
    compile(compiled)
    const known = await operations()
    mkdirSync(join(target, 'src/contract'), { recursive: true })
    mkdirSync(join(target, 'sdk'))
    const names = [
      ...readdirSync(join(compiled, 'sdk')).map((name) => join('sdk', name)),
      ...plain.flatMap((name) => [`src/contract/${name}.js`, `src/contract/${name}.d.ts`]),
    ]
    for (const name of names) {
      const text = readFileSync(join(compiled, name), 'utf8')
      const isTypes = name.endsWith('.d.ts')
      const commented = name === join('sdk', 'routes.d.ts') ? withComments(text, known) : text
      writeFileSync(join(target, name), isTypes ? withPackagedNames(commented) : text)
    }
    writeFileSync(join(target, 'sdk/contract.d.ts'), contractTypes(known))
  } finally {
    rmSync(compiled, { recursive: true })
  }
  const about = JSON.parse(readFileSync(join(root, 'sdk/package.json'), 'utf8'))
  writeFileSync(join(target, 'package.json'), `${JSON.stringify({ ...about, version }, null, 2)}\n`)
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'))
  // The guide without links to pages that the package has not.
  const guide = readFileSync(join(root, 'docs/client.md'), 'utf8')
  writeFileSync(join(target, 'README.md'), guide.replace(/\[([^\]]+)\]\((?!#)[^)]*\)/g, '$1'))
}

const { values } = parseArgs({ options: { to: { type: 'string', default: join(root, 'sdk/dist') } } })
await write(resolve(values.to))
