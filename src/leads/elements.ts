import type { Reference } from '../contract/forms.ts'
import { listLimits } from '../contract/leads.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Work } from '../storage/port.ts'
import type { LeadPatch } from './patch.ts'
import { changeable, decideUpdate, type LeadReply, type UpdateOptions } from './update.ts'

/** One tag or one assigned user of a lead, and whether it is to be among them. */
export interface Element {
  readonly member: 'tags' | 'assignedUsers'
  /** Undefined when no such tag or user can exist. */
  readonly reference: Reference | undefined
  readonly isIn: boolean
}

const nothing: LeadPatch = {
  contact: {},
  status: undefined,
  assignedUsers: undefined,
  tags: undefined,
  customFields: undefined,
  externalId: undefined,
  ignored: [],
}

/**
 * Adds one tag or assigned user to a lead, or takes it away, and leaves the others as they stand then.
 *
 * @throws Refusal `lead_not_found`, `lead_modified`, `tag_not_found`, `user_not_found`, `invalid_body`
 * @see docs/behaviour.md §15 Making and deleting leads
 */
export const changeElement = (
  companyId: number,
  leadId: number | undefined,
  { member, reference, isIn }: Element,
  options: UpdateOptions,
): Work<LeadReply> => ({
  companyId,
  keys: { lead: leadId },
  decide: ({ lead: found }, at) => {
    const lead = changeable(found, options)
    const rows = member === 'tags' ? at.definitions.tags : at.definitions.users
    const row = rows.get(reference)
    if (row === undefined) throw new Refusal(member === 'tags' ? 'tag_not_found' : 'user_not_found')
    const present = member === 'tags' ? lead.tags : lead.assigned_users
    const others = present.filter((id) => id !== row.id)
    if (isIn && others.length >= listLimits[member]) {
      const message = `${member} must have at most ${listLimits[member]} elements`
      throw new Refusal('invalid_body', { faults: [{ path: `/${member}`, message }] })
    }
    const ids = isIn ? [...others, row.id] : others
    return decideUpdate(lead, { ...nothing, [member]: ids }, options, at)
  },
})
