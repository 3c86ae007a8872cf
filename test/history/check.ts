import { isDeepStrictEqual } from 'node:util'
import { hold } from '../crash/check.ts'
import {
  answerMsMax,
  difference,
  type History,
  type LeadState,
  type LoggedEvent,
  type Operation,
  type SeenLead,
  toldOf,
} from './history.ts'
import { type Attempt, checkLog, Log } from './log.ts'
import { checkMoments, type Place } from './real-time.ts'

/** What a history held. */
export interface Checked {
  readonly operations: number
  readonly events: number
  /** Attempts without an answer, and how many of them stand in the log. */
  readonly unknown: number
  readonly unknownDone: number
  /** Changes refused with 412, and answers that were given again. */
  readonly refused: number
  readonly replayed: number
}

/**
 * Holds a history against the rules of the server:
 *
 * - every request is answered, or its connection ends, in good time;
 * - the log by itself is sound ({@link checkLog});
 * - an acknowledged change is in the log once, as it was told; one without an answer at most once; a refused one never;
 * - attempts with one idempotency key get one answer; `If-Match` lets a change through on its versions only;
 * - every answer shows states that the log has, and sets that one change made;
 * - there are moments for all requests that suit the order of the log and the times of the clients
 *   ({@link checkMoments}): leads are linearizable, and no answer shows what is later lost.
 *
 * @throws Violation with the first rule that does not hold
 */
export function checkHistory(history: History): Checked {
  const log = new Log(history)
  for (const operation of history.operations) {
    hold(operation.returnedAt - operation.invokedAt < answerMsMax, `HANGS: ${toldOf(operation)}`)
  }
  checkSets(history, log)
  checkLog(history, log)
  checkEvents(log)
  for (const attempts of log.changes.values()) checkChange(attempts, log)
  const places = history.operations.flatMap((operation) => placeOf(operation, log) ?? [])
  checkMoments(history, log, places)
  const answered = (kind: string): Attempt[] =>
    [...log.attempts.values()].filter(({ outcome }) => outcome.kind === kind)
  return {
    operations: history.operations.length,
    events: log.events.length,
    unknown: answered('unknown').length,
    unknownDone: log.events.filter((event) => log.attemptOf(event)?.outcome.kind === 'unknown').length,
    refused: answered('refused').filter(({ outcome }) => 'status' in outcome && outcome.status === 412).length,
    replayed: answered('changed').filter(({ outcome }) => 'replayed' in outcome && outcome.replayed).length,
  }
}

const setMembers = ['tags', 'assignedUsers'] as const

/** Every set that was shown of a lead is one that a change of the lead made, or that stood there before. */
function checkSets({ begun, operations }: History, log: Log): void {
  const made = new Set<string>()
  const add = (lead: number, state: Partial<LeadState>): void => {
    for (const member of setMembers) made.add(`${lead} ${member} ${state[member]}`)
  }
  for (const { lead, state } of begun.leads) add(lead, state)
  for (const { asked } of operations) if (asked.kind === 'write') add(asked.lead, asked.members)
  const check = (lead: number, state: LeadState | null, shown: () => string): void => {
    if (state === null) return
    for (const member of setMembers) {
      const known = made.has(`${lead} ${member} ${state[member]}`)
      hold(known, `MIXED: ${shown()} shows ${member} ${state[member]} of lead ${lead}, which no change has set`)
    }
  }
  for (const event of log.events) check(event.lead, event.state, () => `event ${event.sequence}`)
  for (const operation of operations) {
    for (const { lead, state } of seenIn(operation).filter((seen) => eventOf(seen, log) !== undefined)) {
      check(lead, state, () => toldOf(operation)) // what the log does not have at all is told below
    }
  }
}

function seenIn({ outcome }: Operation): readonly SeenLead[] {
  if (outcome.kind === 'changed') return [outcome.lead]
  if (outcome.kind === 'seen') return outcome.leads
  if (outcome.kind !== 'followed') return []
  return outcome.events.map(({ lead, at, state }) => ({ lead, version: null, updatedAt: at, state }))
}

/** The event by which a lead became what an answer shows. */
const eventOf = ({ lead, version, updatedAt }: SeenLead, log: Log): LoggedEvent | undefined =>
  version === null ? log.byTime(lead, updatedAt) : log.byVersion(lead, version)

/** Each event is of one attempt, and each change has one event at the most; none is of a refused attempt. */
function checkEvents(log: Log): void {
  const done = new Map<number, number>()
  for (const event of log.events) {
    const attempt = log.attemptOf(event)
    hold(attempt !== undefined, `event ${event.sequence} is of no request: ${event.requestId}`)
    const { number, lead, ifMatch } = attempt.asked
    const told = `event ${event.sequence} is of ${toldOf(attempt)}`
    hold(!done.has(number), `TWICE: ${told}, whose change is event ${done.get(number)} already`)
    done.set(number, event.sequence)
    hold(attempt.outcome.kind !== 'refused', `REFUSED AND DONE: ${told}`)
    hold(lead === event.lead, `${told}, but changed lead ${event.lead}`)
    const matched = !Array.isArray(ifMatch) || ifMatch.includes(event.version - 1)
    hold(matched, `IF-MATCH: ${told}, but changed version ${event.version - 1}`)
  }
}

/** What the attempts of one change were told. */
function checkChange(attempts: readonly Attempt[], log: Log): void {
  let first: Attempt | undefined
  for (const attempt of attempts) {
    const { outcome, asked } = attempt
    if (outcome.kind === 'refused') checkRefusal(attempt, attempts)
    if (outcome.kind !== 'changed') continue
    first ??= attempt
    const event = log.event(outcome.sequence)
    hold(event !== undefined, `LOST: ${toldOf(attempt)} is not in the log`)
    const change = log.attemptOf(event)?.asked.number
    hold(change === asked.number, `LOST: ${toldOf(attempt)}, but that event is of ${event.requestId}`)
    const own = event.requestId === asked.requestId
    hold(own !== outcome.replayed, `REPLAY: ${toldOf(attempt)} is told wrong: the event is of ${event.requestId}`)
    const { version, updatedAt, state } = outcome.lead
    hold(version === event.version, `${toldOf(attempt)}, but the event is version ${event.version}`)
    hold(updatedAt === event.at, `${toldOf(attempt)} tells the time ${updatedAt}, the event ${event.at}`)
    const wrong = difference(state ?? {}, event.state)
    hold(wrong === undefined, `${toldOf(attempt)} shows another state than the event: ${wrong}`)
    const same = first.outcome.kind === 'changed' && isDeepStrictEqual(first.outcome.lead, outcome.lead)
    hold(same, `REPLAY: ${toldOf(attempt)} and ${toldOf(first)} differ, with one idempotency key`)
  }
}

/** 412 has its condition, 409 another attempt that may still run; nothing else is refused. */
function checkRefusal(attempt: Attempt, attempts: readonly Attempt[]): void {
  const { outcome, asked, life, invokedAt, returnedAt } = attempt
  const status = outcome.kind === 'refused' ? outcome.status : 0
  if (status === 412) {
    hold(Array.isArray(asked.ifMatch), `IF-MATCH: ${toldOf(attempt)} was refused without a version`)
    return
  }
  hold(status === 409 && asked.onceKey !== null, `REFUSED: ${toldOf(attempt)} was refused`)
  const answered = attempts.find((one) => one.outcome.kind === 'changed' && one.returnedAt < invokedAt)
  hold(answered === undefined, `REPLAY: ${toldOf(attempt)}, though its change was answered before`)
  const running = attempts.some((one) => one !== attempt && one.life === life && one.invokedAt < returnedAt)
  hold(running, `REPLAY: ${toldOf(attempt)}, though no other attempt can still run`)
}

/** Where in the log an answer stands: it has seen all up to one event, and not the next that it could have seen. */
function placeOf(operation: Operation, log: Log): Place | undefined {
  const { asked, outcome } = operation
  if (outcome.kind === 'followed') return placeOfFeed(operation, log)
  if (outcome.kind === 'refused' && asked.kind !== 'write') hold(false, `REFUSED: ${toldOf(operation)} was refused`)
  if (outcome.kind !== 'seen') return undefined
  let seen = 0
  let unseen = Number.POSITIVE_INFINITY
  for (const shown of outcome.leads) {
    const event = eventOf(shown, log)
    const what = `lead ${shown.lead} at ${shown.version === null ? `the time ${shown.updatedAt}` : `v${shown.version}`}`
    hold(event !== undefined, `VANISHED: ${toldOf(operation)} showed ${what}, which the log does not have`)
    const wrong = shown.state && difference(shown.state, event.state)
    hold(!wrong, `VANISHED: ${toldOf(operation)} showed ${what} otherwise than event ${event.sequence}: ${wrong}`)
    hold(
      shown.updatedAt === event.at,
      `VANISHED: ${toldOf(operation)} showed ${what} with another time than event ${event.sequence}`,
    )
    seen = Math.max(seen, event.sequence)
    unseen = Math.min(unseen, log.nextOf(event)?.sequence ?? unseen)
  }
  hold(seen < unseen, `TORN: ${toldOf(operation)} showed event ${seen} of one lead, but not ${unseen} of another`)
  return { operation, seen, unseen }
}

/** A page of the feed: the log as it stands, from the number asked for on. */
function placeOfFeed(operation: Operation, log: Log): Place | undefined {
  const { asked, outcome } = operation
  if (asked.kind !== 'feed' || outcome.kind !== 'followed') return undefined
  let sequence = asked.after
  for (const shown of outcome.events) {
    sequence += 1
    const told = `${toldOf(operation)} showed event ${shown.sequence}`
    hold(shown.sequence === sequence, `FEED: ${told} where ${sequence} should stand`)
    const event = log.event(sequence)
    hold(event !== undefined, `VANISHED: ${told}, which the log does not have`)
    const wrong = difference(shown.state, event.state)
    const same = shown.lead === event.lead && shown.at === event.at && wrong === undefined
    hold(same, `VANISHED: ${told} otherwise than the log has it: ${wrong}`)
  }
  const end = log.begun + log.events.length
  hold(outcome.last <= end, `VANISHED: ${toldOf(operation)} told of an event that the log does not have`)
  hold(sequence <= outcome.last || outcome.events.length === 0, `FEED: ${toldOf(operation)} showed more than the last`)
  // Events and the last number are read one after the other: what the page ends before was not there at its begin.
  const unseen = outcome.events.length < outcome.limit ? sequence + 1 : outcome.last + 1
  return { operation, seen: Math.max(sequence, outcome.last), unseen }
}
