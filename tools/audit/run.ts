// Looks at what Waggle depends on, and asks the registry for known holes. `npm run audit`
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { faultsOfLock, faultsOfPage, faultsOfPublished, heard, type Lock, type Manifest, published } from './lock.ts'

const root = resolve(import.meta.dirname, '../..')
const text = (path: string): string => readFileSync(join(root, path), 'utf8')
const lockOf = (path: string): Lock => JSON.parse(text(path))
const manifests = [
  'package.json',
  'tools/node/package.json',
  'tools/postgres/package.json',
  'test/mutation/package.json',
]

const lock = lockOf('package-lock.json')
const faults = [
  ...faultsOfLock(lock),
  ...faultsOfLock(lockOf('test/mutation/package-lock.json')),
  ...faultsOfPublished(lock),
  ...faultsOfPage(
    text('docs/dependencies.md'),
    manifests.map((path): Manifest => JSON.parse(text(path))),
  ),
]

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
const asked = ['audit', '--omit=dev', '--json', '--fetch-retries=0', '--fetch-timeout=20000']
const { stdout } = spawnSync(npm, asked, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' })
const answer = heard(stdout ?? '')
if ('holes' in answer) faults.push(...answer.holes.map((hole) => `${hole}; a version without it is needed`))
else console.warn(`NOT LOOKED FOR: known holes. The registry of this machine tells of none (${answer.silence}).`)

for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1
else
  console.log(
    `${published(lock).size} packages come along with Waggle: pinned, without scripts, under licences that fit.`,
  )
