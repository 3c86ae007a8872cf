import { hold } from '../crash/check.ts'
import { type History, type Operation, toldOf } from './history.ts'
import type { Attempt, Log } from './log.ts'
import { Moments } from './moments.ts'

/** Where in the log an operation stands that changes nothing: behind one event and before another. */
export interface Place {
  readonly operation: Operation
  /** The newest event it saw. */
  readonly seen: number
  /** The first event it did not see; infinite when there is none. */
  readonly unseen: number
}

/**
 * Every request can be given one moment between its call and its return so that changes happen in the order of the
 * log, and each answer shows what stood at its moment. As the log gives the order, that needs no search: each
 * request bounds the moments of two events, and the bounds either suit each other or do not.
 *
 * @throws Violation that names two requests that do not suit the order of the log
 */
export function checkMoments({ deaths }: History, log: Log, places: readonly Place[]): void {
  const moments = new Moments(log.begun + 1, log.events.length)
  const gone = new Map(deaths.map(({ life, at }) => [life, at]))
  const goneAt = ({ life }: Operation): number => gone.get(life) ?? Number.POSITIVE_INFINITY
  for (const { operation, seen, unseen } of places) {
    const told = toldOf(operation)
    moments.isBefore(seen, Math.min(operation.returnedAt, goneAt(operation)), `${told} saw event ${seen}`)
    moments.isAfter(unseen, operation.invokedAt, `${told} did not see event ${unseen}`)
  }
  for (const { sequence, requestId } of log.events) {
    const attempt = log.attempts.get(requestId ?? '')
    if (attempt === undefined) continue
    moments.isAfter(sequence, attempt.invokedAt, `${toldOf(attempt)} made event ${sequence}`)
    moments.isBefore(sequence, goneAt(attempt), `server ${attempt.life}, which made it, was gone then`)
  }
  for (const attempt of log.attempts.values()) {
    const { outcome, returnedAt } = attempt
    if (outcome.kind !== 'changed') continue
    moments.isBefore(outcome.sequence, returnedAt, `${toldOf(attempt)} was told of event ${outcome.sequence}`)
  }
  settle(moments)
  for (const attempt of log.attempts.values()) boundRefusal(attempt, log, moments)
  settle(moments)
}

function settle(moments: Moments): void {
  const wrong = moments.settle()
  hold(wrong === undefined, `ORDER: ${wrong}`)
}

/**
 * A 412 means that at its moment the lead did not have the versions yet, or no longer. Where only one of the two can
 * be, it bounds the event in question like any other answer.
 */
function boundRefusal(attempt: Attempt, log: Log, moments: Moments): void {
  const { outcome, asked, invokedAt, returnedAt } = attempt
  if (outcome.kind !== 'refused' || outcome.status !== 412 || !Array.isArray(asked.ifMatch)) return
  const [from = 0, to = from] = [asked.ifMatch.at(0), asked.ifMatch.at(-1)]
  const { oldest, newest } = log.versionsOf(asked.lead)
  if (from > newest || to < oldest) return
  const begins = log.byVersion(asked.lead, from)
  const ends = log.byVersion(asked.lead, to + 1)
  const notYet = begins !== undefined && begins.sequence > log.begun && moments.latest(begins.sequence) >= invokedAt
  const noLonger = ends !== undefined && moments.earliest(ends.sequence) <= returnedAt
  const told = toldOf(attempt)
  hold(notYet || noLonger, `IF-MATCH: ${told} was refused, though the lead had that version all the while`)
  if (!notYet && ends) moments.isBefore(ends.sequence, returnedAt, `${told} met a version behind it`)
  if (!noLonger && begins) moments.isAfter(begins.sequence, invokedAt, `${told} met a version before it`)
}
