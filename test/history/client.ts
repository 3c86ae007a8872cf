import { Agent } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { type Answer, exchange } from '../crash/load.ts'
import { type Asked, answerMsMax, type Operation, type Outcome, type SeenEvent, type WriteAsked } from './history.ts'
import type { ChangePlan } from './plan.ts'
import type { Life } from './record.ts'
import { bodyOf, leadIds, seenLead, toldState } from './workspace.ts'

/** More attempts of one change than a server can leave unanswered. */
const attemptsMax = 400
/** Events of one page of the feed. */
const feedLimit = 1000

/** What clients share. */
export interface Recorder {
  life(): Promise<Life>
  note(operation: Operation): void
  /** The newest version of each lead that any of them has seen. */
  readonly known: Map<number, number>
}

interface Sending {
  readonly path: string
  readonly headers?: Record<string, string>
  /** A change when it is there. */
  readonly body?: string
  readonly cutAfterMs?: number | undefined
}

/** One connection, with one request at a time; writes down what it asked and what it was told. */
export class Client {
  readonly #name: string
  readonly #recorder: Recorder
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  #requests = 0

  constructor(name: string, recorder: Recorder) {
    this.#name = name
    this.#recorder = recorder
  }

  close(): void {
    this.#agent.destroy()
  }

  async read(lead: number): Promise<void> {
    await this.#send({ kind: 'read', lead }, { path: `/leads/${lead}` })
  }

  async touch(lead: number, representation: boolean): Promise<void> {
    const headers = { ...(representation && whole) }
    await this.#send({ kind: 'touch', lead }, { path: `/leads/${lead}`, headers, body: '{}' })
  }

  async list(): Promise<void> {
    await this.#send({ kind: 'list' }, { path: `/leads?pageSize=${leadIds.length}` })
  }

  async feed(after: number): Promise<void> {
    await this.#send({ kind: 'feed', after }, { path: `/events?after=${after}&limit=${feedLimit}` })
  }

  /** One change; without an answer it is sent again when it has an idempotency key. */
  async change(number: number, change: ChangePlan): Promise<void> {
    const { lead, members, once, representation, ifMatch } = change
    const known = this.#recorder.known.get(lead) ?? 1
    const versions = typeof ifMatch === 'object' ? ifMatch.map((step) => Math.max(1, known + step)) : null
    const asked = {
      kind: 'write',
      lead,
      number,
      members,
      ifMatch: ifMatch === '*' ? '*' : versions && [...new Set(versions)],
      onceKey: once ? `change-${number}` : null,
    } as const
    let { cutAfterMs } = change
    for (let attempts = 0; attempts < attemptsMax; attempts += 1) {
      const attempt: WriteAsked = {
        ...asked,
        requestId: `change-${number}.${this.#name.replace(' ', '-')}.${this.#requests}`,
      }
      const outcome = await this.#send(attempt, {
        path: `/leads/${lead}`,
        headers: { ...headersOf(attempt), ...(representation && whole) },
        body: bodyOf(members),
        cutAfterMs,
      })
      const running = outcome.kind === 'refused' && outcome.status === 409
      if (!once || (outcome.kind !== 'unknown' && !running)) return
      if (running) await wait(1)
      cutAfterMs = undefined
    }
    throw new Error(`change ${number} was not answered after ${attemptsMax} attempts`)
  }

  async #send(asked: Asked, { path, headers = {}, body, cutAfterMs }: Sending): Promise<Outcome> {
    const { life, server } = await this.#recorder.life()
    this.#requests += 1
    const cut = setTimeout(() => this.#agent.destroy(), cutAfterMs ?? answerMsMax)
    const invokedAt = performance.now()
    const outcome = await exchange(`${server.url}/api/v1${path}`, this.#agent, {
      ...(body !== undefined && { method: 'PATCH', body }),
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    }).then(
      (answer) => outcomeOf(asked, answer),
      (): Outcome => ({ kind: 'unknown' }),
    )
    const returnedAt = performance.now()
    clearTimeout(cut)
    this.#learn(outcome)
    this.#recorder.note({ client: this.#name, life, invokedAt, returnedAt, asked, outcome })
    return outcome
  }

  #learn(outcome: Outcome): void {
    const leads = outcome.kind === 'seen' ? outcome.leads : outcome.kind === 'changed' ? [outcome.lead] : []
    const { known } = this.#recorder
    for (const { lead, version } of leads) known.set(lead, Math.max(known.get(lead) ?? 1, version ?? 1))
  }
}

const whole = { prefer: 'return=representation' }

const headersOf = ({ requestId, onceKey, ifMatch }: WriteAsked): Record<string, string> => ({
  'x-request-id': requestId,
  ...(onceKey !== null && { 'idempotency-key': onceKey }),
  ...(ifMatch !== null && { 'if-match': ifMatch === '*' ? '*' : ifMatch.map((version) => `"v${version}"`).join(', ') }),
})

function outcomeOf(asked: Asked, { status, headers, body }: Answer): Outcome {
  if (status !== 200) return { kind: 'refused', status, body }
  const told = JSON.parse(body)
  switch (asked.kind) {
    case 'write': {
      const sequence = Number(headers['x-waggle-sequence'] ?? 0)
      const replayed = headers['idempotency-replayed'] === 'true'
      return { kind: 'changed', sequence, replayed, lead: seenLead(told, headers.etag) }
    }
    case 'list':
      return { kind: 'seen', leads: told.map((lead: unknown) => seenLead(lead, undefined)) }
    case 'feed': {
      const events: SeenEvent[] = told.map((event: { sequence: number; at: number; lead: { id: number } }) => ({
        sequence: event.sequence,
        lead: event.lead.id,
        at: event.at,
        state: toldState(event.lead),
      }))
      return { kind: 'followed', events, last: Number(headers['x-waggle-last-sequence']), limit: feedLimit }
    }
    default:
      return { kind: 'seen', leads: [seenLead(told, headers.etag)] }
  }
}
