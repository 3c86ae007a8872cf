import { SignJWT } from 'jose'
import { Webhook } from 'standardwebhooks'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createClient, type ToldLead, verifyWebhook, type WebhookError } from '../../sdk/index.ts'
import type { stateOf } from '../../src/events/payload.ts'
import { systemClock, systemTimers } from '../../src/kernel/clock.ts'
import { createSender } from '../../src/webhooks/send.ts'
import { backends } from '../backends.ts'
import { keys } from '../fixture.ts'
import { receiver } from '../webhooks/receiver.ts'

/** What the server tells of a lead is what the client says of it: the compiler holds the two together. */
const toldAs = (lead: ReturnType<typeof stateOf>): ToldLead => lead

test('the client names every member that a webhook tells of a lead', () => {
  expect(toldAs).toBeTypeOf('function')
})

/** A server that sends webhooks to a receiver, and clients of it. */
async function begin() {
  const sender = createSender({
    allow: ['127.0.0.0/8'],
    timeoutMs: 5_000,
    connections: 4,
    clock: systemClock,
    timers: systemTimers,
  })
  const [[, start] = []] = backends
  if (start === undefined) throw new Error('no backend')
  const api = await start({ sender, dispatch: true, config: { webhookAllow: ['127.0.0.0/8'] } })
  onTestFinished(async () => {
    await api.close()
    await sender.close()
  })
  const hook = await receiver()
  const admin = createClient({ baseUrl: api.url, key: keys.admin })
  const integration = await admin.integrations.create({
    name: 'CRM',
    apiKey: 'their key',
    configuration: [{ id: 'lead_integration_settings', selected: [] }],
  })
  const webhook = await admin.webhooks.create({ integration: integration.uuid, url: hook.url })
  return {
    waggle: createClient({ baseUrl: api.url, key: keys.full }),
    admin,
    hook,
    integration: integration.uuid,
    webhook,
  }
}

describe('what the dispatcher sends', () => {
  test('is verified by the signature, by the token, and by both', async () => {
    const { waggle, hook, integration, webhook } = await begin()
    const { sequence } = await waggle.leads.update(4711, { first_name: 'Zoë', status: 'qualified' })
    const [received] = await hook.arrived(1)
    if (received === undefined) throw new Error('nothing has arrived')
    const { raw: body, headers } = received

    const bySecret = await verifyWebhook({ body, headers, secret: webhook.secret })
    expect(bySecret).toMatchObject({
      id: headers['webhook-id'],
      sequence,
      isTest: false,
      claims: undefined,
      event: {
        event_id: 'lead_updated',
        lead: { id: 4711, first_name: 'Zoë', status: 'qualified' },
        changed_fields: ['first_name', 'status'],
        changes: { status: { old: 'new', new: 'qualified' } },
        configuration: [{ id: 'lead_integration_settings' }],
      },
    })
    const byToken = await verifyWebhook({ body, headers, integration })
    expect(byToken).toMatchObject({ id: undefined, claims: { event_id: 'lead_updated', api_key: 'their key' } })
    const both = await verifyWebhook({
      body: new TextEncoder().encode(body),
      headers: new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      secret: ['whsec_AAAA', webhook.secret],
      integration,
    })
    expect(both.event).toEqual(bySecret.event)
  })

  test('is verified while secrets are exchanged, by the old one and by the new', async () => {
    const { waggle, admin, hook, webhook } = await begin()
    const rotated = await admin.webhooks.rotateSecret(webhook.id)
    await waggle.leads.update(4711, { first_name: 'New' })
    const [received] = await hook.arrived(1)
    if (received === undefined) throw new Error('nothing has arrived')
    for (const secret of [webhook.secret, rotated.secret]) {
      expect(
        (await verifyWebhook({ body: received.raw, headers: received.headers, secret })).event.lead.first_name,
      ).toBe('New')
    }
  })

  test('says that it is a test', async () => {
    const { admin, hook, webhook } = await begin()
    expect(await admin.webhooks.test(webhook.id)).toMatchObject({ delivered: true, status: 200 })
    const [received] = await hook.arrived(1)
    if (received === undefined) throw new Error('nothing has arrived')
    const message = await verifyWebhook({ body: received.raw, headers: received.headers, secret: webhook.secret })
    expect(message).toMatchObject({ isTest: true, sequence: undefined })
  })
})

const secret = `whsec_${Buffer.from('a secret of 24 bytes, ok').toString('base64')}`
const integration = '5b8f0c52-6a1e-4d0b-9c37-2f4f0e8a7d11'
const now = Date.UTC(2026, 0, 15, 12)
const body = JSON.stringify({ company_uuid: 'c', event_id: 'lead_updated', lead: { id: 7 } })

interface Made {
  readonly signedWith?: string
  readonly signed?: string
  readonly at?: number
  readonly tokenKey?: string
  readonly event?: string
  readonly tokenAt?: number
  readonly more?: Record<string, string>
}

/** Headers as the server makes them, by libraries that are not ours, with one thing wrong or nothing. */
async function headersOf({ signedWith = secret, signed = body, at = now, tokenAt = now, ...made }: Made = {}) {
  const token = await new SignJWT({ event_id: made.event ?? 'lead_updated', company_uuid: 'c' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(Math.floor(tokenAt / 1000))
    .setExpirationTime(Math.floor(tokenAt / 1000) + 3600)
    .sign(new TextEncoder().encode(made.tokenKey ?? integration))
  return {
    authorization: `Bearer ${token}`,
    'webhook-id': 'one',
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': new Webhook(signedWith).sign('one', new Date(at), signed),
    ...made.more,
  }
}

describe('a message', () => {
  const both = { secret, integration }
  const wrong: readonly [name: string, made: Made, fault: WebhookError['fault']][] = [
    [
      'that another secret signed',
      { signedWith: `whsec_${Buffer.alloc(24, 1).toString('base64')}` },
      'signature_wrong',
    ],
    ['whose body is another', { signed: `${body} ` }, 'signature_wrong'],
    ['whose id is another', { more: { 'webhook-id': 'two' } }, 'signature_wrong'],
    ['whose time is another', { more: { 'webhook-timestamp': String(now / 1000 + 1) } }, 'signature_wrong'],
    ['that is not signed', { more: { 'webhook-signature': '' } }, 'signature_missing'],
    ['that is signed in a form we do not know', { more: { 'webhook-signature': 'v2,AAAA' } }, 'signature_missing'],
    ['whose signature is no base64', { more: { 'webhook-signature': 'v1,?' } }, 'signature_wrong'],
    ['that is old', { at: now - 301_000 }, 'too_old'],
    ['that is of a time to come', { at: now + 301_000 }, 'too_old'],
    ['without a token', { more: { authorization: '' } }, 'token_missing'],
    ['whose token has another key', { tokenKey: `${integration} ` }, 'token_wrong'],
    ['whose token is of another event', { event: 'lead_created' }, 'token_wrong'],
    ['whose token has ended', { tokenAt: now - 3_901_000 }, 'too_old'],
    ['whose token is not yet good', { tokenAt: now + 301_000 }, 'too_old'],
  ]

  test('that is right is taken, up to five minutes late', async () => {
    for (const at of [now, now - 299_000, now + 299_000]) {
      expect(await verifyWebhook({ body, headers: await headersOf({ at }), now, ...both })).toMatchObject({ id: 'one' })
    }
  })

  test.each(wrong)('%s is refused', async (_, made, fault) => {
    const refused = verifyWebhook({ body, headers: await headersOf(made), now, ...both })
    await expect(refused).rejects.toMatchObject({ name: 'WebhookError', fault })
  })

  test('whose token says that it needs no signature is refused', async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { event_id: 'lead_updated', company_uuid: 'c', iat: now / 1000, exp: now / 1000 + 60 }
    for (const alg of ['none', 'HS512']) {
      const headers = await headersOf({ more: { authorization: `Bearer ${part({ alg })}.${part(claims)}.AAAA` } })
      await expect(verifyWebhook({ body, headers, integration, now })).rejects.toMatchObject({ fault: 'token_wrong' })
    }
  })

  test('that is signed and no event is refused', async () => {
    for (const text of ['no JSON', '{}', 'null', '[]']) {
      const headers = await headersOf({ signed: text })
      await expect(verifyWebhook({ body: text, headers, secret, now })).rejects.toMatchObject({ fault: 'body' })
    }
  })

  test('a secret that is none is a mistake of the program', async () => {
    await expect(verifyWebhook({ body, headers: await headersOf(), secret: 'whsec_', now })).rejects.toThrow(TypeError)
  })
})
