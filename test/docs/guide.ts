import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '../..')
const docs = join(root, 'docs')

/** The text of the guide. */
export const guide = readFileSync(join(docs, 'webhooks.md'), 'utf8')

/** The text of a receiver's file. */
export const textOf = (file: string): string => readFileSync(join(docs, 'receivers', file), 'utf8')

/** What stands between fences of a language in the guide, in order. */
export const blocks = (language: string): string[] =>
  [...guide.matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(([, name]) => name === language).map(([, , text = '']) => text)

const runs = (program: string, args: readonly string[]): boolean => spawnSync(program, args).status === 0
const newEnough = 'import sys; sys.exit(sys.version_info < (3, 9))'

/** A Python that the guide's receiver runs on; undefined when this machine has none. */
export const python = ['python3', '/usr/bin/python3', 'python'].find((name) => runs(name, ['-c', newEnough]))

/** Whether the guide's requests can be made as they stand there. */
export const hasCurl = process.platform !== 'win32' && runs('curl', ['--version'])

interface Guided {
  readonly code: number | null
  readonly out: string
}

/** Where the guide's own addresses and directory lie in a test. */
interface Place {
  readonly server: string
  readonly hook: string
  readonly data: string
}

/**
 * Runs a block of the guide in a shell, as a reader would, against a server and a receiver of the test.
 *
 * @param until it is stopped when it has printed this: what stands there may go on for ever
 */
export async function pasted(block: string, { server, hook, data }: Place, until?: string): Promise<Guided> {
  const command = block
    .replaceAll('http://127.0.0.1:4000', server)
    .replaceAll('http://127.0.0.1:5000/hook', hook)
    .replaceAll('npm run waggle --', `"${process.execPath}" bin/waggle.js`)
    .replace(/^curl /gm, 'curl --silent --show-error --fail ')
  const env = { PATH: process.env['PATH'] ?? '', WAGGLE_DATA: data }
  const child = spawn('sh', ['-e', '-c', command], { cwd: root, env, detached: true })
  // The group holds what the shell has started, too; a shell that a signal ended has no exit code.
  const stop = (): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    try {
      process.kill(-child.pid)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
  onTestFinished(stop)
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text
      if (until !== undefined && out.includes(until)) stop()
    })
  }
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out }
}

interface Printing {
  readonly url: string
  /** The line that says that it listens. */
  readonly begun: string
  /** All that was printed so far. */
  out: string
}

/** Starts a receiver of the guide on a free port; resolves when it listens. */
export async function receiving(program: string, file: string, env: Record<string, string>): Promise<Printing> {
  const { child, printed } = begin(program, file, { PORT: '0', ...env })
  onTestFinished(() => void child.kill())
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const found = /listening on (\d+)/.exec(printed.out)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.on('close', (code) => reject(new Error(`${file} ended with ${code}: ${printed.out}`)))
  })
  return Object.assign(printed, { url: `http://127.0.0.1:${port}/hook`, begun: `listening on ${port}\n` })
}

/** Runs a receiver that cannot begin, to its end. */
export async function ending(program: string, file: string, env: Record<string, string>): Promise<Guided> {
  const { child, printed } = begin(program, file, env)
  onTestFinished(() => void child.kill())
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, out: printed.out }
}

function begin(program: string, file: string, env: Record<string, string>) {
  const child = spawn(program, [join(docs, 'receivers', file)], { env: { PATH: process.env['PATH'] ?? '', ...env } })
  const printed = { out: '' }
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed.out += text
    })
  }
  return { child, printed }
}
