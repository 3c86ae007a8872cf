import { useCallback, useSyncExternalStore } from 'react'
import type { ShownLead } from './members.ts'

/** Leads that are chosen: some that were seen, or all that the list has but a few. */
export type Chosen =
  | { readonly kind: 'some'; readonly leads: ReadonlyMap<number, ShownLead> }
  | { readonly kind: 'all'; readonly except: ReadonlySet<number> }

const nothing: Chosen = { kind: 'some', leads: new Map() }

/** What is chosen in a list. Parts of the page listen to what concerns them alone, so that a choice draws one row anew. */
export interface Selection {
  readonly get: () => Chosen
  readonly has: (id: number) => boolean
  readonly isEmpty: () => boolean
  readonly toggle: (lead: ShownLead) => void
  /** Adds these to what is chosen. */
  readonly add: (leads: readonly ShownLead[]) => void
  readonly all: () => void
  readonly clear: () => void
  readonly listen: (listener: () => void) => () => void
}

export function createSelection(): Selection {
  let chosen = nothing
  const listeners = new Set<() => void>()
  const set = (next: Chosen): void => {
    chosen = next
    for (const listener of listeners) listener()
  }
  const has = (id: number): boolean => (chosen.kind === 'all' ? !chosen.except.has(id) : chosen.leads.has(id))
  return {
    get: () => chosen,
    has,
    isEmpty: () => chosen.kind === 'some' && chosen.leads.size === 0,
    toggle: (lead) => set(toggled(chosen, lead)),
    add: (leads) => {
      if (chosen.kind === 'all') return
      set({ kind: 'some', leads: new Map([...chosen.leads, ...leads.map((lead) => [lead.id, lead] as const)]) })
    },
    all: () => set({ kind: 'all', except: new Set() }),
    clear: () => set(nothing),
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function toggled(chosen: Chosen, lead: ShownLead): Chosen {
  if (chosen.kind === 'all') {
    const except = new Set(chosen.except)
    if (!except.delete(lead.id)) except.add(lead.id)
    return { kind: 'all', except }
  }
  const leads = new Map(chosen.leads)
  if (!leads.delete(lead.id)) leads.set(lead.id, lead)
  return { kind: 'some', leads }
}

/** How many leads are chosen of a list with so many. */
export const countOf = (chosen: Chosen, total: number): number =>
  chosen.kind === 'all' ? Math.max(0, total - chosen.except.size) : chosen.leads.size

export const useChosen = (selection: Selection): Chosen => useSyncExternalStore(selection.listen, selection.get)

/** Whether one lead is chosen. */
export const useIsChosen = (selection: Selection, id: number | undefined): boolean =>
  useSyncExternalStore(
    selection.listen,
    useCallback(() => id !== undefined && selection.has(id), [selection, id]),
  )
