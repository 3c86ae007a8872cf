import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { type Column, directionOf, type SortPart } from './columns.ts'
import type { Rows } from './rows.ts'
import { type Selection, useChosen } from './selection.ts'
import classes from './table.module.css'
import { type TableStore, useTableState } from './table-state.ts'
import type { TableHeader, Widths } from './table-widths.ts'

interface TableHeadProps {
  readonly rows: Rows
  readonly columns: readonly Column[]
  readonly sort: readonly SortPart[]
  readonly onSort: (column: Column, adds: boolean) => void
  readonly selection: Selection
  readonly store: TableStore
  readonly widths: Widths
}

export function TableHead({ rows, columns, sort, onSort, selection, store, widths }: TableHeadProps) {
  const active = useTableState(store, ({ row, column }) => (row === -1 ? column : undefined))
  return (
    <div role="rowgroup" className={classes['head']}>
      <div role="row" aria-rowindex={1} data-row={-1} className={classes['headRow']}>
        <div role="columnheader" aria-colindex={1} data-column="mark" className={classes['mark']}>
          <MarkAll rows={rows} selection={selection} isActive={active === 'mark'} />
        </div>
        {columns.map((column, at) => (
          <HeadCell
            key={column.id}
            column={column}
            at={at}
            header={widths.headers[at]}
            direction={directionOf(column, sort)}
            isActive={active === column.id}
            press={(adds) => onSort(column, adds)}
            widen={(by) => widths.widen(column, by)}
          />
        ))}
      </div>
    </div>
  )
}

interface HeadCellProps {
  readonly column: Column
  readonly at: number
  readonly header: TableHeader | undefined
  readonly direction: 'ascending' | 'descending' | undefined
  readonly isActive: boolean
  readonly press: (adds: boolean) => void
  readonly widen: (by: number) => void
}

function HeadCell({ column, at, header, direction, isActive, press, widen }: HeadCellProps) {
  const { id, label, sort, align } = column
  const Arrow = direction === 'descending' ? IconArrowDown : IconArrowUp
  return (
    <div
      role="columnheader"
      aria-colindex={at + 2}
      aria-sort={sort === undefined ? undefined : (direction ?? 'none')}
      data-column={id}
      data-fixed={at === 0}
      data-align={align}
      className={classes['headCell']}
    >
      <button
        type="button"
        className={classes['headButton']}
        tabIndex={isActive ? 0 : -1}
        data-focus
        title={
          sort === undefined
            ? label
            : `Sort by ${label}; with Shift after what is sorted already. Alt ← → for the width.`
        }
        aria-disabled={sort === undefined}
        onClick={(event) => press(event.shiftKey)}
        onKeyDown={(event) => {
          const by = { ArrowLeft: -16, ArrowRight: 16 }[event.key]
          if (!event.altKey || by === undefined) return
          event.preventDefault()
          event.stopPropagation()
          widen(by)
        }}
      >
        <span className={classes['cut']}>{label}</span>
        {direction !== undefined && <Arrow size={13} stroke={2} aria-hidden />}
      </button>
      {header !== undefined && (
        <span
          aria-hidden
          className={classes['resizer']}
          data-resizing={header.column.getIsResizing()}
          onMouseDown={header.getResizeHandler()}
          onTouchStart={header.getResizeHandler()}
          onDoubleClick={() => header.column.resetSize()}
        />
      )}
    </div>
  )
}

/** Marks all leads that the list has, or none. */
function MarkAll({ rows, selection, isActive }: { rows: Rows; selection: Selection; isActive: boolean }) {
  const chosen = useChosen(selection)
  const isAll = chosen.kind === 'all' && chosen.except.size === 0
  const isSome = !isAll && !selection.isEmpty()
  return (
    <input
      type="checkbox"
      className={classes['check']}
      tabIndex={isActive ? 0 : -1}
      data-focus
      aria-label="Select all leads of this list"
      checked={isAll}
      disabled={rows.total === undefined || rows.total === 0}
      ref={(input) => {
        if (input !== null) input.indeterminate = isSome
      }}
      onChange={() => (isAll || isSome ? selection.clear() : selection.all())}
    />
  )
}
