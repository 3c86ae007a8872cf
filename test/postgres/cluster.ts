import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { findPrograms, type Programs } from './programs.ts'

export interface ClusterOptions {
  readonly programs?: Programs
  /** Syncs are left out unless this is set: most tests stop no machine. */
  readonly durable?: boolean
  /** Settings of the server beside these, by name. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A PostgreSQL server of a test, with a data directory of its own on a free port of the loopback. */
export interface Cluster {
  readonly version: string
  readonly port: number
  /** Of the server's first process. */
  readonly pid: number
  url(database: string): string
  /** Makes an empty database. */
  create(database: string): Promise<void>
  /** Runs a statement as the owner of everything. */
  query(sql: string, database?: string): Promise<pg.QueryResultRow[]>
  /** As a machine that fails: no process of it ends in order. */
  kill(): Promise<void>
  /** Begins it again on the same data and port. */
  start(): Promise<void>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** How long a start may take, in ms. */
const patienceMs = 60_000
const owner = 'waggle'

const alive = new Set<Running>()
process.on('exit', () => {
  for (const one of alive) one.remove()
})

/** @throws Error no PostgreSQL was found, or it does not start */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const running = new Running(options.programs ?? findPrograms(), options, await freePort())
  try {
    running.initialise()
    await running.start()
  } catch (error) {
    running.remove()
    throw error
  }
  return running
}

/** Runs a body with a connection of its own. */
export async function withClient<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  client.on('error', () => {}) // who waits for it is told by the statement
  try {
    await client.connect()
    return await act(client)
  } finally {
    await client.end().catch(() => {})
  }
}

class Running implements Cluster {
  readonly version: string
  readonly port: number
  readonly #bin: string
  readonly #options: ClusterOptions
  readonly #directory: string
  /** PostgreSQL refuses to be run by root. */
  readonly #user = process.getuid?.() === 0 ? nobody() : undefined
  #child: ChildProcess | undefined

  constructor({ bin, version }: Programs, options: ClusterOptions, port: number) {
    this.#bin = bin
    this.version = version
    this.port = port
    this.#options = options
    this.#directory = mkdtempSync(join(tmpdir(), 'waggle-postgres-'))
    chmodSync(this.#directory, 0o700)
    if (this.#user !== undefined) chownSync(this.#directory, this.#user.uid, this.#user.gid)
    alive.add(this)
  }

  get pid(): number {
    return Number(readFileSync(join(this.#data, 'postmaster.pid'), 'utf8').split('\n')[0])
  }

  get #data(): string {
    return join(this.#directory, 'data')
  }

  initialise(): void {
    const words = ['-D', this.#data, '-U', owner, '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync']
    const { status, stdout, stderr, error } = spawnSync(join(this.#bin, 'initdb'), words, {
      ...this.#user,
      cwd: this.#directory,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`initdb ended with ${status ?? error?.message}: ${stdout}${stderr}`)
  }

  async start(): Promise<void> {
    const { durable = false, settings = {} } = this.#options
    const all = {
      port: String(this.port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: this.#directory,
      max_connections: '200',
      fsync: durable ? 'on' : 'off',
      ...(!durable && { full_page_writes: 'off' }),
      ...settings,
    }
    const words = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    // It ends with the process that began it, however that ends: then the shell reads the end of its input.
    const script = 'exec 3<&0; "$0" "$@" 3<&- & server=$!; (cat <&3 > /dev/null; kill -QUIT $server) & wait $server'
    const child = spawn('sh', ['-c', script, join(this.#bin, 'postgres'), '-D', this.#data, ...words], {
      ...this.#user,
      cwd: this.#directory,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    this.#child = child
    // A script that has done its work may end: it takes the server along.
    child.unref()
    for (const stream of [child.stdin, child.stderr]) if (stream instanceof Socket) stream.unref()
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-4_000)
    })
    let ended = false
    child.on('exit', () => {
      ended = true
    })
    for (const begun = performance.now(); ; await wait(20)) {
      if (ended) throw new Error(`PostgreSQL ${this.version} does not start: ${said}`)
      if (await this.#answers()) return
      if (performance.now() - begun > patienceMs) throw new Error(`PostgreSQL does not answer: ${said}`)
    }
  }

  async #answers(): Promise<boolean> {
    try {
      await this.query('SELECT 1')
      return true
    } catch {
      return false
    }
  }

  url(database: string): string {
    return `postgres://${owner}@127.0.0.1:${this.port}/${database}`
  }

  async create(database: string): Promise<void> {
    await this.query(`CREATE DATABASE ${database}`)
  }

  async query(sql: string, database = 'postgres'): Promise<pg.QueryResultRow[]> {
    return withClient(this.url(database), async (client) => (await client.query(sql)).rows)
  }

  async kill(): Promise<void> {
    const { pid } = this
    const processes = spawnSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' }).stdout
    const children = processes
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([one, parent]) => (parent === pid && one !== undefined ? [one] : []))
    for (const one of [pid, ...children]) signal(one, 'SIGKILL')
    await this.#ended()
    rmSync(join(this.#data, 'postmaster.pid'), { force: true })
  }

  async stop(): Promise<void> {
    signal(this.pid, 'SIGINT')
    await this.#ended()
    this.remove()
  }

  async #ended(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    child.ref()
    child.stdin?.destroy()
    if (child.exitCode === null && child.signalCode === null) await new Promise((over) => child.once('exit', over))
  }

  remove(): void {
    alive.delete(this)
    this.#child?.stdin?.destroy()
    try {
      signal(this.pid, 'SIGQUIT')
    } catch {
      // it has no process any more
    }
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // it has ended
  }
}

export function nobody(): { uid: number; gid: number } {
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout)
  return { uid: id('-u'), gid: id('-g') }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
