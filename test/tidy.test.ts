import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { describe, expect, test } from 'vitest'
import { version } from '../src/version.ts'

const root = resolve(import.meta.dirname, '..')
const source = join(root, 'src')

/** What each room may import of the others; ARCHITECTURE.md draws it. `*` is everything. */
const arrows: Record<string, readonly string[] | '*'> = {
  contract: [],
  kernel: ['contract'],
  storage: ['kernel', 'contract'],
  http: ['kernel', 'contract'],
  events: ['storage', 'http', 'kernel', 'contract'],
  keys: ['events', 'storage', 'http', 'kernel', 'contract'],
  companies: ['leads', 'keys', 'events', 'storage', 'http', 'kernel', 'contract'],
  leads: ['events', 'storage', 'http', 'kernel', 'contract', 'keys'],
  transfer: ['leads', 'events', 'storage', 'http', 'kernel', 'contract'],
  views: ['storage', 'http', 'kernel', 'contract'],
  configuration: ['storage', 'http', 'kernel', 'contract'],
  'sign-in': ['companies', 'configuration', 'storage', 'http', 'kernel', 'contract'],
  erasure: ['leads', 'configuration', 'sign-in', 'events', 'storage', 'http', 'kernel', 'contract'],
  webhooks: ['events', 'storage', 'http', 'kernel', 'contract', 'version'],
  sample: '*',
  commands: '*',
  app: '*',
  main: '*',
  log: '*',
  metrics: '*',
  version: [],
}

/** Packages with one home; every other package may be imported nowhere but where this says. */
const packages: Record<string, readonly string[]> = {
  'better-auth': ['sign-in'],
  nodemailer: ['sign-in'],
  'openid-client': ['sign-in'],
  typebox: ['contract', 'http'],
  'find-my-way': ['http'],
  'csv-parse': ['transfer'],
  'ipaddr.js': ['webhooks'],
  'prom-client': ['metrics'],
  undici: ['webhooks'],
  kysely: ['storage'],
  'node:sqlite': ['storage'],
  pg: ['storage'],
  pino: ['log'],
  'pino-pretty': ['log'],
}

const sourceFiles = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(source, name), 'utf8') }))

const roomOf = (name: string): string => (name.split(sep)[0] ?? '').replace(/\.ts$/, '')
const importsOf = (text: string): string[] =>
  [...text.matchAll(/(?:^|\n)(?:import|export)\s[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)|\nimport '([^']+)'/g)].map(
    ([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '',
  )

describe('imports point one way', () => {
  test.each(sourceFiles)('$name', ({ name, text }) => {
    const room = roomOf(name)
    const allowed = arrows[room]
    expect(allowed, `${name}: the room "${room}" is new; give it a row in test/tidy.test.ts`).toBeDefined()
    for (const imported of importsOf(text)) {
      if (imported.startsWith('.')) {
        const other = roomOf(relative(source, resolve(source, dirname(name), imported)))
        const fine = other === room || allowed === '*' || allowed?.includes(other)
        expect(fine, `${name} imports ${imported}: ${room} may not know ${other}`).toBe(true)
      } else {
        const base =
          imported.startsWith('node:') || imported.startsWith('@') ? imported : (imported.split('/')[0] ?? '')
        if (base.startsWith('node:') && packages[base] === undefined) {
          expect(room, `${name} imports ${imported}: the contract runs in browsers too`).not.toBe('contract')
          continue
        }
        expect(packages[base], `${name} imports ${imported}: that package belongs to no other room`).toContain(room)
      }
    }
  })
})

/** What only looks like a cast: imports, comments, and members that a mapped type names anew. */
const notCode = /^import .*$|\/\/.*$|\/\*[\s\S]*?\*\/|\[\w+ in .* as /gm

describe('the code keeps its own rules', () => {
  test.each(sourceFiles)('$name', ({ name, text }) => {
    const room = roomOf(name)
    const lines = text.split('\n').length - 1
    expect(lines, `${name} has ${lines} lines; split it at 400`).toBeLessThanOrEqual(400)
    if (room !== 'main') expect(text, `${name} reads process.env; only main.ts does`).not.toContain('process.env')
    if (!['storage', 'main', 'commands'].includes(room) && name !== join('kernel', 'config.ts')) {
      const named = /\b(?:sqlite|postgres\w*)\b/i.exec(text)?.[0]
      expect(named, `${name} says "${named}"; which engine it is, only storage knows`).toBeUndefined()
    }
    if (room !== 'storage' && room !== 'http') {
      const cast = /\sas (?!const\b|unknown\b)[A-Z]\w*/.exec(text.replace(notCode, ''))?.[0]
      expect(cast, `${name} casts with "${cast}"; say it in types, or check it`).toBeUndefined()
    }
    expect(text, `${name} has a default export`).not.toMatch(/^export default/m)
    const edge = /\b(?:Date\.now|Math\.random)\(/.exec(text)?.[0]
    if (room !== 'kernel') expect(edge, `${name} calls ${edge}; take a Clock or a Random`).toBeUndefined()
  })
})

const client = join(root, 'sdk')
const clientFiles = readdirSync(client, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.startsWith('dist'))
  .map((name) => ({ name, text: readFileSync(join(client, name), 'utf8') }))

describe('the client needs nothing that its programs would have to carry', () => {
  test.each(clientFiles)('sdk/$name', ({ name, text }) => {
    const lines = text.split('\n').length - 1
    expect(lines, `sdk/${name} has ${lines} lines; split it at 400`).toBeLessThanOrEqual(400)
    for (const [statement, , imported = ''] of text.matchAll(/^(import|export)\s[^'"]*?from\s+'([^']+)'/gm)) {
      const isType = /^(?:import|export) type\s/.test(statement)
      const isOurs = /^\.\/[\w-]+\.ts$/.test(imported)
      const isPlain = imported === '../src/contract/failures.ts'
      const fine = isType || isOurs || isPlain
      expect(fine, `sdk/${name} imports ${imported}: of the contract only types, which bring no schemas`).toBe(true)
    }
    if (name !== 'call.ts') {
      const cast = /\sas (?!const\b|unknown\b)[A-Z]\w*/.exec(text.replace(notCode, ''))?.[0]
      expect(
        cast,
        `sdk/${name} casts with "${cast}"; only call.ts does, where arguments become a request`,
      ).toBeUndefined()
    }
  })

  test('the plain data that it takes from the contract stand alone', () => {
    const failures = sourceFiles.find(({ name }) => name === join('contract', 'failures.ts'))
    expect(importsOf(failures?.text ?? '')).toEqual([])
  })
})

/** What stands beside the server, and what of the rest of the project it may import. */
const beside: Record<string, readonly string[]> = {
  sdk: ['src/contract'],
  console: ['src/contract', 'sdk'],
  reference: ['src/contract'],
}

/** Where a file in a browser would bring the schemas along: only types of these are imported. */
const ofPlainData = [
  'src/contract/lead-members.ts',
  'src/contract/failures.ts',
  'src/contract/events.ts',
  'src/contract/columns.ts',
  'src/contract/oidc.ts',
  'src/contract/examples.ts',
  'src/contract/sections.ts',
]

describe.each(Object.entries(beside))('%s', (folder, others) => {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('dist'))
    .map((name) => ({ name: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') }))

  test.each(files)('$name', ({ name, text }) => {
    const lines = text.split('\n').length - 1
    expect(lines, `${name} has ${lines} lines; split it at 400`).toBeLessThanOrEqual(400)
    const isTools = name.endsWith('vite.config.ts')
    if (!isTools) expect(text, `${name} has a default export`).not.toMatch(/^export default/m)
    for (const imported of importsOf(text).filter((one) => one.startsWith('.'))) {
      const path = relative(root, resolve(root, dirname(name), imported))
        .split(sep)
        .join('/')
      const allowed = isTools ? ['tools'] : [folder, ...others]
      const isAllowed = allowed.some((one) => path.startsWith(`${one}/`))
      expect(isAllowed, `${name} imports ${imported}: ${folder} may know ${others.join(' and ')} only`).toBe(true)
    }
    for (const [, types, path = ''] of text.matchAll(/^import (type )?[^'"]*?from '([^']*src\/contract\/[^']+)'/gm)) {
      const isPlain = ofPlainData.some((one) => path.endsWith(one))
      expect(types !== undefined || isPlain, `${name} imports ${path}: its schemas would come along`).toBe(true)
    }
  })
})

test('no file imports itself by way of others', () => {
  const files = ['src', 'sdk', 'console'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('dist'))
      .map((name) => join(root, folder, name)),
  )
  const importedBy = new Map(
    files.map((file) => [
      file,
      importsOf(readFileSync(file, 'utf8'))
        .filter((imported) => imported.startsWith('.'))
        .map((imported) => resolve(dirname(file), imported)),
    ]),
  )
  const done = new Set<string>()
  const follow = (file: string, path: readonly string[]): void => {
    const circle = path.slice(path.indexOf(file)).map((one) => relative(root, one))
    expect(path, `${circle.join(' → ')} is a circle: put what they share into a file of its own`).not.toContain(file)
    if (done.has(file)) return
    for (const next of importedBy.get(file) ?? []) follow(next, [...path, file])
    done.add(file)
  }
  for (const file of files) follow(file, [])
})

test('every decision has its test', () => {
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  const decisions = sourceFiles.filter(({ text }) => /\bWork</.test(text) && /\bdecide: /.test(text))
  expect(decisions.length).toBeGreaterThan(0)
  for (const { name } of decisions) {
    const expected = name.replace(/\.ts$/, '.test.ts')
    expect(tests, `${name} decides; test/${expected} should say its rules`).toContain(expected)
  }
})

test('the version is told once', () => {
  const { version: published } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(version).toBe(published)
  const guide = readFileSync(join(root, 'docs/webhooks.md'), 'utf8')
  expect(guide, 'docs/webhooks.md shows what is sent by another version').toContain(`User-Agent: Waggle/${version}\n`)
})
