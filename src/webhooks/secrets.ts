import { randomBytes } from 'node:crypto'
import type { Vault } from '../kernel/vault.ts'
import type { Row } from '../storage/tables.ts'

/** For how long the secret before the last rotation still signs, in ms. */
export const oldSecretMs = 24 * 60 * 60 * 1000

const prefix = 'whsec_'

/** A new signing secret: 192 bits, in the form of Standard Webhooks. */
export const newSecret = (): string => `${prefix}${randomBytes(24).toString('base64')}`

/** The bytes that a signing secret stands for. */
const secretBytes = (secret: string): Uint8Array => Buffer.from(secret.slice(prefix.length), 'base64')

/** What each sealed column is sealed as. */
export const sealedAs = {
  secret: (webhookUuid: string) => `webhook:${webhookUuid}:secret`,
  apiKey: (integrationUuid: string) => `integration:${integrationUuid}:api_key`,
  externalSettings: (integrationUuid: string) => `integration:${integrationUuid}:external_settings`,
} as const

/** An endpoint with its secrets opened: all that is needed to address and sign a message. */
export interface Target {
  readonly companyUuid: string
  readonly webhookId: number
  readonly webhookUuid: string
  readonly url: string
  readonly integrationUuid: string
  /** JSON text. */
  readonly configuration: string
  readonly apiKey: string | undefined
  readonly externalSettings: unknown
  /** The newest first; the one before it carries the time until which it signs (Unix ms). */
  readonly secrets: readonly { readonly bytes: Uint8Array; readonly until: number }[]
}

/** @throws Error a secret does not open with this vault's key */
export function openTarget(
  vault: Vault,
  companyUuid: string,
  webhook: Row<'webhooks'>,
  integration: Row<'integrations'>,
): Target {
  const { api_key, external_settings } = integration
  const about = sealedAs.secret(webhook.uuid)
  const secrets = [{ bytes: secretBytes(vault.open(webhook.secret, about)), until: Number.POSITIVE_INFINITY }]
  if (webhook.old_secret !== null && webhook.old_secret_until !== null) {
    secrets.push({ bytes: secretBytes(vault.open(webhook.old_secret, about)), until: webhook.old_secret_until })
  }
  return {
    companyUuid,
    webhookId: webhook.id,
    webhookUuid: webhook.uuid,
    url: webhook.url,
    integrationUuid: integration.uuid,
    configuration: JSON.stringify(integration.configuration),
    apiKey: api_key === null ? undefined : vault.open(api_key, sealedAs.apiKey(integration.uuid)),
    externalSettings:
      external_settings === null
        ? undefined
        : JSON.parse(vault.open(external_settings, sealedAs.externalSettings(integration.uuid))),
    secrets,
  }
}

/** A URL as the log may hold it: where it goes. Its path is the secret of many receivers. */
export const loggedUrl = (url: string): string => new URL(url).origin

/** A URL as people may see it: no password, no user name. */
export function shownUrl(url: string): string {
  const shown = new URL(url)
  if (shown.username !== '' || shown.password !== '') {
    shown.username = '***'
    shown.password = ''
  }
  return shown.href
}
