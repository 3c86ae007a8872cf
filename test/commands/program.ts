import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Io } from '../../src/commands/command.ts'

/** What begins the program. */
const bin = join(import.meta.dirname, '../../bin/waggle.js')
const path = process.env['PATH'] ?? ''

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A directory for one test's data. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'waggle-command-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** For commands that run in the process of the test. */
export const silent: Io = {
  env: {},
  terminal: false,
  out: () => {},
  data: () => true,
  input: async () => '',
  onStop: () => {},
  abort: () => {},
}

interface RunOptions {
  readonly env?: Record<string, string>
  readonly input?: string
  /** Whoever reads standard output has gone before anything is written. */
  readonly unread?: boolean
}

function begin(args: readonly string[], { env = {}, input, unread = false }: RunOptions) {
  const child = spawn(process.execPath, [bin, ...args], { env: { PATH: path, ...env } })
  const seen = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen.err += text
  })
  if (unread) child.stdout.destroy()
  child.stdin.end(input ?? '')
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...seen })))
  return { child, seen, ended }
}

/** Runs a command of the program to its end, in a clean environment. */
export const waggle = (args: readonly string[], options: RunOptions = {}): Promise<Ended> => begin(args, options).ended

/**
 * Runs a command of the program in a shell, as {@link waggle} does.
 *
 * @param script runs `"$@"`, the program with its arguments
 */
export const waggleBy = (script: string, args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const words = ['-c', script, 'sh', process.execPath, bin, ...args]
    const child = execFile('sh', words, { env: { PATH: path } }, (_, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    )
  })

export interface Running {
  readonly url: string
  readonly banner: string
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  stop(): Promise<Ended>
}

/** Starts `waggle serve` on a free port; resolves when it says where it listens. */
export async function serving(args: readonly string[], options: RunOptions = {}): Promise<Running> {
  const { child, seen, ended } = begin(['serve', '--port', '0', ...args], options)
  const stop = async (): Promise<Ended> => {
    if (child.exitCode === null) child.kill('SIGTERM')
    return ended
  }
  onTestFinished(async () => {
    await stop()
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const found = /listens on (http:\/\/[^\s"]+)/.exec(seen.out)?.[1]
      if (found !== undefined) resolve(found)
    })
    ended.then(({ code, err }) => reject(new Error(`it ended with ${code}: ${err}`)))
  })
  return { url, banner: seen.out, child, ended, stop }
}
