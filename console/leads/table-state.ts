import { useCallback, useSyncExternalStore } from 'react'
import type { Member } from './members.ts'
import type { ListedLead } from './rows.ts'

/** A cell that is being changed. */
export interface Editing {
  readonly row: number
  /** As it was when the change began: the row stays, whatever becomes of the list meanwhile. */
  readonly lead: ListedLead
  /** The column in which the control stands. */
  readonly column: string
  /** The members that are changed in turn, and which of them it is now. */
  readonly members: readonly Member[]
  readonly part: number
}

/** Where the keyboard is in the table, and what is changed there. */
export interface TableState {
  /** From 0; -1 is the head. */
  readonly row: number
  readonly column: string
  readonly editing: Editing | undefined
}

export interface TableStore {
  readonly get: () => TableState
  readonly set: (change: Partial<TableState>) => void
  readonly listen: (listener: () => void) => () => void
}

export function createTableStore(column: string): TableStore {
  let state: TableState = { row: 0, column, editing: undefined }
  const listeners = new Set<() => void>()
  return {
    get: () => state,
    set: (change) => {
      state = { ...state, ...change }
      for (const listener of listeners) listener()
    },
    listen: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A part of the state; the component is drawn anew when that changes, and not for the rest. */
export const useTableState = <T>(store: TableStore, pick: (state: TableState) => T): T =>
  useSyncExternalStore(
    store.listen,
    useCallback(() => pick(store.get()), [store, pick]),
  )
