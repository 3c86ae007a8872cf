import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  isLoad,
  isPauses,
  isReady,
  isTrips,
  isUsage,
  isWatching,
  type Load,
  type Loading,
  type Pauses,
  type Question,
  type Trips,
  type Usage,
} from './messages.ts'

interface ChildOptions {
  /** A program that runs Node, with its arguments; Node alone when absent. */
  readonly under?: readonly string[]
  readonly nodeOptions?: readonly string[]
  /** Where standard output goes; nowhere when absent. */
  readonly output?: string
}

/** A program of this folder in a process of its own. */
class Child {
  readonly #process: ChildProcess
  #exited = false

  constructor(program: URL, args: readonly string[], { under = [], nodeOptions = [], output }: ChildOptions = {}) {
    const [command = '', ...rest] = [...under, process.execPath, ...nodeOptions, fileURLToPath(program), ...args]
    const out = openSync(output ?? '/dev/null', 'a', 0o600)
    this.#process = spawn(command, rest, { stdio: ['ignore', out, 'inherit', 'ipc'] })
    closeSync(out)
    this.#process.once('exit', () => {
      this.#exited = true
    })
  }

  /** The next message, which must be of the kind that is waited for. */
  async next<T>(isWanted: (message: unknown) => message is T): Promise<T> {
    const gone = new AbortController()
    const exit = once(this.#process, 'exit', { signal: gone.signal }).then(() => {
      throw new Error('a process of the bench ended before its answer')
    })
    const [message]: unknown[] = await Promise.race([once(this.#process, 'message', { signal: gone.signal }), exit])
    exit.catch(() => {})
    gone.abort()
    if (!isWanted(message)) throw new Error('an answer to another question')
    return message
  }

  ask<T>(question: Question, isWanted: (message: unknown) => message is T): Promise<T> {
    const answer = this.next(isWanted)
    this.#process.send(question)
    return answer
  }

  async stop(): Promise<void> {
    if (this.#exited) return
    const exit = once(this.#process, 'exit')
    if (this.#process.connected) this.#process.send({ ask: 'stop' } satisfies Question)
    await exit
  }
}

export const echoServer = new URL('./echo-server.ts', import.meta.url)
const loadGenerator = new URL('./load-generator.ts', import.meta.url)
export const bareCommits = new URL('./bare-commits.ts', import.meta.url)
export const postgresWriter = new URL('./postgres/writer.ts', import.meta.url)
export const receiver = new URL('./receiver.ts', import.meta.url)
export const bareSender = new URL('./bare-sender.ts', import.meta.url)
export const waggleServer = new URL('./waggle-server.ts', import.meta.url)
/** As `npm start` starts it. */
const waggleNodeOptions = ['--max-semi-space-size=8']

/** A server under load, whatever started it. */
export interface Loaded {
  readonly port: number
  usage(): Promise<Usage>
}

export class ServerProcess implements Loaded {
  readonly #child: Child
  readonly port: number

  private constructor(child: Child, port: number) {
    this.#child = child
    this.port = port
  }

  static async start(program: URL, args: readonly string[], options: ChildOptions = {}): Promise<ServerProcess> {
    const ours = program === waggleServer ? waggleNodeOptions : []
    const nodeOptions = [...ours, ...(options.nodeOptions ?? [])]
    const child = new Child(program, args, { ...options, nodeOptions })
    const { port } = await child.next(isReady)
    return new ServerProcess(child, port)
  }

  usage(): Promise<Usage> {
    return this.#child.ask({ ask: 'usage' }, isUsage)
  }

  /** Begins to look for pauses, until `pauses` is asked for. */
  async watch(): Promise<void> {
    await this.#child.ask({ ask: 'watch' }, isWatching)
  }

  pauses(): Promise<Pauses> {
    return this.#child.ask({ ask: 'pauses' }, isPauses)
  }

  stop(): Promise<void> {
    return this.#child.stop()
  }
}

export class GeneratorProcess {
  readonly #child: Child

  constructor(args: readonly (string | number)[], program = loadGenerator) {
    this.#child = new Child(program, args.map(String))
  }

  /**
   * One round against a server.
   *
   * @throws Error an answer was not 200
   */
  async load({ port }: Pick<Loaded, 'port'>, loading: Omit<Loading, 'port'>): Promise<Load> {
    const load = await this.#child.ask({ ask: 'load', port, ...loading }, isLoad)
    if (Object.keys(load.others).length === 0) return load
    throw new Error(
      `Answers that were not 200, by status: ${JSON.stringify(load.others)}. The first:\n${load.firstOther}`,
    )
  }

  stop(): Promise<void> {
    return this.#child.stop()
  }
}

/** Changes of leads, without a server: each awaited until it is on the disk. */
export class WriterProcess {
  readonly #child: Child

  constructor(program: URL, args: readonly (string | number)[]) {
    this.#child = new Child(program, args.map(String))
  }

  usage(): Promise<Usage> {
    return this.#child.ask({ ask: 'usage' }, isUsage)
  }

  write(seconds: number): Promise<Load> {
    return this.#child.ask({ ask: 'write', seconds }, isLoad)
  }

  /** How often the program waited for the database since it began; only where it counts that. */
  trips(): Promise<Trips> {
    return this.#child.ask({ ask: 'trips' }, isTrips)
  }

  stop(): Promise<void> {
    return this.#child.stop()
  }
}
