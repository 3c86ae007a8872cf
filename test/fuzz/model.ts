import type { FieldType, FieldValue } from '../../src/contract/fields.ts'
import { type ContactMember, contactMembers } from '../../src/contract/lead-members.ts'
import type { Definitions } from '../../src/storage/definitions.ts'
import { firstSequences, type LeadSeed, type World } from './world.ts'

export type Json = Readonly<Record<string, unknown>>
export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A custom value; its own id is not known until an answer tells it. */
interface Held {
  readonly value: FieldValue
  id: number | undefined
}

/** A lead as it stands after all that was answered. */
export interface Lead {
  readonly seed: LeadSeed
  readonly contact: Readonly<Record<ContactMember, string | null>>
  readonly externalId: string | null
  readonly status: unknown
  /** In the order in which they are answered. */
  readonly tags: readonly number[]
  readonly users: readonly number[]
  readonly values: ReadonlyMap<number, Held>
  readonly version: number
  readonly updatedAt: string
  /** Its events, oldest first. */
  readonly chain: readonly Logged[]
}

export type Changes = Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>

/** A line of the company's log. */
export interface Logged {
  readonly sequence: number
  readonly leadId: number
  readonly version: number
  readonly name: string
  readonly at: string
  readonly changes: Changes
  readonly keyId: number | undefined
  readonly requestId: string | null
}

/** What a key of idempotency keeps. */
export interface Kept {
  readonly method: string
  readonly path: string
  readonly text: string
  readonly status: number
  /** Of a lead: the short form, and the whole lead where it was asked for. */
  readonly body: Json
  readonly whole: Json | undefined
  readonly etag: string | undefined
  readonly sequence: number | undefined
}

export interface Integration {
  readonly id: number
  readonly uuid: string
  readonly name: string
  readonly configuration: unknown
  readonly hasApiKey: boolean
  readonly hasSettings: boolean
}

export interface Webhook {
  readonly id: number
  readonly uuid: string
  readonly integration: Integration
  readonly url: string
  readonly events: readonly string[] | null
  readonly fields: readonly string[] | null
  readonly description: string | null
  readonly state: string
  readonly cursor: number
  readonly replayUntil: number
  readonly skippedUntil: number
  readonly rotated: boolean
  /** The sequences of its deliveries, and whether each has arrived. */
  readonly deliveries: ReadonlyMap<number, boolean>
  /** Events up to this one are from before it was made. */
  readonly madeAt: number
}

/** What every endpoint begins with. */
export const newWebhook = {
  state: 'active',
  replayUntil: 0,
  skippedUntil: 0,
  rotated: false,
  deliveries: new Map<number, boolean>(),
  madeAt: 0,
} as const

/** The member of a custom value by its field's type (docs/behaviour.md §6). */
const memberOf: Readonly<Record<FieldType, string>> = {
  text: 'text',
  textarea: 'text',
  number: 'number',
  date: 'date',
  boolean: 'boolean',
  select: 'select',
  multi_select: 'multi_select',
}
export const told = (type: FieldType, value: FieldValue): Json => ({ [memberOf[type]]: value })

const sameSet = (left: readonly unknown[], right: readonly unknown[]): boolean =>
  left.length === right.length && left.every((one) => right.includes(one))
const sameValue = (left: unknown, right: unknown): boolean =>
  Array.isArray(left) && Array.isArray(right) ? sameSet(left, right) : left === right

/** The id that an element of a right list means. */
export function idMeant(element: unknown, directory: { get(uuid: string): { id: number } | undefined }): number {
  const named = isJson(element) ? (element['id'] ?? element['uuid']) : element
  return typeof named === 'string' && named.includes('-')
    ? (directory.get(named.toLowerCase())?.id ?? 0)
    : Number(named)
}

/** The value that a right element of `customFields` sets; null clears the field. */
function valueMeant(type: FieldType, sent: unknown): FieldValue | null {
  const members = isJson(sent) ? sent : {}
  const given = members[memberOf[type]] ?? (type === 'textarea' ? members['textarea'] : undefined)
  if (given === undefined || given === null || given === '') return null
  if (type === 'select') return Number(given)
  if (Array.isArray(given)) return given.length === 0 ? null : [...new Set(given.map(Number))]
  return given === 0 ? 0 : (given as FieldValue)
}

/** A company as docs/behaviour.md says it is, told a second time: what was answered is what it knows. */
export class Model {
  readonly world: World
  readonly definitions: Definitions
  readonly leads = new Map<number, Lead>()
  /** The whole log, from number 1 on. */
  readonly log: Logged[] = []
  readonly kept = new Map<string, Kept>()
  readonly integrations: Integration[]
  webhooks: Webhook[]
  /** Ids of custom values that have been seen, with the value's lead and field: none comes twice. */
  readonly valueIds = new Map<number, string>()

  constructor(world: World) {
    this.world = world
    this.definitions = world.definitions
    for (const [index, seed] of world.leads.entries()) {
      const at = new Date(seed.created_at).toISOString()
      const about = { name: 'lead_created', keyId: undefined, requestId: null, changes: {} }
      const logged = { sequence: index + 1, leadId: seed.id, version: 1, at, ...about }
      this.log.push(logged)
      if (seed.id !== world.archivedLead) this.leads.set(seed.id, beginning(seed, at, logged))
    }
    const { id, uuid, name } = world.integration
    const integration = { id, uuid, name, configuration: [], hasApiKey: false, hasSettings: false }
    this.integrations = [integration]
    const { webhook } = world
    const deliveries = new Map<number, boolean>(firstSequences.map((sequence) => [sequence, true]))
    const { cursor, events, fields, description, state, url } = webhook
    const about = { ...newWebhook, cursor, events, fields, description, state, url, deliveries }
    this.webhooks = [{ id: webhook.id, uuid: webhook.uuid, integration, ...about }]
    for (const { seed, values } of this.leads.values()) {
      for (const [field, { id: own }] of values) this.valueIds.set(own ?? 0, `${seed.id} ${field}`)
    }
  }

  get sequence(): number {
    return this.log.length
  }

  /** What a right patch makes of a lead: all that will be other, and how the log tells it. */
  patched(lead: Lead, body: Json): { next: Partial<Lead>; changes: Changes } {
    const changes: Record<string, { old: unknown; new: unknown }> = {}
    const contact = { ...lead.contact }
    const next: { -readonly [K in keyof Lead]?: Lead[K] } = { contact }
    for (const member of contactMembers) {
      if (!Object.hasOwn(body, member)) continue
      const sent = body[member]
      const value = typeof sent === 'string' && sent.trim() !== '' ? sent.trim() : null
      if (value !== contact[member]) changes[member] = { old: contact[member], new: value }
      contact[member] = value
    }
    if (Object.hasOwn(body, 'external_id')) {
      const sent = body['external_id']
      next.externalId = typeof sent === 'string' && sent.trim() !== '' ? sent.trim() : null
      const { externalId: old } = lead
      if (next.externalId !== old) changes['external_id'] = { old, new: next.externalId }
    }
    if (Object.hasOwn(body, 'status') && body['status'] !== lead.status) {
      next.status = body['status']
      changes['status'] = { old: lead.status, new: body['status'] }
    }
    const { users, tags, fields } = this.definitions
    for (const [member, own, directory] of [
      ['assignedUsers', 'users', users],
      ['tags', 'tags', tags],
    ] as const) {
      const sent = body[member]
      if (!Array.isArray(sent)) continue
      const ids = [...new Set(sent.map((one) => idMeant(one, directory)))]
      if (sameSet(ids, lead[own])) continue
      next[own] = ids
      changes[member] = { old: lead[own], new: ids }
    }
    const values = new Map(lead.values)
    const changed: { id: number; was: Json; is: Json }[] = []
    for (const one of Array.isArray(body['customFields']) ? body['customFields'].filter(isJson) : []) {
      const id = idMeant(one['customFieldId'], fields)
      const type = fields.get(id)?.type ?? 'text'
      const value = valueMeant(type, one['value'])
      const held = values.get(id)
      if (sameValue(value, held?.value ?? null)) continue
      const was = { customFieldId: id, value: held === undefined ? null : told(type, held.value) }
      changed.push({ id, was, is: { customFieldId: id, value: value === null ? null : told(type, value) } })
      if (value === null) values.delete(id)
      else values.set(id, { value, id: held?.id })
    }
    changed.sort((left, right) => left.id - right.id)
    const [old, now] = [changed.map(({ was }) => was), changed.map(({ is }) => is)]
    if (changed.length > 0) changes['customFields'] = { old, new: now }
    return { next: { ...next, values }, changes }
  }

  /** Takes over a change that was answered with 200. */
  commit(lead: Lead, next: Partial<Lead>, about: Pick<Logged, 'at' | 'changes' | 'keyId' | 'requestId'>): Lead {
    const { id } = lead.seed
    const version = lead.version + 1
    const logged = { sequence: this.sequence + 1, leadId: id, version, name: 'lead_updated', ...about }
    const saved = { ...lead, ...next, version, updatedAt: about.at, chain: [...lead.chain, logged] }
    this.log.push(logged)
    this.leads.set(id, saved)
    return saved
  }

  /** Whether an endpoint hears of a line of the log (docs/behaviour.md §13). */
  hears({ events, fields }: Webhook, { name, changes }: Logged): boolean {
    if (events !== null && !events.includes(name)) return false
    return fields === null || name !== 'lead_updated' || Object.keys(changes).some((member) => fields.includes(member))
  }
}

function beginning(seed: LeadSeed, at: string, logged: Logged): Lead {
  const { company_name, email, phone_number, first_name, last_name } = seed
  return {
    seed,
    contact: { company_name, email, phone_number, first_name, last_name },
    externalId: null,
    status: seed.status,
    tags: seed.tags,
    users: seed.assigned_users,
    values: new Map(
      Object.entries(seed.custom_fields).map(([id, { value, id: own }]) => [Number(id), { value, id: own }]),
    ),
    version: 1,
    updatedAt: at,
    chain: [logged],
  }
}
