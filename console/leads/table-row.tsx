import { lazy, memo, Suspense, useState } from 'react'
import { useHighlight } from '../app/highlight.ts'
import { heldLead } from './cache.ts'
import { Cell } from './cells.tsx'
import { useChangeLead } from './change.ts'
import type { Column } from './columns.ts'
import type { LeftBy } from './editors/pick-list.tsx'
import { type Definitions, heldValue, labelOf, type MemberValue } from './members.ts'
import type { ListedLead } from './rows.ts'
import { type Selection, useIsChosen } from './selection.ts'
import classes from './table.module.css'
import type { TableKeys } from './table-keys.ts'
import { type Editing, type TableStore, useTableState } from './table-state.ts'

const MemberEditor = lazy(() => import('./editor.tsx').then((one) => ({ default: one.MemberEditor })))

/** What all rows share. */
export interface RowContext {
  readonly columns: readonly Column[]
  readonly definitions: Definitions
  readonly selection: Selection
  readonly store: TableStore
  readonly open: (lead: ListedLead) => void
  readonly canChange: boolean
  readonly begin: TableKeys['begin']
  readonly focus: () => void
}

interface TableRowProps {
  readonly index: number
  /** In px from the top of the rows. */
  readonly top: number
  readonly lead: ListedLead | undefined
  readonly isOpened: boolean
  readonly context: RowContext
}

/** A row; grey bars while it is not there. */
export const TableRow = memo(function TableRow({ index, top, lead: listed, isOpened, context }: TableRowProps) {
  const { columns, selection, store } = context
  const active = useTableState(store, ({ row, column }) => (row === index ? column : undefined))
  const editing = useTableState(store, (state) => (state.editing?.row === index ? state.editing : undefined))
  const lead = editing !== undefined && listed?.id !== editing.lead.id ? editing.lead : listed
  const isChosen = useIsChosen(selection, lead?.id)
  const [refusal, setRefusal] = useState<Refusal>()
  const shownRefusal = refusal?.leadId === lead?.id ? refusal : undefined
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      data-row={index}
      data-lead={lead?.id}
      data-opened={isOpened}
      data-raised={editing !== undefined || shownRefusal !== undefined}
      className={classes['row']}
      style={{ transform: `translateY(${top}px)` }}
    >
      <Mark index={index} lead={lead} isChosen={isChosen} isActive={active === 'mark'} />
      {columns.map((column, at) => (
        <RowCell
          key={column.id}
          column={column}
          at={at}
          lead={lead}
          isActive={active === column.id}
          editing={editing?.column === column.id ? editing : undefined}
          refusal={shownRefusal?.column === column.id ? shownRefusal : undefined}
          setRefusal={setRefusal}
          context={context}
        />
      ))}
    </div>
  )
})

function Mark({
  index,
  lead,
  isChosen,
  isActive,
}: {
  readonly index: number
  readonly lead: ListedLead | undefined
  readonly isChosen: boolean
  readonly isActive: boolean
}) {
  const name = lead === undefined ? `lead ${index + 1}` : lead.company_name || lead.email || `lead ${lead.id}`
  return (
    <div role="gridcell" aria-colindex={1} data-column="mark" className={classes['mark']}>
      {lead !== undefined && (
        // The click on its cell chooses: it is larger, and knows of Shift.
        <input
          type="checkbox"
          className={classes['check']}
          aria-label={`Select ${name}`}
          tabIndex={isActive ? 0 : -1}
          data-focus
          checked={isChosen}
          readOnly
        />
      )}
    </div>
  )
}

interface Refusal {
  readonly leadId: number
  readonly column: string
  readonly why: string
}

interface RowCellProps {
  readonly column: Column
  readonly at: number
  readonly lead: ListedLead | undefined
  readonly isActive: boolean
  readonly editing: Editing | undefined
  readonly refusal: Refusal | undefined
  readonly setRefusal: (refusal: Refusal | undefined) => void
  readonly context: RowContext
}

function RowCell({ column, at, lead, isActive, editing, refusal, setRefusal, context }: RowCellProps) {
  const { id, members, align } = column
  return (
    <div
      role="gridcell"
      aria-colindex={at + 2}
      aria-readonly={members.length === 0 || !context.canChange || undefined}
      tabIndex={isActive ? 0 : -1}
      data-column={id}
      data-fixed={at === 0}
      data-align={align}
      data-active={isActive}
      data-editing={editing !== undefined}
      className={classes['cell']}
    >
      {lead === undefined ? (
        <span className={classes['bar']} style={{ width: `${40 + ((at * 29) % 45)}%` }} />
      ) : editing !== undefined ? (
        <CellEditor column={column} lead={lead} editing={editing} setRefusal={setRefusal} context={context} />
      ) : (
        <>
          <Highlighted lead={lead} column={column} />
          <Cell column={column} lead={lead} definitions={context.definitions} isName={at === 0} />
        </>
      )}
      {refusal !== undefined && editing === undefined && (
        <span className={classes['refusal']} role="alert">
          {refusal.why}
          <button type="button" className={classes['dismiss']} onClick={() => setRefusal(undefined)}>
            Close
          </button>
        </span>
      )}
    </div>
  )
}

/** A soft ground behind what somebody else has just changed. */
function Highlighted({ lead, column }: { readonly lead: ListedLead; readonly column: Column }) {
  const [first = 'company_name', second = first] = column.members
  const one = useHighlight(lead.id, first)
  const other = useHighlight(lead.id, second)
  return one || other ? <span className={classes['changed']} aria-hidden /> : null
}

interface CellEditorProps {
  readonly column: Column
  readonly lead: ListedLead
  readonly editing: Editing
  readonly setRefusal: (refusal: Refusal | undefined) => void
  readonly context: RowContext
}

/** The control of a member in its cell. Tab goes on to the next member of the cell, or to the next cell. */
function CellEditor({ column, lead, editing, setRefusal, context }: CellEditorProps) {
  const { store, definitions, focus, columns, begin } = context
  const change = useChangeLead()
  const member = editing.members[editing.part]
  if (member === undefined) return null
  const leave = (by: LeftBy): void => {
    const step = by === 'tab' ? 1 : by === 'shift-tab' ? -1 : 0
    const part = editing.part + step
    const isWithin = step !== 0 && editing.members[part] !== undefined
    store.set({ editing: isWithin ? { ...editing, part } : undefined })
    if (isWithin || by === 'blur') return
    const next = step === 0 ? undefined : neighbour(columns, column, step)
    if (next === undefined) focus()
    else begin(editing.row, next.id, step < 0 ? next.members.length - 1 : 0)
  }
  const save = (to: MemberValue, { from, by }: { from: MemberValue; by: LeftBy }): void => {
    setRefusal(undefined)
    leave(by)
    void change(lead.id, [{ member, from, to }]).then((outcome) => {
      if (outcome.kind === 'refused') setRefusal({ leadId: lead.id, column: column.id, why: outcome.why })
    })
  }
  return (
    <span className={classes['editor']} data-parts={editing.members.length}>
      <Suspense fallback={<Cell column={column} lead={lead} definitions={definitions} isName={false} />}>
        <MemberEditor
          key={member}
          member={member}
          value={heldValue(heldLead(lead.id) ?? lead, member)}
          definitions={definitions}
          label={`${labelOf(member, definitions)} of ${lead.company_name ?? lead.email ?? `lead ${lead.id}`}`}
          onSave={save}
          onCancel={() => {
            store.set({ editing: undefined })
            focus()
          }}
        />
      </Suspense>
    </span>
  )
}

/** The next column, in a direction, whose cells can be changed. */
function neighbour(columns: readonly Column[], from: Column, step: 1 | -1): Column | undefined {
  for (let at = columns.indexOf(from) + step; columns[at] !== undefined; at += step) {
    const column = columns[at]
    if (column !== undefined && column.members.length > 0) return column
  }
  return undefined
}
