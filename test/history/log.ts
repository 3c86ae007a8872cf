import { hold } from '../crash/check.ts'
import { difference, type History, type LoggedEvent, type Members, type Operation, type WriteAsked } from './history.ts'

/** An attempt of a change. */
export type Attempt = Operation & { readonly asked: WriteAsked }

const isAttempt = (operation: Operation): operation is Attempt => operation.asked.kind === 'write'

/** What a history says of its changes: the log by number and by lead, the attempts by request and by change. */
export class Log {
  /** The length before the run. */
  readonly begun: number
  readonly events: readonly LoggedEvent[]
  readonly attempts: ReadonlyMap<string, Attempt>
  readonly changes: ReadonlyMap<number, readonly Attempt[]>
  /** Each lead's events from the newest before the run on. */
  readonly #leads: ReadonlyMap<number, readonly LoggedEvent[]>
  readonly #nextOf: ReadonlyMap<number, LoggedEvent>

  constructor({ begun, log, operations }: History) {
    this.begun = begun.sequence
    this.events = log
    const attempts = operations.filter(isAttempt)
    this.attempts = new Map(attempts.map((one) => [one.asked.requestId, one]))
    this.changes = Map.groupBy(attempts, ({ asked }) => asked.number)
    this.#leads = Map.groupBy([...begun.leads, ...log], ({ lead }) => lead)
    const nextOf = new Map<number, LoggedEvent>()
    for (const events of this.#leads.values()) {
      for (const [index, event] of events.entries()) {
        const next = events[index + 1]
        if (next !== undefined) nextOf.set(event.sequence, next)
      }
    }
    this.#nextOf = nextOf
  }

  get leads(): Iterable<readonly [number, readonly LoggedEvent[]]> {
    return this.#leads
  }

  event(sequence: number): LoggedEvent | undefined {
    return this.events[sequence - this.begun - 1]
  }

  /** The event that a lead got a version by. */
  byVersion(lead: number, version: number): LoggedEvent | undefined {
    const events = this.#leads.get(lead)
    return events?.[version - (events[0]?.version ?? 0)]
  }

  /** The versions of a lead before the run and at its end. */
  versionsOf(lead: number): { readonly oldest: number; readonly newest: number } {
    const events = this.#leads.get(lead)
    return { oldest: events?.at(0)?.version ?? 0, newest: events?.at(-1)?.version ?? 0 }
  }

  byTime(lead: number, at: number): LoggedEvent | undefined {
    return this.#leads.get(lead)?.findLast((event) => event.at === at)
  }

  /** The next event of the same lead. */
  nextOf({ sequence }: LoggedEvent): LoggedEvent | undefined {
    return this.#nextOf.get(sequence)
  }

  /** The attempt that an event of the run was made by. */
  attemptOf({ requestId }: LoggedEvent): Attempt | undefined {
    return this.attempts.get(requestId ?? '')
  }
}

/**
 * The log by itself: numbers are dense and times never go back, the events of a lead are a chain, each tells the
 * state before it with just the members of its request changed, and the lead's row is the state of its newest.
 */
export function checkLog({ begun, rows }: History, log: Log): void {
  for (const { lead, version } of begun.leads) {
    const left = rows.find((row) => row.lead === lead)?.version ?? 0
    hold(left >= version, `LOST: lead ${lead} had version ${version} before the run, and has ${left} behind it`)
  }
  let before = { sequence: log.begun, at: Number.NEGATIVE_INFINITY }
  for (const event of log.events) {
    hold(
      event.sequence === before.sequence + 1,
      `LOG: event ${event.sequence} follows ${before.sequence}: the log is not dense`,
    )
    hold(event.at >= before.at, `LOG: the time of event ${event.sequence} is before that of ${before.sequence}`)
    before = event
  }
  for (const [lead, [first, ...events]] of log.leads) {
    hold(first !== undefined && first.sequence <= log.begun, `LOG: lead ${lead} is not known from before`)
    let last = first
    for (const event of events) {
      checkLink(event, last, log.attemptOf(event)?.asked.members)
      last = event
    }
    const row = rows.find((one) => one.lead === lead)
    hold(
      row?.version === last.version && row.updatedAt === last.at,
      `LOG: the row of lead ${lead} has version ${row?.version}, its newest event ${last.version}`,
    )
    const wrong = difference(row.state ?? {}, last.state)
    hold(wrong === undefined, `LOG: the row of lead ${lead} differs from its newest event: ${wrong}`)
  }
}

function checkLink(event: LoggedEvent, last: LoggedEvent, members: Members | undefined): void {
  const name = `LOG: event ${event.sequence} of lead ${event.lead}`
  hold(event.version === last.version + 1, `${name} is version ${event.version} after ${last.version}`)
  hold(event.previous === last.sequence, `${name} names ${event.previous} as the event before, not ${last.sequence}`)
  hold(event.at > last.at, `${name} is not after event ${last.sequence}`)
  hold(members !== undefined, `${name} is of no request: ${event.requestId}`)
  const wrong = difference(event.state, { ...last.state, ...members })
  hold(wrong === undefined, `${name} tells another state than event ${last.sequence} and its request make: ${wrong}`)
}
