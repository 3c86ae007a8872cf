import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installedChromium } from './console/chromium.ts'
import { type Cluster, startCluster } from './postgres/cluster.ts'
import { missingVariable, sharedVariable } from './postgres/databases.ts'

/**
 * Runs the tests and says at the end what came of them, in one line. A skipped test is told with its name;
 * where `CI` is set it fails the run.
 *
 * Arguments are passed on: `npm test -- test/leads`.
 */
const folder = mkdtempSync(join(tmpdir(), 'waggle-run-'))
const file = join(folder, 'results.json')
const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs')
const options = [
  'run',
  '--dir',
  'test',
  '--testTimeout=30000',
  '--hookTimeout=30000',
  '--expect.poll.timeout=5000', // on a slow machine what is waited for comes later, and is the same
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${file}`,
]

// The pages as their source is now: what a browser gets is what was built.
const built = spawnSync('npm', ['run', '--silent', 'build:pages'], { stdio: 'inherit' })
if (built.status !== 0) throw new Error('The pages could not be built, so their tests would test older ones.')
const chromium = installedChromium()

// One server for all files. Those who run vitest by itself begin one for each file that asks.
let server: Cluster | undefined
let missing: string | undefined
try {
  server = await startCluster()
} catch (error) {
  missing = error instanceof Error ? error.message : String(error)
}
const environment = {
  ...process.env,
  ...(server === undefined ? { [missingVariable]: missing } : { [sharedVariable]: server.url('postgres') }),
}
const child = spawn(process.execPath, [vitest, ...options, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: environment,
})
const status = await new Promise<number | null>((over) => child.once('exit', over))
const version = server?.version
await server?.stop()

interface Results {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}
const results: Results = JSON.parse(readFileSync(file, 'utf8'))
rmSync(folder, { recursive: true })

const skipped = results.testResults.flatMap(({ assertionResults }) =>
  assertionResults.filter((one) => one.status !== 'passed' && one.status !== 'failed'),
)
for (const { fullName } of skipped) console.log(`SKIPPED: ${fullName}`)
if (missing !== undefined) console.log(`SKIPPED: every suite on PostgreSQL. ${missing}`)
else console.log(`The suites ran on the embedded database and on PostgreSQL ${version}.`)
if (chromium === undefined) {
  console.log('SKIPPED: every test in a browser. No Chromium was found; install it, or name one in WAGGLE_CHROMIUM.')
}
const skips = skipped.length + (missing === undefined ? 0 : 1)
const failedForSkips = skips > 0 && process.env['CI'] !== undefined
if (failedForSkips) console.log('A part that a test needs is missing on this machine: in CI that is a failure.')
process.exitCode = status !== 0 || failedForSkips ? 1 : 0
console.log(`${results.numPassedTests} passed, ${results.numFailedTests + (failedForSkips ? skips : 0)} failed`)
