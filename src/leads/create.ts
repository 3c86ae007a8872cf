import type { Fault } from '../contract/failures.ts'
import { codePoints, isObject, isStorable, referenceFromJson } from '../contract/forms.ts'
import {
  type Association,
  associations,
  creationMembers,
  detailMembers,
  sharingMembers,
} from '../contract/lead-life.ts'
import { type Source, sources } from '../contract/leads.ts'
import type { Cause } from '../events/record.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Definitions, FieldRow } from '../storage/definitions.ts'
import type { Change, Moment, Work } from '../storage/port.ts'
import type { CustomValue } from '../storage/tables.ts'
import { beginLead } from './begin.ts'
import { type LeadPatch, readMembers, unknownMembers } from './patch.ts'
import { type ResolvedLists, resolve } from './resolve.ts'

/** A lead to be, as it was sent. Its shape is right; what ids mean is not known yet. */
export interface LeadCreation {
  readonly members: LeadPatch
  readonly source: Source
  readonly association: Association
  readonly campaignId: number | null
  readonly details: Readonly<Record<string, unknown>> | null
  /** Members of the body that are not known. */
  readonly ignored: readonly string[]
}

export interface CreateOptions extends Cause {
  /** Members that are not known are refused. */
  readonly strict: boolean
  /** A custom field that is required must have a value. */
  readonly requiresFields: boolean
}

export interface CreatedReply {
  readonly id: number
  readonly uuid: string
  readonly version: number
}

const integrationNameMax = 255
const detailListMax = 200
/** Of all details together, as JSON. */
const detailBytesMax = 65_536
const detailDepthMax = 32

/**
 * Reads the body of Create Lead.
 *
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault of the shape
 * @see docs/behaviour.md §15 Making and deleting leads
 */
export function readCreation(body: unknown): LeadCreation {
  if (!isObject(body)) throw new Refusal('body_not_object')
  const faults: Fault[] = []
  const members = readMembers(body, faults)
  const source = oneOf(body, 'source', sources, 'manual', faults)
  const association = oneOf(body, 'associationType', associations, 'referral', faults)
  const campaignId = readCampaign(body, faults)
  refuseSharing(body, faults)
  const details = readDetails(body, faults)
  if (faults.length > 0) throw new Refusal('invalid_body', { faults })
  const known: readonly string[] = creationMembers
  return {
    members,
    source,
    association,
    campaignId,
    details,
    ignored: members.ignored.filter((name) => !known.includes(name)),
  }
}

const sentIn = (body: Record<string, unknown>, member: string): unknown =>
  Object.hasOwn(body, member) ? (body[member] ?? undefined) : undefined

function oneOf<T extends string>(
  body: Record<string, unknown>,
  member: string,
  options: readonly T[],
  fallback: T,
  faults: Fault[],
): T {
  const sent = sentIn(body, member)
  if (sent === undefined) return fallback
  const found = options.find((option) => option === sent)
  if (found === undefined)
    faults.push({ path: `/${member}`, message: `Invalid ${member}. Options: ${options.join(', ')}` })
  return found ?? fallback
}

function readCampaign(body: Record<string, unknown>, faults: Fault[]): number | null {
  const sent = sentIn(body, 'companyCampaignId')
  if (sent === undefined) return null
  const id = referenceFromJson(sent)
  if (typeof id === 'number') return id
  faults.push({ path: '/companyCampaignId', message: 'companyCampaignId must be a positive integer' })
  return null
}

/** A client that asks for sharing must not believe that it happened. */
function refuseSharing(body: Record<string, unknown>, faults: Fault[]): void {
  const sent = sentIn(body, 'partnershipLead')
  if (sent === undefined) return
  if (!isObject(sent)) {
    faults.push({ path: '/partnershipLead', message: 'partnershipLead must be an object' })
    return
  }
  for (const member of sharingMembers) {
    if (!Object.hasOwn(sent, member) || sent[member] === false || sent[member] === null) continue
    faults.push({
      path: `/partnershipLead/${member}`,
      message: `partnershipLead.${member} is not supported`,
      hint: 'this version does not share leads with partners',
    })
  }
}

function readDetails(body: Record<string, unknown>, faults: Fault[]): Record<string, unknown> | null {
  const details: Record<string, unknown> = {}
  let bytes = 0
  for (const member of detailMembers) {
    const sent = sentIn(body, member)
    if (sent === undefined) continue
    const message = wrongDetail(member, sent) ?? unkept(member, sent)
    if (message !== undefined) {
      faults.push({ path: `/${member}`, message })
      continue
    }
    details[member] = sent
    bytes += Buffer.byteLength(JSON.stringify(sent))
    if (bytes > detailBytesMax) faults.push({ path: `/${member}`, message: `${member} is too large` })
  }
  return Object.keys(details).length === 0 ? null : details
}

/** What keeps a value from being kept, if anything does. */
function unkept(member: string, value: unknown, depth = 0): string | undefined {
  if (depth > detailDepthMax) return `${member} must be nested at most ${detailDepthMax} deep`
  if (typeof value === 'string') return isStorable(value) ? undefined : `${member} contains invalid characters`
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, held] of Object.entries(value)) {
    const wrong = unkept(member, name) ?? unkept(member, held, depth + 1)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

function wrongDetail(member: (typeof detailMembers)[number], sent: unknown): string | undefined {
  switch (member) {
    case 'integrationName':
      if (typeof sent !== 'string') return 'integrationName must be a string'
      return codePoints(sent) > integrationNameMax
        ? `integrationName must be at most ${integrationNameMax} characters`
        : undefined
    case 'powerups':
      return isObject(sent) ? undefined : 'powerups must be an object'
    default:
      if (!Array.isArray(sent)) return `${member} must be an array`
      return sent.length > detailListMax ? `${member} must have at most ${detailListMax} elements` : undefined
  }
}

/**
 * Makes a lead.
 *
 * @throws Refusal `invalid_body` with every reference that does not hold, and every required field without a value
 */
export const createLead = (companyId: number, creation: LeadCreation, options: CreateOptions): Work<CreatedReply> => ({
  companyId,
  keys: {},
  ids: { leads: 1, custom_values: creation.members.customFields?.length ?? 0 },
  decide: (_, at) => decideCreation(companyId, creation, options, at),
})

/** What a creation means: the reply, and the rows to write. Pure. */
function decideCreation(
  companyId: number,
  creation: LeadCreation,
  options: CreateOptions,
  at: Moment,
): Change<CreatedReply> {
  const { members, association } = creation
  const { definitions } = at
  const faults: Fault[] = []
  const lists = resolve(members, { tags: [], assigned_users: [], custom_fields: {} }, definitions, faults)
  const partnerType = association === 'campaigns' ? null : association
  if (options.requiresFields) faults.push(...missingFields(lists, partnerType, definitions))
  if (options.strict) faults.push(...unknownMembers(creation))
  if (faults.length > 0) throw new Refusal('invalid_body', { faults })

  const {
    company_name = null,
    email = null,
    phone_number = null,
    first_name = null,
    last_name = null,
  } = members.contact
  const lead = {
    company_name,
    email,
    phone_number,
    first_name,
    last_name,
    company_id: companyId,
    id: at.nextId('leads'),
    uuid: at.uuid(),
    created_at: at.now,
    source: creation.source,
    status: members.status ?? 'new',
    partner_type: partnerType,
    created_by_user_id: definitions.users.get(options.actor?.userUuid ?? '')?.id ?? null,
    campaign_id: creation.campaignId,
    tags: lists.tags ?? [],
    assigned_users: lists.assignedUsers ?? [],
    custom_fields: valuesOf(lists, at),
  }
  const writes = beginLead(lead, at.sequence, definitions.version, options)
  if (creation.details !== null) {
    const row = { company_id: companyId, lead_id: lead.id, content: creation.details }
    writes.push({ kind: 'insert', table: 'lead_details', row })
  }
  return { reply: { id: lead.id, uuid: lead.uuid, version: 1 }, writes }
}

function missingFields(lists: ResolvedLists, partnerType: string | null, { fields }: Definitions): Fault[] {
  const isMissing = (field: FieldRow): boolean =>
    field.required &&
    field.archived_at === null &&
    field.category === 'lead' &&
    (field.partner_type === null || field.partner_type === partnerType) &&
    !lists.customFields.has(field.id)
  return [...fields.all()]
    .filter(isMissing)
    .map(({ id }) => ({ path: '/customFields', message: `Custom field ${id} is required` }))
}

function valuesOf({ customFields }: ResolvedLists, at: Moment): Record<string, CustomValue> {
  const values: Record<string, CustomValue> = {}
  for (const [id, value] of customFields) {
    if (value !== null) values[id] = { id: at.nextId('custom_values'), uuid: at.uuid(), value }
  }
  return values
}
