import { type Draw, drawsOf } from '../../bench/workspace.ts'
import {
  agree,
  agreeHistory,
  agreeIntegrations,
  agreeLead,
  agreeLeads,
  agreeWebhooks,
  Disagreement,
  holds,
} from './compare.ts'
import { type Answer, Connection } from './connection.ts'
import type { Document } from './document.ts'
import { isJson, type Lead, Model } from './model.ts'
import { breakOne, plans } from './plans.ts'
import { bearer, type Draft, encoded, type Plan, type Refused, type Scene, told } from './request.ts'
import { once, type Pools, pick } from './schema.ts'
import type { World } from './world.ts'

/** So many requests make a sequence: each begins with a company of its own. */
export const sequenceLength = 100
/** All leads are compared after so many requests, and at the end. */
const wholeEvery = 50

/** What one sequence is run on. */
export interface Ground {
  readonly port: number
  readonly document: Document
  readonly served: Scene['served']
  readonly pools: Pools
  readonly world: World
  /** Nothing of it may ever be seen or changed. */
  readonly neighbour: World
  /** What lies in the database, read beside the server. */
  readonly stored: Stored
}

export interface Stored {
  lastSequence(): Promise<number>
  /** The row of a lead. */
  lead(id: number): Promise<unknown>
}

/** What came of requests, by kind. */
export interface Tally {
  cases: number
  readonly counts: Record<string, number>
}
const count = ({ counts }: Tally, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1
}

/** A step of a sequence at which server and model disagreed. */
export class Failed extends Error {
  override readonly name = 'Failed'
  readonly step: number
  /** The requests until then, for people. */
  readonly requests: readonly string[]

  constructor(step: number, requests: readonly string[], cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause })
    this.step = step
    this.requests = requests
  }
}

/** Draws for a step: they are its own, so that leaving other steps out leaves it much as it was. */
const drawsFor = (seed: number, sequence: number, step: number): Draw =>
  drawsOf(Math.imul(seed, 0x9e3779b1) ^ Math.imul(sequence + 1, 0x85ebca6b) ^ Math.imul(step + 1, 0xc2b2ae35))

export interface Steps {
  readonly seed: number
  /** Its number. */
  readonly sequence: number
  readonly steps: readonly number[]
}

/**
 * Sends the requests of a sequence one after the other, and compares what is answered with the model.
 *
 * @throws Failed at the first that disagrees
 */
export async function runSequence(ground: Ground, { seed, sequence, steps }: Steps, tally: Tally): Promise<void> {
  const talk = new Talk(ground, tally)
  const requests: string[] = []
  let step = 0
  try {
    for (step of steps) {
      const scene = { ...ground, model: talk.model, draw: drawsFor(seed, sequence, step) }
      await talk.step(scene, (draft, rule) => requests.push(`${step} [${rule}] ${told(draft)}`))
      tally.cases += 1
      if (step % wholeEvery === wholeEvery - 1) await talk.compareAll()
    }
    await talk.compareAll()
    await talk.compareHistories()
  } catch (error) {
    throw new Failed(step, requests, error)
  } finally {
    talk.end()
  }
}

class Talk {
  readonly model: Model
  readonly #ground: Ground
  readonly #tally: Tally
  readonly #connection: Connection
  /** The row of each lead after its last change, as far as it was needed. */
  readonly #rows = new Map<number, unknown>()

  constructor(ground: Ground, tally: Tally) {
    this.#ground = ground
    this.#tally = tally
    this.#connection = new Connection(ground.port)
    this.model = new Model(ground.world)
  }

  end(): void {
    this.#connection.end()
  }

  /** One case: thought up, sent, judged; then what it must or must not have changed. */
  async step(scene: Scene, told: (draft: Draft, rule: string) => void): Promise<void> {
    const { draw } = scene
    const { make, isForeseen } = pick(draw, plans(scene.served))
    const plan = make(scene)
    const { draft } = plan
    const id = draft.operation.id
    const broken =
      (once(draw, 2) || !isForeseen) && plan.repeats !== true ? breakOne(draft, scene, isForeseen) : undefined
    if (broken === undefined && !isForeseen && draft.method !== 'GET') return // what it would do is not known
    if (broken === undefined && draft.method === 'GET' && once(draw, 12)) draft.method = 'HEAD'
    told(draft, broken === undefined ? 'right' : `breaks: ${broken.rule}`)
    const answer = await this.#connection.send(encoded(draft), draft.method === 'HEAD')
    if (broken?.refused.ends === true) this.#connection.end()
    count(this.#tally, `status ${answer.status}`)
    count(this.#tally, `operation ${id}`)
    count(this.#tally, broken === undefined ? 'right' : `rule ${broken.rule}`)
    if (broken === undefined) this.#judgeRight(plan, answer)
    else this.#judgeRefused(draft, broken.refused, answer)
    if (draft.operation.method !== 'GET') await this.#lookAfter(draft, broken !== undefined)
  }

  #judgeRight({ draft, right }: Plan, answer: Answer): void {
    const body = bodyIn(answer)
    this.#ground.document.judge(draft.template, draft.method, answer, body)
    if (right.status !== 0)
      agree(`the status of what is right (${answer.body.slice(0, 300)})`, answer.status, right.status)
    if (draft.headers['x-request-id'] !== undefined) {
      agree('X-Request-Id', answer.headers['x-request-id'], draft.headers['x-request-id'])
    }
    if (draft.method !== 'HEAD') right.judge(answer, body)
  }

  #judgeRefused(draft: Draft, { status, error, place, unknown }: Refused, answer: Answer): void {
    const body = bodyIn(answer)
    agree(`the status of what is refused (${answer.body.slice(0, 300)})`, answer.status, status)
    this.#ground.document.judge(unknown === true ? undefined : draft.template, draft.method, answer, body)
    const said = isJson(body) ? String(body['error']) : ''
    if (error?.endsWith('…') === true)
      holds(said.startsWith(error.slice(0, -1)), `the error begins with ${error}`, said)
    else if (error !== undefined) agree('the error', said, error)
    if (status === 405)
      holds((answer.headers['allow'] ?? '').includes('OPTIONS'), 'Allow names the methods', answer.headers)
    if (place === undefined) return
    const details = isJson(body) && Array.isArray(body['details']) ? body['details'].filter(isJson) : []
    const paths = details.map(({ path }) => String(path))
    const isAt = (path: string): boolean => `${place}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${place}/`)
    holds(paths.length > 0 && paths.every(isAt), `all details are at ${place}`, paths)
  }

  /** What a change did, or that a refused one did nothing: the lead, the log, the endpoints. */
  async #lookAfter({ lead, operation }: Draft, wasRefused: boolean): Promise<void> {
    const { stored } = this.#ground
    if (operation.id === 'changeLeads') this.#rows.clear() // it is about many
    const now = lead === undefined ? undefined : this.model.leads.get(lead.seed.id)
    if (wasRefused) agree('the newest number of the log', await stored.lastSequence(), this.model.sequence)
    if (now !== undefined) {
      const { id } = now.seed
      const row = await stored.lead(id)
      if (wasRefused && this.#rows.has(id)) agree(`the row of lead ${id}`, row, this.#rows.get(id))
      else await this.#compareLead(now)
      this.#rows.set(id, row)
    }
    if (operation.access === 'admin') await this.#compareEndpoints(operation.path.includes('integrations'))
  }

  async #compareLead(lead: Lead): Promise<void> {
    const { headers, body } = await this.#read(`/leads/${lead.seed.id}`)
    agree(`the version of lead ${lead.seed.id}`, headers['etag'], `"v${lead.version}"`)
    agreeLead(this.model, lead, body)
  }

  async #compareLog(): Promise<void> {
    const { sequence } = this.model
    const { headers, body } = await this.#read(`/events?after=${sequence}&limit=1`)
    agree('the newest number of the log', headers['x-waggle-last-sequence'], String(sequence))
    agree('what is behind the newest event', body, [])
  }

  async #compareEndpoints(andIntegrations: boolean): Promise<void> {
    agreeWebhooks(this.model, (await this.#read('/webhooks')).body)
    if (andIntegrations) agreeIntegrations(this.model.integrations, (await this.#read('/integrations')).body)
  }

  async compareAll(): Promise<void> {
    const leads = [...this.model.leads.values()]
    await Promise.all(leads.map((lead) => this.#compareLead(lead)))
    const { body } = await this.#read('/leads?pageSize=50')
    agreeLeads(this.model, leads, { page: 1, pageSize: 50, whole: false }, body)
    await Promise.all([this.#compareLog(), this.#compareEndpoints(true)])
  }

  /** The newest lines of each lead's history. */
  async compareHistories(): Promise<void> {
    for (const { seed, chain } of this.model.leads.values()) {
      const { body } = await this.#read(`/leads/${seed.id}/history?pageSize=50`)
      agreeHistory(this.model, chain.toReversed().slice(0, 50), body)
    }
  }

  async #read(path: string): Promise<{ headers: Answer['headers']; body: unknown }> {
    const key = bearer(this.#ground.world.keys.all)
    const text = `GET /api/v1${path} HTTP/1.1\r\nhost: waggle.example\r\nauthorization: ${key}\r\n\r\n`
    const answer = await this.#connection.send(Buffer.from(text))
    agree(`the status of GET ${path} (${answer.body.slice(0, 300)})`, answer.status, 200)
    return { headers: answer.headers, body: bodyIn(answer) }
  }
}

/** @throws Disagreement what calls itself JSON is none */
function bodyIn({ body, headers }: Answer): unknown {
  if (body === '' || headers['content-type']?.startsWith('application/json') !== true) return undefined
  try {
    return JSON.parse(body)
  } catch {
    throw new Disagreement(`the body is no JSON: ${body.slice(0, 300)}`)
  }
}
