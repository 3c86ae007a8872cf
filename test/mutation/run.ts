import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type FileReport, reportOf, tell } from './report.ts'

/**
 * `npm run test:mutation [-- --mutate FILE …]`: changes the code in one place at a time, and tells which changes no test
 * has noticed. `--concurrency N` runs so many mutants at the same time, 2 when absent; `--incremental` runs those alone whose
 * code or tests have changed since the last run that said so.
 *
 * @see docs/reliability.md, Mutation testing
 */

interface Group {
  readonly name: string
  /** What is mutated. */
  readonly files: readonly string[]
  /** The tests that are asked to notice. */
  readonly tests: readonly string[]
}

const groups: readonly Group[] = [
  {
    name: 'decision',
    files: ['update', 'patch', 'resolve', 'state'].map((verb) => `src/leads/${verb}.ts`),
    tests: ['test/leads/**/*.test.ts', 'test/conformance.test.ts', 'test/http/conditions.test.ts'],
  },
  { name: 'batch', files: ['src/storage/batch.ts'], tests: ['test/storage/batch*.test.ts'] },
  {
    name: 'lane',
    files: ['src/webhooks/lane.ts', 'src/webhooks/schedule.ts'],
    tests: ['test/webhooks/lane*.test.ts', 'test/webhooks/schedule.test.ts'],
  },
  { name: 'journal', files: ['src/webhooks/journal.ts'], tests: ['test/webhooks/journal*.test.ts'] },
  {
    name: 'dispatcher',
    files: ['src/webhooks/dispatch.ts', 'src/webhooks/endpoint.ts'],
    tests: ['dispatch', 'endpoint', 'retention'].map((name) => `test/webhooks/${name}*.test.ts`),
  },
]

interface Asked {
  readonly concurrency: string
  readonly incremental: boolean
}

const root = resolve(import.meta.dirname, '../..')
const modules = join(import.meta.dirname, 'node_modules')
/** A place without a disk where there is one: syncs are not what is tried here. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** The tool has a lock file of its own, so that `npm ci` of a checkout does not bring its many packages. */
function install(): void {
  if (existsSync(join(modules, '@stryker-mutator/vitest-runner'))) return
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: import.meta.dirname, stdio: 'inherit' })
  if (status !== 0) throw new Error('the packages of test/mutation/package.json could not be installed')
}

/** @see the reference of StrykerJS, "Configuration" */
const optionsOf = ({ name, files, tests }: Group, folder: string, { concurrency, incremental }: Asked) => ({
  mutate: files,
  testFiles: tests,
  incremental,
  incrementalFile: join(modules, '.results', `${name}.json`),
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  // What runs once, when a file is loaded, would need all tests for each mutant.
  ignoreStatic: true,
  // It would be rewritten through the interface of TypeScript, which version 7 does not have.
  tsconfigFile: 'none',
  concurrency: Number(concurrency),
  timeoutMS: 15_000,
  dryRunTimeoutMinutes: 15,
  reporters: ['progress-append-only', 'json'],
  jsonReporter: { fileName: join(folder, 'report.json') },
  tempDirName: join(folder, 'sandbox'),
  cleanTempDir: 'always',
  allowConsoleColors: false,
})

/** Runs the mutants of a group; tells what came of each. */
function mutate(group: Group, asked: Asked): FileReport[] {
  const folder = mkdtempSync(join(place, 'waggle-mutation-'))
  try {
    // Workers that hang on a mutant are killed, and would leave their databases behind.
    const databases = join(folder, 'databases')
    mkdirSync(databases)
    const options = join(folder, 'options.json')
    writeFileSync(options, JSON.stringify(optionsOf(group, folder, asked)))
    const program = join(modules, '@stryker-mutator/core/bin/stryker.js')
    const { status } = spawnSync(process.execPath, [program, 'run', options], {
      cwd: root,
      env: { ...process.env, TMPDIR: databases },
      stdio: 'inherit',
    })
    if (status !== 0) throw new Error(`the run over the ${group.name} failed`)
    const reports = reportOf(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')))
    return reports.filter(({ file }) => group.files.includes(file)) // an incremental one tells of earlier files, too
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const { values, positionals } = parseArgs({
  options: {
    mutate: { type: 'string', multiple: true, default: [] },
    concurrency: { type: 'string', default: '2' },
    incremental: { type: 'boolean', default: false },
  },
  allowPositionals: true,
})
const known = groups.flatMap(({ files }) => files)
const wanted = [...values.mutate, ...positionals].flatMap((text) => text.split(','))
for (const file of wanted) {
  if (!known.includes(file)) throw new Error(`${file} is not mutated; these are:\n${known.join('\n')}`)
}
install()
const reports: FileReport[] = []
for (const group of groups) {
  const files = wanted.length === 0 ? group.files : group.files.filter((file) => wanted.includes(file))
  if (files.length > 0) reports.push(...mutate({ ...group, files }, values))
}
tell(reports)
