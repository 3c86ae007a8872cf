import { strict as assert } from 'node:assert'
import type { eventNames } from '../../src/contract/events.ts'
import { readLog } from '../../src/events/tell.ts'
import { Refusal } from '../../src/kernel/refusal.ts'
import { type Vault, vaultOf } from '../../src/kernel/vault.ts'
import { readPatch } from '../../src/leads/patch.ts'
import { updateLead } from '../../src/leads/update.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Database, Work } from '../../src/storage/port.ts'
import type { Row } from '../../src/storage/tables.ts'
import { changeWebhook, createWebhook } from '../../src/webhooks/change.ts'
import { Dispatcher } from '../../src/webhooks/dispatch.ts'
import type { WebhookChangeBody } from '../../src/webhooks/read-body.ts'
import { replayDelivery, replaySince } from '../../src/webhooks/replay.ts'
import { newSecret, sealedAs } from '../../src/webhooks/secrets.ts'
import { noon } from '../fixture.ts'
import { checkAllDelivered, checkNothingWrong, type Rules } from './check.ts'
import { companyId, type Ground, type Place } from './ground.ts'
import { type Fault, faults, Mortal, Net, OwnTimers, processesInMemory, World } from './world.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const leads = [4711, 4713, 4714, 4715] as const

const rules: Rules & { readonly concurrency: number; readonly disableAfterMs: number } = {
  scheduleMs: [0, 5_000, 5 * minuteMs, 30 * minuteMs, 120 * minuteMs, 300 * minuteMs],
  holdMs: 35 * minuteMs,
  concurrency: 4,
  disableAfterMs: 5 * dayMs,
}

const vault: Vault = vaultOf(new Uint8Array(32).fill(7))

/** What a run did. */
export interface Told {
  readonly changes: number
  readonly arrivals: number
  readonly crashes: number
  /** Everything that reached the net, in order: the same seed gives the same text. */
  readonly trace: string
}

/** A change of an endpoint, with the members that are not sent. */
const asked = (sent: Partial<WebhookChangeBody>): WebhookChangeBody => ({
  url: undefined,
  events: undefined,
  fields: undefined,
  description: undefined,
  state: undefined,
  resume: undefined,
  ignored: [],
  ...sent,
})

/**
 * One run: changes, faults of receivers, people at the endpoints and crashes, by the chance of a seed. First nothing
 * may be wrong; then the faults stop, and everything must arrive.
 *
 * @param many more than one process shares the endpoints: they also come, go, and stand still for a while
 * @throws AssertionError what was wrong
 */
export async function simulate(seed: number, ground: Ground, { many = false } = {}): Promise<Told> {
  const { place, end } = await ground.begin()
  const run = new Run(seed, place, many)
  try {
    return await run.all()
  } finally {
    await run.end()
    await end()
  }
}

/** How often a process tells that it is alive; others count it as dead after five times as long. */
const beatEveryMs = 2 * minuteMs

/** A process. */
interface Process {
  readonly mortal: Mortal
  readonly timers: OwnTimers
  readonly dispatcher: Dispatcher
  /** The process dies at so many steps from now; 0 is never. */
  crashIn: number
  isLeaving: boolean
}

class Run {
  readonly #world: World
  readonly #net: Net
  readonly #place: Place
  readonly #faults: unknown[] = []
  readonly #breaks = new Map<number, number[]>()
  readonly #begun = new Map<number, number>()
  /** The newest event that was ever given up by choice. */
  readonly #skipped = new Map<number, number>()
  readonly #inMemory = processesInMemory()
  readonly #many: boolean
  #real: Database | undefined
  #alive: Process[] = []
  #crashes = 0
  #changes = 0

  constructor(seed: number, place: Place, many: boolean) {
    this.#many = many
    this.#world = new World(seed, noon + dayMs)
    this.#net = new Net(this.#world)
    this.#place = place
  }

  get #database(): Database {
    assert(this.#real !== undefined)
    return this.#real
  }

  async all(): Promise<Told> {
    const { chance } = this.#world
    await this.#boot()
    if (this.#many) await this.#join()
    for (let count = chance.between(1, 3); count > 0; count -= 1) await this.#addEndpoint()
    for (let steps = chance.between(8, 24); steps > 0; steps -= 1) {
      await this.#act()
      await this.#pass(chance.pick([0, 1, 20, 500, 8_000, minuteMs, 10 * minuteMs, 60 * minuteMs]))
    }
    await this.#check()
    await this.#recover()
    await this.#check()
    const log = await this.#log()
    for (const webhook of await this.#webhooks()) {
      const watched = { webhook, log, arrivals: this.#arrivalsOf(webhook) }
      checkAllDelivered(watched, Math.max(this.#begun.get(webhook.id) ?? 0, webhook.skipped_until))
    }
    const trace = this.#net.arrivals.map(({ endpoint, sequence, at, status }) => [endpoint, sequence, at, status])
    return {
      changes: this.#changes,
      arrivals: this.#net.arrivals.length,
      crashes: this.#crashes,
      trace: JSON.stringify(trace),
    }
  }

  async end(): Promise<void> {
    for (const process of this.#alive) this.#kill(process)
    await this.#real?.close()
  }

  async #boot(): Promise<void> {
    this.#real = await openDatabase({
      ...this.#place,
      listsInTurn: true,
      clock: this.#world,
      random: this.#world,
    })
    await this.#join()
  }

  /** One process more. */
  async #join(): Promise<void> {
    assert(this.#real !== undefined)
    const timers = new OwnTimers(this.#world)
    const { chance } = this.#world
    const mortal: Mortal = new Mortal(this.#real, {
      timers,
      processes: this.#many ? (this.#real.processes ?? this.#inMemory) : undefined,
      crashes: () => process.crashIn > 0 && --process.crashIn === 0,
      hearsIn: () => (this.#many && chance.happens(0.3) ? chance.between(1, 5_000) : 0),
      answersIn: () => (this.#many && chance.happens(0.05) ? chance.between(1, 3_000) : 0),
    })
    const dispatcher = new Dispatcher({
      database: mortal.database,
      vault,
      sender: this.#net.sender(timers),
      clock: this.#world,
      timers,
      random: this.#world,
      rules,
      beatEveryMs,
      observer: { attempt: () => {}, disabled: () => {}, fault: (error) => this.#faults.push(error) },
    })
    const process: Process = { mortal, timers, dispatcher, crashIn: 0, isLeaving: false }
    this.#alive.push(process)
    if (this.#many) void dispatcher.start()
    else await dispatcher.start()
  }

  /** A process is gone with what it was doing; another begins where none is left. */
  async #crash(process: Process): Promise<void> {
    this.#kill(process)
    this.#crashes += 1
    this.#breakAll()
    if (this.#many) {
      if (this.#awake.length === 0) await this.#join()
      return
    }
    await this.#real?.close()
    await this.#boot()
  }

  #kill(process: Process): void {
    process.mortal.kill()
    process.timers.forget()
    this.#alive = this.#alive.filter((one) => one !== process)
  }

  /** A process stands still; what others know of it gets older meanwhile. */
  #pause(process: Process): void {
    const { chance } = this.#world
    process.timers.pause()
    this.#breakAll()
    const ms = chance.pick([minuteMs, 6 * minuteMs, 9 * minuteMs, 11 * minuteMs, 45 * minuteMs])
    this.#world.after(ms, () => process.timers.resume())
  }

  /** A process stops in order. */
  #leave(process: Process): void {
    this.#breakAll() // attempts that take too long are made again by another
    process.isLeaving = true
    void process.dispatcher.close().then(() => this.#kill(process))
  }

  #breakAll(): void {
    for (const endpoint of this.#begun.keys()) this.#break(endpoint)
  }

  #break(endpoint: number): void {
    this.#breaks.set(endpoint, [...(this.#breaks.get(endpoint) ?? []), this.#world.now()])
  }

  /** A change as a person or a client makes it; undefined when the process died under it. */
  async #transact<T>(work: Work<T>): Promise<void> {
    const process = this.#anyAwake()
    const { mortal } = process
    let settled = false
    const done = mortal.database.transact(work).then(
      () => {
        settled = true
      },
      (error: unknown) => {
        settled = true
        if (!(error instanceof Refusal)) throw error
      },
    )
    await this.#quiet()
    if (mortal.isDead) await this.#crash(process)
    else if (settled) await done
  }

  /** Those that take requests. */
  get #awake(): readonly Process[] {
    return this.#alive.filter(({ timers, isLeaving }) => !isLeaving && !timers.isPaused)
  }

  #anyAwake(): Process {
    const [process] = this.#world.chance.some(this.#awake, 1, 1)
    assert(process !== undefined)
    return process
  }

  /** Resolves when nothing goes on any more without the time going on. */
  async #quiet(): Promise<void> {
    for (let turns = 0; turns < 3; turns = this.#alive.some(({ mortal }) => mortal.isBusy) ? 0 : turns + 1) {
      await new Promise(setImmediate)
    }
  }

  async #addEndpoint(): Promise<void> {
    const { chance } = this.#world
    const uuid = this.#world.uuid(this.#world.now())
    const url = 'https://receiver.example/hook'
    const secret = vault.seal(newSecret(), sealedAs.secret(uuid))
    const events = chance.happens(0.2) ? [chance.pick(['lead_updated', 'lead_created'])] : null
    const fields = chance.happens(0.3) ? chance.some(['status', 'tags', 'first_name'], 1, 2) : null
    const webhook = {
      uuid,
      url,
      secret,
      events: events as (typeof eventNames)[number][] | null,
      fields,
      description: null,
    }
    const integration = { id: 1, uuid: '00000000-0000-7000-8000-000000000001' }
    const begun = (await this.#log()).length
    await this.#transact(createWebhook(companyId, integration, webhook, 0))
    for (const { id } of await this.#webhooks()) {
      if (this.#begun.has(id)) continue
      this.#begun.set(id, begun)
      this.#net.faults.set(id, 'ok')
    }
  }

  async #act(): Promise<void> {
    const { chance } = this.#world
    const dice = chance.between(1, 100)
    if (dice <= 60) for (let count = chance.between(1, 4); count > 0; count -= 1) await this.#change()
    else if (dice <= 80) this.#spoil()
    else if (dice <= 92) await this.#operate()
    else if (dice <= 96) await this.#crash(this.#anyAwake())
    else this.#anyAwake().crashIn = chance.between(1, 12)
    if (!this.#many) return
    const more = chance.between(1, 100)
    if (more <= 15 && this.#alive.length < 4) await this.#join()
    else if (more <= 30 && this.#awake.length > 1) this.#pause(this.#anyAwake())
    else if (more <= 40 && this.#awake.length > 1) this.#leave(this.#anyAwake())
  }

  /** One patch; one in ten is refused, and changes nothing. */
  async #change(): Promise<void> {
    const { chance } = this.#world
    const refused = chance.happens(0.1)
    const patch = readPatch({
      ...(chance.happens(0.6) && { first_name: `Ada ${chance.between(1, 999)}` }),
      ...(chance.happens(0.3) && { status: chance.pick(['new', 'contacted', 'qualified']) }),
      ...(chance.happens(0.3) && { tags: chance.some([7, 8, 16], 0, 3) }),
      ...(refused && { tags: [99] }),
    })
    const options = {
      actor: { userUuid: '00000000-0000-7000-8000-000200000031', keyId: 1 },
      requestId: undefined,
      ifMatch: undefined,
      strict: false,
      representation: false,
      wholeSeconds: false,
    }
    this.#changes += 1
    await this.#transact(updateLead(companyId, chance.pick(leads), patch, options))
  }

  #spoil(): void {
    const { chance } = this.#world
    for (const endpoint of this.#begun.keys()) {
      const fault: Fault = chance.happens(0.3) ? 'ok' : chance.pick(faults as readonly [Fault, ...Fault[]])
      if (chance.happens(0.7)) this.#net.faults.set(endpoint, fault)
    }
  }

  /** A person pauses, resumes, or asks for something once more. */
  async #operate(): Promise<void> {
    const { chance } = this.#world
    const [webhookId] = chance.some([...this.#begun.keys()], 1, 1)
    if (webhookId === undefined) return
    this.#break(webhookId)
    const dice = chance.between(1, 10)
    if (dice <= 3) await this.#transact(changeWebhook(companyId, webhookId, asked({ state: 'paused' })))
    else if (dice <= 6) await this.#transact(changeWebhook(companyId, webhookId, asked({ state: 'active' })))
    else if (dice <= 7)
      await this.#transact(changeWebhook(companyId, webhookId, asked({ state: 'active', resume: 'skip' })))
    else if (dice <= 9) await this.#transact(replaySince({ companyId, webhookId, since: chance.between(1, 40) }))
    else {
      const rows = await this.#deliveries(webhookId)
      const [row] = chance.some(rows, 1, 1)
      if (row !== undefined) await this.#transact(replayDelivery({ companyId, webhookId, deliveryId: row.id }))
    }
    this.#break(webhookId)
    for (const { id, skipped_until } of await this.#webhooks()) {
      this.#skipped.set(id, Math.max(this.#skipped.get(id) ?? 0, skipped_until))
    }
  }

  /** Lets time go on. */
  async #pass(ms: number): Promise<void> {
    const until = this.#world.now() + ms
    for (;;) {
      await this.#quiet()
      const dead = this.#alive.find(({ mortal }) => mortal.isDead)
      if (dead !== undefined) await this.#crash(dead)
      else if (!this.#world.step(until)) return
    }
  }

  /** Faults stop, people resume what stands still and replay what was given up; then time goes on. */
  async #recover(): Promise<void> {
    for (const process of this.#alive) {
      process.crashIn = 0
      process.timers.resume()
    }
    for (const endpoint of this.#begun.keys()) this.#net.faults.set(endpoint, 'ok')
    await this.#pass(minuteMs) // what is under way still fails
    for (const { id, state } of await this.#webhooks()) {
      if (state === 'active') continue
      this.#break(id)
      await this.#transact(changeWebhook(companyId, id, asked({ state: 'active' })))
    }
    await this.#pass(2 * dayMs)
    for (const { id } of await this.#webhooks()) {
      for (const row of await this.#deliveries(id)) {
        if (row.state !== 'parked') continue
        this.#break(id)
        await this.#transact(replayDelivery({ companyId, webhookId: id, deliveryId: row.id }))
      }
    }
    await this.#pass(2 * dayMs)
  }

  async #check(): Promise<void> {
    assert.deepEqual(this.#faults, [], 'the dispatcher met an error')
    const log = await this.#log()
    for (const webhook of await this.#webhooks()) {
      const breaks = this.#breaks.get(webhook.id) ?? []
      const begun = Math.max(this.#begun.get(webhook.id) ?? 0, this.#skipped.get(webhook.id) ?? 0)
      checkNothingWrong(
        { webhook, log, arrivals: this.#arrivalsOf(webhook), breaks, slackMs: this.#many ? 10_000 : 0 },
        rules,
        begun,
      )
    }
  }

  #arrivalsOf(webhook: Row<'webhooks'>) {
    return this.#net.arrivals.filter(({ endpoint }) => endpoint === webhook.id)
  }

  async #log() {
    const company = await this.#database.read('companies', { id: companyId })
    assert(company !== undefined)
    const events = await readLog(this.#database, company, { after: 0, limit: 10_000 })
    return events.map(({ body, ...event }) => ({ ...event, text: body && JSON.stringify(body) }))
  }

  #webhooks(): Promise<Row<'webhooks'>[]> {
    return this.#database.find((db) => db.selectFrom('webhooks').selectAll().orderBy('id'))
  }

  #deliveries(webhookId: number): Promise<Row<'deliveries'>[]> {
    return this.#database.find((db) =>
      db.selectFrom('deliveries').selectAll().where('webhook_id', '=', webhookId).orderBy('id'),
    )
  }
}
