import { companyWrites } from '../../src/companies/begin.ts'
import { keyRow } from '../../src/keys/make.ts'
import { beginLead } from '../../src/leads/begin.ts'
import type { Chance } from '../../src/sample/chance.ts'
import type { DefinitionRows } from '../../src/storage/definitions.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Row } from '../../src/storage/tables.ts'
import { fixture, keys, leadUuid, noon, tagUuid, userUuid, uuidOf } from '../fixture.ts'
import { type ToldRow, toldRows } from '../told-events.ts'
import type { LeadState, LoggedEvent, Members, SeenLead } from './history.ts'

const companyId = 3
export const leadIds = [1, 2, 3, 4] as const
/** So many tags, and so many users: every number from 1 to 65,535 has its own set of each. */
const bits = 16
const ids = Array.from({ length: bits }, (_, index) => index + 1)
const numberField = 1
const textField = 2
const statuses = ['new', 'contacted', 'qualified', 'converted', 'lost'] as const

/** The ids whose bits are set in a number. */
const setOf = (number: number): number[] => ids.filter((id) => (number >> (id - 1)) & 1)

/** The values a change numbered so may set: unique to it, the status apart. */
const valuesOf = (number: number): Required<LeadState> => ({
  company_name: `company ${number}`,
  first_name: `first ${number}`,
  phone_number: `+${number}`,
  status: statuses[number % statuses.length] ?? 'new',
  tags: setOf(number).join(),
  // Another numbering than that of tags; an odd factor gives each number its own.
  assignedUsers: setOf((number * 40_503) % 2 ** bits).join(),
  number,
  text: `text ${number}`,
})

type Named = readonly (keyof LeadState)[]
const memberSets: [Named, ...Named[]] = [
  ['company_name'],
  ['tags'],
  ['assignedUsers'],
  ['tags', 'assignedUsers'],
  ['number'],
  ['first_name', 'phone_number'],
  ['status', 'text', 'tags'],
  ['company_name', 'first_name', 'phone_number', 'status', 'tags', 'assignedUsers', 'number', 'text'],
]

/** What a change sets: single members, sets, or all. */
export function membersOf(number: number, chance: Chance): Members {
  const values = valuesOf(number)
  return Object.fromEntries(chance.pick(memberSets).map((member) => [member, values[member]]))
}

/** The body of a change of these members. */
export function bodyOf({ tags, assignedUsers, number, text, ...members }: Members): string {
  const customFields = [
    ...(number === undefined ? [] : [{ customFieldId: numberField, value: { number } }]),
    ...(text === undefined ? [] : [{ customFieldId: textField, value: { text } }]),
  ]
  return JSON.stringify({
    ...members,
    ...(tags !== undefined && { tags: tags.split(',').map(Number) }),
    ...(assignedUsers !== undefined && { assignedUsers: assignedUsers.split(',').map(Number) }),
    ...(customFields.length > 0 && { customFields }),
  })
}

// biome-ignore lint/suspicious/noExplicitAny: an answer, as JSON has it
type Json = any

/** A lead as GET of one, a list or `return=representation` shows it. */
export function seenLead(body: Json, etag: string | undefined): SeenLead {
  const version = versionOf(etag)
  const updatedAt = Date.parse(body.updated_at)
  if (body.tags === undefined) return { lead: body.id, version, updatedAt, state: null }
  const custom = body.custom_fields as { id: number; value: Json }[] | undefined
  const state = {
    ...ownMembers(body),
    tags: body.tags.map(({ id }: Json) => id).join(),
    assignedUsers: body.assigned_users.map(({ id }: Json) => id).join(),
    ...(custom && {
      number: custom.find(({ id }) => id === numberField)?.value.number ?? null,
      text: custom.find(({ id }) => id === textField)?.value.text ?? null,
    }),
  }
  return { lead: body.id, version, updatedAt, state }
}

const versionOf = (etag: string | undefined): number | null => {
  const digits = /^"v(\d+)"$/.exec(etag ?? '')?.[1]
  return digits === undefined ? null : Number(digits)
}

const ownMembers = ({ company_name, first_name, phone_number, status }: Json) => ({
  company_name,
  first_name,
  phone_number,
  status,
})

/** A lead as an event tells it. */
export function toldState(told: Json): LeadState {
  const held = (id: number): Json => told.custom_fields.find(({ uuid }: Json) => uuid === uuidOf(4, id))?.value
  const idsOf = (list: Json): string => list.map(({ uuid }: Json) => Number(uuid.slice(-8))).join()
  return {
    ...ownMembers(told),
    tags: idsOf(told.tags),
    assignedUsers: idsOf(told.assigned_users),
    number: held(numberField)?.number ?? null,
    text: held(textField)?.text ?? null,
  }
}

const definitions: DefinitionRows = {
  version: 1,
  company: { id: companyId, uuid: uuidOf(1, companyId), name: 'Our Ltd', created_at: noon, suspended_at: null },
  tags: ids.flatMap((id) => fixture.tags.slice(0, 1).map((tag) => ({ ...tag, id, uuid: tagUuid(id) }))),
  users: ids.flatMap((id) =>
    fixture.users.slice(0, 1).map((user) => ({ ...user, id, uuid: userUuid(id), email: `user${id}@our.example` })),
  ),
  fields: [numberField, textField].map((id) => ({
    company_id: companyId,
    id,
    uuid: uuidOf(4, id),
    created_at: noon,
    label: `Field ${id}`,
    type: id === numberField ? ('number' as const) : ('text' as const),
    category: 'lead' as const,
    partner_type: null,
    required: false,
    shared: false,
    archived_at: null,
    options_made: 0,
    position: 0,
  })),
  options: [],
  tiers: [],
  categories: [],
  stages: [],
}

/** Fills an empty directory: one company with a few leads, and tags and users enough for a set to each change. */
export async function prepareWorkspace(directory: string): Promise<void> {
  const database = await openDatabase({ directory })
  const switches = { mayRead: true, mayWrite: true, mayAdminister: false }
  const key = keyRow({ companyId, userId: 1, label: 'Key', key: keys.full, ...switches, expiresAt: null }, 1, noon)
  const log = { last_sequence: leadIds.length, last_time: noon + leadIds.length }
  const [model] = fixture.leads
  if (model === undefined) throw new Error('the fixture has no lead')
  const plain = { created_by_user_id: 1, tags: [], assigned_users: [], custom_fields: {} }
  const leads = leadIds.flatMap((id) =>
    beginLead({ ...model, ...plain, id, uuid: leadUuid(id), created_at: noon + id }, id, definitions.version, {
      actor: undefined,
      requestId: undefined,
    }),
  )
  await database.load([...companyWrites({ definitions, keys: [key], log }), ...leads])
  await database.close()
}

/** The company's log behind a number and its leads' rows, from the files; beside a running server, too. */
export async function readFiles(directory: string, after: number): Promise<{ log: LoggedEvent[]; rows: SeenLead[] }> {
  const database = await openDatabase({ directory })
  try {
    const events = await database.find<Row<'events'>>((db) =>
      db
        .selectFrom('events')
        .selectAll()
        .where('company_id', '=', companyId)
        .where('sequence', '>', after)
        .orderBy('sequence'),
    )
    const leads = await database.find<Row<'leads'>>((db) =>
      db.selectFrom('leads').selectAll().where('company_id', '=', companyId),
    )
    return { log: (await toldRows(database, events)).map(loggedEvent), rows: leads.map(rowOf) }
  } finally {
    await database.close()
  }
}

const loggedEvent = (event: ToldRow): LoggedEvent => ({
  sequence: event.sequence,
  lead: event.lead_id,
  at: event.at,
  version: event.version,
  previous: event.previous_sequence,
  requestId: event.request_id,
  state: toldState(event.payload?.state),
})

const rowOf = (lead: Row<'leads'>): SeenLead => ({
  lead: lead.id,
  version: lead.version,
  updatedAt: lead.updated_at,
  state: {
    ...ownMembers(lead),
    tags: lead.tags.join(),
    assignedUsers: lead.assigned_users.join(),
    number: Number(lead.custom_fields[numberField]?.value ?? Number.NaN) || null,
    text: lead.custom_fields[textField] === undefined ? null : String(lead.custom_fields[textField].value),
  },
})
