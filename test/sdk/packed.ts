import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from 'vitest'

export const root = resolve(import.meta.dirname, '../..')

/** Runs a program while a server of the test goes on answering. */
export const run = (program: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) =>
  new Promise<{ status: number; said: string }>((ended) => {
    const child = execFile(program, args, { cwd, env: { ...process.env, ...env } }, (_, stdout, stderr) =>
      ended({ status: child.exitCode ?? -1, said: stdout + stderr }),
    )
  })

/** The compiler's complaints, by their lines; none when it has none. */
export async function complaints(at: string, options: object): Promise<string[]> {
  writeFileSync(join(at, 'tsconfig.json'), JSON.stringify(options))
  const { said } = await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', at], at)
  return said.split('\n').filter((line) => /error TS/.test(line))
}

/** As a program of one's own has it: strict, and it looks into the package's types as well. */
export const strict = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'],
    types: [],
  },
}

export interface Packed {
  readonly directory: string
  /** The package before it is packed. */
  readonly built: string
  /** A project that has the package installed from its tarball, and nothing else. */
  readonly project: string
  remove(): void
}

/** Builds the package, packs it, and installs it in a project of its own; nothing is fetched. */
export async function packed(): Promise<Packed> {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-client-test-'))
  const built = join(directory, 'package')
  const project = join(directory, 'project')
  const make = await run(process.execPath, [join(root, 'tools/client/package.ts'), '--to', built], root)
  expect(make).toEqual({ status: 0, said: '' })
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), '{"type": "module", "private": true}')
  const pack = await run('npm', ['pack', built, '--pack-destination', project, '--silent'], project)
  expect(pack.status, pack.said).toBe(0)
  const tarball = readdirSync(project).find((name) => name.endsWith('.tgz')) ?? ''
  const installed = await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`], project)
  expect(installed.status, installed.said).toBe(0)
  return { directory, built, project, remove: () => rmSync(directory, { recursive: true }) }
}
