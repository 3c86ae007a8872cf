import { expect, test } from 'vitest'
import type { EventName } from '../../src/contract/events.ts'
import { hears } from '../../src/webhooks/subscription.ts'

const all = { events: null, fields: null }
const event = (name: EventName, ...members: string[]) => ({ name, members })

test('an endpoint that names nothing hears of everything', () => {
  expect(hears(all, event('lead_created'))).toBe(true)
  expect(hears(all, event('lead_updated', 'status'))).toBe(true)
})

test('an endpoint that names events hears of these only', () => {
  const webhook = { ...all, events: ['lead_created', 'deal_created'] as const }
  expect(hears(webhook, event('lead_created'))).toBe(true)
  expect(hears(webhook, event('lead_updated', 'status'))).toBe(false)
})

test('an endpoint that names members hears of updates that touch one of them', () => {
  const webhook = { ...all, fields: ['status', 'tags'] }
  expect(hears(webhook, event('lead_updated', 'email', 'tags'))).toBe(true)
  expect(hears(webhook, event('lead_updated', 'email'))).toBe(false)
  expect(hears(webhook, event('lead_updated'))).toBe(false)
})

test('members are no filter for what is no update', () => {
  const webhook = { ...all, fields: ['status'] }
  expect(hears(webhook, event('lead_created'))).toBe(true)
  expect(hears(webhook, event('lead_deleted'))).toBe(true)
})

test('events and members must both fit', () => {
  const webhook = { events: ['lead_updated'] as const, fields: ['status'] }
  expect(hears(webhook, event('lead_updated', 'status'))).toBe(true)
  expect(hears(webhook, event('lead_created'))).toBe(false)
  expect(hears(webhook, event('lead_updated', 'email'))).toBe(false)
})
