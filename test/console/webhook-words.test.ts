import { describe, expect, test } from 'vitest'
import { outcomesSentence, percentile, shownMs, waitingText } from '../../console/webhooks/health.ts'
import { localMinute, localOf, utcOf } from '../../console/webhooks/local-time.ts'
import { deliveryFilterOf, firstSequenceSince } from '../../console/webhooks/queries.ts'
import {
  alternatives,
  eventLabels,
  fieldLabels,
  namesOf,
  subscriptionSentence,
  whyFailed,
} from '../../console/webhooks/words.ts'
import { eventNames } from '../../src/contract/events.ts'
import { patchMembers } from '../../src/contract/leads.ts'

describe('what an endpoint hears of, in words', () => {
  test.each([
    [{ events: null, fields: null }, 'Every event'],
    [{ events: null, fields: ['status'] }, 'Every event · changes only of Status'],
    [{ events: ['lead_created', 'lead_updated'], fields: null }, 'Lead created, Lead changed'],
    [{ events: ['lead_updated'], fields: ['status', 'tags'] }, 'Lead changed · changes only of Status or Tags'],
    [{ events: ['lead_deleted'], fields: ['status'] }, 'Lead deleted'],
  ] as const)('%j', ({ events, fields }, sentence) => {
    expect(subscriptionSentence({ events: events && [...events], fields: fields && [...fields] })).toBe(sentence)
  })

  test('every event and every member of the contract has its words', () => {
    expect(namesOf(eventLabels).sort()).toEqual([...eventNames].sort())
    expect(namesOf(fieldLabels).sort()).toEqual([...patchMembers].sort())
  })

  test('alternatives are joined as in speech', () => {
    expect(alternatives(['a'])).toBe('a')
    expect(alternatives(['a', 'b', 'c'])).toBe('a, b or c')
  })
})

describe('why a delivery has not arrived', () => {
  const failed = (status: number | null, error: string | null) => whyFailed({ state: 'retrying', status, error })

  test('an answer is named, with what to do', () => {
    expect(failed(401, null)).toMatch(/answered 401.*secret/)
    expect(failed(302, null)).toMatch(/redirect/)
    expect(failed(500, null)).toMatch(/answered 500.*its log/)
    expect(failed(418, null)).toMatch(/answered 418/)
  })

  test('what the sender says is put into a sentence', () => {
    expect(failed(null, 'connection refused')).toMatch(/Nothing listens/)
    expect(failed(null, 'timed out after 10000 ms')).toMatch(/within 10 s/)
    expect(failed(null, 'address refused: 10.0.0.1 is private')).toMatch(/10\.0\.0\.1 is private.*WAGGLE_WEBHOOK_ALLOW/)
    expect(failed(null, 'not sent: ESOMETHING')).toBe('There was no answer: not sent: ESOMETHING.')
  })

  test('what has arrived, or waits, has not failed', () => {
    expect(whyFailed({ state: 'delivered', status: 204, error: null })).toBeUndefined()
    expect(whyFailed({ state: 'pending', status: null, error: null })).toBeUndefined()
  })

  test('what was given up says so', () => {
    expect(whyFailed({ state: 'skipped', status: null, error: null })).toMatch(/given up/)
    expect(whyFailed({ state: 'expired', status: null, error: null })).toMatch(/Retention/)
  })
})

describe('health at a glance', () => {
  test('percentiles are by nearest rank, of what was answered', () => {
    const recent = [...Array.from({ length: 100 }, (_, at) => ({ ms: at + 1 })), { ms: null }]
    expect(percentile(recent, 0.5)).toBe(50)
    expect(percentile(recent, 0.99)).toBe(99)
    expect(percentile([{ ms: 7 }], 0.99)).toBe(7)
    expect(percentile([{ ms: null }], 0.5)).toBeUndefined()
  })

  test('times are in the unit that is read at once', () => {
    expect(shownMs(85)).toBe('85 ms')
    expect(shownMs(1249)).toMatch(/^1[.,]2 s$/)
  })

  test('the strip is told as a sentence', () => {
    const recent = [{ state: 'delivered' }, { state: 'retrying' }, { state: 'parked' }, { state: 'skipped' }] as const
    expect(outcomesSentence(recent)).toBe('Of the last 4: 1 arrived, 1 being tried again, 2 given up.')
    expect(outcomesSentence([])).toBe('Nothing was sent yet.')
  })

  test('what waits is in the log and on its way; more than was counted has a plus', () => {
    expect(waitingText({ backlog: 2, undelivered: 3 })).toBe('5')
    expect(waitingText({ backlog: 0, undelivered: 1000 })).toMatch(/^1\D?000\+$/)
  })
})

describe('the first event of a time on', () => {
  const times = [10, 20, 20, 30]
  const timeOf = async (sequence: number): Promise<number | undefined> => times[sequence - 1]

  test.each([
    [5, 1],
    [10, 1],
    [11, 2],
    [20, 2],
    [21, 4],
    [30, 4],
    [31, undefined],
  ])('since %d it is %s', async (since, sequence) => {
    expect(await firstSequenceSince(since, times.length, timeOf)).toBe(sequence)
  })

  test('an empty log has none', async () => {
    expect(await firstSequenceSince(0, 0, timeOf)).toBeUndefined()
  })
})

describe('the filter in the address', () => {
  test('knows the names of the API and passes over others', () => {
    expect(deliveryFilterOf({ state: 'parked,nonsense,retrying', event: 'lead_updated', lead: '7' })).toEqual({
      state: ['retrying', 'parked'],
      event: 'lead_updated',
      lead: '7',
      since: undefined,
      until: undefined,
    })
    expect(deliveryFilterOf({ event: 'nonsense' }).event).toBeUndefined()
  })

  test('a minute of the viewer and a time of the API are one', () => {
    const local = localMinute(Date.UTC(2026, 0, 31, 12, 5))
    expect(utcOf(local)).toBe('2026-01-31T12:05:00.000Z')
    expect(localOf('2026-01-31T12:05:30.000Z')).toBe(local)
    expect(utcOf('')).toBeUndefined()
    expect(localOf(undefined)).toBe('')
  })
})
