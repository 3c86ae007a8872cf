import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'

const bin = join(import.meta.dirname, '../../bin/waggle.js')
/** How long a start or an awaited condition may take before it counts as failed, in ms. */
const patienceMs = 30_000

const alive = new Set<ChildProcess>()
/** Directories of {@link temporaryDirectory} that stand. */
const directories = new Set<string>()

/** Ends every server that was started here and removes every directory: also after a test that ran out of time. */
export function endAll(): void {
  for (const child of alive) child.kill('SIGKILL')
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
}
process.on('exit', endAll)

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly err: string
}

/** The program's server as a process of its own: what a test may do to it from outside. */
export interface ServerProcess {
  readonly url: string
  readonly pid: number
  readonly ended: Promise<Ended>
  isRunning(): boolean
  /** Resolves when it logs a line that holds the text; lines of requests do not count. */
  logged(text: string): Promise<string>
  /** Sends a signal and resolves when the process has ended. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Ended>
}

/**
 * Starts `waggle serve` on a free port in a clean environment; resolves when it listens.
 *
 * @param at the directory of an embedded database, or the address of one on PostgreSQL
 * @param through a command that starts the program given to it as further arguments, and becomes it
 * @param settings its environment beside the PATH
 * @throws Error with what it said, when it ends instead
 */
export async function startServer(
  at: string,
  through: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const program = [process.execPath, bin, 'serve', ...wordsFor(at), '--port', '0', '--log', 'json']
  const command = [...through, ...program]
  const child = spawn(command[0] ?? '', command.slice(1), {
    env: { PATH: process.env['PATH'] ?? '', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  alive.add(child)
  let err = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      alive.delete(child)
      resolve({ code, signal, err })
    })
  })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.includes('"route":') && !line.includes('"delivery":')) lines.push(line)
  })
  let hasEnded = false
  ended.then(
    () => {
      hasEnded = true
    },
    () => {
      hasEnded = true
    },
  )
  const logged = async (text: string): Promise<string> => {
    const find = (): string | undefined => lines.find((line) => line.includes(text))
    await until(`the log tells "${text}"`, () => find() !== undefined || hasEnded)
    const line = find()
    if (line === undefined) throw new Error(`the server ended before it said "${text}": ${JSON.stringify(await ended)}`)
    return line
  }
  const url = /http:\/\/[^\s"]+/.exec(await logged('listens on'))?.[0] ?? ''
  return {
    url,
    pid: child.pid ?? 0,
    ended,
    isRunning: () => !hasEnded,
    logged,
    end: (signal) => {
      if (!hasEnded) child.kill(signal)
      return ended
    },
  }
}

export const isOnPostgres = (at: string): boolean => at.startsWith('postgres://')

/** The directories that hold the keys of vaults, by the address of the database they belong to. */
const beside = new Map<string, string>()

function wordsFor(at: string): readonly string[] {
  if (!isOnPostgres(at)) return ['--data', at]
  const data = beside.get(at) ?? temporaryDirectory().path
  beside.set(at, data)
  return ['--data', data, '--database-url', at]
}

/** Waits for a condition; looks every few milliseconds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (const start = performance.now(); !holds(); await wait(3)) {
    if (performance.now() - start > patienceMs) throw new Error(`${patienceMs} ms went by before this held: ${what}`)
  }
}

/** Runs a tool to its end; what is missing shows as an `error`. */
export const run = (program: string, ...words: readonly string[]) => spawnSync(program, words, { encoding: 'utf8' })

/** A directory that is removed at the end of the process at the latest. */
export function temporaryDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'waggle-crash-'))
  directories.add(path)
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true })
      directories.delete(path)
    },
  }
}
