import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run, temporaryDirectory, until } from '../crash/server.ts'

const scopeFile = '/proc/sys/kernel/yama/ptrace_scope'

/** Why system calls cannot be made to fail here; undefined when they can. */
export function missingTracer(): string | undefined {
  const { status, error } = run('strace', '-f', '-o', '/dev/null', 'true')
  if (error !== undefined) return 'strace is not on this machine'
  if (status !== 0) return 'strace may not follow a process here'
  const scope = existsSync(scopeFile) ? readFileSync(scopeFile, 'utf8').trim() : '0'
  return scope === '0' || process.getuid?.() === 0 ? undefined : `${scopeFile} is ${scope}, so strace may not attach`
}

/** What goes wrong in a running process. */
interface Injected {
  /** System calls by their names, with commas. */
  readonly calls: string
  /** What becomes of them, as strace's `inject` says it: `error=EIO`, `error=EIO:when=1`, `delay_enter=500000`. */
  readonly what: string
  /** Only calls that name one of these files; all calls when absent. */
  readonly files?: readonly string[]
}

export interface Injection {
  /** When each call that met it began, in Unix ms. */
  times(): readonly number[]
  /** Lets the calls be again. */
  end(): Promise<void>
}

/** Makes system calls of every thread of a running process fail, until it ends or the process does. */
export async function inject(pid: number, { calls, what, files = [] }: Injected): Promise<Injection> {
  const directory = temporaryDirectory()
  const trace = join(directory.path, 'trace')
  const paths = files.flatMap((file) => ['-P', file])
  const fault = ['-e', `trace=${calls}`, '-e', `inject=${calls}:${what}`]
  const tracer = spawn('strace', ['-f', '-ttt', '-p', String(pid), '-o', trace, ...paths, ...fault], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  tracer.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  let isOver = false
  const over = new Promise<void>((resolve) => {
    tracer.on('close', () => {
      isOver = true
      resolve()
    })
  })
  await until('strace has attached', () => said.includes('attached') || isOver)
  assert(!isOver, `strace: ${said}`)
  let last: readonly number[] = []
  const times = (): readonly number[] => {
    if (existsSync(trace)) last = injectedTimes(readFileSync(trace, 'utf8'))
    return last
  }
  return {
    times,
    end: async () => {
      tracer.kill('SIGINT')
      await over
      times()
      directory.remove()
    },
  }
}

/** A line is `pid time call(…) = … (INJECTED)`, or two of them when threads call at once: a call, and its resumption. */
const injectedTimes = (trace: string): number[] =>
  Array.from(trace.matchAll(/^\d+ +(\d+\.\d+) .*\((?:INJECTED|DELAYED)\)/gm), ([, at]) => Number(at) * 1000)
