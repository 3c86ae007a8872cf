import { useSyncExternalStore } from 'react'
import type { LeadRow } from '../../sdk/index.ts'
import { queryClient } from '../app/api.ts'
import { pageSize } from '../leads/queries.ts'

/** Where a lead stands in its column. */
export interface Neighbours {
  readonly previous?: number | undefined
  readonly next?: number | undefined
  /** From 1. */
  readonly place?: number | undefined
  readonly total?: number | undefined
}

interface HeldPage {
  readonly rows: readonly LeadRow[]
  readonly total: number | null
}

/** The leads above and below in the list that is shown; nothing for one that is in none. */
export function useNeighbours(leadId: number): Neighbours {
  const text = useSyncExternalStore(subscribe, () => JSON.stringify(neighboursOf(leadId)))
  return JSON.parse(text)
}

const subscribe = (listener: () => void): (() => void) => queryClient.getQueryCache().subscribe(listener)

function neighboursOf(leadId: number): Neighbours {
  const shown = queryClient.getQueryCache().findAll({ queryKey: ['leads', 'page'], type: 'active' })
  for (const { queryKey } of shown) {
    const data = queryClient.getQueryData<HeldPage>(queryKey)
    const at = data?.rows.findIndex(({ id }) => id === leadId) ?? -1
    if (data === undefined || at < 0) continue
    const [, , query, page] = queryKey
    const place = (Number(page) - 1) * pageSize + at
    const idAt = (index: number): number | undefined => {
      const key = ['leads', 'page', query, Math.floor(index / pageSize) + 1]
      return queryClient.getQueryData<HeldPage>(key)?.rows[index % pageSize]?.id
    }
    const previous = place > 0 ? idAt(place - 1) : undefined
    return { previous, next: idAt(place + 1), place: place + 1, total: data.total ?? undefined }
  }
  return {}
}
