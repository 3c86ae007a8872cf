import { digitsAsId, type Reference } from '../contract/forms.ts'
import { changesOf, namesOf, personOf, withDefinitions } from '../events/payload.ts'
import { eventsOfLead } from '../events/read.ts'
import type { Actor } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTime } from '../kernel/time.ts'
import type { Definitions } from '../storage/definitions.ts'
import type { Database } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

/** Whether a path that may spell a company spells the key's. */
export const isOwnCompany = ({ companyId }: Readonly<Record<string, string | undefined>>, actor: Actor): boolean =>
  companyId === undefined || digitsAsId(companyId) === actor.companyId

/** The id that a reference names in a company; a number is taken as it is, found or not. */
export async function leadIdOf(
  database: Database,
  companyId: number,
  reference: Reference | undefined,
): Promise<number | undefined> {
  if (typeof reference !== 'string') return reference
  return (await database.read('leads', { company_id: companyId, uuid: reference }))?.id
}

/**
 * A lead that is not archived.
 *
 * @throws Refusal `lead_not_found`
 */
export async function findLead(
  database: Database,
  companyId: number,
  reference: Reference | undefined,
): Promise<Row<'leads'>> {
  const key = typeof reference === 'string' ? { uuid: reference } : { id: reference ?? 0 }
  const lead = await database.read('leads', { company_id: companyId, ...key })
  if (lead === undefined || lead.archived_at !== null) throw new Refusal('lead_not_found')
  return lead
}

/** Which part of a history is asked for. */
export interface HistoryPage {
  /** Only events with a smaller number. */
  readonly before: number
  readonly pageSize: number
  /** Only changes of one of these; undefined is all. */
  readonly members: readonly string[] | undefined
}

/** Events of a lead that a page with members looks at, at the most. */
const looksMax = 500

/**
 * A page of a lead's history, newest first; `next` is the cursor of the page after it.
 *
 * A page looks at a bounded number of events. When few of them changed the members that are asked for, it is short, or
 * empty, and the next one goes on behind what was looked at.
 */
export async function leadHistory(
  database: Database,
  lead: Row<'leads'>,
  { before, pageSize, members, wholeSeconds }: HistoryPage & { readonly wholeSeconds: boolean },
) {
  const companyId = lead.company_id
  const from = lead.last_sequence
  const limit = members === undefined ? pageSize + 1 : looksMax
  const events = await eventsOfLead(database, { companyId, from, before, limit })
  const found = events.filter((one) => members?.some((member) => one.members.includes(member)) ?? true)
  const shown = found.slice(0, pageSize)
  const keys = await keysNamed(database, companyId, shown)
  const rows = (await withDefinitions(database, shown)).map(({ row: one, definitions }) => ({
    sequence: one.sequence,
    version: one.version,
    event: one.name,
    at: wireTime(one.at, wholeSeconds),
    actor: {
      user_uuid: one.user_uuid,
      user: userOf(one, definitions),
      key: (one.key_id === null ? undefined : keys.get(one.key_id)) ?? null,
    },
    request_id: one.request_id,
    changes: one.payload === null ? {} : changesOf(one.payload, definitions),
    names: one.payload === null ? noNames : namesOf(one.payload, definitions),
  }))
  const last = found.length > pageSize ? shown.at(-1) : events.length === limit ? events.at(-1) : undefined
  return { rows, next: last?.sequence }
}

const noNames: ReturnType<typeof namesOf> = { tags: [], users: [], customFields: [] }

/** Who acted, by the name of that moment. */
function userOf({ user_uuid }: Row<'events'>, { users }: Definitions) {
  const user = user_uuid === null ? undefined : users.get(user_uuid)
  return user === undefined ? null : personOf(user)
}

async function keysNamed(database: Database, companyId: number, events: readonly Row<'events'>[]) {
  const ids = [...new Set(events.flatMap(({ key_id }) => key_id ?? []))]
  if (ids.length === 0) return new Map<number, { id: number; label: string; prefix: string }>()
  const keys = await database.find((db) =>
    db
      .selectFrom('api_keys')
      .select(['id', 'label', 'prefix'])
      .where('company_id', '=', companyId)
      .where('id', 'in', ids),
  )
  return new Map(keys.map((key) => [key.id, key]))
}
