import { execFileSync, spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../../bin')
const bins = ['waggle.js', 'waggle-server.js']

/** Whether a Node, by its version, is older than what is asked for. */
function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number)
  return major < 24 || (major === 24 && minor < 14)
}

/** A Node on the path of this machine that is older, such as its own beside that of the checkout. */
const older = (process.env['PATH'] ?? '').split(delimiter).flatMap((place) => {
  const program = join(place, process.platform === 'win32' ? 'node.exe' : 'node')
  try {
    const version = execFileSync(program, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).trim()
    return isOld(version) ? [{ program, version }] : []
  } catch {
    return []
  }
})[0]

/** Lets Node 24 say that it is another before the program begins. */
const pretending = (version: string): string[] => [
  '--import',
  `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`,
]

interface Begun {
  readonly program: string
  readonly options: string[]
  readonly version: string
}
const pretended: Begun[] = ['18.20.4', '24.13.9'].map((version) => ({
  program: process.execPath,
  options: pretending(version),
  version,
}))
const real: Begun[] = older === undefined ? [] : [{ ...older, options: [], version: older.version.slice(1) }]

test.each([...pretended, ...real].flatMap((node) => bins.map((bin) => ({ bin, ...node }))))(
  '$bin on Node $version says in one sentence what is needed',
  ({ bin, program, options, version }) => {
    const { status, stdout, stderr } = spawnSync(program, [...options, join(folder, bin)], { encoding: 'utf8' })
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: `waggle: Node 24.14 or newer is needed, this is Node ${version}.\n`,
    })
  },
)

test.each(['24.14.0', '26.0.0'])('Node %s is new enough', (version) => {
  const args = [...pretending(version), join(folder, 'waggle.js'), '--version']
  expect(spawnSync(process.execPath, args, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
})
