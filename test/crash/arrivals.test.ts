import { describe, expect, test } from 'vitest'
import { stateOf } from '../../src/events/payload.ts'
import { keptLead } from '../../src/events/record.ts'
import { definitionsOf, noon, uuidOf } from '../fixture.ts'
import { aLead } from '../leads/examples.ts'
import type { ToldRow } from '../told-events.ts'
import { type Arrivals, checkArrivals } from './arrivals.ts'
import type { Message } from './receiver.ts'

const aState = stateOf({ lead_id: 1, at: noon }, { was: {}, is: keptLead(aLead()) }, definitionsOf(3))

/** Changes of two leads in turn: odd numbers are lead 1's. */
const events = [1, 2, 3, 4].map((sequence): ToldRow => {
  const lead = 2 - (sequence % 2)
  const version = 2 + Math.floor((sequence - 1) / 2)
  return {
    company_id: 3,
    sequence,
    lead_id: lead,
    version,
    previous_sequence: Math.max(0, sequence - 2),
    name: 'lead_updated',
    at: noon + sequence,
    user_uuid: uuidOf(1, 1),
    key_id: 1,
    request_id: null,
    definitions_version: 1,
    members: ['status'],
    payload: {
      state: { ...aState, id: lead, updated_at: version },
      changes: { status: { old: `s${sequence}`, new: `s${sequence + 2}` } },
    },
  }
})

function message(sequence: number, more: Partial<Message> = {}): Message {
  const event = events[sequence - 1]
  const raw = JSON.stringify({
    company_uuid: uuidOf(2, 3),
    user_uuid: event?.user_uuid,
    event_id: event?.name,
    lead: event?.payload?.state,
    changed_fields: event?.members,
    changes: event?.payload?.changes,
    configuration: [],
  })
  return { sequence, headers: { 'webhook-id': `id ${sequence}` }, raw, life: 1, unheard: false, ...more }
}

/** All of them accepted as they came, unless it is said otherwise. */
const arrivals = (accepted: readonly Message[], more: Partial<Arrivals> = {}): Arrivals => ({
  messages: accepted,
  accepted,
  events,
  recorded: new Map(),
  ...more,
})
const [one, two, three, four] = [message(1), message(2), message(3), message(4)]
const again = (first: Message, more: Partial<Message> = {}): Message => ({ ...first, ...more })

describe('what arrived is in order', () => {
  test('when every event was accepted, whatever the order between leads', () => {
    expect(checkArrivals(arrivals([two, one, three, four]))).toEqual({ byKill: new Map(), unheard: 0 })
  })

  test('when a message that failed came again', () => {
    const messages = [one, again(one), two, three, four]
    expect(checkArrivals(arrivals([one, two, three, four], { messages }))).toMatchObject({ unheard: 0 })
  })

  test('when one came twice for a kill, also behind later ones, or because its answer was not heard', () => {
    const accepted = [one, again(two, { unheard: true }), two, three, again(one, { life: 2 }), four]
    expect(checkArrivals(arrivals(accepted))).toEqual({ byKill: new Map([[1, 1]]), unheard: 1 })
  })
})

describe('the check of what arrived sees', () => {
  const stranger = again(one, { sequence: 5, headers: { 'webhook-id': 'id 5' } })
  const broken: [what: string, given: Arrivals, says: RegExp][] = [
    ['an event that never arrived', arrivals([one, two, three]), /LOST: event 4/],
    [
      'an event that came and was never accepted',
      arrivals([one, two, three], { messages: [one, two, three, four] }),
      /LOST: event 4/,
    ],
    ['two of one lead in the wrong order', arrivals([three, one, two, four]), /OUT OF ORDER: of lead 1, 1 .* after 3/],
    ['a message of no event', arrivals([one, two, three, four, stranger]), /5 was delivered, but is no event/],
    [
      'a message of no event that was not accepted',
      arrivals([one, two, three, four], { messages: [one, two, three, four, stranger] }),
      /5 was delivered, but is no event/,
    ],
    ['a message of another change', arrivals([again(one, { raw: two.raw }), two, three, four]), /1 was delivered as/],
    ['one that came twice without a kill', arrivals([one, two, again(two), three, four]), /TWICE: 2 was accepted/],
    [
      'one that came again though recorded as arrived',
      arrivals([one, two, three, four, again(two, { life: 2 })], { recorded: new Map([[2, 1]]) }),
      /TWICE: 2 was sent again though recorded/,
    ],
    [
      'other bytes on another attempt',
      arrivals([one, two, three, four, again(one, { raw: '{}' })]),
      /1 .* other bytes/,
    ],
    [
      'a webhook-id of its own on another attempt',
      arrivals([one, two, three, four, again(one, { headers: { 'webhook-id': 'new' } })]),
      /another webhook-id/,
    ],
    [
      'one webhook-id for two events',
      arrivals([one, again(two, { headers: one.headers }), three, four]),
      /2 has the webhook-id of another event/,
    ],
  ]
  test.each(broken)('%s', (_, given, says) => {
    expect(() => checkArrivals(given)).toThrow(says)
  })
})
