import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'
import type { EventName } from '../contract/events.ts'
import { version } from '../version.ts'
import type { Target } from './secrets.ts'

/** For how long a token is good, in seconds. */
const tokenSeconds = 3600

/** What a message says of itself beside its body. */
export interface Envelope {
  /** The delivery's uuid, the same on every attempt: `webhook-id`, and the receiver's key against doubles. */
  readonly id: string
  readonly event: EventName
  readonly userUuid: string
  /** The event's number in its company's log; undefined for a test, which is of no event. */
  readonly sequence: number | undefined
  /** From 1. */
  readonly attempt: number
  readonly late: boolean
  readonly replay: boolean
}

/**
 * The uuid of the delivery of an event to an endpoint: always the same for the two, so that a delivery that is made
 * again after its record was removed is still known to the receiver. Of version 7 by its form (RFC 9562 §5.7): the
 * event's time, and for the random part a digest.
 *
 * @param at the event's time, Unix ms
 */
export function deliveryUuid(webhookUuid: string, sequence: number, at: number): string {
  const digest = hash('sha256', `${webhookUuid}:${sequence}`, 'hex')
  const time = at.toString(16).padStart(12, '0')
  const variant = '89ab'[Number.parseInt(digest[3] ?? '0', 16) % 4] ?? '8'
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(8, 20)}`
}

/**
 * The exact text that is sent and signed: what the event says, and the integration's own settings.
 *
 * @param told JSON of the event's body
 */
export const bodyOf = (told: string, { configuration }: Pick<Target, 'configuration'>): string =>
  `${told.slice(0, -1)},"configuration":${configuration}}`

interface Proof {
  /** Unix seconds. */
  readonly seconds: number
  readonly token: string
  readonly signatures: string
}

const headersOf = (
  { id, sequence, attempt, late, replay }: Envelope,
  { seconds, token, signatures }: Proof,
): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': `Waggle/${version}`,
  authorization: `Bearer ${token}`,
  'webhook-id': id,
  'webhook-timestamp': String(seconds),
  'webhook-signature': signatures,
  'x-waggle-delivery': id,
  'x-waggle-attempt': String(attempt),
  ...(sequence === undefined ? { 'x-waggle-test': 'true' } : { 'x-waggle-sequence': String(sequence) }),
  ...(replay ? { 'x-waggle-replay': 'true' } : late && { 'x-waggle-late': 'true' }),
})

/**
 * The headers of an attempt as people may see them. The token holds what is sealed, and a signature of then cannot be made
 * anew once the secret was rotated: neither is shown.
 *
 * @param now Unix ms
 */
export const shownHeaders = (envelope: Envelope, now: number): Record<string, string> =>
  headersOf(envelope, { seconds: Math.floor(now / 1000), token: '***', signatures: 'v1,***' })

/** Signs messages of one endpoint. */
export class Signer {
  readonly #target: Target
  /** Made once: bytes as a key cost five times as much to sign with. */
  readonly #secrets: readonly { readonly key: KeyObject; readonly until: number }[]
  readonly #tokenKey: KeyObject
  #tokensAt = 0
  /** Tokens of this second: one for the same claims would be the same, letter for letter. */
  readonly #tokens = new Map<string, string>()

  constructor(target: Target) {
    this.#target = target
    this.#secrets = target.secrets.map(({ bytes, until }) => ({ key: createSecretKey(bytes), until }))
    this.#tokenKey = createSecretKey(target.integrationUuid, 'utf8')
  }

  /**
   * The headers of an attempt.
   *
   * @param now Unix ms
   * @see docs/behaviour.md §13 Webhooks; Standard Webhooks, "Webhook headers"
   */
  headers(envelope: Envelope, body: string, now: number): Record<string, string> {
    const seconds = Math.floor(now / 1000)
    return headersOf(envelope, {
      seconds,
      token: this.#token(envelope, seconds),
      signatures: this.#signatures(`${envelope.id}.${seconds}.${body}`, now),
    })
  }

  #signatures(text: string, now: number): string {
    const valid = this.#secrets.filter(({ until }) => until > now)
    return valid.map(({ key }) => `v1,${createHmac('sha256', key).update(text).digest('base64')}`).join(' ')
  }

  /** A JWT (RFC 7519), HS256, its secret the integration's uuid. */
  #token({ event, userUuid }: Envelope, seconds: number): string {
    if (seconds !== this.#tokensAt) {
      this.#tokens.clear()
      this.#tokensAt = seconds
    }
    const name = `${event} ${userUuid}`
    const present = this.#tokens.get(name)
    if (present !== undefined) return present
    const { companyUuid, apiKey, externalSettings } = this.#target
    const claims = {
      company_uuid: companyUuid,
      user_uuid: userUuid,
      event_id: event,
      api_key: apiKey,
      external_settings: externalSettings,
      iat: seconds,
      exp: seconds + tokenSeconds,
    }
    const unsigned = `${tokenHead}.${base64url(JSON.stringify(claims))}`
    const token = `${unsigned}.${createHmac('sha256', this.#tokenKey).update(unsigned).digest('base64url')}`
    this.#tokens.set(name, token)
    return token
  }
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url')
const tokenHead = base64url(JSON.stringify({ alg: 'HS256', typ: 'JWT' }))
