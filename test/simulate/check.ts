import { strict as assert } from 'node:assert'
import type { Row } from '../../src/storage/tables.ts'
import type { LoggedEvent } from '../../src/webhooks/log-window.ts'
import { bodyOf, deliveryUuid } from '../../src/webhooks/message.ts'
import { hears } from '../../src/webhooks/subscription.ts'
import type { Arrival } from './world.ts'

export interface Rules {
  readonly scheduleMs: readonly number[]
  readonly holdMs: number
}

/** What the check knows of one endpoint. */
export interface Watched {
  readonly webhook: Row<'webhooks'>
  /** The company's log from its first event on. */
  readonly log: readonly LoggedEvent[]
  readonly arrivals: readonly Arrival[]
  /** Times at which the process died, or somebody asked for something to be sent again, or paused and resumed. */
  readonly breaks: readonly number[]
  /** So much later an attempt reaches the net than it began, or a process hears of a change, at the most; in ms. */
  readonly slackMs: number
}

const acknowledged = ({ status }: Arrival): boolean => status !== undefined && status >= 200 && status < 300

/**
 * Nothing wrong: no delivery of what did not happen, order, no doubles without a reason, no attempt too soon.
 *
 * @param begun the newest event that was there before the endpoint, or that was given up by choice
 */
export function checkNothingWrong(watched: Watched, rules: Rules, begun: number): void {
  const { webhook, log, arrivals, breaks } = watched
  const bySequence = new Map<number, Arrival[]>()
  for (const arrival of arrivals) {
    const event = log[arrival.sequence - 1]
    assert(event?.text !== undefined, `endpoint ${webhook.id}: event ${arrival.sequence} never happened`)
    assert.equal(arrival.body, bodyOf(event.text, { configuration: '[]' }), 'another body than the event says')
    assert.equal(arrival.headers['webhook-id'], deliveryUuid(webhook.uuid, event.sequence, event.at))
    assert(hears(webhook, event), `endpoint ${webhook.id} does not hear of event ${event.sequence}`)
    const before = bySequence.get(arrival.sequence) ?? []
    checkRepetition(arrival, before.at(-1), before.length, watched, rules)
    checkOrder(arrival, event, watched, { seen: bySequence, rules, begun })
    bySequence.set(arrival.sequence, [...before, arrival])
  }
  if (breaks.length > 0) return
  for (const [sequence, all] of bySequence) {
    assert(all.filter(acknowledged).length <= 1, `event ${sequence} was acknowledged and came again`)
  }
}

/** A further attempt comes after a failed one, and not before its time. */
function checkRepetition(
  arrival: Arrival,
  last: Arrival | undefined,
  attempts: number,
  watched: Watched,
  rules: Rules,
) {
  if (last === undefined) return
  const interrupted = watched.breaks.some((at) => at + watched.slackMs >= last.at && at <= arrival.at)
  if (interrupted) return
  assert(last.endedAt !== undefined, `event ${arrival.sequence} is under way twice`)
  assert(!acknowledged(last), `event ${arrival.sequence} came again although it had arrived`)
  const delay = rules.scheduleMs[attempts]
  if (watched.breaks.length > 0) return // attempts of earlier rounds do not count for the schedule
  assert(delay !== undefined, `event ${arrival.sequence} was tried more often than the schedule says`)
  assert(arrival.at - last.endedAt >= delay * 0.9 - 1, `event ${arrival.sequence} was tried again too soon`)
}

/** Earlier events of the lead have arrived, or have had their time. */
function checkOrder(
  arrival: Arrival,
  event: LoggedEvent,
  { webhook, log, slackMs }: Watched,
  { seen, rules, begun }: { seen: ReadonlyMap<number, readonly Arrival[]>; rules: Rules; begun: number },
): void {
  if (arrival.headers['x-waggle-late'] !== undefined || arrival.headers['x-waggle-replay'] !== undefined) return
  for (const earlier of log) {
    if (earlier.sequence >= event.sequence) return
    if (earlier.leadId !== event.leadId || earlier.sequence <= begun || !hears(webhook, earlier)) continue
    const attempts = seen.get(earlier.sequence) ?? []
    if (attempts.some(acknowledged)) continue
    const first = attempts[0]
    assert(first !== undefined, `event ${event.sequence} came before ${earlier.sequence} of its lead was tried`)
    const had = arrival.at - first.at >= rules.holdMs - slackMs || attempts.length >= rules.scheduleMs.length
    assert(had, `event ${event.sequence} overtook ${earlier.sequence} of its lead`)
  }
}

/** Everything the endpoint hears of has arrived. */
export function checkAllDelivered(
  { webhook, log, arrivals }: Pick<Watched, 'webhook' | 'log' | 'arrivals'>,
  from: number,
): void {
  const arrived = new Set(arrivals.filter(acknowledged).map(({ sequence }) => sequence))
  for (const event of log) {
    if (event.sequence <= from || !hears(webhook, event)) continue
    assert(arrived.has(event.sequence), `endpoint ${webhook.id}: event ${event.sequence} never arrived`)
  }
  assert.equal(webhook.cursor, log.length, `endpoint ${webhook.id}: its cursor stopped`)
}
