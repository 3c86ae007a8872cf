import fc from 'fast-check'
import { jwtVerify } from 'jose'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { bodyOf, deliveryUuid, type Envelope, Signer } from '../../src/webhooks/message.ts'
import { newSecret, type Target } from '../../src/webhooks/secrets.ts'
import { uuidOf } from '../fixture.ts'

const [secret, older] = [newSecret(), newSecret()]
const bytes = (text: string): Uint8Array => Buffer.from(text.slice('whsec_'.length), 'base64')
const now = Date.now()

const target = (more: Partial<Target> = {}): Target => ({
  companyUuid: uuidOf(1, 3),
  webhookId: 1,
  webhookUuid: uuidOf(8, 1),
  url: 'https://hooks.example/waggle',
  integrationUuid: uuidOf(9, 1),
  configuration: '[]',
  apiKey: undefined,
  externalSettings: undefined,
  secrets: [{ bytes: bytes(secret), until: Number.POSITIVE_INFINITY }],
  ...more,
})
const envelope: Envelope = {
  id: deliveryUuid(uuidOf(8, 1), 5, now),
  event: 'lead_updated',
  userUuid: uuidOf(2, 31),
  sequence: 5,
  attempt: 1,
  late: false,
  replay: false,
}
const body = '{"lead":{"first_name":"Zoë 🐝"}}'
const verify = (key: string, headers: Record<string, string>, text = body) => new Webhook(key).verify(text, headers)
const claimsOf = async ({ authorization = '' }: Record<string, string>) =>
  (await jwtVerify(authorization.replace('Bearer ', ''), new TextEncoder().encode(uuidOf(9, 1)))).payload

describe('a signature', () => {
  test('is over the exact bytes: another letter is refused', () => {
    const headers = new Signer(target()).headers(envelope, body, now)
    verify(secret, headers)
    expect(() => verify(secret, headers, body.replace('Zoë', 'Zoe'))).toThrow()
    expect(() => verify(older, headers)).toThrow()
  })

  test('is made with the old secret as well, until its time is over', () => {
    const secrets = [...target().secrets, { bytes: bytes(older), until: now + 1 }]
    const both = new Signer(target({ secrets })).headers(envelope, body, now)
    verify(secret, both)
    verify(older, both)
    const later = new Signer(target({ secrets })).headers(envelope, body, now + 1)
    verify(secret, later)
    expect(() => verify(older, later)).toThrow()
  })
})

describe('a token', () => {
  test('is signed with the uuid of the integration and good for an hour', async () => {
    const claims = await claimsOf(new Signer(target()).headers(envelope, body, now))
    const iat = Math.floor(now / 1000)
    expect(claims).toEqual({
      company_uuid: uuidOf(1, 3),
      user_uuid: uuidOf(2, 31),
      event_id: 'lead_updated',
      iat,
      exp: iat + 3600,
    })
  })

  test('carries the credentials of the integration', async () => {
    const externalSettings = { authorisation: [{ id: 'api_key', value: 'ours' }] }
    const signer = new Signer(target({ apiKey: 'theirs', externalSettings }))
    expect(await claimsOf(signer.headers(envelope, body, now))).toMatchObject({
      api_key: 'theirs',
      external_settings: externalSettings,
    })
  })

  test('is a new one for another second, event or user', () => {
    const signer = new Signer(target())
    const token = (more: Partial<Envelope>, at = now) =>
      signer.headers({ ...envelope, ...more }, body, at)['authorization']
    const first = token({})
    expect(token({ attempt: 2 })).toBe(first)
    const others = [token({ event: 'lead_deleted' }), token({ userUuid: uuidOf(2, 32) }), token({}, now + 1000)]
    expect(new Set([first, ...others]).size).toBe(4)
  })
})

test('headers tell the attempt, and what is special about it', () => {
  const headers = (more: Partial<Envelope>) => new Signer(target()).headers({ ...envelope, ...more }, body, now)
  expect(headers({ attempt: 3 })).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': envelope.id,
    'x-waggle-delivery': envelope.id,
    'x-waggle-attempt': '3',
    'x-waggle-sequence': '5',
  })
  const special = (more: Partial<Envelope>) =>
    Object.keys(headers(more)).filter((name) => /late|replay|test$/.test(name))
  expect(special({})).toEqual([])
  expect(special({ late: true })).toEqual(['x-waggle-late'])
  expect(special({ late: true, replay: true })).toEqual(['x-waggle-replay'])
  expect(special({ sequence: undefined })).toEqual(['x-waggle-test'])
})

test('the uuid of a delivery is the same each time, and another for another endpoint or event', () => {
  const uuid = deliveryUuid(uuidOf(8, 1), 5, 1_772_442_927_482)
  expect(uuid).toMatch(/^019cadd4-c17a-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(deliveryUuid(uuidOf(8, 1), 5, 1_772_442_927_482)).toBe(uuid)
  expect(deliveryUuid(uuidOf(8, 2), 5, 1_772_442_927_482)).not.toBe(uuid)
  expect(deliveryUuid(uuidOf(8, 1), 6, 1_772_442_927_482)).not.toBe(uuid)
})

test('a body is what the event says, and the configuration of the integration', () => {
  expect(bodyOf('{"lead":{}}', { configuration: '[{"id":1}]' })).toBe('{"lead":{},"configuration":[{"id":1}]}')
})

test('a uuid of a delivery is of version 7, with the time of its event', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1 }), fc.integer({ min: 0, max: 2 ** 48 - 1 }), (sequence, at) => {
      const uuid = deliveryUuid(uuidOf(8, 1), sequence, at)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(Number.parseInt(uuid.replace('-', '').slice(0, 12), 16)).toBe(at)
    }),
  )
})
