import { useCallback, useMemo, useState } from 'react'
import { type Column, columnIds, columnsOf, usualColumns } from './columns.ts'
import type { Address } from './filters-address.ts'
import { keepColumns, keptColumns, type View } from './views.ts'

export interface ColumnChoice {
  readonly columns: readonly Column[]
  readonly choose: (ids: readonly string[]) => void
}

/**
 * Which columns are shown. Those of a saved view stand in the address once they are changed, until the view is saved;
 * others are kept in this browser.
 */
export function useColumns({ search, go }: Address, view: View | undefined, all: readonly Column[]): ColumnChoice {
  const [own, setOwn] = useState(keptColumns)
  const isSaved = view?.saved !== undefined
  const named = isSaved ? search['columns'] : undefined
  const columns = useMemo(() => {
    const ids = named === undefined ? (isSaved ? (view.columns ?? usualColumns) : own) : columnIds(named)
    return columnsOf(ids, all)
  }, [named, isSaved, view, own, all])
  const choose = useCallback(
    (ids: readonly string[]) => {
      if (isSaved) return go((was) => ({ ...was, columns: ids.join(',') }), false)
      keepColumns(ids)
      setOwn(ids)
    },
    [isSaved, go],
  )
  return { columns, choose }
}
