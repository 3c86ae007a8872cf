import type { Cause } from '../events/record.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Work } from '../storage/port.ts'
import { leadView } from './state.ts'
import { matches, savedAs, type UpdateOptions } from './update.ts'

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
    const change = { name: 'lead_deleted', was: {} } as const
    const { saved, writes } = savedAs(lead, { archived_at: at.now }, change, { at, cause: options })
    return { reply: { version: saved.version }, writes }
  },
})

/**
 * Takes the deletion of a lead back.
 *
 * @throws Refusal `lead_not_found`, `lead_not_deleted`, `lead_erased`
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
    if (lead.erasure !== null) throw new Refusal('lead_erased')
    const change = { name: 'lead_updated', was: { archived: true } } as const
    const { saved, writes } = savedAs(lead, { archived_at: null }, change, { at, cause: options })
    return { reply: { version: saved.version, whole: leadView(saved, at.definitions, options.wholeSeconds) }, writes }
  },
})
