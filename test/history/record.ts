import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { hold } from '../crash/check.ts'
import { type ServerProcess, startServer, temporaryDirectory } from '../crash/server.ts'
import { Client } from './client.ts'
import type { History, LoggedEvent, Operation } from './history.ts'
import { changeOf, type Fault, type Plan, planOf } from './plan.ts'
import { loseUnsynced, tracedTo } from './power-loss.ts'
import { prepareWorkspace, readFiles } from './workspace.ts'

/** A server process that requests may be sent to. */
export interface Life {
  readonly life: number
  readonly server: ServerProcess
}

/** One directory of data and its servers, over several runs. */
export class Chain {
  readonly #directory = temporaryDirectory()
  #server: ServerProcess | undefined
  /** The newest event of each lead. */
  #newest: readonly LoggedEvent[] = []
  #sequence = 0
  #nextNumber = 1
  readonly #losesPower: boolean
  #starts = 0

  /** @param losesPower with a kill all is gone that the server had not synced; needs strace */
  constructor({ losesPower }: { readonly losesPower: boolean }) {
    this.#losesPower = losesPower
  }

  get #path(): string {
    return this.#directory.path
  }

  /** @throws Violation when the run could not be carried out */
  async record(seed: number): Promise<History> {
    if (this.#sequence === 0) {
      await prepareWorkspace(this.#path)
      this.#goOn((await readFiles(this.#path, 0)).log)
    }
    this.#server ??= await this.start()
    const begun = { sequence: this.#sequence, leads: this.#newest }
    const run = new Run(planOf(seed), this, this.#server, () => this.#nextNumber++)
    try {
      await run.all(begun.sequence)
    } finally {
      this.#server = await run.server()
    }
    const { log, rows } = await readFiles(this.#path, begun.sequence)
    this.#goOn(log)
    const operations = run.operations.toSorted((left, right) => left.invokedAt - right.invokedAt)
    return { seed, begun, deaths: run.deaths, operations, log, rows }
  }

  start(): Promise<ServerProcess> {
    this.#starts += 1
    return startServer(this.#path, this.#losesPower ? tracedTo(this.#trace) : [])
  }

  /** Ends a server at any instruction. */
  async kill(server: ServerProcess): Promise<void> {
    await server.end('SIGKILL')
    if (this.#losesPower) await loseUnsynced(this.#path, { trace: this.#trace, pid: server.pid })
  }

  /** What the newest server writes and syncs. */
  get #trace(): string {
    return join(this.#path, `trace-${this.#starts}`)
  }

  async close(): Promise<void> {
    await this.#server?.end('SIGKILL')
    this.#directory.remove()
  }

  #goOn(log: readonly LoggedEvent[]): void {
    this.#newest = [...new Map([...this.#newest, ...log].map((event) => [event.lead, event])).values()]
    this.#sequence = log.at(-1)?.sequence ?? this.#sequence
  }
}

/** One run: clients that change and read a few leads together, and what happens to their server meanwhile. */
class Run {
  readonly #plan: Plan
  readonly #chain: Pick<Chain, 'start' | 'kill'>
  readonly #nextNumber: () => number
  readonly operations: Operation[] = []
  readonly deaths: { readonly life: number; readonly at: number }[] = []
  /** The newest version of each lead that any client has seen. */
  readonly known = new Map<number, number>()
  #life: Promise<Life>
  readonly #faults: Promise<void>[] = []
  #waiting: readonly Fault[]
  #answers = 0

  constructor(plan: Plan, chain: Pick<Chain, 'start' | 'kill'>, server: ServerProcess, nextNumber: () => number) {
    this.#plan = plan
    this.#chain = chain
    this.#nextNumber = nextNumber
    this.#life = Promise.resolve({ life: 1, server })
    this.#waiting = plan.faults
  }

  /** The server that runs now, or the next, once it listens. */
  life(): Promise<Life> {
    return this.#life
  }

  async server(): Promise<ServerProcess> {
    return (await this.#life).server
  }

  note(operation: Operation): void {
    this.operations.push(operation)
    if (operation.outcome.kind === 'unknown') return
    this.#answers += 1
    const due = this.#waiting.filter(({ afterAnswers }) => afterAnswers <= this.#answers)
    if (due.length === 0) return
    this.#waiting = this.#waiting.filter((fault) => !due.includes(fault))
    for (const fault of due) {
      const over = fault.kind === 'kill' ? this.#kill(fault) : this.#pause(fault)
      over.catch(() => {}) // thrown where all of them are waited for
      this.#faults.push(over)
    }
  }

  async all(begun: number): Promise<void> {
    const { writers, readers } = this.#plan
    let writing = writers
    const clients = Array.from({ length: writers + readers }, (_, index) => new Client(`client ${index + 1}`, this))
    const [ofWriters, ofReaders] = [clients.slice(0, writers), clients.slice(writers)]
    const write = async (client: Client): Promise<void> => {
      await this.#write(client)
      writing -= 1
    }
    const read = async (client: Client): Promise<void> => {
      while (writing > 0) await this.#look(client, begun)
    }
    await Promise.all([...ofWriters.map(write), ...ofReaders.map(read)])
    await Promise.all(this.#faults)
    const server = await this.server()
    hold(server.isRunning(), 'the server ended by itself')
    const last = new Client('last', this)
    for (const lead of this.#plan.leads) await last.read(lead)
    await last.list()
    await last.feed(begun)
    for (const client of [...clients, last]) client.close()
  }

  async #write(client: Client): Promise<void> {
    const { chance, changes } = this.#plan
    for (let made = 0; made < changes; made += 1) {
      const number = this.#nextNumber()
      const change = changeOf(number, this.#plan)
      await client.change(number, change)
      if (change.again) await client.change(number, { ...change, again: false, cutAfterMs: undefined })
      if (chance.happens(0.2)) await client.read(change.lead)
    }
  }

  async #look(client: Client, begun: number): Promise<void> {
    const { chance, leads } = this.#plan
    const [first = 1, ...others] = leads
    const lead = chance.pick([first, ...others])
    const dice = chance.between(1, 100)
    if (dice <= 55) await client.read(lead)
    else if (dice <= 70) await client.touch(lead, chance.happens(0.5))
    else if (dice <= 85) await client.list()
    else await client.feed(Math.max(begun, this.#newestSeen() - chance.between(0, 8)))
  }

  /** The newest event that a client was told of lately. */
  #newestSeen(): number {
    const told = this.operations.findLast(({ outcome }) => outcome.kind === 'changed')
    return told?.outcome.kind === 'changed' ? told.outcome.sequence : 0
  }

  async #kill({ ms }: Fault): Promise<void> {
    const dying = await this.#life
    if (ms > 0) await wait(ms)
    this.#life = (async () => {
      await this.#chain.kill(dying.server)
      this.deaths.push({ life: dying.life, at: performance.now() })
      return { life: dying.life + 1, server: await this.#chain.start() }
    })()
    await this.#life
  }

  async #pause({ ms }: Fault): Promise<void> {
    const { server } = await this.#life
    if (!server.isRunning()) return
    process.kill(server.pid, 'SIGSTOP')
    await wait(ms)
    if (server.isRunning()) process.kill(server.pid, 'SIGCONT')
  }
}
