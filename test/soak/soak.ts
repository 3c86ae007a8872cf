import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { checkDatabase, hold } from '../crash/check.ts'
import { type Book, type Load, newBook, prepareData, startLoad } from '../crash/load.ts'
import { type ServerProcess, startServer, until } from '../crash/server.ts'
import { ask, settings, subscribe } from '../crash/webhooks.ts'
import { checkRefusals } from '../faults/fault.ts'
import { refusalKind } from '../faults/overload.ts'
import { descriptorsOf, residentMib } from '../faults/watch.ts'
import { CountingReceiver } from './receiver.ts'
import { Record } from './record.ts'
import type { Trouble } from './troubles.ts'
import { quantile, type Window } from './window.ts'

const companyId = 3
const connections = 32
const measureMs = 3_000
/** How long the last webhooks may take to arrive, in ms. */
const drainMs = 120_000

/** Something that goes wrong, or did. */
interface Suffering {
  readonly name: string
  /** By `performance.now()`; Infinity while it goes on. */
  until: number
}

/** A server that runs for long, over all its lives, and all that was seen of it. */
export class Soak {
  readonly leads: number
  readonly receiver = new CountingReceiver()
  readonly record = new Record()
  /** What was told since the last window. */
  readonly book: Book = newBook()
  readonly windows: Window[] = []
  /** Changes a second at the most, as measured in the beginning. */
  top = 0
  readonly #directory: string
  #server: ServerProcess | undefined
  #load: Load | undefined
  #webhook = 0
  #life = 1
  #begunAt = 0
  #sampledAt = 0
  readonly #sufferings: Suffering[] = []

  constructor(directory: string, leads: number) {
    this.#directory = directory
    this.leads = leads
  }

  get server(): ServerProcess {
    assert(this.#server !== undefined, 'no server runs')
    return this.#server
  }

  /** Prepares the data, starts a server with a webhook, measures how fast it is, and then keeps it half as busy. */
  async begin(): Promise<void> {
    await prepareData(this.#directory, this.leads)
    this.#server = await startServer(this.#directory, [], settings)
    this.#webhook = (await subscribe(this.server.url, await this.receiver.listen())).id
    const { acknowledged } = this.book
    const full = startLoad(this.server.url, this.book, connections, { leads: this.leads })
    await until('it is warm', () => acknowledged.length >= 1_000)
    const [before, begun] = [acknowledged.length, performance.now()]
    await wait(measureMs)
    this.top = (1000 * (acknowledged.length - before)) / (performance.now() - begun)
    await full.stop()
    this.#drain()
    this.#startLoad()
    this.#begunAt = performance.now()
    this.#sampledAt = this.#begunAt
  }

  #startLoad(): void {
    const options = { leads: this.leads, perSecond: this.top / 2 }
    this.#load = startLoad(this.server.url, this.book, connections, options)
  }

  async killAndRestart(): Promise<void> {
    await this.server.end('SIGKILL')
    await this.#load?.over
    this.#life += 1
    this.#server = await startServer(this.#directory, [], settings)
    this.#startLoad()
  }

  /** Lets something go wrong; its windows and the one after them are marked with its name. */
  async suffer(trouble: Trouble): Promise<void> {
    const suffering: Suffering = { name: trouble.name, until: Number.POSITIVE_INFINITY }
    this.#sufferings.push(suffering)
    await trouble.run(this)
    suffering.until = performance.now()
  }

  get #suffers(): boolean {
    return this.#sufferings.at(-1)?.until === Number.POSITIVE_INFINITY
  }

  /** Takes what was seen since the last sample as a window. */
  async sample(): Promise<Window> {
    const now = performance.now()
    const spanMs = now - this.#sampledAt
    const since = this.#sampledAt - spanMs
    this.#sampledAt = now
    const names = this.#sufferings.filter(({ until }) => until > since).map(({ name }) => name)
    const told = this.#drain()
    const { residentMib: memory, descriptors, backlog } = await this.#look()
    const log = join(this.#directory, 'waggle.db-wal')
    const window = {
      at: Math.round((now - this.#begunAt) / 1000),
      seconds: spanMs / 1000,
      life: this.#life,
      residentMib: memory,
      descriptors,
      logMib: existsSync(log) ? statSync(log).size / 1_048_576 : 0,
      backlog,
      trouble: [...new Set(names)].join(', '),
      ...told,
    }
    this.windows.push(window)
    return window
  }

  /** A server that was just killed shows nothing; its window is one of trouble. */
  async #look() {
    const nothing = { residentMib: 0, descriptors: 0, backlog: 0 }
    if (!this.server.isRunning()) return nothing
    try {
      const { backlog } = this.#suffers ? nothing : await this.#askWebhook()
      return { residentMib: residentMib(this.server), descriptors: descriptorsOf(this.server), backlog }
    } catch (error) {
      if (this.#suffers) return nothing
      throw error
    }
  }

  async #askWebhook(): Promise<{ backlog: number; undelivered: number }> {
    const { backlog, undelivered } = await ask(this.server.url, 'GET', `/webhooks/${this.#webhook}`)
    return { backlog: Number(backlog), undelivered: Number(undelivered) }
  }

  /** Writes down what was told, and forgets it. */
  #drain() {
    const { acknowledged, refused, unanswered } = this.book
    checkRefusals(this.book)
    for (const one of acknowledged) this.record.note(one)
    const tookMs = acknowledged.map(({ sentAt, receivedAt }) => receivedAt - sentAt)
    const told = {
      acknowledged: acknowledged.length,
      refused: refused.length,
      unanswered: unanswered.length,
      p50Ms: quantile(tookMs, 0.5),
      p99Ms: quantile(tookMs, 0.99),
    }
    acknowledged.length = 0
    refused.length = 0
    unanswered.length = 0
    return told
  }

  checkRefusalKinds(kinds: readonly string[], unanswered: object): void {
    const others = kinds.filter((kind) => kind !== refusalKind)
    hold(others.length === 0, `answers that are neither 200 nor the whole 503: ${others.join(' ')}`)
    assert.deepEqual(unanswered, {}, 'requests of the overload got no answer')
  }

  /**
   * Ends the load, lets the last webhooks arrive, stops the server, and holds all that stands against what was told.
   *
   * @returns how long the last webhooks took, in ms
   */
  async finish(): Promise<number> {
    await this.#load?.stop()
    this.#drain()
    const begun = performance.now()
    for (;;) {
      const { backlog, undelivered } = await this.#askWebhook()
      if (backlog === 0 && undelivered === 0) break
      const tookMs = performance.now() - begun
      hold(tookMs < drainMs, `${backlog} changes are not told, ${undelivered} not delivered after ${tookMs} ms`)
      await wait(100)
    }
    const tookMs = Math.round(performance.now() - begun)
    assert.deepEqual(await this.server.end('SIGTERM'), { code: 0, signal: null, err: '' })
    this.record.check(this.#directory, companyId)
    await checkDatabase(this.#directory, newBook())
    return tookMs
  }

  async end(): Promise<void> {
    await this.#server?.end('SIGKILL')
    this.receiver.close()
  }
}
