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
