import type { Cause } from '../events/record.ts'
import type { Clock } from '../kernel/clock.ts'
import { Refusal } from '../kernel/refusal.ts'
import { savedAs } from '../leads/update.ts'
import type { Database, Work, Write } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'
import { eraseElsewhere } from './elsewhere.ts'
import { chainOf, emptyLog, renewEndpoints } from './log.ts'
import { knowEvent, knowLead, Person } from './person.ts'

type LeadRow = Row<'leads'>

/** What stays of an erased lead beside its ids, times, status, source and creator. */
const nothing = {
  company_name: null,
  email: null,
  phone_number: null,
  first_name: null,
  last_name: null,
  external_id: null,
  tags: [],
  assigned_users: [],
  custom_fields: {},
} as const satisfies Partial<LeadRow>

/** An erasure is looked at once more when so much time has passed, in ms: attempts that were under way have ended. */
const settledMs = 60_000
/** Leads that one look ends at the most. */
const endedAtOnce = 100

export interface ErasedLead {
  readonly id: number
  readonly uuid: string
  /** Unix ms. */
  readonly erasedAt: number
}

/**
 * Erases what is kept of the person behind some leads. A lead is deleted first: the event of that tells a lead with no
 * members. All is on the disk when it resolves. What was cut off goes on when it is asked for again, or by itself in
 * {@link endErasures}: what mentions the person elsewhere goes while the lead and its log still say what to look for.
 *
 * @throws Refusal `lead_not_found`
 * @see docs/behaviour.md §22 Erasure
 */
export async function eraseLeads(
  database: Database,
  companyId: number,
  leadIds: readonly (number | undefined)[],
  { clock, ...cause }: Cause & { readonly clock: Clock },
): Promise<ErasedLead[]> {
  const erased: ErasedLead[] = []
  for (const id of leadIds) {
    const lead = await leadOf(database, companyId, id)
    await eraseTraces(database, lead, clock)
    const details = await database.read('lead_details', { company_id: companyId, lead_id: lead.id })
    const { reply } = await database.transact(eraseLead(lead, details !== undefined, cause))
    const after = await leadOf(database, companyId, id)
    if (after.version > lead.version + 1) await eraseTraces(database, after, clock) // it was changed meanwhile
    await emptyLog(database, after)
    erased.push(reply)
  }
  await renewEndpoints(database, companyId)
  await database.wipe()
  return erased
}

async function leadOf(database: Database, companyId: number, id: number | undefined): Promise<LeadRow> {
  const lead = id === undefined ? undefined : await database.read('leads', { company_id: companyId, id })
  if (lead === undefined) throw new Refusal('lead_not_found')
  return lead
}

/** What mentions the person elsewhere, by whatever the lead or its log says. */
async function eraseTraces(database: Database, lead: LeadRow, clock: Clock): Promise<void> {
  const person = new Person()
  knowLead(person, lead)
  for await (const events of chainOf(database, lead)) {
    for (const { payload } of events) if (payload !== null) knowEvent(person, payload)
  }
  await eraseElsewhere(database, { companyId: lead.company_id, uuid: lead.uuid, person }, clock.now())
}

/**
 * Deletes a lead, and its row keeps nothing of the person. A lead that was deleted before is told of once more, so that
 * those who have it hear that it was erased.
 *
 * @param hasDetails whether a row of what was sent along is there
 * @throws Refusal `lead_not_found`
 */
export const eraseLead = (
  { company_id, id }: Pick<LeadRow, 'company_id' | 'id'>,
  hasDetails: boolean,
  cause: Cause,
): Work<ErasedLead> => ({
  companyId: company_id,
  keys: { lead: id },
  decide: ({ lead }, at) => {
    if (lead === undefined) throw new Refusal('lead_not_found')
    const { uuid } = lead
    if (lead.erasure !== null) return { reply: { id, uuid, erasedAt: lead.updated_at }, writes: [] }
    const set = { ...nothing, archived_at: lead.archived_at ?? at.now, erasure: 'begun' } as const
    const change = { name: 'lead_deleted', was: { erased: false } } as const
    const { saved, writes } = savedAs(lead, set, change, { at, cause })
    const details: Write = { kind: 'delete', table: 'lead_details', key: { company_id, lead_id: id } }
    return { reply: { id, uuid, erasedAt: saved.updated_at }, writes: hasDetails ? [...writes, details] : writes }
  },
})

/**
 * Ends erasures that were cut off, and looks at those that were not once more: an attempt of a webhook that was under way
 * may have written down an answer since.
 *
 * @param signal ends it early; what is left is done by the next
 */
export async function endErasures(database: Database, clock: Clock, signal?: AbortSignal): Promise<void> {
  const begun = await database.find<LeadRow>((db) =>
    db
      .selectFrom('leads')
      .selectAll()
      .where('erasure', '=', 'begun')
      .where('updated_at', '<', clock.now() - settledMs)
      .limit(endedAtOnce),
  )
  const leads: LeadRow[] = []
  for (const lead of begun) {
    if (signal?.aborted) break
    await eraseTraces(database, lead, clock)
    await emptyLog(database, lead)
    leads.push(lead)
  }
  for (const companyId of new Set(leads.map(({ company_id }) => company_id))) await renewEndpoints(database, companyId)
  for (const lead of leads) await database.transact(ended(lead))
  if (leads.length > 0) await database.wipe()
}

const ended = ({ company_id, id }: LeadRow): Work<null> => ({
  companyId: company_id,
  keys: { lead: id },
  decide: () => ({
    reply: null,
    writes: [{ kind: 'update', table: 'leads', key: { company_id, id }, set: { erasure: 'done' } }],
  }),
})
