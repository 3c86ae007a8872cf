import { useElementScrollRestoration } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { type Column, type SortPart, sortWords } from './columns.ts'
import type { Definitions, Member } from './members.ts'
import { type ListedLead, type Rows, withActive } from './rows.ts'
import type { Selection } from './selection.ts'
import classes from './table.module.css'
import { TableHead } from './table-head.tsx'
import { useTableKeys } from './table-keys.ts'
import { type RowContext, TableRow } from './table-row.tsx'
import { useTableShortcuts } from './table-shortcuts.ts'
import { type TableStore, useTableState } from './table-state.ts'
import { useWidths } from './table-widths.ts'

/** Heights in px. */
const rowHeight = 34
const headHeight = 32

/** Rows that are drawn beyond what is in sight. */
const overscan = 10

declare module 'react' {
  // Custom properties in `style`.
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined
  }
}

interface LeadsTableProps {
  readonly rows: Rows
  readonly columns: readonly Column[]
  readonly definitions: Definitions
  readonly sort: readonly SortPart[]
  readonly onSort: (column: Column, adds: boolean) => void
  readonly selection: Selection
  readonly store: TableStore
  readonly opened: number | undefined
  readonly open: (lead: ListedLead) => void
  readonly canChange: boolean
  /** Changes a member of all leads that are chosen. */
  readonly changeChosen: (member: Member) => void
  /** What stands where there are no rows. */
  readonly children?: ReactNode
}

/** Leads in rows, as many as there are; only what is in sight is drawn. Its keys are those of an ARIA grid. */
export function LeadsTable(props: LeadsTableProps) {
  const { rows, columns, sort, definitions, selection, store, open, canChange } = props
  const { total = 0 } = rows
  const scroller = useRef<HTMLDivElement>(null)
  const widths = useWidths(columns)
  const virtualizer = useVirtualRows(scroller, total, store)
  const scrollTo = (index: number): void => virtualizer.scrollToIndex(index, { align: 'auto' })
  const keys = useTableKeys({ ...props, scroller, scrollTo })
  const { begin, focus } = keys
  useTableShortcuts({ ...props, keys, scrollTo })
  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {}
  const { see } = rows
  useEffect(() => see(startIndex, endIndex), [see, startIndex, endIndex])
  useStillness({ rows, store, first: startIndex, scroller })
  const context = useMemo(
    (): RowContext => ({ columns, definitions, selection, store, open, canChange, begin, focus }),
    [columns, definitions, selection, store, open, canChange, begin, focus],
  )
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={sort.length === 0 ? 'Leads, newest first' : `Leads, sorted by ${sortWords(sort, columns)}`}
      aria-rowcount={total + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      aria-busy={rows.isWaiting}
      tabIndex={-1}
      className={classes['grid']}
      data-scroll-restoration-id="leads"
      data-waiting={rows.isWaiting}
      style={{ '--columns': widths.template, '--whole': `${widths.total}px` }}
      onKeyDown={keys.onKeyDown}
      onClick={keys.onClick}
      onDoubleClick={keys.onDoubleClick}
    >
      <TableHead {...props} widths={widths} />
      {total === 0 ? (
        <div role="row">
          <div role="gridcell" aria-colindex={1}>
            {props.children}
          </div>
        </div>
      ) : (
        <Body {...props} virtualizer={virtualizer} context={context} />
      )}
    </div>
  )
}

type Virtual = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>

function Body({
  rows,
  opened,
  virtualizer,
  context,
}: LeadsTableProps & { readonly virtualizer: Virtual; readonly context: RowContext }) {
  return (
    <div role="rowgroup" className={classes['body']} style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index, start }) => {
        const lead = rows.at(index)
        const isOpened = opened !== undefined && lead?.id === opened
        const top = start - headHeight
        return <TableRow key={index} index={index} top={top} lead={lead} isOpened={isOpened} context={context} />
      })}
    </div>
  )
}

function useVirtualRows(
  scroller: { readonly current: HTMLDivElement | null },
  total: number,
  store: TableStore,
): Virtual {
  const restored = useElementScrollRestoration({ id: 'leads' })
  const active = useTableState(store, ({ row }) => row)
  return useVirtualizer<HTMLDivElement, Element>({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    initialOffset: restored?.scrollY ?? 0,
    rangeExtractor: ({ startIndex, endIndex }) =>
      withActive(Math.max(0, startIndex - overscan), Math.min(total - 1, endIndex + overscan), active, total),
  })
}

/** Keeps what is in sight where it is when rows come or go above it, and begins at the top of another list. */
function useStillness({
  rows,
  store,
  first,
  scroller,
}: {
  readonly rows: Rows
  readonly store: TableStore
  readonly first: number
  readonly scroller: { readonly current: HTMLDivElement | null }
}): void {
  const seen = useRef<{ readonly query: object; readonly index: number; readonly id: number | undefined }>(undefined)
  const { query, at } = rows
  const find = useCallback(
    (id: number, around: number): number | undefined => {
      for (let step = 0; step <= searched; step += 1) {
        for (const index of [around + step, around - step]) if (index >= 0 && at(index)?.id === id) return index
      }
      return undefined
    },
    [at],
  )
  useLayoutEffect(() => {
    const was = seen.current
    const element = scroller.current
    if (element === null) return
    if (was !== undefined && was.query !== query) {
      element.scrollTop = 0
      store.set({ row: 0, editing: undefined })
    } else if (was?.id !== undefined && was.index === first && first > 0 && at(first) !== undefined) {
      const index = at(first)?.id === was.id ? first : find(was.id, first)
      if (index !== undefined && index !== first) {
        element.scrollTop += (index - first) * rowHeight
        store.set({ row: store.get().row + (index - first) })
        seen.current = { query, index, id: was.id }
        return
      }
    }
    seen.current = { query, index: first, id: at(first)?.id }
  })
}

/** How far a row is looked for that is not where it was. */
const searched = 60
