import type { Fault } from '../contract/failures.ts'
import { isObject, referenceFromJson } from '../contract/forms.ts'
import { type Association, associations, creationMembers, detailLists, sharingMembers } from '../contract/lead-life.ts'
import { type Source, sources } from '../contract/lead-members.ts'
import { patchMembers } from '../contract/leads.ts'
import type { Cause } from '../events/record.ts'
import { BodyReader, isArray, unknownMembers } from '../http/body-reader.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Definitions, FieldRow } from '../storage/definitions.ts'
import type { CustomValue } from '../storage/payload.ts'
import type { Change, Moment, Work } from '../storage/port.ts'
import { beginLead } from './begin.ts'
import { holdersOf, refuseTaken } from './external-id.ts'
import { type LeadPatch, readMembers } from './patch.ts'
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
/** Of each. */
const detailBytesMax = 65_536

/**
 * Reads the body of Create Lead.
 *
 * @throws Refusal `body_not_object`, or `invalid_body` with every fault of the shape
 * @see docs/behaviour.md §15 Making and deleting leads
 */
export function readCreation(body: unknown): LeadCreation {
  const reader = new BodyReader(body)
  const members = readMembers(reader.body, reader.faults)
  const source = optionOf(reader, 'source', sources) ?? 'manual'
  const association = optionOf(reader, 'associationType', associations) ?? 'referral'
  const campaignId = readCampaign(reader)
  refuseSharing(reader)
  const details = readDetails(reader)
  const ignored = reader.finish([...patchMembers, ...creationMembers])
  return { members, source, association, campaignId, details, ignored }
}

function optionOf<T extends string>(reader: BodyReader, member: string, options: readonly T[]): T | undefined {
  const sent = reader.get(member) ?? undefined
  const found = options.find((option) => option === sent)
  if (found !== undefined || sent === undefined) return found
  return reader.fault(member, `Invalid ${member}. Options: ${options.join(', ')}`)
}

function readCampaign(reader: BodyReader): number | null {
  const sent = reader.get('companyCampaignId') ?? undefined
  const id = referenceFromJson(sent)
  if (typeof id === 'number') return id
  if (sent !== undefined) reader.fault('companyCampaignId', 'companyCampaignId must be a positive integer')
  return null
}

/** A client that asks for sharing must not believe that it happened. */
function refuseSharing(reader: BodyReader): void {
  const sent = reader.get('partnershipLead') ?? undefined
  if (sent === undefined) return
  if (!isObject(sent)) {
    reader.fault('partnershipLead', 'partnershipLead must be an object')
    return
  }
  for (const member of sharingMembers) {
    if (!Object.hasOwn(sent, member) || sent[member] === false || sent[member] === null) continue
    const hint = 'this version does not share leads with partners'
    reader.fault(`partnershipLead/${member}`, `partnershipLead.${member} is not supported`, hint)
  }
}

function readDetails(reader: BodyReader): Record<string, unknown> | null {
  const bounds = { bytesMax: detailBytesMax, mayBeNull: true }
  const details: Record<string, unknown> = {
    ...Object.fromEntries(
      detailLists.map((member) => [member, reader.json(member, { form: 'an array', isRight: isArray, ...bounds })]),
    ),
    integrationName: reader.text('integrationName', integrationNameMax) ?? undefined,
    powerups: reader.json('powerups', { form: 'an object', isRight: isObject, ...bounds }),
  }
  const sent = Object.entries(details).filter(([, value]) => value !== undefined)
  return sent.length === 0 ? null : Object.fromEntries(sent)
}

/**
 * Makes a lead.
 *
 * @throws Refusal `external_id_taken`, or `invalid_body` with every reference that does not hold, and every required
 *   field without a value
 */
export const createLead = (companyId: number, creation: LeadCreation, options: CreateOptions): Work<CreatedReply> => ({
  companyId,
  keys: { named: holdersOf(creation.members) },
  ids: { leads: 1, custom_values: creation.members.customFields?.length ?? 0 },
  decide: ({ named }, at) => {
    refuseTaken(creation.members.externalId, named?.[0], undefined)
    return decideCreation(companyId, creation, options, at)
  },
})

/** What a creation means: the reply, and the rows to write. Pure. */
export function decideCreation(
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
  if (options.strict) faults.push(...unknownMembers(creation.ignored))
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
    external_id: members.externalId ?? null,
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
