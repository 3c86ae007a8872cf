import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { reportOf, tell } from './report.ts'

/**
 * `npm run test:mutation [-- --mutate FILE …]`: changes the code in one place at a time, and tells which changes no test
 * has noticed. `--concurrency N` runs so many mutants at the same time, 2 when absent.
 *
 * @see docs/reliability.md, Mutation testing
 */

/** What is mutated, and the tests that are asked to notice. */
const groups: readonly { readonly files: readonly string[]; readonly tests: readonly string[] }[] = [
  {
    files: ['update', 'patch', 'resolve', 'state'].map((verb) => `src/leads/${verb}.ts`),
    tests: ['test/leads/**/*.test.ts', 'test/conformance.test.ts', 'test/http/conditions.test.ts'],
  },
  {
    files: ['src/storage/batch.ts'],
    tests: ['test/storage/**/*.test.ts', 'test/http/conditions.test.ts'],
  },
  {
    files: ['dispatch', 'lane', 'journal', 'endpoint', 'schedule'].map((name) => `src/webhooks/${name}.ts`),
    tests: ['test/webhooks/**/*.test.ts'],
  },
]

const root = resolve(import.meta.dirname, '../..')
const modules = join(import.meta.dirname, 'node_modules')

/** The tool has a lock file of its own, so that `npm ci` of a checkout does not bring its many packages. */
function install(): void {
  if (existsSync(join(modules, '@stryker-mutator/vitest-runner'))) return
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: import.meta.dirname, stdio: 'inherit' })
  if (status !== 0) throw new Error('the packages of test/mutation/package.json could not be installed')
}

/** @see the reference of StrykerJS, "Configuration" */
const optionsOf = (files: readonly string[], tests: readonly string[], folder: string, concurrency: number) => ({
  mutate: files,
  testFiles: tests,
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  // What runs once, when a file is loaded, would need all tests for each mutant.
  ignoreStatic: true,
  // It would be rewritten through the interface of TypeScript, which version 7 does not have.
  tsconfigFile: 'none',
  concurrency,
  timeoutMS: 20_000,
  dryRunTimeoutMinutes: 15,
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: join(folder, 'report.json') },
  tempDirName: join(folder, 'sandbox'),
  cleanTempDir: 'always',
  allowConsoleColors: false,
})

/** Runs the mutants of some files of one group; tells what came of each. */
function mutate(files: readonly string[], tests: readonly string[], concurrency: number) {
  const folder = mkdtempSync(join(tmpdir(), 'waggle-mutation-'))
  try {
    // Workers that hang on a mutant are killed, and would leave their databases behind.
    const databases = join(folder, 'databases')
    mkdirSync(databases)
    const options = join(folder, 'options.json')
    writeFileSync(options, JSON.stringify(optionsOf(files, tests, folder, concurrency)))
    const program = join(modules, '@stryker-mutator/core/bin/stryker.js')
    const { status } = spawnSync(process.execPath, [program, 'run', options], {
      cwd: root,
      env: { ...process.env, TMPDIR: databases },
      stdio: 'inherit',
    })
    if (status !== 0) throw new Error(`the run over ${files.join(', ')} failed`)
    return reportOf(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const { values, positionals } = parseArgs({
  options: { mutate: { type: 'string', multiple: true, default: [] }, concurrency: { type: 'string', default: '2' } },
  allowPositionals: true,
})
const wanted = [...values.mutate, ...positionals].flatMap((text) => text.split(','))
const known = groups.flatMap(({ files }) => files)
for (const file of wanted) {
  if (!known.includes(file))
    throw new Error(`${file} is in no group of test/mutation/run.ts; these are:\n${known.join('\n')}`)
}
install()
const reports = groups.flatMap(({ files, tests }) => {
  const chosen = wanted.length === 0 ? files : files.filter((file) => wanted.includes(file))
  return chosen.length === 0 ? [] : mutate(chosen, tests, Number(values.concurrency))
})
tell(reports)
