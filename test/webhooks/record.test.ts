import { describe, expect, test } from 'vitest'
import { type Progress, recordProgress } from '../../src/webhooks/record.ts'
import { noon } from '../fixture.ts'
import { aMoment } from '../leads/examples.ts'
import { aDelivery, aWebhook } from './examples.ts'

const health = { failing_since: null, last_attempt_at: noon, last_status: 200, last_delivered_at: noon }

function recorded(webhook: ReturnType<typeof aWebhook> | undefined, more: Partial<Progress> = {}) {
  const progress = { companyId: 3, webhookId: 1, revision: 4, round: 2, cursor: 9, deliveries: [], health, ...more }
  const work = recordProgress({ disable: undefined, ...progress })
  let next = 100
  const change = work.decide({ webhook }, aMoment({ nextId: () => next++ }))
  return { ...change, work, set: change.writes.find(({ table }) => table === 'webhooks') }
}

describe('progress of an endpoint', () => {
  test('is its cursor, its health and its deliveries, in one work', () => {
    const rows = [aDelivery(7, { id: 0 }), aDelivery(8, { id: 55 }), aDelivery(9, { id: 0 })]
    const { writes, reply, set, work } = recorded(aWebhook(), { deliveries: rows })
    expect(work).toMatchObject({ keys: { webhook: 1 }, ids: { deliveries: 2 }, changesFollowers: false })
    expect(writes.map(({ kind, table }) => `${kind} ${table}`)).toEqual([
      'insert deliveries',
      'update deliveries',
      'insert deliveries',
      'update webhooks',
    ])
    expect(reply).toEqual({ ids: [100, 101], found: true })
    expect(set).toMatchObject({ set: { cursor: 9, last_status: 200, last_delivered_at: noon } })
  })

  test('never takes the cursor back', () => {
    expect(recorded(aWebhook({ cursor: 20 })).set).toMatchObject({ set: { cursor: 20 } })
  })

  test('does not move a cursor that somebody has put back meanwhile', () => {
    expect(recorded(aWebhook({ cursor: 2, round: 3, revision: 5 })).set).toMatchObject({ set: { cursor: 2 } })
  })

  test('ends a replay when the cursor has passed it', () => {
    expect(recorded(aWebhook({ replay_until: 10 })).set).toMatchObject({ set: { replay_until: 10 } })
    expect(recorded(aWebhook({ replay_until: 9 })).set).toMatchObject({ set: { replay_until: 0 } })
  })

  test('keeps the health of before when nothing was tried', () => {
    const none = { failing_since: null, last_attempt_at: null, last_status: null, last_delivered_at: null }
    const before = aWebhook({ last_attempt_at: 1, last_status: 500, last_delivered_at: 2 })
    expect(recorded(before, { health: none }).set).toMatchObject({
      set: { last_attempt_at: 1, last_status: 500, last_delivered_at: 2 },
    })
  })

  test('of an endpoint that is gone is nothing', () => {
    for (const webhook of [undefined, aWebhook({ deleted_at: noon })]) {
      const { writes, reply } = recorded(webhook, { deliveries: [aDelivery(7, { id: 0 })] })
      expect({ writes, reply }).toEqual({ writes: [], reply: { ids: [], found: false } })
    }
  })
})

describe('disabling an endpoint', () => {
  test('sets its state and the reason, and tells the followers', () => {
    const { set, work } = recorded(aWebhook(), { disable: 'gone' })
    expect(set).toMatchObject({ set: { state: 'disabled', reason: 'gone', revision: 5 } })
    expect(work.changesFollowers).toBe(true)
  })

  test('does not undo what a person did meanwhile', () => {
    const { set } = recorded(aWebhook({ revision: 5, failing_since: null }), {
      disable: 'gone',
      health: { ...health, failing_since: noon },
    })
    expect(set).not.toHaveProperty('set.state')
    expect(set).toMatchObject({ set: { failing_since: null } })
  })
})
