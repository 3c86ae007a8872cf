import { describe, expect, test } from 'vitest'
import { giveEndpoint, takeEndpoint } from '../../src/webhooks/hold.ts'
import { noon } from '../fixture.ts'
import { aMoment } from '../leads/examples.ts'
import { aWebhook } from './examples.ts'

describe('taking an endpoint', () => {
  const read = aWebhook({ holder: 'dead', cursor: 6 })
  const taken = (webhook: ReturnType<typeof aWebhook> | undefined) =>
    takeEndpoint(read, 'me').decide({ webhook }, aMoment())

  test('makes the process its holder, and tells how far it has come meanwhile', () => {
    const now = aWebhook({ holder: 'dead', cursor: 9, revision: 5 })
    expect(taken(now)).toEqual({
      reply: { ...now, holder: 'me' },
      writes: [{ kind: 'update', table: 'webhooks', key: { company_id: 3, id: 1 }, set: { holder: 'me' } }],
    })
  })

  test.each([
    ['another has taken it', aWebhook({ holder: 'another' })],
    ['its holder has given it', aWebhook({ holder: null })],
    ['it was paused', aWebhook({ holder: 'dead', state: 'paused' })],
    ['it was deleted', aWebhook({ holder: 'dead', deleted_at: noon })],
    ['it is gone', undefined],
  ])('changes nothing when %s meanwhile', (_, now) => {
    expect(taken(now)).toEqual({ reply: undefined, writes: [] })
  })

  test('claims the endpoint: two that take it decide one after the other', () => {
    expect(takeEndpoint(read, 'me')).toMatchObject({ companyId: 3, keys: { webhook: 1 } })
  })
})

describe('giving an endpoint', () => {
  test('leaves it to whoever takes it next', () => {
    expect(giveEndpoint(aWebhook(), 'me').decide({ webhook: aWebhook({ holder: 'me' }) }, aMoment())).toEqual({
      reply: null,
      writes: [{ kind: 'update', table: 'webhooks', key: { company_id: 3, id: 1 }, set: { holder: null } }],
    })
  })

  test.each([aWebhook({ holder: 'another' }), aWebhook(), undefined])('is nothing when it is not held', (webhook) => {
    expect(giveEndpoint(aWebhook(), 'me').decide({ webhook }, aMoment()).writes).toEqual([])
  })
})
