import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { anySearch, type Search } from '../app/search.ts'

export interface Address {
  readonly search: Search
  /** Goes to another place of the same page. `isStep` makes one that "Back" leads back from. */
  readonly go: (change: (search: Search) => Search, isStep?: boolean) => void
}

/** The query of the address, which holds the view, the filters, the order and the open lead. */
export function useAddress(): Address {
  const search = useSearch({ from: '__root__' })
  const navigate = useNavigate()
  const go = useCallback(
    (change: (search: Search) => Search, isStep = true) =>
      void navigate({ to: '.', search: (was) => change(anySearch(was)), replace: !isStep, resetScroll: false }),
    [navigate],
  )
  return { search, go }
}
