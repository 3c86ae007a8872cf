import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { vaultOf } from '../../src/kernel/vault.ts'
import type { Row } from '../../src/storage/tables.ts'
import { loggedUrl, newSecret, openTarget, sealedAs, shownUrl } from '../../src/webhooks/secrets.ts'
import { noon, uuidOf } from '../fixture.ts'
import { aWebhook } from './examples.ts'

const vault = vaultOf(new Uint8Array(32).fill(7))
const [secret, older] = [newSecret(), newSecret()]
const sealed = (text: string, webhookUuid = uuidOf(8, 1)) => vault.seal(text, sealedAs.secret(webhookUuid))

const integration = (more: Partial<Row<'integrations'>> = {}): Row<'integrations'> => ({
  company_id: 3,
  id: 1,
  uuid: uuidOf(9, 1),
  created_at: noon,
  name: 'CRM',
  configuration: [{ id: 'x', selected: [] }],
  api_key: null,
  external_settings: null,
  ...more,
})
const opened = (more: Partial<Row<'webhooks'>> = {}, of = integration()) =>
  openTarget(vault, uuidOf(1, 3), aWebhook({ secret: sealed(secret), ...more }), of)

test('a new secret is one of its own, and has the form that Standard Webhooks knows', () => {
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
  expect(older).not.toBe(secret)
  expect(() => new Webhook(secret)).not.toThrow()
})

describe('a target', () => {
  test('is where a message goes, and what is in it', () => {
    expect(opened()).toEqual({
      companyUuid: uuidOf(1, 3),
      webhookId: 1,
      webhookUuid: uuidOf(8, 1),
      url: 'https://hooks.example/waggle',
      integrationUuid: uuidOf(9, 1),
      configuration: '[{"id":"x","selected":[]}]',
      apiKey: undefined,
      externalSettings: undefined,
      secrets: [{ bytes: Buffer.from(secret.slice(6), 'base64'), until: Number.POSITIVE_INFINITY }],
    })
  })

  test('holds the secret of before the last rotation, with its end', () => {
    const { secrets } = opened({ old_secret: sealed(older), old_secret_until: noon + 1 })
    expect(secrets.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).toEqual([
      secret.slice('whsec_'.length),
      older.slice('whsec_'.length),
    ])
    expect(secrets.map(({ until }) => until)).toEqual([Number.POSITIVE_INFINITY, noon + 1])
  })

  test('holds the credentials of its integration', () => {
    const uuid = uuidOf(9, 1)
    const settings = { authorisation: [{ id: 'api_key', value: 'ours' }] }
    const of = integration({
      api_key: vault.seal('theirs', sealedAs.apiKey(uuid)),
      external_settings: vault.seal(JSON.stringify(settings), sealedAs.externalSettings(uuid)),
    })
    expect(opened({}, of)).toMatchObject({ apiKey: 'theirs', externalSettings: settings })
  })

  test('does not open with another key, nor with what was sealed for another endpoint or another use', () => {
    const other = vaultOf(randomBytes(32))
    expect(() => openTarget(other, uuidOf(1, 3), aWebhook({ secret: sealed(secret) }), integration())).toThrow()
    expect(() => opened({ secret: sealed(secret, uuidOf(8, 2)) })).toThrow()
    expect(() => opened({ old_secret: sealed(older, uuidOf(8, 2)), old_secret_until: noon })).toThrow()
    const wrongUse = vault.seal('theirs', sealedAs.externalSettings(uuidOf(9, 1)))
    expect(() => opened({}, integration({ api_key: wrongUse }))).toThrow()
  })
})

describe('a URL', () => {
  test.each([
    ['https://hooks.example/in?a=1', 'https://hooks.example/in?a=1', 'https://hooks.example'],
    ['https://eva:geheim@hooks.example/in?t=x', 'https://***@hooks.example/in?t=x', 'https://hooks.example'],
    ['https://:geheim@hooks.example:8443/in', 'https://***@hooks.example:8443/in', 'https://hooks.example:8443'],
    ['http://eva@hooks.example/#geheim', 'http://***@hooks.example/#geheim', 'http://hooks.example'],
  ])('%s is shown without its password, and logged as the place that it is at', (url, shown, logged) => {
    expect(shownUrl(url)).toBe(shown)
    expect(loggedUrl(url)).toBe(logged)
  })
})
