import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { residentOf } from '../child.ts'
import type { Usage } from '../messages.ts'
import type { Loaded } from '../processes.ts'
import type { InstalledNode } from './install.ts'
import type { Call, Peer, Place } from './peer.ts'

/** How long a peer may take to start, in ms. */
const startMs = 180_000
/** How long it may take to end before it is killed, in ms. */
const stopMs = 15_000
/** Linux counts CPU time for programs in hundredths of a second on every architecture. */
const tickMicros = 10_000

const alive = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** A peer that is installed. */
export interface Installed {
  readonly peer: Peer
  readonly project: string
  readonly node: InstalledNode
}

/** What every process of a peer is given, and nothing else of this environment. */
const surroundings = (place: Place, { peer, node }: Installed): Record<string, string> => ({
  PATH: `${join(node.program, '..')}:${process.env['PATH'] ?? ''}`,
  HOME: process.env['HOME'] ?? '',
  NODE_ENV: 'production',
  ...peer.environment(place),
})

/**
 * Runs a command of the peer's own program to its end.
 *
 * @throws Error with what it said
 */
export function runCommand(installed: Installed, args: readonly string[], database: string): void {
  const { status, stdout, stderr } = spawnSync(installed.node.program, [installed.peer.program, ...args], {
    cwd: installed.project,
    env: surroundings({ port: 0, database }, installed),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${installed.peer.title} could not ${args.join(' ')}:\n${stdout}${stderr}`)
}

/** `PRAGMA synchronous` of a new connection of the peer's own driver: 2 is FULL. */
export function synchronousOf({ peer, project, node }: Installed, database: string): number {
  const { stdout, stderr } = spawnSync(node.program, ['-e', peer.tellSynchronous, database], {
    cwd: project,
    encoding: 'utf8',
  })
  if (stdout.trim() === '') throw new Error(`the driver of ${peer.title} tells nothing:\n${stderr}`)
  return Number(stdout)
}

/** A peer as its own command line starts it, in production mode; Linux alone, as it is seen from outside. */
export class PeerProcess implements Loaded {
  readonly port: number
  readonly #child: ChildProcess
  readonly #pid: number

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.#pid = child.pid ?? 0
    this.port = port
  }

  /** @throws Error naming the log, when it ends or does not answer in time */
  static async start(installed: Installed, database: string): Promise<PeerProcess> {
    const { peer, project, node } = installed
    const port = await freePort()
    const log = join(project, 'peer.log')
    const out = openSync(log, 'a', 0o600)
    const child = spawn(node.program, [peer.program, ...peer.start], {
      cwd: project,
      env: surroundings({ port, database }, installed),
      stdio: ['ignore', out, out],
    })
    closeSync(out)
    alive.add(child)
    child.once('exit', () => alive.delete(child))
    for (const begun = performance.now(); !(await answers(port, peer.healthPath)); await wait(100)) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${peer.title} ended: see ${log}`)
      if (performance.now() - begun > startMs) throw new Error(`${peer.title} does not answer: see ${log}`)
    }
    return new PeerProcess(child, port)
  }

  readonly call: Call = async (method, path, body, token) => {
    const reply = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }

  /** @see proc_pid_stat(5): user and system time are fields 14 and 15 */
  async usage(): Promise<Usage> {
    const stat = readFileSync(`/proc/${this.#pid}/stat`, 'utf8')
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
    return {
      cpuMicros: (Number(user) + Number(system)) * tickMicros,
      ...residentOf(this.#pid),
      changes: 0,
      commits: 0,
    }
  }

  /**
   * Lets the most that was resident count from now on, so that a peer's start is not held against it.
   *
   * @see proc_pid_clear_refs(5)
   */
  forgetPeak(): void {
    writeFileSync(`/proc/${this.#pid}/clear_refs`, '5')
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    const late = setTimeout(() => this.#child.kill('SIGKILL'), stopMs)
    await exit
    clearTimeout(late)
  }
}

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

async function answers(port: number, path: string): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}${path}`)).ok
  } catch {
    return false // not yet
  }
}
