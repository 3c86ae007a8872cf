import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect } from 'vitest'
import { root, run } from '../sdk/packed.ts'

/** A file of the tarball, by its path in it. */
interface PackedFile {
  readonly path: string
  readonly size: number
}

/** What a command has printed so far, and how it ended. */
interface Shell {
  readonly pid: number
  out: string
  /** Resolves with what the pattern finds in what is printed; fails when the command ends without. */
  says(pattern: RegExp): Promise<string>
  /** Sends a signal to all that the terminal runs, as Ctrl+C does, and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  readonly ended: Promise<number | null>
}

/** A machine with Node and npm on it, and nothing of the checkout. */
export interface Machine {
  readonly tarball: string
  /** Where `npm install --global` puts it. */
  readonly prefix: string
  readonly files: readonly PackedFile[]
  /** An empty folder. */
  folder(): string
  /** Begins a command in a shell. */
  begin(command: string, cwd: string, env?: Record<string, string>): Shell
  /** Runs a command to its end, which must be a good one; answers what it printed. */
  runs(command: string, cwd: string, env?: Record<string, string>): Promise<string>
  remove(): Promise<void>
}

/** What npm and the tests leave in the environment, and Waggle's own settings. */
const ofOthers = /^(?:npm_|WAGGLE_|NODE|VITE|PATH$|INIT_CWD$)/i

/** Packs the checkout, and makes a machine whose programs are installed under a folder of its own. */
export async function machine(): Promise<Machine> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'waggle-package-')))
  const [bin, prefix, cache] = [join(directory, 'bin'), join(directory, 'prefix'), join(directory, 'cache')]
  for (const folder of [bin, prefix, cache]) mkdirSync(folder)
  symlinkSync(process.execPath, join(bin, 'node'))
  for (const name of ['npm', 'npx']) symlinkSync(await found(name), join(bin, name))
  // What npm has fetched for the checkout is not fetched again; what npx installs goes away with the machine.
  const fetched = (await run('npm', ['config', 'get', 'cache'], directory)).said.trim()
  symlinkSync(join(fetched, '_cacache'), join(cache, '_cacache'))

  const kept = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value !== undefined && (!ofOthers.test(name) || /^npm_config_(?:registry|userconfig)$/i.test(name))
      ? [[name, value]]
      : [],
  )
  const machineEnv = {
    ...Object.fromEntries(kept),
    PATH: [join(prefix, 'bin'), bin, '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
    npm_config_prefix: prefix,
    npm_config_cache: cache,
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  }
  const shells = new Set<Shell>()
  const begin: Machine['begin'] = (command, cwd, env = {}) => {
    const shell = shellOf(command, cwd, { ...machineEnv, ...env })
    shells.add(shell)
    void shell.ended.then(() => shells.delete(shell))
    return shell
  }
  const { tarball, files } = await pack(directory)
  let folders = 0
  return {
    tarball,
    prefix,
    files,
    begin,
    folder: () => {
      const made = join(directory, `folder-${++folders}`)
      mkdirSync(made)
      return made
    },
    runs: async (command, cwd, env) => {
      const shell = begin(command, cwd, env)
      expect(await shell.ended, `${command}\n${shell.out}`).toBe(0)
      return shell.out
    },
    remove: async () => {
      await Promise.all([...shells].map((shell) => shell.stop('SIGKILL')))
      rmSync(directory, { recursive: true })
    },
  }
}

/** Where a program of the path really is. */
async function found(name: string): Promise<string> {
  const { said } = await run('sh', ['-c', `command -v ${name}`], root)
  return realpathSync(said.trim())
}

/** Packs as `npm pack` does, but for `prepare`, which would link the checkout's commands anew beside other tests. */
async function pack(to: string): Promise<{ tarball: string; files: readonly PackedFile[] }> {
  const built = await run('npm', ['run', '--silent', 'prepack'], root)
  expect(built).toEqual({ status: 0, said: '' })
  const { status, said } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', to], root)
  expect(status, said).toBe(0)
  const told: unknown = JSON.parse(said)
  const [{ filename, files }] = Array.isArray(told) ? told : Object.values(told ?? {})
  return { tarball: join(to, filename), files }
}

function shellOf(command: string, cwd: string, env: Record<string, string>): Shell {
  const child = spawn('sh', ['-e', '-c', command], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((over) => child.once('close', over))
  const heard = new Set<() => void>()
  const shell: Shell = {
    pid: child.pid ?? 0,
    out: '',
    ended,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(shell.out)
          if (match !== null) resolve(match[1] ?? match[0])
        }
        heard.add(look)
        look()
        void ended.then((code) => reject(new Error(`${command}: ended with ${code} before ${pattern}:\n${shell.out}`)))
      }),
    stop: (signal = 'SIGINT') => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-shell.pid, signal)
      return ended
    },
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      shell.out += text
      for (const look of heard) look()
    })
  }
  return shell
}
