import type { EventName, Status } from './query.ts'

/** A lead as webhooks and the feed tell it: as it was right after the change. Times are Unix milliseconds. */
export interface ToldLead {
  readonly id: number
  readonly uuid: string
  readonly created_at: number
  readonly updated_at: number
  readonly source: string
  readonly status: Status
  readonly partner_type: string | null
  readonly company_name: string | null
  readonly email: string | null
  readonly phone_number: string | null
  readonly first_name: string | null
  readonly last_name: string | null
  readonly external_id: string | null
  readonly created_by_user_uuid: string | null
  readonly created_by_user_email: string | null
  readonly created_by_user_first_name: string | null
  readonly created_by_user_last_name: string | null
  readonly custom_fields: readonly {
    readonly uuid: string
    readonly label: string
    readonly type: string
    readonly value: Readonly<Record<string, unknown>>
    readonly custom_field_value_uuid: string
    /** The options that the value names. */
    readonly options: readonly { readonly id: number; readonly label: string }[]
  }[]
  readonly tags: readonly { readonly uuid: string; readonly label: string }[]
  readonly assigned_users: readonly {
    readonly uuid: string
    readonly email: string
    readonly first_name: string | null
    readonly last_name: string | null
  }[]
  readonly received_from_company: readonly unknown[]
  readonly sent_to_companies: readonly unknown[]
}

/** The body of a webhook. */
export interface WebhookEvent {
  readonly company_uuid: string
  /** The nil uuid when no user acted. */
  readonly user_uuid: string
  readonly event_id: EventName
  readonly lead: ToldLead
  /** Names of members, as a PATCH writes them. */
  readonly changed_fields: readonly string[]
  readonly changes: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>
  /** What the integration was made with. */
  readonly configuration: readonly unknown[]
}

/** A message that is from Waggle. */
export interface WebhookMessage {
  /** The same on every attempt and replay: the key against doubles. Undefined without a signature. */
  readonly id: string | undefined
  readonly event: WebhookEvent
  /** The change's number in the company's log; undefined for a test. No signature covers it. */
  readonly sequence: number | undefined
  /** A made-up lead, not to be kept. No signature covers it. */
  readonly isTest: boolean
  /** Claims of the token, when it was verified. */
  readonly claims: Readonly<Record<string, unknown>> | undefined
}

/** What a message is refused for. */
export type WebhookFault =
  | 'signature_missing'
  | 'signature_wrong'
  | 'token_missing'
  | 'token_wrong'
  | 'too_old'
  | 'body'

export class WebhookError extends Error {
  override readonly name = 'WebhookError'
  readonly fault: WebhookFault

  constructor(fault: WebhookFault, message: string, cause?: unknown) {
    super(message, { cause })
    this.fault = fault
  }
}

type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>

/** What a message is held against: one of the two or both, and then both must fit. */
export type WebhookKeys =
  | { readonly secret: string | readonly string[]; readonly integration?: string | undefined }
  | { readonly secret?: undefined; readonly integration: string }

export type VerifyWebhook = WebhookKeys & {
  /** As it came, before anything has parsed it. */
  readonly body: string | Uint8Array
  /** Of Node (in small letters) or of the web. */
  readonly headers: HeaderRecord | { get(name: string): string | null }
  /** How far the time of the message may be off, either way; 300 when absent. */
  readonly toleranceSeconds?: number | undefined
  /** Unix milliseconds; the machine's clock when absent. */
  readonly now?: number | undefined
}

/**
 * Verifies a webhook, and reads it.
 *
 * `secret` is the endpoint's signing secret (`whsec_…`; several while they are exchanged): the signature over body, id
 * and time. `integration` is the uuid of the integration, the key of the token that receivers made for JourneyBee
 * check. The token does not cover the body, so that alone it shows less: prefer the secret.
 *
 * @throws WebhookError the message is not from Waggle, or not of now
 * @see docs/webhooks.md, "Verify it"
 */
export async function verifyWebhook(given: VerifyWebhook): Promise<WebhookMessage> {
  const { body, headers, secret, integration, toleranceSeconds = 300, now = Date.now() } = given
  const header = (name: string): string => headerOf(headers, name)
  const bytes = typeof body === 'string' ? utf8.encode(body) : Uint8Array.from(body)
  const seconds = now / 1000
  if (secret === undefined && integration === undefined) throw new TypeError('Give secret, integration or both')
  if (secret !== undefined) await checkSignature(bytes, header, { secret, seconds, toleranceSeconds })
  const claims =
    integration === undefined
      ? undefined
      : await claimsOf(header('authorization'), { integration, seconds, toleranceSeconds })
  const event = eventIn(bytes)
  if (
    claims !== undefined &&
    (claims['event_id'] !== event.event_id || claims['company_uuid'] !== event.company_uuid)
  ) {
    throw new WebhookError('token_wrong', 'The token is of another message')
  }
  const sequence = header('x-waggle-sequence')
  return {
    id: secret === undefined ? undefined : header('webhook-id'),
    event,
    sequence: sequence === '' ? undefined : Number(sequence),
    isTest: header('x-waggle-test') === 'true',
    claims,
  }
}

/** Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, one of several signatures behind `v1,`. */
async function checkSignature(
  body: Uint8Array,
  header: (name: string) => string,
  {
    secret,
    seconds,
    toleranceSeconds,
  }: { secret: string | readonly string[]; seconds: number; toleranceSeconds: number },
): Promise<void> {
  const [id, timestamp] = [header('webhook-id'), header('webhook-timestamp')]
  const signatures = header('webhook-signature')
    .split(' ')
    .flatMap((one) => (one.startsWith('v1,') ? [bytesOf(one.slice(3))] : []))
  if (id === '' || timestamp === '' || signatures.length === 0) {
    throw new WebhookError('signature_missing', 'The message is not signed')
  }
  const head = utf8.encode(`${id}.${timestamp}.`)
  const signed = new Uint8Array(head.length + body.length)
  signed.set(head)
  signed.set(body, head.length)
  if (!(await fitsOne([secret].flat().map(secretBytes), signatures, signed))) {
    throw new WebhookError('signature_wrong', 'The signature does not fit')
  }
  if (!/^\d{1,15}$/.test(timestamp) || Math.abs(seconds - Number(timestamp)) > toleranceSeconds) {
    throw new WebhookError('too_old', 'The message is not of now: it may be sent again by others')
  }
}

async function fitsOne(keys: readonly Bytes[], signatures: readonly Bytes[], signed: Bytes): Promise<boolean> {
  let fits = false
  for (const key of keys) {
    const hmac = await hmacKey(key)
    // `verify` takes the same time whether much of the signature is right or nothing.
    for (const signature of signatures) fits = (await crypto.subtle.verify('HMAC', hmac, signature, signed)) || fits
  }
  return fits
}

/** The claims of the token: a JWT (RFC 7519), HS256 and nothing else, which must have an end. */
async function claimsOf(
  authorization: string,
  { integration, seconds, toleranceSeconds }: { integration: string; seconds: number; toleranceSeconds: number },
): Promise<Readonly<Record<string, unknown>>> {
  const [, head, payload, signature] = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(authorization) ?? []
  if (head === undefined || payload === undefined || signature === undefined) {
    throw new WebhookError('token_missing', 'The message has no token')
  }
  const [{ alg }, claims] = [objectIn(bytesOf(head)), objectIn(bytesOf(payload))]
  const isOurs =
    alg === 'HS256' &&
    (await fitsOne([utf8.encode(integration)], [bytesOf(signature)], utf8.encode(`${head}.${payload}`)))
  if (!isOurs) throw new WebhookError('token_wrong', "The token's signature does not fit")
  const { exp, iat } = claims
  if (typeof exp !== 'number' || typeof iat !== 'number') throw new WebhookError('token_wrong', 'The token has no end')
  if (seconds > exp + toleranceSeconds || seconds < iat - toleranceSeconds) {
    throw new WebhookError('too_old', 'The token is not of now')
  }
  return claims
}

type Bytes = Uint8Array<ArrayBuffer>
const utf8 = new TextEncoder()
const utf8Text = new TextDecoder()

const hmacKey = (bytes: Bytes) =>
  crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])

/** What stands behind `whsec_`, from base64. */
function secretBytes(secret: string): Bytes {
  const bytes = bytesOf(secret.replace(/^whsec_/, ''))
  if (bytes.length === 0) throw new TypeError('The secret is not one: it begins with whsec_')
  return bytes
}

/** From base64 or base64url; empty where it is neither. */
function bytesOf(text: string): Bytes {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, (character) => character.charCodeAt(0))
  } catch {
    return new Uint8Array()
  }
}

function headerOf(headers: VerifyWebhook['headers'], name: string): string {
  if (typeof headers.get === 'function') return headers.get(name) ?? ''
  const [, value = ''] = Object.entries(headers).find(([one]) => one.toLowerCase() === name) ?? []
  return typeof value === 'string' ? value : value.join(', ')
}

function eventIn(bytes: Bytes): WebhookEvent {
  try {
    const event: WebhookEvent = JSON.parse(utf8Text.decode(bytes))
    if (typeof event.event_id === 'string' && typeof event.company_uuid === 'string') return event
  } catch (cause) {
    throw new WebhookError('body', 'The body is not JSON', cause)
  }
  throw new WebhookError('body', 'The body is not of an event')
}

function objectIn(bytes: Bytes): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(utf8Text.decode(bytes))
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch (cause) {
    throw new WebhookError('token_wrong', 'The token is not JSON', cause)
  }
  throw new WebhookError('token_wrong', 'The token is not JSON')
}
