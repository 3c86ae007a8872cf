import {
  type ColumnSizingState,
  columnResizingFeature,
  columnSizingFeature,
  createColumnHelper,
  type Header,
  tableFeatures,
  type Updater,
  useTable,
} from '@tanstack/react-table'
import { useCallback, useMemo, useState } from 'react'
import type { Column } from './columns.ts'
import type { ListedLead } from './rows.ts'

/** In px. */
const least = 64
const most = 640
const markWidth = 40

const features = tableFeatures({ columnSizingFeature, columnResizingFeature })
const helper = createColumnHelper<typeof features, ListedLead>()
/** The table has its rows from elsewhere: pages that come and go. */
const noRows: ListedLead[] = []

const kept = 'waggle.column-widths'

export type TableHeader = Header<typeof features, ListedLead, unknown>

export interface Widths {
  /** Of `grid-template-columns`, the column of marks first. */
  readonly template: string
  readonly total: number
  readonly headers: readonly TableHeader[]
  /** By the keyboard: so many px more. */
  readonly widen: (column: Column, by: number) => void
}

/** How wide each column is; what the person has chosen is kept in this browser. */
export function useWidths(columns: readonly Column[]): Widths {
  const [columnSizing, setSizing] = useState(readWidths)
  const onColumnSizingChange = useCallback((change: Updater<ColumnSizingState>) => {
    setSizing((was) => {
      const next = typeof change === 'function' ? change(was) : change
      localStorage.setItem(kept, JSON.stringify(next))
      return next
    })
  }, [])
  const definitions = useMemo(
    () =>
      columns.map(({ id, label, width }) =>
        helper.display({ id, header: label, size: width, minSize: least, maxSize: most }),
      ),
    [columns],
  )
  const table = useTable({
    features,
    columns: definitions,
    data: noRows,
    state: { columnSizing },
    onColumnSizingChange,
    columnResizeMode: 'onChange',
  })
  const headers = table.getHeaderGroups()[0]?.headers ?? []
  return {
    template: [markWidth, ...headers.map((header) => header.getSize())].map((width) => `${width}px`).join(' '),
    total: markWidth + table.getTotalSize(),
    headers,
    widen: ({ id, width }, by) =>
      onColumnSizingChange((was) => ({ ...was, [id]: Math.min(most, Math.max(least, (was[id] ?? width) + by)) })),
  }
}

function readWidths(): ColumnSizingState {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(kept) ?? '{}')
    if (typeof read !== 'object' || read === null) return {}
    return Object.fromEntries(
      Object.entries(read).flatMap(([id, width]) => (typeof width === 'number' ? [[id, width]] : [])),
    )
  } catch {
    return {}
  }
}
