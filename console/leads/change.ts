import { useCallback } from 'react'
import { WaggleError } from '../../sdk/index.ts'
import { queryClient, sentenceOf, waggle } from '../app/api.ts'
import { askConflict } from '../app/conflict.ts'
import { say } from '../app/say.ts'
import { offerUndo } from '../app/undo.tsx'
import { changeHeld, heldLead, hold, refreshLists } from './cache.ts'
import {
  applied,
  type Definitions,
  heldValue,
  isSame,
  labelOf,
  type MemberChange,
  patchOf,
  type ShownLead,
} from './members.ts'
import { leadQuery, useDefinitions } from './queries.ts'

/** How often a change is tried anew because another member of the lead was changed meanwhile. */
const triesMax = 5

/** What became of a change: it stands, it was refused with a sentence, or the person kept what is stored. */
export type Outcome =
  | { readonly kind: 'saved' }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'kept' }

/**
 * Changes members of a lead: shown at once, taken back when it is refused.
 *
 * It counts only if each member still holds what the person saw (`from`): else yours, theirs and the original are shown,
 * and the person chooses. Members that others have changed beside stay as they are.
 */
export function useChangeLead(): (leadId: number, changes: readonly MemberChange[]) => Promise<Outcome> {
  const definitions = useDefinitions()
  return useCallback((leadId, changes) => changeLead(leadId, changes, definitions), [definitions])
}

/** The same outside of a component. */
async function changeLead(leadId: number, wanted: readonly MemberChange[], definitions: Definitions): Promise<Outcome> {
  const changes = wanted.filter(({ from, to }) => !isSame(from, to))
  if (changes.length === 0) return { kind: 'saved' }
  await queryClient.cancelQueries({ queryKey: ['leads', 'page'] })
  changeHeld(leadId, (lead) => applied(lead, changes, definitions))
  try {
    const standing = await save(leadId, changes, definitions)
    if (standing.length === 0) return { kind: 'kept' }
    const back = standing.map(({ member, from, to }) => ({ member, from: to, to: from }))
    const undo = async (): Promise<void> => {
      const undone = await changeLead(leadId, back, definitions)
      if (undone.kind === 'refused') say(`Not undone. ${undone.why}`, 'failed')
    }
    offerUndo(sentenceFor(leadId, standing, definitions), undo, {
      method: 'PATCH',
      path: `/api/v1/leads/${leadId}`,
      body: { json: patchOf(standing, definitions) },
    })
    return { kind: 'saved' }
  } catch (error) {
    takeBack(leadId, changes, definitions)
    return { kind: 'refused', why: sentenceOf(error) }
  } finally {
    refreshLists(leadId)
  }
}

/** @returns the changes that stand: those that the person gave up in a conflict are left out */
async function save(
  leadId: number,
  wanted: readonly MemberChange[],
  definitions: Definitions,
): Promise<readonly MemberChange[]> {
  let changes = wanted
  for (let tries = 1; ; tries += 1) {
    const stored = await waggle.leads.get(leadId)
    const isOurs = changes.filter(({ member, from, to }) => {
      const value = heldValue(stored, member)
      return isSame(value, from) || isSame(value, to)
    })
    if (isOurs.length < changes.length) {
      changes = await askConflict(stored, changes, definitions)
      if (changes.length === 0) {
        hold(stored)
        return []
      }
    }
    try {
      hold(await waggle.leads.update(leadId, patchOf(changes, definitions), { ifMatch: stored.etag, whole: true }))
      return changes
    } catch (error) {
      const isOvertaken = error instanceof WaggleError && error.failure === 'lead_modified'
      if (!isOvertaken || tries === triesMax) throw error
    }
  }
}

function takeBack(leadId: number, changes: readonly MemberChange[], definitions: Definitions): void {
  const back = changes.map(({ member, from }) => ({ member, to: from }))
  changeHeld(leadId, (lead) => applied(lead, back, definitions))
  void queryClient.invalidateQueries(leadQuery(leadId))
}

function sentenceFor(leadId: number, changes: readonly MemberChange[], definitions: Definitions): string {
  const names = changes.map(({ member }) => labelOf(member, definitions)).join(', ')
  return `${nameOfLead(heldLead(leadId))}: ${names} changed`
}

/** What a lead is called: its company, else its person, else its number. */
export const nameOfLead = (lead: ShownLead | undefined): string => {
  if (lead === undefined) return 'Lead'
  const person = [lead.first_name, lead.last_name].filter(Boolean).join(' ')
  return lead.company_name || person || lead.email || `Lead ${lead.id}`
}
