import { digitsAsId, type Reference } from '../contract/forms.ts'
import { changesOf, withDefinitions } from '../events/payload.ts'
import { eventsOfLead } from '../events/read.ts'
import type { Actor } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { wireTime } from '../kernel/time.ts'
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

/** A page of a lead's history, newest first; `next` is the cursor of the page after it. */
export async function leadHistory(
  database: Database,
  lead: Row<'leads'>,
  { before, pageSize, wholeSeconds }: { before: number; pageSize: number; wholeSeconds: boolean },
) {
  const companyId = lead.company_id
  const from = lead.last_sequence
  const events = await eventsOfLead(database, { companyId, from, before, limit: pageSize + 1 })
  const shown = events.slice(0, pageSize)
  const keys = await keysNamed(database, companyId, shown)
  const rows = (await withDefinitions(database, shown)).map(({ row: one, definitions }) => ({
    sequence: one.sequence,
    version: one.version,
    event: one.name,
    at: wireTime(one.at, wholeSeconds),
    actor: { user_uuid: one.user_uuid, key: (one.key_id === null ? undefined : keys.get(one.key_id)) ?? null },
    request_id: one.request_id,
    changes: one.payload === null ? {} : changesOf(one.payload, definitions),
  }))
  return { rows, next: events.length > pageSize ? shown.at(-1)?.sequence : undefined }
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
