import type { FieldValue } from '../contract/fields.ts'
import type { Status } from '../contract/lead-members.ts'
import type { CustomValue } from '../storage/payload.ts'
import type { Row } from '../storage/tables.ts'
import { type Chance, chanceFrom, sampleUuid } from './chance.ts'
import { companyIds, fieldIds, optionIds, otherIds, tagIds, userIds } from './definitions.ts'
import { holderOf, type SampleKeyName } from './keys.ts'
import { contactBook, type DrawContact } from './people.ts'

const dayMs = 86_400_000

/** Leads of the main company in all, the archived one included; ids follow each other in the order of time. */
const leadCount = 201
const firstLeadId = 600
/** How far back the oldest lead goes. */
const spreadDays = 120

/** The leads that examples and scripts name. */
export const leadIds = {
  example: 789,
  more: [790, 791, 792, 793, 794, 795, 796, 797],
  archived: 731,
  other: [801, 802, 803],
} as const

/** Leads that scripts change and clear: every contact member stands. */
const isNamed = (id: number): boolean => leadIds.more.some((named) => named === id)

const firstCustomValueId = 301

/** A lead as it begins, and the key that made it. */
export interface SampleLead {
  readonly row: Omit<
    Row<'leads'>,
    'version' | 'last_sequence' | 'updated_at' | 'archived_at' | 'external_id' | 'erasure'
  >
  readonly madeWith: SampleKeyName
  /** Unix ms. */
  readonly archivedAt: number | null
}

/** Custom values by field id, before they have ids of their own. */
type Values = Readonly<Record<number, FieldValue>>
type Holder = (values: Values) => Row<'leads'>['custom_fields']

/**
 * The leads of both companies, each company's oldest first.
 *
 * @param now Unix ms; the newest lead is less than a day older
 */
export function sampleLeads(now: number): { readonly main: SampleLead[]; readonly other: SampleLead[] } {
  const draw = contactBook()
  const hold = valueHolder()
  const slotMs = Math.floor((spreadDays * dayMs) / leadCount)
  const main = Array.from({ length: leadCount }, (_, index): SampleLead => {
    const id = firstLeadId + index
    const chance = chanceFrom(id)
    // A lead for each slot of time: somewhere in its first nine tenths, so that no two meet.
    const createdAt = now - (leadCount - index) * slotMs + chance.between(0, Math.floor(slotMs * 0.9))
    if (id === leadIds.example) return exampleLead(createdAt, hold)
    const contact = draw(chance, isNamed(id))
    const origin = originOf(chance)
    const row = {
      ...origin.members,
      ...contact,
      company_id: companyIds.main,
      id,
      uuid: sampleUuid('leads', id),
      created_at: createdAt,
      status: statusOf(chance, index / leadCount),
      campaign_id: null,
      tags: chance.some(tagIds.lead, 0, 3),
      assigned_users: assigneesOf(id, chance),
      custom_fields: hold(valuesOf(id, createdAt, chance)),
    }
    return { row, madeWith: origin.madeWith, archivedAt: id === leadIds.archived ? createdAt + 9 * dayMs : null }
  })
  return { main, other: leadIds.other.map((id, index) => otherLead(id, now - (30 - 9 * index) * dayMs, hold, draw)) }
}

/** The lead of the documented example, before that request reaches it. */
function exampleLead(createdAt: number, hold: Holder): SampleLead {
  return {
    madeWith: 'readWrite',
    archivedAt: null,
    row: {
      company_id: companyIds.main,
      id: leadIds.example,
      uuid: sampleUuid('leads', leadIds.example),
      created_at: createdAt,
      source: 'integration',
      company_name: 'TechCorp Solutions',
      email: 'maria.chen@techcorp.example',
      phone_number: '+1-555-010-0199',
      first_name: 'Maria',
      last_name: 'Chen',
      status: 'new',
      partner_type: 'referral',
      created_by_user_id: holderOf('readWrite').userId,
      campaign_id: null,
      tags: [3, 10],
      assigned_users: [123],
      custom_fields: hold({
        [fieldIds.number]: 90_000,
        [fieldIds.select]: 2,
        [fieldIds.text]: 'Spreadsheets',
        [fieldIds.date]: dayOf(createdAt + 60 * dayMs),
        [fieldIds.boolean]: false,
        [fieldIds.multiSelect]: [1, 3],
        [fieldIds.requiredText]: 'CLV-0789',
      }),
    },
  }
}

function otherLead(id: number, createdAt: number, hold: Holder, draw: DrawContact): SampleLead {
  const chance = chanceFrom(id)
  return {
    madeWith: 'otherCompany',
    archivedAt: null,
    row: {
      ...draw(chance, true),
      company_id: companyIds.other,
      id,
      uuid: sampleUuid('leads', id),
      created_at: createdAt,
      source: 'manual',
      status: statusOf(chance, 0.8),
      partner_type: null,
      created_by_user_id: holderOf('otherCompany').userId,
      campaign_id: null,
      tags: [otherIds.tag],
      assigned_users: [otherIds.user],
      custom_fields: hold({ [otherIds.field]: chance.between(2, 60) * 5 }),
    },
  }
}

/** Gives each custom value its id and uuid: ids follow each other over the whole sample. */
function valueHolder(): Holder {
  let nextId = firstCustomValueId
  return (values) => {
    const held: Record<string, CustomValue> = {}
    for (const [fieldId, value] of Object.entries(values)) {
      held[fieldId] = { id: nextId, uuid: sampleUuid('custom_values', nextId), value }
      nextId += 1
    }
    return held
  }
}

type Origin = Pick<Row<'leads'>, 'source' | 'partner_type' | 'created_by_user_id'>

/** Where a lead came from: by the sync of a CRM, a form, a partner, or a person. */
function originOf(chance: Chance): { readonly members: Origin; readonly madeWith: SampleKeyName } {
  const made = (madeWith: SampleKeyName, source: string, partner_type: string | null) => ({
    members: { source, partner_type, created_by_user_id: holderOf(madeWith).userId },
    madeWith,
  })
  const draw = chance.between(1, 100)
  if (draw <= 35) return made('readWrite', 'integration', chance.happens(0.3) ? 'referral' : null)
  if (draw <= 60) return made('readWrite', 'partnership', chance.pick(['referral', 'referral', 'reseller']))
  if (draw <= 80) return made('admin', 'manual', null)
  const form = made('writeOnly', 'lead_submission_form', 'referral')
  return { ...form, members: { ...form.members, created_by_user_id: null } }
}

/** @param progress 0 for the oldest lead, 1 for the newest: old leads are mostly decided, new ones are not */
function statusOf(chance: Chance, progress: number): Status {
  if (chance.happens(progress * 0.6)) return 'new'
  return chance.pick([
    'contacted',
    'contacted',
    'contacted',
    'qualified',
    'qualified',
    'converted',
    'converted',
    'lost',
  ])
}

function assigneesOf(id: number, chance: Chance): number[] {
  const assigned = chance.some(userIds.assignable, 0, 2)
  return id === leadIds.more.at(-1) ? [userIds.assignable[0], userIds.disabled] : assigned
}

const systems = ['Spreadsheets', 'In-house tool', 'Paper forms', 'A former supplier', 'None yet'] as const
const backgrounds = [
  'Met at the trade fair.\nWants a first call with the operations team.',
  'Grew from two sites to five this year; looks for one tool for all of them.',
  'Came through a partner.\n\nThe contract with the present supplier ends next quarter.',
  'Asked for a security review before the pilot.',
] as const

function valuesOf(id: number, createdAt: number, chance: Chance): Values {
  const values: Record<number, FieldValue> = {
    [fieldIds.requiredText]: `CLV-${String(id).padStart(4, '0')}`,
  }
  if (chance.happens(0.7)) values[fieldIds.number] = chance.between(8, 500) * 500
  if (chance.happens(0.75)) values[fieldIds.select] = chance.pick(optionIds.select)
  if (chance.happens(0.4)) values[fieldIds.text] = chance.pick(systems)
  if (chance.happens(0.25)) values[fieldIds.textarea] = chance.pick(backgrounds)
  if (chance.happens(0.35)) values[fieldIds.date] = dayOf(createdAt + chance.between(20, 200) * dayMs)
  if (chance.happens(0.5)) values[fieldIds.boolean] = chance.happens(0.4)
  const products = chance.some(optionIds.multiSelect, 0, 3)
  if (products.length > 0) values[fieldIds.multiSelect] = products
  return values
}

/** Unix ms as a day of UTC, `2026-03-02`. */
const dayOf = (unixMs: number): string => new Date(unixMs).toISOString().slice(0, 10)
