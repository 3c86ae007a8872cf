import { type KeyboardEvent, type MouseEvent, useCallback, useRef } from 'react'
import { sentenceOf } from '../app/api.ts'
import { say } from '../app/say.ts'
import { shownNumber } from '../ui/time.tsx'
import type { Column, SortPart } from './columns.ts'
import type { Member } from './members.ts'
import { type ListedLead, type Rows, rowsBetween } from './rows.ts'
import type { Selection } from './selection.ts'
import type { TableStore } from './table-state.ts'

interface TableKeysOptions {
  readonly rows: Rows
  readonly columns: readonly Column[]
  readonly sort: readonly SortPart[]
  readonly selection: Selection
  readonly store: TableStore
  readonly open: (lead: ListedLead) => void
  readonly canChange: boolean
  readonly scroller: { readonly current: HTMLDivElement | null }
  readonly scrollTo: (index: number) => void
}

export interface TableKeys {
  readonly onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => void
  readonly onClick: (event: MouseEvent<HTMLDivElement>) => void
  readonly onDoubleClick: (event: MouseEvent<HTMLDivElement>) => void
  /** Begins to change a cell, at its first member or at another. */
  readonly begin: (row: number, column: string, part?: number) => void
  /** Begins to change a member of the lead in the active row, in its cell or in the first where it has none. */
  readonly beginMember: (member: Member) => void
  /** Puts the keyboard on the active cell. */
  readonly focus: () => void
}

/** Arrow keys, Home, End, Page Up and Down, Enter, F2 and Space, as ARIA's grid has them; and the mouse. */
export function useTableKeys(options: TableKeysOptions): TableKeys {
  const latest = useRef(options)
  latest.current = options
  const focus = useCallback(() => {
    const { store, scroller } = latest.current
    requestAnimationFrame(() => {
      const { row, column } = store.get()
      const cell = scroller.current?.querySelector<HTMLElement>(
        `[data-row="${row}"] [data-column="${CSS.escape(column)}"]`,
      )
      const target = cell?.querySelector<HTMLElement>('[data-focus]') ?? cell
      target?.focus({ preventScroll: true })
      keepInSight(scroller.current, cell)
    })
  }, [])
  const start = useCallback((row: number, column: string, members: readonly Member[], part: number) => {
    const { rows, store, canChange } = latest.current
    const lead = rows.at(row)
    if (!canChange || lead === undefined || members.length === 0) return
    store.set({ row, column, editing: { row, lead, column, members, part } })
  }, [])
  const begin = useCallback(
    (row: number, id: string, part = 0) => {
      const column = latest.current.columns.find((one) => one.id === id)
      if (column !== undefined) start(row, id, column.members, part)
    },
    [start],
  )
  const beginMember = useCallback(
    (member: Member) => {
      const { columns, store } = latest.current
      const [first] = columns
      const own = columns.find(({ members }) => members.length === 1 && members[0] === member)
      const host = own ?? first
      if (host !== undefined) start(store.get().row, host.id, [member], 0)
    },
    [start],
  )
  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLDivElement>) => {
      if (event.defaultPrevented || latest.current.store.get().editing !== undefined || event.altKey) return
      if (!pressed(event, latest.current, { begin, focus })) return
      event.preventDefault()
      event.stopPropagation()
    },
    [begin, focus],
  )
  const onClick = useCallback((event: MouseEvent<HTMLDivElement>) => clicked(event, latest.current), [])
  const onDoubleClick = useCallback(
    (event: MouseEvent<HTMLDivElement>) => {
      const place = placeOf(event.target)
      if (place !== undefined && place.row >= 0 && place.column !== 'mark') begin(place.row, place.column)
    },
    [begin],
  )
  return { onKeyDown, onClick, onDoubleClick, begin, beginMember, focus }
}

type Moves = Pick<TableKeys, 'begin' | 'focus'>

/** @returns whether the key meant something */
function pressed(event: KeyboardEvent, options: TableKeysOptions, { begin, focus }: Moves): boolean {
  const { rows, store, selection, open } = options
  const { row, column } = store.get()
  const isMod = event.ctrlKey || event.metaKey
  const lead = rows.at(row)
  if (event.key === 'Enter' || event.key === 'F2') {
    if (row < 0 || lead === undefined) return false
    if (column === 'mark') selection.toggle(lead)
    else if (event.key === 'Enter' && column === options.columns[0]?.id) open(lead)
    else begin(row, column)
    return true
  }
  if (event.key === ' ') {
    if (row < 0 || lead === undefined) return false
    if (event.shiftKey) chooseTo(row, options)
    else choose(row, options)
    return true
  }
  if (isMod && event.key.toLowerCase() === 'a') {
    selection.all()
    return true
  }
  const next = moved(event.key, isMod, options)
  if (next === undefined) return false
  store.set(next)
  if (next.row >= 0) options.scrollTo(next.row)
  if (event.shiftKey && next.row !== row) chooseTo(next.row, options)
  focus()
  return true
}

/** Where a key leads from the active cell. */
function moved(key: string, isMod: boolean, { rows, columns, store, scroller }: TableKeysOptions) {
  const { row, column } = store.get()
  const ids = ['mark', ...columns.map(({ id }) => id)]
  const last = (rows.total ?? 0) - 1
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / 34) - 2)
  const at = ids.indexOf(column)
  const to = (nextRow: number, nextAt: number) => ({
    row: Math.max(-1, Math.min(last, nextRow)),
    column: ids[Math.max(0, Math.min(ids.length - 1, nextAt))] ?? column,
  })
  if (key === 'ArrowDown') return to(isMod ? last : row + 1, at)
  if (key === 'ArrowUp') return to(isMod ? 0 : row - 1, at)
  if (key === 'ArrowLeft') return to(row, isMod ? 0 : at - 1)
  if (key === 'ArrowRight') return to(row, isMod ? ids.length - 1 : at + 1)
  if (key === 'PageDown') return to(Math.max(0, row) + page, at)
  if (key === 'PageUp') return to(Math.max(0, row - page), at)
  if (key === 'Home') return to(isMod ? 0 : row, 0)
  if (key === 'End') return to(isMod ? last : row, ids.length - 1)
  return undefined
}

let anchor: number | undefined

/** Chooses a row, or chooses it no more; a range goes on from here. */
export function choose(row: number, { rows, selection }: Pick<TableKeysOptions, 'rows' | 'selection'>): void {
  const lead = rows.at(row)
  if (lead === undefined) return
  anchor = row
  selection.toggle(lead)
}

/** Chooses all rows from that which was chosen last to this one; those that are not there yet are read. */
function chooseTo(row: number, { rows, selection }: Pick<TableKeysOptions, 'rows' | 'selection'>): void {
  const from = anchor ?? row
  anchor ??= row
  const [first, last] = [Math.min(from, row), Math.max(from, row)]
  if (last - first >= rangeMax) {
    say(`At most ${shownNumber(rangeMax)} leads can be selected in one go.`)
    return
  }
  void rowsBetween(rows.query, first, last).then(
    (leads) => selection.add(leads),
    (error: unknown) => say(sentenceOf(error), 'failed'),
  )
}

/** Rows of a range. */
const rangeMax = 1_000

/** The cell in which something is. */
function placeOf(target: EventTarget): { row: number; column: string } | undefined {
  if (!(target instanceof Element)) return undefined
  const column = target.closest<HTMLElement>('[data-column]')?.dataset['column']
  const row = target.closest<HTMLElement>('[data-row]')?.dataset['row']
  return column === undefined || row === undefined ? undefined : { row: Number(row), column }
}

function clicked(event: MouseEvent<HTMLDivElement>, options: TableKeysOptions): void {
  const place = placeOf(event.target)
  const { store, rows, open } = options
  if (place === undefined || store.get().editing?.row === place.row) return
  store.set(place)
  const lead = rows.at(place.row)
  if (place.row < 0 || lead === undefined) return
  if (place.column === 'mark') {
    if (event.shiftKey) chooseTo(place.row, options)
    else choose(place.row, options)
  } else if (event.target instanceof Element && event.target.closest('a') !== null) {
    if (event.metaKey || event.ctrlKey) return
    event.preventDefault()
    open(lead)
  }
}

/** Scrolls sideways so far that a cell is not behind the columns that stay. */
function keepInSight(scroller: HTMLElement | null, cell: HTMLElement | null | undefined): void {
  if (scroller == null || cell == null || cell.dataset['fixed'] === 'true' || cell.dataset['column'] === 'mark') return
  const fixed = scroller.querySelector<HTMLElement>('[data-fixed="true"]')
  const outer = scroller.getBoundingClientRect()
  const left = fixed?.getBoundingClientRect().right ?? outer.left
  const { left: from, right: to } = cell.getBoundingClientRect()
  if (from < left) scroller.scrollLeft -= left - from
  else if (to > outer.right) scroller.scrollLeft += Math.min(to - outer.right, from - left)
}
