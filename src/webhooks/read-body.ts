import { type EventName, eventNames } from '../contract/events.ts'
import type { Fault } from '../contract/failures.ts'
import { fieldTypes } from '../contract/fields.ts'
import { codePoints, digitsAsId, isObject, isStorable, referenceFromText } from '../contract/forms.ts'
import { patchMembers } from '../contract/leads.ts'
import { webhookLimits } from '../contract/webhooks.ts'
import { Refusal } from '../kernel/refusal.ts'

type Body = Readonly<Record<string, unknown>>

/** Tells why an URL may not be sent to; undefined when it may. */
export type RefusalOfUrl = (url: string) => string | undefined

/** How deep settings may be nested, and how many elements of a list are looked at. */
const depthMax = 32
const choiceMax = 100
/** Characters of a wrong value that a fault repeats. */
const repeatedMax = 100

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
  const reader = new Reader(body)
  const name = reader.text('name', webhookLimits.name)
  if (name === undefined || name === null) reader.missing('name')
  const apiKey = reader.text('apiKey', webhookLimits.apiKey, (text) => text) ?? null
  const configuration = reader.settings('configuration', 'an array', isArray) ?? []
  for (const [index, one] of configuration.entries()) {
    if (!isObject(one)) reader.fault(`configuration/${index}`, `configuration[${index}] must be an object`)
  }
  const settings = reader.settings('externalSettings', 'an object', isObject, true)
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
  const reader = new Reader(body)
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
  const reader = new Reader(body)
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
  const reader = new Reader(body)
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

/** A day, or an ISO 8601 time with `Z` or an offset, as Unix ms; undefined for anything else. */
export const timeFrom = (text: string): number | undefined =>
  fieldTypes.date.read(text).kind === 'value' ? Date.parse(text) : undefined

/**
 * @param strict whether the client asked that unknown members be refused
 * @throws Refusal `invalid_body`
 */
export function refuseUnknown(ignored: readonly string[], strict: boolean): void {
  if (!strict || ignored.length === 0) return
  const faults = ignored.map((name) => ({
    path: `/${name.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`,
    message: `Unknown field: ${name.toWellFormed()}`,
  }))
  throw new Refusal('invalid_body', { faults })
}

const endpointMembers = ['url', 'events', 'fields', 'description'] as const
const members: readonly string[] = patchMembers

function readEndpoint(reader: Reader, refusalOfUrl: RefusalOfUrl): Omit<EndpointBody, 'ignored'> {
  return {
    url: reader.url('url', refusalOfUrl),
    events: reader.choice('events', 'event', eventNames),
    fields: reader.choice('fields', 'field', members),
    description: reader.text('description', webhookLimits.description),
  }
}

const isArray = (value: unknown): value is unknown[] => Array.isArray(value)
const blankToNull = (text: string): string | null => (text === '' ? null : text)

/** Reads members of a body one by one, and gathers what is wrong with them. */
class Reader {
  readonly #body: Body
  readonly #faults: Fault[] = []

  /** @throws Refusal `body_not_object` */
  constructor(body: unknown) {
    if (!isObject(body)) throw new Refusal('body_not_object')
    this.#body = body
  }

  has(member: string): boolean {
    return Object.hasOwn(this.#body, member)
  }

  get(member: string): unknown {
    return this.has(member) ? this.#body[member] : undefined
  }

  fault(place: string, message: string, hint?: string): undefined {
    this.#faults.push({ path: `/${place}`, message, ...(hint !== undefined && { hint }) })
  }

  /** Told once: a member with a fault of its own is there. */
  missing(member: string): void {
    if (!this.#faults.some(({ path }) => path === `/${member}`)) this.fault(member, `${member} is required`)
  }

  /**
   * @returns the members that are not known
   * @throws Refusal `invalid_body` when there are faults
   */
  finish(known: readonly string[]): string[] {
    if (this.#faults.length > 0) throw new Refusal('invalid_body', { faults: this.#faults })
    return Object.keys(this.#body).filter((name) => !known.includes(name))
  }

  /** @param cleaned what is kept of it; an empty text counts as null */
  text(member: string, max: number, cleaned = (text: string) => text.trim()): string | null | undefined {
    const sent = this.get(member)
    if (sent === undefined || sent === null) return sent
    if (typeof sent !== 'string') return this.fault(member, `${member} must be a string`)
    if (!isStorable(sent)) return this.fault(member, `${member} contains invalid characters`)
    const text = cleaned(sent)
    if (codePoints(text) > max) return this.fault(member, `${member} must be at most ${max} characters`)
    return blankToNull(text)
  }

  /** A uuid that must be there; empty when it is not. */
  uuid(member: string): string {
    const sent = this.get(member)
    const reference = typeof sent === 'string' ? referenceFromText(sent) : undefined
    if (typeof reference === 'string') return reference
    if (sent === undefined || sent === null) this.missing(member)
    else this.fault(member, `${member} must be a uuid`)
    return ''
  }

  url(member: string, refusalOfUrl: RefusalOfUrl): string | undefined {
    const form = `${member} must be an http or https URL`
    if (this.has(member) && typeof this.get(member) !== 'string') return this.fault(member, form)
    const text = this.text(member, webhookLimits.url)
    if (text === undefined) return undefined
    const url = text === null ? null : URL.parse(text)
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return this.fault(member, form)
    if (url.username === '***') {
      return this.fault(member, `${member} must not hide its password`, 'the whole URL, or none to leave it as it is')
    }
    const refused = refusalOfUrl(url.href)
    return refused === undefined ? url.href : this.fault(member, `Invalid ${member}: ${refused}`)
  }

  /** Names of a set, each once; null is all of them. */
  choice<T extends string>(member: string, noun: string, names: readonly T[]): readonly T[] | null | undefined {
    const sent = this.get(member)
    if (sent === undefined || sent === null) return sent
    const form = `${member} must be an array of ${noun} names`
    if (!Array.isArray(sent)) return this.fault(member, form)
    if (sent.length === 0) return this.fault(member, `${member} must have at least one element`, 'null for all')
    if (sent.length > choiceMax) return this.fault(member, `${member} must have at most ${choiceMax} elements`)
    const chosen = new Set<T>()
    for (const [index, element] of sent.entries()) {
      const name = names.find((one) => one === element)
      if (name !== undefined) chosen.add(name)
      else if (typeof element !== 'string') this.fault(`${member}/${index}`, form)
      else {
        const shown = element.slice(0, repeatedMax).toWellFormed()
        this.fault(`${member}/${index}`, `Invalid ${noun}: ${shown}`, `one of ${names.join(', ')}`)
      }
    }
    return [...chosen]
  }

  oneOf<T extends string>(member: string, options: readonly T[]): T | undefined {
    const sent = this.get(member)
    const found = options.find((option) => option === sent)
    if (found !== undefined || !this.has(member)) return found
    return this.fault(member, `${member} must be ${options.join(' or ')}`)
  }

  /** Free JSON within its bounds. */
  settings<T>(member: string, form: string, isRight: (value: unknown) => value is T, mayBeNull = false): T | undefined {
    const sent = this.get(member)
    if (sent === undefined || (sent === null && mayBeNull)) return undefined
    if (!isRight(sent)) return this.fault(member, `${member} must be ${form}`)
    const wrong = unkeepable(sent)
    if (wrong !== undefined) return this.fault(member, `${member} ${wrong}`)
    const max = webhookLimits.settingsBytes
    if (Buffer.byteLength(JSON.stringify(sent)) > max) {
      return this.fault(member, `${member} must be at most ${max} bytes of JSON`)
    }
    return sent
  }
}

/** Why a JSON value cannot be kept. It walks without recursion, as a body may be nested deeper than the stack. */
function unkeepable(value: unknown): string | undefined {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthMax) return `must be nested at most ${depthMax} levels`
    const below: unknown[] = []
    for (const one of level) {
      if (typeof one === 'string' && !isStorable(one)) return 'contains invalid characters'
      if (typeof one !== 'object' || one === null) continue
      for (const [name, inner] of Object.entries(one)) {
        if (!isStorable(name)) return 'contains invalid characters'
        below.push(inner)
      }
    }
    level = below
  }
  return undefined
}
