import { describe, expect, test } from 'vitest'
import { checkHistory } from './check.ts'
import { withLog, withOperation } from './doctor.ts'
import type { History, LeadState, LoggedEvent, Members, Operation, Outcome, SeenLead, WriteAsked } from './history.ts'
import { type Call, carriedOut, seenAt } from './make.ts'
import { Chain } from './record.ts'
import { hasOrder, searchStepsMax } from './search.ts'

/** @param times when it is called, when it is carried out, when it returns */
const call = (asked: Operation['asked'], times: readonly [number, number, number], life = 1): Call => {
  const [invokedAt, happensAt, returnedAt] = times
  return { client: `client ${invokedAt}`, life, invokedAt, happensAt, returnedAt, asked }
}

const write = (number: number, lead: number, members: Members, more: Partial<WriteAsked> = {}): WriteAsked => ({
  kind: 'write',
  lead,
  number,
  members,
  ifMatch: null,
  onceKey: null,
  requestId: `w${number}`,
  ...more,
})

/** Two leads over two servers: events 3 to 6 are `w1` and `w3` of lead 1, `w2` and `w5` of lead 2. */
const right = carriedOut(
  [
    call(write(1, 1, { tags: '1' }, { onceKey: 'a' }), [0, 5, 10]),
    call({ kind: 'read', lead: 1 }, [12, 13, 15]),
    call(write(2, 2, { tags: '2,3', assignedUsers: '7' }), [11, 16, 20]),
    call(write(3, 1, { tags: '4' }, { ifMatch: [2] }), [21, 25, 30]),
    call(write(4, 1, { tags: '5' }, { ifMatch: [2] }), [22, 28, 32]),
    call({ kind: 'list' }, [33, 34, 35]),
    call({ kind: 'feed', after: 2 }, [34, 35, 36]),
    call(write(1, 1, { tags: '1' }, { onceKey: 'a', requestId: 'w1again' }), [37, 39, 40]),
    call({ kind: 'read', lead: 2 }, [41, 42, 44]),
    call(write(5, 2, { tags: '6', company_name: 'w5' }), [45, 48, 60]),
    call(write(6, 2, { tags: '7' }), [46, 55, 61]),
    call({ kind: 'read', lead: 2 }, [70, 71, 72], 2),
  ],
  50,
)
const place = {
  w1: 0,
  read1: 1,
  w2: 2,
  w3: 3,
  w4: 4,
  list: 5,
  feed: 6,
  w1again: 7,
  read2: 8,
  w5: 9,
  w6: 10,
  readLast: 11,
}

/** With the answer of one request made another. */
const answered = (name: keyof typeof place, outcome: Outcome): History => withOperation(right, place[name], { outcome })
const outcomeOf = (name: keyof typeof place): Outcome => right.operations[place[name]]?.outcome ?? { kind: 'unknown' }
const changedAs = (name: keyof typeof place, more: Partial<Extract<Outcome, { kind: 'changed' }>>): History => {
  const outcome = outcomeOf(name)
  return outcome.kind === 'changed' ? answered(name, { ...outcome, ...more }) : right
}
/** With the lead that a read or list showed made another. */
const shown = (name: keyof typeof place, change: (seen: SeenLead, index: number) => SeenLead): History => {
  const outcome = outcomeOf(name)
  return outcome.kind === 'seen' ? answered(name, { ...outcome, leads: outcome.leads.map(change) }) : right
}
const timed = (name: keyof typeof place, invokedAt: number, returnedAt: number): History =>
  withOperation(right, place[name], { invokedAt, returnedAt })

const eventAt = (sequence: number): LoggedEvent => {
  const event = [...right.begun.leads, ...right.log].find((one) => one.sequence === sequence)
  if (event === undefined) throw new Error(`no event ${sequence}`)
  return event
}
/** A lead by an event, as a read shows it. */
const seenBy = (sequence: number): SeenLead => seenAt(eventAt(sequence))
const logged = (sequence: number, change: Partial<LoggedEvent>): History => ({
  ...right,
  log: right.log.map((event) => (event.sequence === sequence ? { ...event, ...change } : event)),
})
/** The state by an event, with members of it made others. */
const stateWith = (sequence: number, members: Members): LeadState => ({ ...eventAt(sequence).state, ...members })

const lead2Mixed = (seen: SeenLead): SeenLead => ({ ...seen, state: seen.state && { ...seen.state, tags: '2,3,6' } })

describe('the check sees', () => {
  const wrong: [what: string, history: History, says: RegExp][] = [
    ['an acknowledged change that is lost', withLog(right, ['w1', 'w2', 'w5']), /^LOST: write w3/],
    ['one that is lost behind others', withLog(right, ['w1', 'w3', 'w5']), /^LOST: write w2 .* event is of w3/],
    ['a change that was carried out twice', withLog(right, ['w1', 'w2', 'w3', 'w5', 'w1again']), /^TWICE: event 7/],
    [
      'a change that was refused and done',
      withLog(right, ['w1', 'w2', 'w3', 'w5', 'w4']),
      /^REFUSED AND DONE: event 7/,
    ],
    ['an answer that names another event', changedAs('w2', { sequence: 5 }), /^LOST: write w2 .* of w3/],
    ['an answer that names another version', changedAs('w2', { lead: seenBy(3) }), /version 2|time|state/],
    ['a log that is not dense', { ...right, log: right.log.toSpliced(1, 1) }, /^LOG: event 5 follows 3/],
    ['a time of the log that goes back', logged(5, { at: 1_003 }), /^LOG: the time of event 5/],
    ['a broken chain', logged(5, { previous: 4 }), /^LOG: event 5 of lead 1 names 4/],
    ['a version that is left out', logged(5, { version: 4 }), /^LOG: event 5 of lead 1 is version 4 after 2/],
    ['an event of no request', logged(5, { requestId: 'stranger' }), /^LOG: event 5 of lead 1 is of no request/],
    ['a change that undid another', logged(6, { state: stateWith(6, { assignedUsers: '' }) }), /^LOG: event 6/],
    [
      'a lead that is older than before the run',
      { ...right, rows: right.rows.map((row) => ({ ...row, version: 0 })) },
      /^LOST: lead 1 had version 1 before the run, and has 0/,
    ],
    [
      'a row that is not its newest event',
      { ...right, rows: right.rows.map((row) => (row.lead === 1 ? seenBy(3) : row)) },
      /^LOG: the row of lead 1/,
    ],
    ['a log in another order than the clients saw', withLog(right, ['w2', 'w1', 'w3', 'w5']), /^LOST: write w1/],
    [
      'a change told before one that had returned',
      timed('w2', 31, 33),
      /^ORDER: event 4 .*w2 .* made event 4.*w3 .* told of event 5/,
    ],
    ['a stale read', shown('read2', () => seenBy(2)), /^ORDER: event 4 .*read of lead 2 .* did not see event 4.*w2/],
    ['a read behind what another read had shown', shown('readLast', () => seenBy(4)), /^ORDER: event 6 .*server 1/],
    ['a read of what was not asked for yet', shown('read1', () => seenBy(5)), /^ORDER: event 5 .*w3 .*read of lead 1/],
    ['a read of a state that vanished', shown('readLast', (seen) => ({ ...seen, version: 4 })), /^VANISHED: read/],
    ['a version with another state', shown('read2', (seen) => ({ ...seen, version: 3 })), /^VANISHED: .*v3 otherwise/],
    ['a time that is no event', shown('list', (seen) => ({ ...seen, updatedAt: 9 })), /^VANISHED: list/],
    ['a mixed set', shown('readLast', lead2Mixed), /^MIXED: read of lead 2 .* tags 2,3,6/],
    ['a mixed set in the log', logged(6, { state: stateWith(6, { tags: '2,6' }) }), /^MIXED: event 6/],
    ['a list that is torn', shown('list', (_, index) => seenBy(index === 0 ? 5 : 2)), /^TORN: list/],
    ['a page of the feed that leaves one out', followed(({ events }) => ({ events: events.toSpliced(0, 1) })), /^FEED/],
    ['a feed that is behind', followed(({ events }) => ({ events: events.slice(0, 1), last: 3 })), /^ORDER: event 4/],
    ['a feed that shows what vanished', followed(() => ({ last: 9 })), /^VANISHED: feed/],
    ['a replay that says it is none', changedAs('w1again', { replayed: false }), /^REPLAY: write w1again/],
    ['a replay with another answer', changedAs('w1again', { lead: seenBy(5) }), /w1again .* version 2/],
    [
      'a 409 for what was answered before',
      answered('w1again', refused(409)),
      /^REPLAY: write w1again .* answered before/,
    ],
    ['a 412 though the version stood', timed('w4', 12, 14), /^IF-MATCH: write w4 .* all the while/],
    ['a 412 without a condition', answered('w6', refused(412)), /^IF-MATCH: write w6/],
    ['two that win with one version', twoWinners(), /^IF-MATCH: event 6 is of write w4/],
    ['any other refusal', answered('w6', refused(503)), /^REFUSED: write w6/],
    ['a read that is refused', answered('read2', refused(404)), /^REFUSED: read/],
    [
      'a change by a server that was gone',
      { ...right, deaths: [{ life: 1, at: 44.5 }] },
      /^ORDER: event 6 .* was gone/,
    ],
    ['a request that hangs', timed('w6', 46, 31_000), /^HANGS: write w6/],
  ]
  test.each(wrong)('%s', (_, history, says) => {
    expect(() => checkHistory(history)).toThrow(says)
  })
})

function refused(status: number): Outcome {
  return { kind: 'refused', status, body: '' }
}

function followed(change: (outcome: Extract<Outcome, { kind: 'followed' }>) => object): History {
  const outcome = outcomeOf('feed')
  return outcome.kind === 'followed' ? answered('feed', { ...outcome, ...change(outcome) }) : right
}

/** `w4` was carried out behind `w3`, though both asked for the same version. */
function twoWinners(): History {
  const history = withLog(right, ['w1', 'w2', 'w3', 'w4', 'w5'])
  const [lead = seenBy(5)] = history.log.slice(3, 4).map(seenAt)
  return withOperation(history, place.w4, { outcome: { kind: 'changed', sequence: 6, replayed: false, lead } })
}

test('a real server that is paused and killed leaves histories without a fault', async () => {
  const chain = new Chain({ losesPower: false })
  try {
    const [paused, killed] = [await chain.record(2), await chain.record(3)]
    for (const history of [paused, killed]) {
      const { events, unknown } = checkHistory(history)
      expect(events).toBeGreaterThan(50)
      expect(unknown).toBeGreaterThan(0)
      expect(hasOrder(history, searchStepsMax)).toBe(true)
    }
    expect(killed.deaths).toHaveLength(1)
  } finally {
    await chain.close()
  }
}, 120_000)
