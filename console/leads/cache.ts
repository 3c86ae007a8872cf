import type { Lead, LeadRow, Page } from '../../sdk/index.ts'
import { queryClient } from '../app/api.ts'
import type { ShownLead } from './members.ts'

type HeldPage = Page<LeadRow>
type HeldLead = Lead & { readonly etag: string }

/** A lead wherever it is held, the whole one first; undefined when nothing shows it. */
export function heldLead(id: number): ShownLead | undefined {
  const whole = queryClient.getQueryData<HeldLead>(['lead', id])
  if (whole !== undefined) return whole
  for (const [, page] of queryClient.getQueriesData<HeldPage>({ queryKey: ['leads', 'page'] })) {
    const row = page?.rows.find((one) => one.id === id)
    if (row !== undefined) return row
  }
  return undefined
}

/** Every lead that a list or a panel holds. */
export function heldLeads(): Map<number, ShownLead> {
  const held = new Map<number, ShownLead>()
  for (const [, page] of queryClient.getQueriesData<HeldPage>({ queryKey: ['leads', 'page'] })) {
    for (const row of page?.rows ?? []) held.set(row.id, row)
  }
  for (const [, lead] of queryClient.getQueriesData<HeldLead>({ queryKey: ['lead'] })) {
    if (lead !== undefined) held.set(lead.id, lead)
  }
  return held
}

/** Changes a lead wherever it is held, until it is read again. */
export function changeHeld(id: number, change: <L extends ShownLead>(lead: L) => L): void {
  queryClient.setQueryData<HeldLead>(['lead', id], (lead) => lead && change(lead))
  queryClient.setQueriesData<HeldPage>({ queryKey: ['leads', 'page'] }, (page) =>
    page?.rows.some((row) => row.id === id)
      ? { ...page, rows: page.rows.map((row) => (row.id === id ? change(row) : row)) }
      : page,
  )
}

/** Puts what the server has answered of a lead wherever it is held. */
export function hold(lead: HeldLead): void {
  queryClient.setQueryData<HeldLead>(['lead', lead.id], lead)
  changeHeld(lead.id, (held) => ({ ...held, ...lead }))
}

/** What is derived from many leads is read again: which are on a page, how many there are, what has been done. */
export function refreshLists(id?: number): void {
  void queryClient.invalidateQueries({ queryKey: ['leads'] })
  if (id !== undefined) void queryClient.invalidateQueries({ queryKey: ['history', id] })
}
