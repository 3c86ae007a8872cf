import { describe, expect, test } from 'vitest'
import { type Progress, recordProgress } from '../../src/webhooks/record.ts'
import { noon } from '../fixture.ts'
import { aMoment } from '../leads/examples.ts'
import { aDelivery, aWebhook } from './examples.ts'

const health = { failing_since: null, last_attempt_at: noon, last_status: 200, last_delivered_at: noon }

function recorded(webhook: ReturnType<typeof aWebhook> | undefined, more: Partial<Progress> = {}) {
  const progress = { companyId: 3, webhookId: 1, revision: 4, round: 2, cursor: 9, deliveries: [], health, ...more }
  const work = recordProgress({ disable: undefined, holder: null, ...progress })
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
    expect(reply).toEqual({ ids: [100, 101], held: true })
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

  test('leaves a replay that somebody asked for meanwhile to the next round', () => {
    const meanwhile = aWebhook({ cursor: 2, round: 3, revision: 5, replay_until: 8 })
    expect(recorded(meanwhile, { cursor: 9 }).set).toMatchObject({ set: { cursor: 2, replay_until: 8 } })
  })

  test('of a delivery that is there already is what can change of it, under its id', () => {
    const [update] = recorded(aWebhook(), { deliveries: [aDelivery(8, { id: 55, state: 'parked' })] }).writes
    expect(update).toMatchObject({ key: { company_id: 3, id: 55 }, set: { state: 'parked' } })
    const set = update?.kind === 'update' ? Object.keys(update.set) : []
    for (const member of ['id', 'company_id', 'webhook_id', 'sequence', 'lead_id', 'created_at']) {
      expect(set).not.toContain(member)
    }
  })

  test('draws no id when no delivery is new', () => {
    const nextId = (): number => {
      throw new Error('an id was drawn')
    }
    const progress = { companyId: 3, webhookId: 1, revision: 4, round: 2, cursor: 9, health, disable: undefined }
    const work = recordProgress({ ...progress, holder: null, deliveries: [aDelivery(8, { id: 55 })] })
    expect(work.ids).toEqual({ deliveries: 0 })
    expect(work.decide({ webhook: aWebhook() }, aMoment({ nextId })).reply).toEqual({ ids: [], held: true })
  })

  test('is not written by a process that is not its holder any more', () => {
    const late = { holder: 'late', deliveries: [aDelivery(8)] }
    const nothing = { reply: { ids: [], held: false }, writes: [] }
    expect(recorded(aWebhook({ holder: 'another' }), late)).toMatchObject(nothing)
    expect(recorded(aWebhook({ holder: null }), late)).toMatchObject(nothing)
    expect(recorded(aWebhook({ holder: 'late' }), late).reply).toEqual({ ids: [], held: true })
  })

  test('makes a new delivery at the time of its writing', () => {
    const [insert] = recorded(aWebhook(), { deliveries: [aDelivery(7, { id: 0, created_at: 0 })] }).writes
    expect(insert).toMatchObject({ kind: 'insert', row: { id: 100, sequence: 7, created_at: aMoment().now } })
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
      expect({ writes, reply }).toEqual({ writes: [], reply: { ids: [], held: false } })
    }
  })
})

describe('disabling an endpoint', () => {
  test('sets its state and the reason, and tells the followers', () => {
    const { set, work } = recorded(aWebhook(), { disable: 'gone' })
    expect(set).toMatchObject({ set: { state: 'disabled', reason: 'gone', revision: 5, updated_at: aMoment().now } })
    expect(work.changesFollowers).toBe(true)
  })

  test('still writes how far it came', () => {
    const { set, writes } = recorded(aWebhook(), { disable: 'gone', deliveries: [aDelivery(7, { id: 0 })] })
    expect(writes).toHaveLength(2)
    expect(set).toMatchObject({ set: { cursor: 9, last_status: 200 } })
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
