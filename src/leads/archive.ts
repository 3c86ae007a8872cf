import { type Cause, event } from '../events/record.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Moment, Work, Write } from '../storage/port.ts'
import type { LeadBefore, Row } from '../storage/tables.ts'
import { leadView } from './state.ts'
import { matches, type UpdateOptions } from './update.ts'

type LeadRow = Row<'leads'>

/**
 * Deletes a lead: it is found no more, and its log stays.
 *
 * @throws Refusal `lead_already_deleted`, `lead_modified`
 */
export const deleteLead = (
  companyId: number,
  leadId: number | undefined,
  options: Cause & Pick<UpdateOptions, 'ifMatch'>,
): Work<{ readonly version: number }> => ({
  companyId,
  keys: { lead: leadId },
  decide: ({ lead }, at) => {
    if (lead === undefined || lead.archived_at !== null) throw new Refusal('lead_already_deleted')
    if (!matches(options.ifMatch, lead.version)) throw new Refusal('lead_modified')
    const { saved, writes } = turned(lead, at, { name: 'lead_deleted', archivedAt: at.now, was: {} }, options)
    return { reply: { version: saved.version }, writes }
  },
})

/**
 * Takes the deletion of a lead back.
 *
 * @throws Refusal `lead_not_found`, `lead_not_deleted`
 */
export const restoreLead = (
  companyId: number,
  leadId: number | undefined,
  options: Cause & Pick<UpdateOptions, 'wholeSeconds'>,
): Work<{ readonly version: number; readonly whole: ReturnType<typeof leadView> }> => ({
  companyId,
  keys: { lead: leadId },
  decide: ({ lead }, at) => {
    if (lead === undefined) throw new Refusal('lead_not_found')
    if (lead.archived_at === null) throw new Refusal('lead_not_deleted')
    const change = { name: 'lead_updated', archivedAt: null, was: { archived: true } } as const
    const { saved, writes } = turned(lead, at, change, options)
    return { reply: { version: saved.version, whole: leadView(saved, at.definitions, options.wholeSeconds) }, writes }
  },
})

interface Turn {
  readonly name: 'lead_deleted' | 'lead_updated'
  readonly archivedAt: number | null
  readonly was: LeadBefore
}

function turned(
  lead: LeadRow,
  at: Moment,
  { name, archivedAt, was }: Turn,
  cause: Cause,
): { readonly saved: LeadRow; readonly writes: readonly Write[] } {
  const set = {
    archived_at: archivedAt,
    updated_at: Math.max(at.now, lead.updated_at + 1),
    version: lead.version + 1,
    last_sequence: at.sequence,
  }
  const saved = { ...lead, ...set }
  const change = { name, was, previousSequence: lead.last_sequence, definitionsVersion: at.definitions.version }
  const { company_id, id } = lead
  return {
    saved,
    writes: [{ kind: 'update', table: 'leads', key: { company_id, id }, set }, event(saved, change, cause)],
  }
}
