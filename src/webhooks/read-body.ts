import { type EventName, eventNames } from '../contract/events.ts'
import { digitsAsId, isObject } from '../contract/forms.ts'
import { patchMembers } from '../contract/leads.ts'
import { webhookLimits } from '../contract/webhooks.ts'
import { BodyReader, isArray } from '../http/body-reader.ts'
import { timeFrom } from '../kernel/time.ts'

/** Tells why an URL may not be sent to; undefined when it may. */
export type RefusalOfUrl = (url: string) => string | undefined

export interface IntegrationBody {
  readonly name: string
  readonly apiKey: string | null
  readonly configuration: readonly unknown[]
  /** JSON text of an object. */
  readonly externalSettings: string | null
  /** Members of the body that are not known. */
  readonly ignored: readonly string[]
}

/** What a person may say of an endpoint. Absent members are undefined; null is a value. */
interface EndpointBody {
  readonly url: string | undefined
  readonly events: readonly EventName[] | null | undefined
  readonly fields: readonly string[] | null | undefined
  readonly description: string | null | undefined
  readonly ignored: readonly string[]
}

export interface NewWebhookBody extends EndpointBody {
  readonly url: string
  /** Its uuid, lower case. */
  readonly integration: string
}

export interface WebhookChangeBody extends EndpointBody {
  readonly state: 'active' | 'paused' | undefined
  readonly resume: 'continue' | 'skip' | undefined
}

/**
 * Reads the body of Create Integration: shape and limits.
 *
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault
 */
export function readIntegration(body: unknown): IntegrationBody {
  const reader = new BodyReader(body)
  const name = reader.text('name', webhookLimits.name)
  if (name === undefined || name === null) reader.missing('name')
  const apiKey = reader.text('apiKey', webhookLimits.apiKey, (text) => text) ?? null
  const configuration = reader.json('configuration', { form: 'an array', isRight: isArray, bytesMax }) ?? []
  for (const [index, one] of configuration.entries()) {
    if (!isObject(one)) reader.fault(`configuration/${index}`, `configuration[${index}] must be an object`)
  }
  const settings = reader.json('externalSettings', { form: 'an object', isRight: isObject, bytesMax, mayBeNull: true })
  const externalSettings = settings === undefined ? null : JSON.stringify(settings)
  const read = { name: name ?? '', apiKey, configuration, externalSettings }
  return { ...read, ignored: reader.finish(['name', 'apiKey', 'configuration', 'externalSettings']) }
}

/**
 * Reads the body of Create Webhook. Whether there is such an integration is not known yet.
 *
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault
 */
export function readNewWebhook(body: unknown, refusalOfUrl: RefusalOfUrl): NewWebhookBody {
  const reader = new BodyReader(body)
  const integration = reader.uuid('integration')
  const endpoint = readEndpoint(reader, refusalOfUrl)
  if (!reader.has('url')) reader.missing('url')
  const ignored = reader.finish(['integration', ...endpointMembers])
  return { ...endpoint, url: endpoint.url ?? '', integration, ignored }
}

/**
 * Reads the body of Change Webhook.
 *
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault
 */
export function readWebhookChange(body: unknown, refusalOfUrl: RefusalOfUrl): WebhookChangeBody {
  const reader = new BodyReader(body)
  const endpoint = readEndpoint(reader, refusalOfUrl)
  const state = reader.oneOf('state', ['active', 'paused'])
  const resume = reader.oneOf('resume', ['continue', 'skip'])
  if (resume !== undefined && state !== 'active') reader.fault('resume', 'resume needs state active')
  return { ...endpoint, state, resume, ignored: reader.finish([...endpointMembers, 'state', 'resume']) }
}

/** Where a replay begins: the number of an event, or a time in Unix ms. */
export type Since = { readonly sequence: number } | { readonly at: number }

/**
 * Reads the body of Replay.
 *
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault
 */
export function readReplay(body: unknown): { readonly since: Since; readonly ignored: readonly string[] } {
  const reader = new BodyReader(body)
  const sent = reader.get('since')
  const since = sinceOf(sent)
  if (sent === undefined || sent === null) reader.missing('since')
  else if (since === undefined) reader.fault('since', 'since must be a sequence or an ISO 8601 time')
  return { since: since ?? { sequence: 1 }, ignored: reader.finish(['since']) }
}

function sinceOf(sent: unknown): Since | undefined {
  if (typeof sent === 'number') return Number.isSafeInteger(sent) && sent >= 1 ? { sequence: sent } : undefined
  if (typeof sent !== 'string') return undefined
  const sequence = digitsAsId(sent)
  if (sequence !== undefined) return { sequence }
  const at = timeFrom(sent)
  return at === undefined ? undefined : { at }
}

const bytesMax = webhookLimits.settingsBytes
const endpointMembers = ['url', 'events', 'fields', 'description'] as const
const members: readonly string[] = patchMembers

function readEndpoint(reader: BodyReader, refusalOfUrl: RefusalOfUrl): Omit<EndpointBody, 'ignored'> {
  return {
    url: readUrl(reader, 'url', refusalOfUrl),
    events: reader.choice('events', 'event', eventNames),
    fields: reader.choice('fields', 'field', members),
    description: reader.text('description', webhookLimits.description),
  }
}

function readUrl(reader: BodyReader, member: string, refusalOfUrl: RefusalOfUrl): string | undefined {
  const form = `${member} must be an http or https URL`
  if (reader.has(member) && typeof reader.get(member) !== 'string') return reader.fault(member, form)
  const text = reader.text(member, webhookLimits.url)
  if (text === undefined) return undefined
  const url = text === null ? null : URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return reader.fault(member, form)
  if (url.username === '***') {
    return reader.fault(member, `${member} must not hide its password`, 'the whole URL, or none to leave it as it is')
  }
  const refused = refusalOfUrl(url.href)
  return refused === undefined ? url.href : reader.fault(member, `Invalid ${member}: ${refused}`)
}
